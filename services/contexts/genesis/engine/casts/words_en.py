"""The English of casts: what carries other people's words, single traits, tones, and what lies between two."""

from collections.abc import Mapping

from services.contexts.genesis.engine.casts.lives_en import LIVES, RIVAL_LIVES
from services.contexts.genesis.engine.casts.manners_en import MANNERS
from services.contexts.genesis.engine.casts.material import CastMaterial, EdgeWords, Frames, ToneWords
from services.contexts.genesis.engine.casts.people_en import (
    ADULT_ORIGINS,
    LOOKS,
    MID_GOALS,
    ORIGINS,
    RIVAL_GOALS,
    SHORT_GOALS,
)
from services.contexts.genesis.engine.directives import Tone
from services.contexts.genesis.engine.foundations import RoleType

_FRAMES = Frames(
    callings=(
        "For a wage {name} works as {a_calling}; for love, at night, as something with no title.",
        "{name} answers to the description of {a_calling}.",
        "Somebody had to be {a_calling}, and {name} was standing nearest.",
        "In any census {name} would be entered as {a_calling}.",
        "To be {a_calling} takes a strong stomach and {name} has one.",
        "{A_calling} by day, {name} keeps the evenings locked.",
        "{name}, {a_calling}, has calluses in places nobody thinks to look.",
        "They needed {a_calling}; what they got was {name}.",
        "{name} earns a living as {a_calling}.",
        "By trade {name} is {a_calling}; by temper, something less settled.",
        "On paper {name} is {a_calling}, and the paper is almost right.",
        "They know {them} as {a_calling}.",
        "{name} became {a_calling} by accident and stayed by choice.",
        "{A_calling} for longer than was planned, {name} has stopped explaining it.",
        "Ask for {a_calling} and people send you to {name}.",
        "{name} is {a_calling}, and not the best of them.",
    ),
    plain_callings=(
        "To strangers {name} is {a_calling} and nothing more.",
        "People who have seen {them} once remember {a_calling}, not the face.",
        "{name} is {a_calling} at whom nobody has looked for long enough.",
        "{A_calling} is what the others see in {name}, who has stopped protesting.",
    ),
    rival_callings=(
        "{name} signs letters as {a_calling}, with a flourish under it.",
        "Everybody has met {a_calling}; nobody has met {name} twice.",
        "It takes {a_calling} to be feared so pleasantly as {name}.",
        "Call {name} {a_calling} and the word becomes a size larger.",
        "{name} is {a_calling}.",
        "Against all of them stands {a_calling}: {name}.",
        "To the world {name} is {a_calling}, and the world is not wrong.",
        "People lower their voices for {a_calling}, and {name} has noticed.",
        "{A_calling}, {name} has no need to threaten anybody.",
    ),
    conflicts=(
        "{conflict}",
        "Worse: {conflict}",
        "And it cannot be got round: {conflict}",
        "At bottom it is this: {conflict}",
    ),
    themes=(
        "What it comes to is the book's own sentence: {theme}",
        "On that road {they} has to live through what the story is about: {theme}",
        "In the end {name} is the one to pay for the thought behind it all: {theme}",
        "All of it leads to one insight, and not cheaply: {theme}",
    ),
    antitheses=(
        "{name} is the living argument for the other side: {theme}",
        "Somebody has to believe the contrary, and {they} does: {theme}",
        "Where the others doubt, {name} holds fast: {theme}",
    ),
    traits=(
        'Ask who is "{trait}", and people point at {name} before the question is out.',
        '"{trait}" is the first word anybody finds for {them}, and nobody looks for a second.',
        'That {they} is "{trait}" shows within a minute of meeting {them}.',
        'Of all that is said about {them}, "{trait}" is true on weekdays and Sundays alike.',
        'What {name} does when nobody is watching deserves one word: "{trait}".',
        'Friends and enemies of {theirs} agree on a single point: "{trait}".',
    ),
    traits_lost=(
        "{name} used to be different; whoever expects the old manner now meets a raised eyebrow.",
        "An earlier fault of {theirs} is gone, and is not missed.",
        "{They} has unlearned a habit, at some expense.",
    ),
    roles=(
        'In this story {name} is what people call the "{role}".',
        'Every company needs its "{role}", and here it is {name}.',
        '"{role}" is the part that falls to {name}, who never auditioned.',
    ),
    givens=(
        "One thing about {name} is settled: {given}",
        "And this is so, whatever else changes: {given}",
        "It was clear from the start: {given}",
    ),
    inclusions=(
        "And there is {term}: {name} cannot tell the story of these years and leave it out.",
        "Then {term} comes into it, and {name} is the first to have to live with that.",
        "Nobody who knows {name} will be surprised to hear of {term}.",
        "For {name} there is no way round {term}, though {they} has looked for one.",
    ),
    remarks=(
        'Whoever watches {name} closely will see it: "{remark}".',
        '"{remark}": {name} has come to be measured by that.',
        'Something had been missing from the picture of {name}, and here it is: "{remark}".',
    ),
    ages={
        "child": (
            "{Age}, and as tall as the sill.",
            "{Age} years old and already tired of being told so.",
            "Just {age}, with scabbed knees and a stare that adds things up.",
        ),
        "youth": (
            "{Age}, mostly neck.",
            "{Age}, and outgrowing boots faster than anyone can pay for them.",
            "{Age}, at the age when the wrists outgrow the sleeves.",
            "{Age} years old and all elbows.",
            "Barely {age}, and walking as if somebody might take the road away.",
            "{Age}, and sighing, so far, for practice only.",
        ),
        "young": (
            "{Age}, with ink or oil or flour on the chin, as the hour may be.",
            "{Age}, a borrowed tie, an unborrowed temper.",
            "At {age} there are still growing pains, though no longer in the legs.",
            "{Age}, good teeth, bad sleep.",
            "{Age} years old, and carrying it like a full bucket.",
            "{Age}, and taken for younger until the bill comes.",
            "{Age} years old, with a first crease between the brows.",
            "At {age} the face is still making up its mind.",
            "{Age}, and in a hurry to be thirty-five or twelve.",
        ),
        "middle": (
            "{Age}, creased like a map that has been used.",
            "{Age}; the waistcoat has been let out and the belief taken in.",
            "{Age} years old, with a boxer's patience about the eyes.",
            "At {age} every photograph comes out severe.",
            "{Age}, and only the eyelashes have kept their first colour.",
            "{Age}, sunburnt down to the collar and no further.",
            "{Age}: two chins, one conscience, both showing.",
            "At {age} a certain heaviness has arrived and taken its hat off.",
            "{Age}, and built by now to be leaned on.",
            "At {age} there is grey at one temple and none at the other.",
            "{Age} years old, every one of them spent outdoors.",
            "{Age}, and past wishing to look like anybody else.",
            "At {age} the hands have grown older than the rest.",
        ),
        "elder": (
            "{Age}, light as a basket.",
            "{Age} years old; the beauty has gone to the bones.",
            "At {age} one hears the knees before the greeting.",
            "{Age}, and knotted like driftwood.",
            "{Age} and unbent.",
            "At {age} the skin is all fine print.",
            "{Age} years old, white-haired, and faster on stairs than most.",
            "{Age}, and shrunk a little into something harder.",
        ),
        "ancient": (
            "{Age} years old, and no longer asked for proof.",
            "At {age} there is little left that could still be taken for ordinary.",
            "{Age}, with skin that the light goes a short way into.",
        ),
    },
    lengthenings=(
        "It would take a long evening to tell how much of that {name} has admitted to {other}.",
        "There is more to it, and {name} lets it out in crumbs, never two on the same day.",
        "Those who were present tell it otherwise, and {name} has given up correcting them.",
    ),
    edge_evidence="For {a} it comes down to this: {said}",
    edge_quotes=(
        'What {a} is after, "{quote}", runs straight through the life of {b}.',
        '{b} has guessed what moves {a}: "{quote}".',
        '"{quote}": {a} has said this to nobody except {b}.',
        'One thing of {a}\'s keeps {b} awake: "{quote}".',
    ),
    isolated="{name} stands alone: no line of the network leads there.",
    invented="There were not two people to connect, so {name} has been added.",
    understanding=(
        (
            "I read the cast out of {story}: {first} carries it, and each of the others wants something "
            "{first} cannot give."
        ),
        "These people belong to {story} and nowhere else. {first} has the most to lose, {last} knows it first.",
        "For {story} I looked for people who make each other's choices harder, from {first} to {last}.",
    ),
    understanding_added=(
        "You asked for somebody: {given}. That is {first}; everyone else is as you left them.",
        "{first} is written to your order ({given}), word by word; the rest of the cast has not been touched.",
    ),
    understanding_revised=(
        'You said "{wish}". I changed what that concerns and left every other sentence where it was.',
        'Your note "{wish}" is carried out; whatever it does not touch still stands word for word.',
    ),
    understanding_network=(
        "I went through what these people want and fear, and drew a line wherever one stands in another's light.",
        "The network follows from the portraits: each line rests on something one of the two says or hides.",
    ),
    fillers=(
        "Their goals cross in at least one place.",
        "Each voice should be recognisable with the name covered.",
        "Nothing here is final.",
    ),
    suggestions=(
        (
            "Cover the names and read only the dialogue of {first} and {last}: if you could mistake one "
            "for the other, tell me."
        ),
        "Ask for {last} to be a good deal older or younger, and see what becomes of the balance with {first}.",
        "Name one trait that {first} must not have; a boundary sharpens a portrait.",
        "Let {first} and {last} share a secret, and draw the network again.",
        "Say which of them you would least like to sit next to; I shall rewrite that one from another wound.",
        "Confirm the cast if you can already hear {first} answering back.",
    ),
    customs=(
        "the old arrangement",
        "the Thursday rule",
        "the custom of the empty chair",
        "the quiet hour",
        "the yearly reckoning",
        "Lantern Return",
    ),
)

_TRAITS_SHOWN = {
    "brave": "{They} is brave in the small coin: goes down first, knocks first, says sorry first.",
    "courageous": "{They} is courageous with a dry mouth, which is the only kind worth having.",
    "kind": "{They} is kind before it has been decided whether anyone deserves it.",
    "clever": "Too clever for {their} own peace, {they} has solved the riddle before it is asked.",
    "smart": "{They} is smart enough to let others finish the sentence.",
    "intelligent": "{They} is intelligent the way a cat is: nothing moves unobserved.",
    "resilient": "Resilient as couch grass, {they} is back each spring where they dug {them} out.",
    "tough": "{They} is tough, and pays for it at night.",
    "stubborn": "Stubborn to the marrow, {they} argues with closed doors until they open.",
    "loyal": "{They} is loyal past the point of good sense and has the scars to prove it.",
    "honest": "{They} is honest at the worst possible moments.",
    "funny": "{They} is funny when it matters, with a straight face and shaking hands.",
    "witty": "{They} is witty as others are armed.",
    "arrogant": "{They} is arrogant enough to tip the judge.",
    "humble": "{They} is humble without making a show of it, and sits where there is a draught.",
    "shy": "{They} is so shy that {they} greets people's shadows.",
    "curious": "{They} is curious beyond all prudence: an unopened parcel ruins {their} week.",
    "patient": "{They} is patient as a heron.",
    "impatient": "{They} is impatient with clocks, queues and the grieving.",
    "ruthless": "{They} is ruthless, courteously, and up to the last comma.",
    "cruel": "{They} is cruel in the manner of people who were never stopped.",
    "gentle": "{They} is gentle with whatever bites.",
    "proud": "{They} is too proud to pick up a dropped glove, {their} own included.",
    "generous": "{They} is generous with everything but explanations.",
    "ambitious": "{They} is ambitious in the open, like a plant in a window.",
    "cynical": "{They} is cynical out of thrift: hope was expensive last time.",
    "optimistic": "{They} is optimistic on principle and carries an umbrella.",
    "calm": "{They} is calm in a way that makes others check the exits.",
    "reckless": "{They} is reckless wherever nobody else can be hurt, and sometimes has miscounted.",
    "cautious": "{They} is cautious: both feet are tried before either is trusted.",
    "determined": "{They} is determined as water is, with no hurry and no reverse.",
    "mysterious": "{They} is mysterious mostly by leaving out verbs.",
    "wise": "{They} is wise about everyone's troubles save one.",
    "jealous": "{They} is jealous of people's childhoods.",
    "greedy": "{They} is greedy for whatever is on the other plate.",
    "compassionate": "{They} is compassionate to a fault, and the fault has been exploited.",
    "sarcastic": "{They} is sarcastic the way hedgehogs are prickly: belly underneath.",
    "independent": "{They} is independent, down to stitching {their} own wounds.",
    "charming": "{They} is charming, and counts the spoons of those who are charmed.",
    "lonely": "{They} is lonely with style, and lays the table for one and a half.",
    "braver": "{They} has grown braver: the hand that used to shake now knocks.",
    "kinder": "{They} has grown kinder, to the bafflement of those who had it coming.",
}
_OPPOSITES = {
    "arrogant": "humble",
    "shy": "bold",
    "cruel": "kind",
    "brave": "timid",
    "impatient": "patient",
    "cynical": "hopeful",
    "cowardly": "brave",
    "greedy": "generous",
    "cold": "warm",
    "naive": "shrewd",
    "passive": "determined",
    "selfish": "generous",
    "ruthless": "merciful",
    "reckless": "cautious",
    "proud": "modest",
    "stubborn": "open-minded",
    "kind": "hard",
    "humble": "proud",
    "bold": "shy",
    "patient": "impatient",
    "generous": "stingy",
    "cautious": "reckless",
}
_ROLE_WORDS: Mapping[str, RoleType] = {
    "protagonist": "protagonist",
    "main character": "protagonist",
    "hero": "protagonist",
    "heroine": "protagonist",
    "lead": "protagonist",
    "antagonist": "antagonist",
    "villain": "antagonist",
    "villainess": "antagonist",
    "adversary": "antagonist",
    "enemy": "antagonist",
    "nemesis": "antagonist",
    "opponent": "antagonist",
    "rival": "antagonist",
    "traitor": "antagonist",
    "supporting": "supporting",
    "mentor": "supporting",
    "sidekick": "supporting",
    "friend": "supporting",
    "ally": "supporting",
    "love interest": "supporting",
    "guide": "supporting",
    "teacher": "supporting",
    "comic relief": "supporting",
    "confidant": "supporting",
    "companion": "supporting",
    "sister": "supporting",
    "brother": "supporting",
    "mother": "supporting",
    "father": "supporting",
}

_TONES: Mapping[Tone, ToneWords] = {
    "darker": ToneWords(
        (
            "There is something dark in {them} that has been fed and knows the hour.",
            "What {name} did in the dark is known to two people, and one of them is dead.",
            "A grim patience has settled in {them}, the kind that waits by wells.",
            "{They} has learned which cruelties leave no mark, from both ends.",
        ),
        (
            "A shadow lies under the cheekbones that no lamp gets rid of.",
            "There is old blood in the seams of the cuff, and {they} has stopped scrubbing.",
            "Something cold looks out when {they} believes {themself} alone.",
        ),
        (
            "Dark again. Good. In the dark at least we are all the same size.",
            "They buried it shallow. I hear it turn when the ground is wet.",
            "Nobody is coming. I said so to the others, and slept like a stone.",
        ),
        (
            "Don't light it. You don't want to see what you've been leaning on.",
            "Everyone I warned is under that grass. So listen.",
            "It gets darker before it gets worse.",
        ),
    ),
    "lighter": ToneWords(
        (
            "{name} has a talent for finding the sunny step and room on it for two.",
            "Trouble runs off {them} as off a cheerful duck.",
            "Something light has come into {their} tread lately, and it is catching.",
        ),
        (
            "The laugh lines got there first and kept the best places.",
            "A bright ribbon is tied where one expects a weapon.",
        ),
        (
            "What a morning. One could almost forgive the rooster.",
            "Well, we are alive, and there is jam. I have started from less.",
            "Sun on the step. The whole quarrel looks smaller with sun on it.",
        ),
        ("Cheer up. We've lost the map, so we can't be off it!", "Budge over. Nobody ever despaired on a full bench."),
    ),
    "funnier": ToneWords(
        (
            "Disaster follows {them} about like a fond goose, which is funny to all but the goose.",
            "{They} can make a bailiff laugh and has had occasion to.",
            "{name} is never so funny as when trying for dignity.",
        ),
        (
            "The hat is a joke that {they} alone has not been told.",
            "A comic cowlick salutes at every solemn moment.",
        ),
        (
            "Plan A was a joke. Plan B is the same joke, told louder.",
            "I bowed, the trousers did not. One laughs later, in another town.",
            "If this is destiny, it has its shoes on the wrong feet.",
        ),
        (
            "I'd run, but I've only the one dignity and it's in the wash.",
            "Was that the ghost or the soup? I only ask because I've had the soup.",
        ),
    ),
    "sadder": ToneWords(
        (
            "A sadness goes about with {them} like an old dog, and asks for nothing.",
            "{They} has wept for it once, thoroughly, and has been dry and sorry since.",
            "Whatever {name} loves gets the far-off look of things on a quay.",
        ),
        ("The eyes look rinsed, as after long tears.", "One sleeve is worn thin at the place where faces are wiped."),
        (
            "I set out two cups. I do it before I can stop my hands.",
            "It is a small grief. It only needs the whole house.",
            "Tears would be company. I have had none since the spring.",
        ),
        (
            "You needn't say anything. He never did, and I miss it.",
            "I was sad before you came; please don't feel you must stay.",
        ),
    ),
    "romantic": ToneWords(
        (
            "{name} falls in love slowly and against advice, and means it.",
            "There is a tenderness in {them} that has been waiting for one particular knock.",
            "{They} keeps a lover's arithmetic: the days since, the steps between.",
        ),
        (
            "The mouth looks as if it had just been kissed or just refused to be.",
            "In candlelight people forget what they had come to say to {them}.",
        ),
        (
            "Four words in a doorway, and my heart took off its coat.",
            "I could love that voice if it read me the fire regulations.",
            "Turn round. No, don't. I haven't decided what my face is doing.",
        ),
        (
            "Stay till the kettle boils. I shan't put it on for a while.",
            "I'd know your step on any stair. I've been listening for it, if you must know.",
        ),
    ),
    "tenser": ToneWords(
        (
            "{name} sleeps dressed, and wakes a second before the danger does.",
            "Something in {them} has been wound too tight and ticks.",
            "With {them} in a room, everyone starts listening to the stairs.",
        ),
        (
            "A pulse jumps in the throat that the scarf does not hide.",
            "The eyes go to the handle, the window, the handle.",
        ),
        (
            "Eleven steps. The ninth creaks. It has just creaked.",
            "Breathe out. Breathe out, or they will hear you holding it.",
            "They know. No. They are about to know.",
        ),
        ("Don't run. Don't look. Now run.", "We've four minutes, and you have just used one."),
    ),
    "calmer": ToneWords(
        (
            "{name} has a calm about {them} like a room where somebody is sewing.",
            "Nothing hurries {them}; even bad news slows down at the gate.",
            "{They} lets a silence be, as one lets a cat.",
        ),
        (
            "The hands lie quiet, palms up, like things put down for the day.",
            "A slow, peaceful walk, with time in it to notice moss.",
        ),
        (
            "The tide will turn. It does not need me for that.",
            "Quiet. Tea. The quarrel can wait on the step.",
            "I used to push. Now I sit, and most of it comes by.",
        ),
        ("Sit a moment. It will be just as late afterwards.", "Let it rain. It's good at it."),
    ),
    "stranger": ToneWords(
        (
            "It is said, and not quite in jest, that {name} casts two shadows and walks in the lesser.",
            "Strange things keep count of {them}: moths, locks, the number seven.",
            "{name} remembers a street that was never built, and gives directions by it.",
        ),
        ("Seen from the side {they} seems to be somewhere else.", "Mirrors are a little slow with {them}."),
        (
            "The moths were letters again this morning. Vowels, mostly.",
            "I woke in the same bed in a different order.",
            "Strange. The stairs had one step more, and it knew me.",
        ),
        ("Don't count them aloud. They count back.", "I dreamt this, only you were the kettle."),
    ),
    "simpler": ToneWords(
        (
            "{name} is plain: means yes by yes.",
            "There is one thing {they} wants, and it is simple.",
            "{They} works, eats, keeps {their} word.",
        ),
        ("A plain face, easy to like.", "Simple clothes, clean, mended."),
        (
            "I want to go home. That is all.",
            "One thing at a time. This, then that.",
            "It is simple. I was afraid. I went.",
        ),
        ("Yes. I'll help.", "I don't know. Show me."),
    ),
    "grander": ToneWords(
        (
            "Something vast has chosen {them} for its small door.",
            "In {name} the pride of a fallen house and the hopes of thousands have taken rooms on the same floor.",
            "Centuries will argue about what {they} does this autumn.",
        ),
        (
            "When {they} stands, the height of the hall is noticed for the first time.",
            "A bearing for which thrones were invented.",
        ),
        (
            "All those banners, all that dust, and it turns upon my right hand.",
            "Let the mountains be told that I was here and did not bow.",
            "An age is ending. I can hear its great hinges.",
        ),
        (
            "We shall not be forgiven, so let us be magnificent.",
            "Tell the thousands at the gate that I am coming down.",
        ),
    ),
    "realistic": ToneWords(
        (
            "{name} owes two months' rent, sleeps badly on the left side, and has to be at work by seven.",
            "Real life has hold of {them} by the small things: a tooth, a form, a bus.",
            "{They} is like people one knows, wrong about {themself} in the ordinary ways.",
        ),
        (
            "Tired skin, a good haircut growing out, one real scar from a tin lid.",
            "The shoes are resoled; the ordinary kind of bag has an ordinary stain.",
        ),
        (
            "Rent on the first. Dentist, if there is any over. Then the rest of it.",
            "Nobody changes in a day. I have changed the lock, that's something.",
            "I was not brave. I had missed the last bus.",
        ),
        (
            "Who's going to pay for that? No, really. Who?",
            "I've got work in the morning. Say it plainly or say it tomorrow.",
        ),
    ),
}

_EDGES = (
    EdgeWords(
        "blood",
        (-5, 4, 6, 8),
        (
            '{a} and {b} share a grandmother and quarrel over which of them she meant when she said "the good one".',
            "A birth register makes {a} and {b} half-siblings; {a} has read it, {b} has not.",
            "{a} was brought up by {b}'s aunt, and each believes that the other got the warmer coat.",
        ),
    ),
    EdgeWords(
        "emotion",
        (5, 6, 7, 8, 9),
        (
            "{a} is calmer when {b} is in the building, and would deny it under torture.",
            "{b} once waited four hours in the cold for {a} and said nothing about it; {a} knows to the minute.",
            "Between {a} and {b} there is a tenderness that both pass off as bickering.",
            "{a} tells {b} the truth by accident, two or three times a week.",
            "{b} laughed at the right moment, years ago, and {a} has been in {b}'s debt ever since.",
        ),
    ),
    EdgeWords(
        "emotion",
        (-9, -8, -7),
        (
            "{a} cannot hear {b} come up the stairs without reaching for something.",
            "{b} took what {a} loved and has never even been rude about it.",
            "What {a} feels for {b} is hatred with good table manners.",
        ),
    ),
    EdgeWords(
        "interest",
        (2, 3, 4, 5),
        (
            "{a} needs what {b} knows, {b} needs what {a} can lift; they have shaken hands on less.",
            "{a} pays {b}'s rent in return for not being asked where the money comes from.",
            "Each holds a paper that would ruin the other, so {a} and {b} dine together on Sundays.",
            "{b} has the key and {a} has the lock; the price is still under discussion.",
        ),
    ),
    EdgeWords(
        "interest",
        (-6, -5, -4),
        (
            "There is one post to be had, and both {a} and {b} have ordered the coat for it.",
            "{a} sells by day what {b} steals back by night.",
            "Whatever {a} gains in this affair comes out of {b}'s share.",
        ),
    ),
    EdgeWords(
        "belief",
        (3, 5, 6),
        (
            "{a} and {b} pray to different things in the same tone of voice.",
            "{b} taught {a} to doubt, and {a} has been a more faithful pupil than either expected.",
            "They once signed the same petition; {a} still stands by it, and {b} stands by {a}.",
        ),
    ),
    EdgeWords(
        "belief",
        (-8, -7, -6),
        (
            (
                "{a} thinks people should be asked and {b} thinks they should be spared; neither can "
                "leave the other unconverted."
            ),
            "To {b}, everything {a} calls mercy is only bad bookkeeping.",
            "{a} and {b} want the same peace and would each burn the other's version of it.",
        ),
    ),
)

CAST_EN = CastMaterial(
    language="en",
    lives=LIVES,
    rival_lives=RIVAL_LIVES,
    manners=MANNERS,
    looks=LOOKS,
    origins=ORIGINS,
    adult_origins=ADULT_ORIGINS,
    short_goals=SHORT_GOALS,
    mid_goals=MID_GOALS,
    rival_goals=RIVAL_GOALS,
    traits_shown=_TRAITS_SHOWN,
    opposites=_OPPOSITES,
    role_words=_ROLE_WORDS,
    tones=_TONES,
    edges=_EDGES,
    frames=_FRAMES,
)
