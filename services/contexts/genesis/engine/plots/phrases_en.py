"""The sentences of English scenes besides their events, and what is said about a plot."""

from services.contexts.genesis.engine.plots.material import Angle, Event, Phrases

PHRASES = Phrases(
    times=(
        "two hours into the night watch",
        "the morning after the fair",
        "at the first bell that counts",
        "on washing day",
        "while the bread proves",
        "in the lull before the verdict",
        "on the coldest Monday anyone recalls",
        "with guests still at table",
        "when the lamps are being trimmed",
        "halfway through the fast",
        "in blossom time, too early",
        "at the change of guard",
        "on the day the accounts are closed",
        "in the hour that belongs to cleaners",
        "as the last load is weighed",
        "just past the feast",
        "under the first snow",
        "when decent people draw the bolts",
        "three days into the strike",
        "at slack water",
        "an hour before first light",
        "in the slack part of the afternoon",
        "on the third day of the thaw",
        "while the evening shift changes",
        "after the last lamps",
        "on the shortest day of the year",
        "in a week of false summer",
        "between two storms",
        "on market morning",
        "at the hour for feeding animals",
        "during the long noon rest",
        "a fortnight later",
        "on a holiday nobody has the heart to keep",
        "late, and later than was agreed",
        "under a sky the colour of tin",
        "in the first proper cold",
        "when the kitchens are loudest",
        "on the eve of rent day",
        "in the pause after the sirens",
        "on a Sunday in all but name",
        "with the harvest half in",
        "past the time for visitors",
        "on the anniversary, which goes unmentioned",
        "in the grey stretch before breakfast",
        "at closing time",
        "as the fog comes in for the night",
        "two nights short of the full moon",
        "in the heat that makes everybody honest",
        "at the turn of the season",
        "during a power of rain",
    ),
    senses=(
        "gnats hang over the cistern like a thought not yet formed",
        "someone has chalked the height of a child on the doorpost, and then another, higher",
        "a broom leans where a rifle used to",
        "the ceiling shows a map of old leaks",
        "plums have burst on the flagstones and wasps hold court",
        "a thread of smoke stands upright, as if nailed",
        "the benches still carry the warmth of those who left",
        "spilt milk has found the lowest point of the room",
        "frost ferns cover the glass except for one breathed-on circle",
        "the plaster saint has lost a thumb since yesterday",
        "loose change has been left in a saucer, to the exact amount",
        "a sleeping drunk is guarded by geese",
        "the wind brings half a hymn",
        "every nail head weeps a little rust",
        "dry leaves have come in and made themselves at home",
        "turpentine cuts through the fug of bodies",
        "a wheel goes on turning after the cart has stopped",
        "the portrait's eyes have been varnished more often than the rest",
        "puddles hold a sky that is brighter than the real one",
        "a hen crosses with the air of an official",
        "string has been stretched at ankle height and then forgotten",
        "the bannister is polished by one generation of secrets",
        "candle ends are sorted by length in a biscuit tin",
        "bats stitch the eaves to the dark",
        "a wasp is drowning in the jam, unhurried",
        "the signboard has been hung the wrong way round",
        "hot metal ticks under its hood",
        "two boots of different sizes dry on the stove",
        "petals lie on the scales and weigh something",
        "the shutters are nailed, the cat flap is not",
        "a pencil rolls off the table and is allowed to",
        "mist has taken the far half of the yard",
        "somebody has swept a path to a wall",
        "wet rope creaks and somebody is sharpening a very small knife",
        "the air tastes of iron filings and cloves",
        "a loose shutter keeps its own uneven time",
        "steam has drawn faces on all the glass",
        "there is a smell of singed wool and nobody will own to it",
        "moths circle the one light that is never put out",
        "sawdust muffles every step but one",
        "a kettle ticks as it cools, louder than the talk",
        "ants carry a crumb twice their size across the sill",
        "the dust shows where a heavy chest used to stand",
        "the old paint comes off in scales on the palm",
        "someone has left an orange, half peeled, on the stairs",
        "pigeons shift overhead like an impatient audience",
        "the floor slopes, and so, in the end, do the conversations",
        "laundry hangs stiff as boards in the frost",
        "thin music leaks through a wall and stops when listened to",
        "the shadows are longer than the things that cast them",
        "camphor and cold broth have soaked into the curtains",
        "a queue has formed without anyone knowing what for",
        "the hinges have been oiled, recently, by a stranger",
        "rust has bled down the whitewash in the shape of a hand",
        "every cup on the shelf is chipped on the same side",
        "a moth-eaten flag hangs with its lettering to the wall",
        "the thresholds are swept and the corners are not",
        "rain finds the tin roof and argues with it",
        "a child's shoe dries on a windowsill too high for children",
        "the grass is flattened in a ring, as if something large had slept",
        "ink has frozen in the wells",
        "beeswax, damp dog and hot metal hang in layers",
        "the clocks disagree, and people choose the one that suits them",
        "a draught turns the pages of an unattended book",
        "crows pace the wall like bailiffs",
        "the lamps hum on a note just short of a tune",
        "salt has dried in white maps on the boards",
        "a coat too fine for the house hangs by the door",
        "nettles have grown through the handle of a bucket",
        "the echo comes back a little later than it should",
        "lime dust whitens everybody's eyebrows alike",
        "a goose has the yard to itself and knows it",
        "two plates stand on the table, one of them warm",
        "the varnish is still tacky and takes fingerprints",
        "broken tiles have been laid out by size, like a patience",
        "honey drips from a crate nobody has claimed",
        "a single glove has been put on a railing to be found",
        "soot falls in soft flakes on the clean sheets",
        "the walls sweat, and the posters slide slowly down",
        "there are more chairs than people, and all of them face the door",
        "an unripe moon lies in every puddle",
    ),
    openings=(
        "{place}, {when}: {sense}.",
        "Picture {place}, {when}; {sense}.",
        "It is {place}, {when}, and {sense}.",
        "So this is {place}, {when}: {sense}.",
        "The scene is {place}, {when}. Here {sense}.",
    ),
    openings_nowhere=("{when}, {sense}.", "It begins {when}: {sense}."),
    world_leads=(
        "Since {name} there has been no other way of seeing it: {fact}.",
        "They lower their heads when it comes to {name}: {fact}.",
        "Blame it on {name}: {fact}.",
        "By the rule of {name} this is an ordinary evening: {fact}.",
        "{hero} thinks of {name} and keeps the thought: {fact}.",
        "One word from {name} would settle it: {fact}.",
        "The price list mentions {name} in small type: {fact}.",
        "It rests, like so much, on {name}: {fact}.",
        "There is {name} to be thought of: {fact}.",
        "A song about {name} goes through every head: {fact}.",
        "From here one can feel {name} without looking: {fact}.",
        "Were it not for {name}, they would be strangers: {fact}.",
        "Toasts are drunk to {name}, with full mouths: {fact}.",
        "The young mock {name}; the old touch wood: {fact}.",
        "Nobody here needs {name} explained: {fact}.",
        "Over all of it lies the long shadow of {name}: {fact}.",
        "On the wall hangs what every child has to learn of {name}: {fact}.",
        "A stranger would have to be told about {name}; {hero} grew up with it: {fact}.",
        "In a lowered voice somebody mentions {name}: {fact}.",
        "The old reminder of {name} has been painted over and still shows through: {fact}.",
        "What {name} means is felt in the knees here: {fact}.",
        "Even the jokes are about {name}: {fact}.",
        "For one thing they have {name} to reckon with: {fact}.",
        "The innkeeper repeats it as if it were a weather saying, and means {name}: {fact}.",
        "Scratched into the doorpost stands a line on {name}: {fact}.",
        "Guidebooks leave out {name}, out of tact: {fact}.",
        "To walk ten steps is to come up against {name}: {fact}.",
        "It would all be simpler without {name}: {fact}.",
    ),
    goal_leads=(
        "{who} would sign anything for this: {fact}.",
        "Seen by daylight the scheme looks thin; {who} holds on to it: {fact}.",
        "So far, so simple, in the reckoning of {who}: {fact}.",
        "{who} has told nobody and everyone has guessed: {fact}.",
        "The next step is small, and {who} measures it twice: {fact}.",
        "Behind the yawn of {who} waits a plan: {fact}.",
        "Bread can wait; for {who} only one matter cannot: {fact}.",
        "{who} says it aloud for the first time: {fact}.",
        "In the ledger of {who} one column stays open: {fact}.",
        "The intention behind the small talk fits on a tram ticket: {fact}.",
        "Under the breath {who} repeats the plan, to keep it from shrinking: {fact}.",
        "There is just one item on the list in the pocket of {who}: {fact}.",
        "Everything {who} does tonight leans towards a single aim: {fact}.",
        "Asked what is worth the trouble, {who} does not hesitate: {fact}.",
        "The wish has worn smooth from handling: {fact}.",
        "Pared to the bone, {who} has come for this: {fact}.",
        "Let others call it obstinacy; for {who} it is arithmetic: {fact}.",
        "Between {who} and sleep stands one unfinished errand: {fact}.",
    ),
    wound_leads=(
        "In {who} the old hurt wakes like a bad tooth: {fact}.",
        "One careless word, and {who} is back there: {fact}.",
        "It is the scar, not the eye, with which {who} sees the room: {fact}.",
        "{who} laughs too quickly, since it touches on the thing never told: {fact}.",
        "What {who} cannot forgive has no face, only a date: {fact}.",
        "The hand of {who} goes to the place where it still aches: {fact}.",
    ),
    motive_leads=(
        "Ask {who} for reasons and the first ten will be false; the eleventh is this: {fact}.",
        "It is not bravery that keeps {who} upright: {fact}.",
        "What drives {who} is older than the quarrel: {fact}.",
        "Under the arguments of {who} runs a plainer current: {fact}.",
        "{who} could still leave, were it not for the one thing: {fact}.",
        "The true ground lies deeper than {who} would admit in company: {fact}.",
    ),
    obstacle_leads=(
        "As ever, the first barrier is not made of stone: {fact}.",
        "{who} knows the snag by heart: {fact}.",
        "And there, square in the path of {who}, lies the difficulty: {fact}.",
        "What speaks against {who} needs no enemy to say it: {fact}.",
        "It could be easy for {who}, except for this: {fact}.",
    ),
    value_leads=(
        'If anything was ever true in this house, then surely: "{fact}".',
        'The whole room leans one way or the other: "{fact}".',
        'Nobody came for philosophy, and here it is: "{fact}".',
        'A child could say it, and a judge could not: "{fact}".',
        'It will be carved somewhere, by the winner: "{fact}".',
        'Half of them would die for it, the other half from it: "{fact}".',
        'The bill is made out to one idea: "{fact}".',
        'To act is to answer, and the question runs: "{fact}".',
        'It used to be embroidered on cushions: "{fact}".',
        'At bottom they are fighting over five or six words: "{fact}".',
        'Put to the test, it turns out to have edges: "{fact}".',
        'Afterwards everyone will claim to have believed it: "{fact}".',
        'Stripped of its costume, the dispute is about one sentence: "{fact}".',
        'Whoever acts here takes sides, knowingly or not, on the matter of "{fact}".',
        'So the words on which all this turns are tried for the first time in earnest: "{fact}".',
        'Someone has to live by the proposition, not merely hold it: "{fact}".',
        'It sounded like a proverb once; here it presents its invoice: "{fact}".',
        'What is decided is whether it can be said without blushing: "{fact}".',
        'An answer is demanded, with both hands visible, to "{fact}".',
        'The argument has walked in and taken a chair: "{fact}".',
        'For a heartbeat the opposite seems unthinkable: "{fact}".',
        'No one quotes it, and everyone obeys or defies it: "{fact}".',
        'There are cheaper truths to be had, but none so stubborn as "{fact}".',
        'And the price tag on the conviction is turned face up: "{fact}".',
    ),
    motif_leads=(
        "Again: {fact}.",
        "Here, too: {fact}.",
        "As if by agreement: {fact}.",
        "Small enough to miss: {fact}.",
        "On the sill, of all places: {fact}.",
        "One more time, and closer: {fact}.",
        "Between two words: {fact}.",
        "Where the light falls: {fact}.",
        "No accident any more: {fact}.",
        "It has followed them in: {fact}.",
        "Drawn in the dust by a finger: {fact}.",
        "Half hidden by a sleeve: {fact}.",
        "On second glance: {fact}.",
        "Reflected in a spoon: {fact}.",
        "Mentioned by no one: {fact}.",
        "Left over from another evening: {fact}.",
        "The child sees it first: {fact}.",
        "Under the table, all along: {fact}.",
        "Again, at the edge of things: {fact}.",
        "Nobody remarks on what recurs: {fact}.",
        "The eye is caught by a detail that has been seen before: {fact}.",
        "It all rhymes faintly with an earlier sign: {fact}.",
        "In the background, small, like a signature: {fact}.",
        "One thread runs on under the noise: {fact}.",
        "There, for those who are counting: {fact}.",
        "Unasked, the image returns: {fact}.",
        "By the light of this, one notices: {fact}.",
        "A reader with a good memory will smile here: {fact}.",
        "Quietly, the pattern adds a stitch: {fact}.",
        "Something answers from the margin: {fact}.",
    ),
    conflicts={
        "person_vs_person": (
            "The compliment has a hook in it, and both hold the line.",
            "They share out the guilt like siblings with a cake: one cuts, one chooses.",
            "Each has come to confess and stays to accuse.",
            "An old nickname is used, once, as a weapon.",
            "The one who is right shouts; the one who is wrong has all evening.",
            "They trade places in the argument without noticing, and go on.",
            "A cup is pushed across the table and pushed back, and that is the whole battle.",
            "A polite exchange hardens, syllable by syllable, until each of them knows what the other would sell.",
            "Two people want the same chair, and whoever sits down first admits it.",
            "The insult is wrapped as a gift, and has to be unwrapped in front of everybody.",
            "Neither raises a voice; the cutlery does it for both.",
            "What one calls a rescue the other calls theft, and both have brought witnesses.",
            "A handshake lasts too long, because letting go would count as an answer.",
            "They bargain over a trifle in order not to bargain over a life.",
            "Each of them tells the truth, and uses it like an elbow.",
            "Somebody blocks the doorway with a smile and two cousins.",
            "An apology is offered, exactly one size too small.",
            "The stronger one begs and the weaker one commands, which frightens both.",
            "It comes to blows over a spelling, as it was bound to.",
            "One asks, one evades, and a third person at the table stops chewing.",
            "They have learned each other's weaknesses from love and now employ them.",
            "A promise made in good faith is presented for payment by the wrong hand.",
            "Whoever blinks will be thanked, forgiven and finished.",
        ),
        "person_vs_nature": (
            "Fog takes the rope, then the hand on the rope.",
            "The current has an opinion about everything they carry.",
            "Hail comes slantwise and personally.",
            "Mud keeps one boot and asks for its fellow.",
            "The slope was asleep until the lamp woke it.",
            "Nothing here is hostile; it simply has other plans and more time.",
            "Sand gets into the bread, the eyes, the reasoning.",
            "The weather has not been consulted: sleet fills the tracks as fast as feet can make them.",
            "The ground gives a little more with each step, politely, like a host seeing off guests.",
            "Water rises by the width of a finger for every sentence spent on arguing.",
            "Cold makes the fingers stupid just where they would have to be clever.",
            "Thirst reduces all opinions to one.",
            "The wind takes hold of whatever has not been tied down, beginning with tempers.",
            "A fallen trunk, a swollen ford, a moonless stretch: distance itself has changed sides.",
            "Fever sets its own timetable and keeps to it.",
            "Stones come down the slope, singly at first, as if somebody were counting.",
            "The dark here is no absence of light but a thing with weight.",
            "Hunger proposes bad ideas in a reasonable tone.",
            "What was a path on the outward journey is now a bed of thorns and gravel.",
            "Lightning has split the only landmark, and both halves point home.",
            "Heat presses down until even the flies walk.",
            "An animal watches from the scrub and sees no reason to be afraid.",
            "Ice sings underfoot, a note higher with every yard.",
        ),
        "person_vs_society": (
            "Everyone is very sorry, in the same words.",
            "The seat is free until it is wanted by the wrong person.",
            "There is a fee for asking about fees.",
            "Respectable silence closes over it like batter.",
            "What is forbidden is not the deed but the mention.",
            "Two witnesses are required, and eleven look at their shoes.",
            "The verdict has been printed early, to spare the type.",
            "The form has no box for what happened, so officially it did not.",
            "Neighbours close their curtains one after another, in order of income.",
            "Everybody pities, nobody signs.",
            "A custom older than the walls is cited, in the version that suits the speaker.",
            "Those in the queue would rather wait another year than see it moved for somebody.",
            "The law is read out, correctly, by a person who is sorry and holds the keys.",
            "It is not hatred that shuts the door but the fear of what the street would say.",
            "Petitions must be handed in on grey paper, and grey paper is sold out.",
            "A vote is taken, the result is known, only the counting remains to be performed.",
            "Good families send their regrets and their bailiffs by the same messenger.",
            "The crowd wants a culprit by supper, and is not particular.",
            "Every office is responsible up to the threshold of the next.",
            "Those who were wronged first now guard the gate with the greatest zeal.",
            "One may say anything here, provided it has been said before.",
            "The choir strikes up to cover what is being asked on the steps.",
            "Decency demands silence, and decency has a uniform.",
        ),
        "person_vs_self": (
            "It would be easier to be hated than to be thanked.",
            "The speech for the defence is written before there is a charge.",
            "A decent impulse gets as far as the wrist.",
            "There is relief in being caught, and that is the worst of it.",
            "The wish and the fear turn out to have the same handwriting.",
            "To be asked would be enough; to offer is too much.",
            "What passes for calm is only being late to one's own alarm.",
            "The cowardly course and the wise one look identical from here, down to the buttons.",
            "For an instant relief comes before grief, and that cannot be taken back.",
            "It would take one lie, and the lie is already dressed and waiting.",
            "Pride writes a speech; shame crosses it out; what is left is a cough.",
            "There is a version of this in which walking away was right, and it is well argued.",
            "The face in the dark pane knows the answer and will not be the first to speak.",
            "Doing good turns out to resemble, suspiciously, being admired.",
            "An old habit lifts the hand, and an older one stays it.",
            "Being needed tastes sweeter than being free, which is worth knowing and horrible.",
            "The excuse is excellent; that is what is wrong with it.",
            "Half of the anger is envy, and the other half knows.",
            "Some part keeps hoping to be forbidden.",
            "What cannot be forgiven in others has been done before, in a quieter room.",
            "To want it this much is already a kind of theft.",
            "Courage is present, punctual, and facing the wrong way.",
            "Memory offers a kinder edition of events, at a discount.",
        ),
    },
    closings={
        "setup": (
            "The salt has been spilt and nobody throws any.",
            "A shadow gets up a moment after its owner.",
            "Whoever is last to bed leaves the wrong lamp burning.",
            "By breakfast the story has grown a witness.",
            "The knot holds, which is a pity.",
            "Nothing has happened yet; it has merely been addressed.",
            "When the candle is blown out, the smoke leans in the wrong direction.",
            "It is the kind of evening one remembers afterwards as the last.",
            "In the morning the doormat lies the other way round.",
            "Nobody counts the spoons; it would have told them something.",
            "The dog, who knows, refuses to come in.",
            "A small thing has been put down and will not be picked up again.",
            "Far off a gate is opened that has been shut for years.",
            "Only the caged finch has noticed, and it says nothing.",
        ),
        "development": (
            "Somewhere a receipt is being written for this.",
            "It is progress of the kind that leaves a limp.",
            "They have what they came for and less time than before.",
            "The dog follows the wrong person home.",
            "What was whispered has already reached the kitchen.",
            "One lie fewer, two truths too many.",
            "The plan survives, thinner.",
            "A chair stays empty and is counted.",
            "Only later will the missing button be noticed.",
            "They owe each other now, and neither knows how much.",
            "Tomorrow it will have been somebody else's idea.",
            "The candle is shorter than the list.",
            "What has been gained fits into a thimble; what it points to does not.",
            "Somebody has been standing behind the screen all along, holding a tray.",
            "The knot is looser now, and there turns out to be a second.",
            "On the way back the road is shorter by one companion.",
            "It helps, and it will be used against them.",
            "That leaves four days and one clean shirt.",
            "A crumb of proof changes pockets, unseen by all but one.",
            "From now on it will be harder to claim not to have known.",
            "The door is left ajar, by mistake or out of mercy.",
            "Three streets away the message is already being copied.",
            "They part without agreeing on what has just been agreed.",
            "Something has been set in motion that does not know whose side it is on.",
            "The next address is written on the inside of the glove.",
            "For the first time the silence afterwards is not comfortable.",
            "And the wrong person has learned the right name.",
            "A debt is paid off and a larger one shakes hands on it.",
            "Outside, footsteps wait until theirs have gone.",
            "The lie will hold till Thursday.",
        ),
        "turn": (
            "From here every road is downhill and none is easy.",
            "It cannot be unsaid, only outlived.",
            "Somebody laughs, and it is the wrong somebody.",
            "The lock opens from the other side.",
            "Between two breaths the debt changes owner.",
            "They look at the same thing and see each other.",
            "What was at the edge is in the middle now.",
            "The oldest person in the room sits down.",
            "Yesterday has become a long time ago.",
            "A promise is broken so cleanly that it rings.",
            "After this sentence there is no way of going on as before.",
            "The map stays the same; north has moved.",
            "What was the question until now has become the price.",
            "Whoever was hunted turns round.",
            "One of them will tell it later as the moment it ended, the other as the start.",
            "The bolt goes home with a sound like a cleared throat.",
            "Everything said before will have to be heard again with this in mind.",
            "It takes as long as a sneeze and divides the year in two.",
            "Behind the fear there is, absurdly, room to breathe.",
            "The pieces have not moved, yet it is another game.",
            "The innocent explanation has gone out by the back.",
            "And with that the cheaper ending is no longer for sale.",
        ),
        "climax": (
            "Even the gulls, or whatever they are, hold off.",
            "The ink dries on its own.",
            "Someone counts to ten and arrives at nine.",
            "It is over in the time it takes to fold a sheet.",
            "Then everybody speaks of the weather.",
            "No one claps. A hat falls, rolls, and lies still.",
            "When it is over they go on standing, like furniture under sheets.",
            "The silence is so large that each can hear who is crying and pretend otherwise.",
            "A clerk writes down the time, because somebody must.",
            "It has cost what it was always going to cost.",
            "Then the roof lets in the rain, on all of them equally.",
            "There is no thunder, merely a latch.",
        ),
        "resolution": (
            "The kettle is put on by whoever is nearest.",
            "Somebody has mended the gate without being asked.",
            "The list is used to light the stove.",
            "It will do; it more than does.",
            "One more cup is taken down, and it stays down.",
            "Outside it is an ordinary day, and about time.",
            "The bread has risen in the meantime, unattended.",
            "It is not happiness, but it has the same key.",
            "Somebody hums; nobody asks for quiet.",
            "What is missing now has a place of its own at table.",
            "The nail in the wall is kept, in case there should be a picture.",
            "Tomorrow there will be beans to string.",
            "It is a good sort of tired.",
            "The path has been walked wide enough for two.",
        ),
    },
    angles=(
        Angle(
            loglines=(
                (
                    "A race with a moving finish: {hero} has until the last chapter to settle the matter of "
                    "{thing}, while {rival} buys up the hours. {drive}."
                ),
                (
                    "Against a calendar that {body} keeps correcting, {hero} hurries towards {thing} and away "
                    "from one thought. {drive}."
                ),
            ),
            strengths=(
                "The deadline is visible in every scene, so that even a quiet supper costs something.",
                "A single clear aim carries the reader over the many turns.",
            ),
            risks=(
                "Haste may crowd out the inner change; two scenes should be allowed to stand still.",
                "A deadline that moves too often stops frightening anybody.",
            ),
        ),
        Angle(
            loglines=(
                (
                    "The enemy is inside: {hero} takes service under {rival} to reach {thing}, and becomes "
                    "indispensable. {drive}."
                ),
                (
                    "From the lowest bench {hero} rises within {body}, promotion by promotion, until there is "
                    "nobody left to overthrow but {hero}. {drive}."
                ),
            ),
            strengths=(
                "Complicity grows by small and reasonable steps, which makes the reader an accomplice.",
                "The opposing side gets a face, a kitchen, and good arguments.",
            ),
            risks=(
                "If the disguise holds too well, the danger has to be renewed from within.",
                "The first quarter needs an early glimpse of what would be lost.",
            ),
        ),
        Angle(
            loglines=(
                (
                    "Told as an inquest: the end is known, {place} lies in ruins or in peace, and {hero} has to "
                    "explain step by step how {thing} came to matter more than mercy. {drive}."
                ),
                (
                    "{hero} gives evidence. Each part corrects the one before, until the official story of "
                    "{thing} stands on its head. {drive}."
                ),
            ),
            strengths=(
                "Knowing the outcome moves the suspense from what to why.",
                "Contradictory accounts let every one of the main characters be right once.",
            ),
            risks=(
                "Hindsight can cool a scene; keep the testimony in the present moment.",
                "The last correction must change more than facts.",
            ),
        ),
        Angle(
            loglines=(
                (
                    "A debt changes hands: what {hero} owes to {rival} is sold on, again and again, until the "
                    "creditor is {body} itself and the security is {thing}. {drive}."
                ),
                (
                    "{hero} borrows a future and has to pay it back in instalments of past. {rival} keeps the "
                    "books on {thing}. {drive}."
                ),
            ),
            strengths=(
                "Each act has a price that can be named, paid, and regretted.",
                "Even friends become parties to the contract, so that every tie is tested.",
            ),
            risks=(
                "Bargains need clear terms; say early what happens on default.",
                "Too much cleverness would hide the hurt underneath.",
            ),
        ),
        Angle(
            loglines=(
                (
                    "Two roads, one night apart: {hero} follows {thing} openly, {rival} in secret, and at "
                    "{place} each arrives as the other. {drive}."
                ),
                (
                    "Pursuer and pursued exchange roles at the halfway mark; from then on {hero} leaves the "
                    "traces that {rival} must read. {drive}."
                ),
            ),
            strengths=(
                "The mirrored paths let the theme be argued twice without a speech.",
                "The exchange in the middle gives the second half a new question.",
            ),
            risks=(
                "Both threads must carry equal weight, or one becomes an errand.",
                "The symmetry should break at least once, painfully.",
            ),
        ),
        Angle(
            loglines=(
                (
                    "A siege in reverse: nobody can leave {place} until the truth about {thing} is spoken aloud, "
                    "and {hero} is the one who promised not to. {drive}."
                ),
                (
                    "Doors shut, stores dwindle, and {body} counts the mouths: in {place} {hero} must choose who "
                    "is told what about {thing}. {drive}."
                ),
            ),
            strengths=(
                "A closed setting turns every glance into an action.",
                "Scarcity makes the conflicts concrete: bread, beds, and keys.",
            ),
            risks=(
                "Without changes of light and room the middle could feel airless.",
                "The way out must be prepared fairly, in the first act.",
            ),
        ),
        Angle(
            loglines=(
                (
                    "The false name: {hero} is mistaken for the heir to {thing} and answers to it, first out of "
                    "hunger, later out of love. {drive}."
                ),
                "{hero} plays a part so well that {rival} starts to obey it, and {place} to need it. {drive}.",
            ),
            strengths=(
                "Every scene has two readings, one for the crowd and one for the initiated.",
                "Comedy and dread come from the same source and can alternate freely.",
            ),
            risks=(
                "Exposure has to be earned; a mere coincidence would be a cheat.",
                "The real person behind the part needs scenes alone.",
            ),
        ),
        Angle(
            loglines=(
                (
                    "Slow poison: nothing happens to {hero} that could not be explained, yet with each small "
                    "favour {body} comes closer to owning {thing}. {drive}."
                ),
                (
                    "A kind year, and a kinder one, and {hero} wakes to find that {rival} has been invited into "
                    "everything, even into {thing}. {drive}."
                ),
            ),
            strengths=(
                "The threat grows from courtesies, which keeps the ground uncertain.",
                "The reader is always half a step ahead, and powerless.",
            ),
            risks=(
                "The first third demands patience; plant one open shock early.",
                "Menace by hints must at last be paid for in deeds.",
            ),
        ),
        Angle(
            loglines=(
                (
                    "An unlikely company: {hero} gathers those whom {body} has ruined to steal back {thing}, one "
                    "skill, one grudge, one bad knee at a time. {drive}."
                ),
                "Nobody can take {thing} alone, so {hero} learns to ask. {rival} has never had to. {drive}.",
            ),
            strengths=(
                "A plan that everyone knows makes each departure from it a jolt.",
                "The ensemble gives room for humour without loss of stakes.",
            ),
            risks=(
                "Too many specialists dull the outline; give each one failing.",
                "Success must cost the company something it cannot share out.",
            ),
        ),
        Angle(
            loglines=(
                (
                    "Homecoming as trespass: {hero} returns to {place}, where {thing} was buried, and is "
                    "received as everything but family. {drive}."
                ),
                (
                    "{hero} walks the old road backwards, undoing at every stop a kindness that went wrong, "
                    "until only {rival} is left to be thanked. {drive}."
                ),
            ),
            strengths=(
                "Past and present press on the same rooms, so that setting becomes plot.",
                "Reconciliation and revenge remain equally possible to the end.",
            ),
            risks=(
                "Memories need a present purpose, or they turn into pauses.",
                "The past must hold one thing that even the hero does not know.",
            ),
        ),
    ),
    act_titles={
        "three_act": (
            ("The Hairline Crack", "What Was Holding", "Before the Asking"),
            ("The Long Bargain", "Deeper Water", "Every Door But One"),
            ("The Reckoning", "What It Was For", "Paid in Full"),
        ),
        "five_act": (
            ("The Ground", "A Table Laid", "Small Print"),
            ("The Pull", "Sparks in Straw", "Closer"),
            ("The Summit", "High Noon", "The Blade's Edge"),
            ("The Slope", "Falling Tiles", "Afterwards, Faster"),
            ("The Floor", "Last Light, First Light", "The Bill and the Bread"),
        ),
        "heros_journey": (
            ("Home Ground", "The Well-Swept Yard"),
            ("The Knock", "A Voice Outside"),
            ("The Shut Door", "Not Today"),
            ("The Teacher", "A Borrowed Lamp"),
            ("The Threshold", "One Way"),
            ("Tests and Company", "Strange Rules"),
            ("Nearing the Cave", "On Tiptoe"),
            ("The Ordeal", "The Bottom"),
            ("The Prize", "Something in the Hand"),
            ("The Road Back", "Hunted Home"),
            ("The Second Birth", "Once More, Awake"),
            ("The Return", "What Was Brought Back"),
        ),
    },
    act_title="{title}: {mark}",
    act_links=("; then ", "; after that, ", "; meanwhile, "),
    subplots=(
        Event(
            "The Account Between {one} and {two}",
            (
                "What {one} and {two} have never settled comes up for payment in three quiet scenes. {drive}. It "
                "decides who can be relied on when the main thread tightens."
            ),
        ),
        Event(
            "{one} Learns to Stay",
            (
                "{one} has always had a packed bag under the bed. {drive}. With every turn the bag gets lighter, "
                "until leaving would mean carrying nothing."
            ),
        ),
        Event(
            "A Secret Kept for {two}",
            (
                "{one} hides something for the sake of {two}, and does it badly. {drive}. When it comes out, it "
                "proves to be the one thing the enemy could not have guessed."
            ),
        ),
        Event(
            "The Small Trade in {thing}",
            (
                "Away from the great quarrel {one} lives off its scraps. {drive}. The dealings seem comic, up to "
                "the day on which they provide the only exit."
            ),
        ),
        Event(
            "What {one} Owes the Dead",
            (
                "Once in every act {one} visits a grave, each time with a different excuse. {drive}. On the last "
                "visit {two} is already there."
            ),
        ),
    ),
    tones={
        "darker": (
            "It is darker now than the hour allows, and what moves in the darkness has stopped hiding.",
            "Something grim settles over it, patient as rot.",
            "Nobody will find the body before spring.",
            "The dark takes its share first, and it takes it from the innocent.",
            "No light is left here that has not been paid for with a cruelty.",
        ),
        "lighter": (
            "And yet there is lightness in it, a window thrown open, somebody's bright scarf.",
            "A warm breath of bread goes through the room, and for a while it is easy to be kind.",
            "It ends lightly, with a shrug and a shared plum.",
            "Light falls on the scene as if it had been asked nicely.",
            "The weight comes off, and somebody starts to whistle.",
        ),
        "funnier": (
            "At the decisive moment somebody sneezes, and the laughter will not be put back.",
            "It would be terrible if it were not so funny, and the goose makes it worse.",
            "The dignified exit fails on account of a funny little step nobody saw.",
            "A joke gets in through the cellar and opens the front door to everyone.",
            "There is a comic pause, in which both reach for the same hat.",
        ),
        "sadder": (
            "What remains is sadness, folded small and carried in a breast pocket.",
            "A grief without a name sits down among them, and they make room.",
            "The tears come later, over something trivial, a sad blue bowl.",
            "Someone waves, sadly, to a window that is not looking.",
            "All the goodbyes not said then are heard now.",
        ),
        "romantic": (
            "Their hands meet over the lamp and neither looks for an excuse; call it love, they do not.",
            "There is a kiss that neither had planned and both had rehearsed.",
            "Tenderness comes in sideways, with wet hair, asking for a towel, and it is love.",
            "Their hearts are heard beating through two winter coats.",
            "What passes between them is no bigger than a glance, and romantic beyond repair.",
        ),
        "tenser": (
            "The tension is such that the drop on the tap does not dare to fall.",
            "There is no time left; the tense second stretches and holds.",
            "Every breath is one too loud, and the danger stands on the other side of the plank.",
            "Somewhere a fuse is burning, and its urgency has reached their hands.",
            "The threat comes one room nearer.",
        ),
        "calmer": (
            "Then calm comes down, grain by grain, as in a glass of river water.",
            "They take their time; a quiet hour passes with the shelling of peas.",
            "Nothing presses. The stillness has soft edges, and they rest on it.",
            "A calm breath goes round the table like salt.",
            "Slowly and in peace the kettle comes to its point.",
        ),
        "stranger": (
            "The strange thing is that their shadows arrive a moment before them.",
            "A door stands in the field, strange and quite sure of itself, and is politely used.",
            "It rains upward for a minute, eerily, and nobody makes a note of it.",
            "Odder still, the portrait has turned its back.",
            "Uncanny as it is, the echo answers with a better question.",
        ),
        "simpler": (
            "Put simply: somebody wants it, and somebody stands in the way.",
            "It is a simple matter in the end, a yes or a no.",
            "Nothing else is going on. That is all, and it is plain.",
            "One person, one door, one simple choice.",
            "The plain word is found, and suffices.",
        ),
        "grander": (
            "Behind them the whole horizon takes part, vast and lit from below.",
            "Ten thousand torches climb the hill, and history, grand as a tide, leans in.",
            "The grandeur of it empties the streets of all small concerns.",
            "An epic stillness falls, as before the naming of a world.",
            "What is done here will be sung in halls that are not yet built.",
        ),
        "realistic": (
            "It takes three forms, two signatures and a realistic amount of waiting.",
            "In reality the knees hurt, the money runs short, and somebody has to fetch water.",
            "Nothing miraculous helps; there is a real bruise and an ordinary bill.",
            "The practical things get in the way, as in life: a strap, a blister, the last coach.",
            "It happens the way real things do, clumsily and at the wrong time.",
        ),
    },
    fates={
        "dies": (
            "{who} dies here, between one word and the next, and the world is rude enough to go on.",
            "This is the death of {who}: no speech, a hand slackening in another hand.",
        ),
        "survives": (
            "{who} survives, against the odds and the doctors, with a limp and an appetite.",
            "And {who} lives. It is said twice, because the first time nobody dares to believe it.",
        ),
        "happy": (
            "It is a happy ending, with crumbs on it: those who were parted sit at one table and are glad.",
            "So it ends happily, for longer than anyone had planned.",
        ),
        "sad": (
            "It is a sad ending: the right thing has been done, and there is nobody left to share it with.",
            "So it ends in sorrow, and the sorrow is kept clean, like a brass plate.",
        ),
        "open": (
            "The ending stays open: a hand on the latch, a voice beyond it, and the page stops.",
            "Whether they meet again is left open, like the window.",
        ),
        "twist": (
            "And then the twist: the person who has been telling all this to {who} was never in the room.",
            "Here comes the turn no one expects: it was {who} who wrote the very first letter.",
        ),
        "reconcile": (
            "They are reconciled, {who} last of all, with bad grace and wet eyes.",
            "A hand is held out; {who} takes it, and the reconciliation smells of onions.",
        ),
        "together": (
            "In the end they are together, {who} among them, and nobody lets go first.",
            "{who} stays. They will be together, as people are, by getting up in the mornings.",
        ),
        "bittersweet": (
            "It is not too happy an ending, nor should it be: what was won lies on the table, and one chair is empty.",
            "The ending should please nobody altogether: they are happy by halves, and know which half is missing.",
        ),
    },
    inclusions=(
        "And right in the midst of it, impossible to overlook: {term}.",
        "What changes the odds is something nobody had reckoned with: {term}.",
        "From here on it is part of the story, for good: {term}.",
        "One thing more has its place here: {term}.",
    ),
    remarks=(
        'This much is certain from here on: "{words}".',
        'The scene is shaped by one demand: "{words}".',
        'It is exactly as was called for: "{words}".',
    ),
    traits=(
        "Whoever knew {who} before is taken aback: {trait}, in every gesture.",
        "{who} shows another side here, and it can be put in a word: {trait}.",
    ),
    absent_traits=(
        "The {trait} manner has gone from {who}, as if hung on a nail outside.",
        "Of the old {trait} ways nothing is left in {who} today.",
    ),
    reasons=(
        "The reason {who} has for all this is better than anyone feared: {fact}.",
        "{who} gives a reason at last, and nobody can laugh at it: {fact}.",
    ),
    ages={
        "older": ("{who} is older than people expect, and no longer hides it: the years do half the talking.",),
        "younger": ("{who} is younger than people expect, and uses it: nobody searches the pockets of the young.",),
        "years": ("{who}, {years} years old, has stopped being surprised by what others take for granted.",),
    },
    nobody="the protagonist",
    untitled="A Scene Without a Name",
    drives=(
        "to be let off a promise that was never spoken",
        "to put one thing back where it was taken from",
        "to be believed, once, by the right person",
    ),
    values=("what is owed to the living", "the price of telling the truth", "mercy before order"),
    understandings=(
        (
            'You want a plot for "{title}" whose turns come out of the people. {hero} drives the recommended '
            "plan, told in {structure}."
        ),
        (
            'I laid out {count} ways to tell "{title}". Each sets what {hero} wants against another kind of '
            "pressure; one is worked out."
        ),
        (
            'For "{title}" I looked for the decision that {hero} would most like to avoid, and let {count} plans '
            "lead up to it."
        ),
    ),
    understandings_revised=(
        (
            'I took your note to heart in the plot of "{title}" and left everything it did not touch word for '
            "word as it was."
        ),
        'The outline of "{title}" follows your wish now; whatever you did not mention has stayed in its place.',
    ),
    understanding_wish='Your wish: "{wish}".',
    understanding_fillers=(
        "The scenes name only those who are in your cast.",
        "The tension curve covers every chapter.",
        "All of it is open to change.",
    ),
    suggestions=(
        "Pick another plan and have it worked out, to see whether {hero} would make the same choice there.",
        'Ask for the scene "{scene}" anew if its turn comes too early or too late for you.',
        "Say which of the characters must not survive, and which has to; the climax will take it up.",
        "Have the tension raised or lowered for a stretch of chapters, should the rhythm not suit you.",
        "Give {hero} a harder decision in the middle: name what must be lost there.",
        "Ask for more or fewer chapters; the turns keep their places in proportion.",
    ),
    warning_pacing="Chapters {first} to {last} stay below a tension of 4: the pacing sags there.",
    warning_no_cast="No cast is confirmed yet, so the outline speaks of {nobody} only.",
    warning_no_world="No world is confirmed yet, so the scenes have no named places.",
)
