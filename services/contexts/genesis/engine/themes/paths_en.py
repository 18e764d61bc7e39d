"""How a theme becomes visible, in English: arcs of a character, designs of a conflict, lives of a symbol."""

ARCS = (
    (
        "{Hero} enters “{title}” convinced that {one} is a matter of temperament, something one has, like long "
        "fingers. The first third rewards that belief twice, cheaply. Then comes the situation where “{conflict}”, "
        "and the old reflex makes everything worse. From here on the arc runs through the hands: what {hero} "
        "touches, repairs, refuses to pick up. At the midpoint somebody kinder and less gifted succeeds where {hero} "
        "has failed, by way of {other}. The last movement is a relapse, watched by the one person whose opinion "
        "counts, and then a small act that on page one would have made {hero} laugh out loud."
    ),
    (
        "Begin with a habit: before every decision {hero} does the same harmless thing, and the reader learns to "
        "read it as fear. While “{idea}” is only a phrase, the habit works. Once “{conflict}”, it fails in front of "
        "witnesses, and {hero} starts performing {one} instead of practising it. A friend leaves, without a scene, "
        "because of that performance. Alone with {thing}, {hero} tries {other} for a single day, badly, like "
        "somebody writing with the wrong hand. The arc closes when the habit is offered and declined; nothing is "
        "said, and the decision is already under way."
    ),
    (
        "Three doors, three refusals. Behind the first, {hero} is offered praise for {one} and turns it down out of "
        "modesty that is really pride. Behind the second stands “{conflict}”, and turning away costs somebody else a "
        "livelihood. The third is opened from inside by {rival}, who has understood sooner what {other} might be "
        "good for. Only now does {hero} ask for something, clumsily, in the wrong tone. Trace this in speech: early "
        "sentences end in full stops, those in the middle in excuses, and the final ones in a question addressed to "
        "a person who is really there."
    ),
    (
        "Give {hero} a teacher who is wrong in an instructive way. The teacher stands for {one} without a crack, and "
        "for a hundred pages that looks like strength. When “{conflict}”, the lesson is applied to the letter, and "
        "{hero} sees its bill arrive at another person’s address. Disobedience follows, first as clumsiness, then as "
        "a plan involving {thing}. The teacher is neither refuted nor shamed; they grow old in one conversation. "
        "What {hero} carries away from “{title}” is half the doctrine, plus the doubt that makes it usable, and a "
        "pupil who argues."
    ),
    (
        "The arc is a debt that changes its creditor. On the opening pages {hero} owes everything to {one} and pays "
        "punctually. Then “{conflict2}”, and a payment goes to the wrong hands: it does unexpected good there. From "
        "that mistake grows a second bookkeeping, kept at night, in the name of {other}. {Rival} finds the pages and "
        "reads them as treason, which they nearly are. In the climax {hero} has to declare one of the two accounts "
        "void, while {stake} lies on the table. The resolution shows somebody poorer who sleeps."
    ),
    (
        "Let the change be visible to everybody except {hero}. Neighbours notice it first: an answer that comes more "
        "slowly, a lamp that burns later, a joke at the expense of {one}. Only in the crisis, when “{conflict}”, "
        "does {hero} hear the new voice and take it for a stranger’s. There follows a retreat into everything that "
        "used to help, described with love, because it did help once. Then the retreat runs out of rooms. What "
        "remains is {hero}, a task nobody envies, and {other}, no longer as a principle but as the next thing to be "
        "done before dark."
    ),
    (
        "{Hero} is competent, and that is the flaw. Every trouble in the first act is solved by skill, so the "
        "question behind “{idea}” is never put. The second act brings “{conflict2}”, which cannot be solved, merely "
        "accompanied, and skill turns into a way of keeping people at arm’s length. Write the humiliation precisely: "
        "an instrument that slips, a name that will not come. Someone without any talent sits down beside {hero} and "
        "stays. In the end the old craft returns, slower, in the service of {other}, and for the first time it "
        "leaves a trace that can be seen."
    ),
    (
        "Build the arc backwards from a sentence {hero} could not say at the beginning: “I was wrong about {other}.” "
        "To make it cost something, each chapter of “{title}” supplies one good reason to go on believing in {one}: "
        "a rescued child, a kept promise, a winter survived. Against these stands only “{conflict}”, an "
        "embarrassment rather than an argument. It is a tired, unheroic evening that tips the scale. {Hero} says the "
        "sentence to the least suitable listener, and the listener asks for the salt. That the world does not stop "
        "is the liberation, and also its comedy."
    ),
    (
        "Start {hero} at the end of a success. There is applause for {one}, a speech, a bouquet that will not fit "
        "any vase. The fall begins with an invitation to repeat it, and with “{conflict}” waiting in the cloakroom. "
        "Every repetition is a shade louder. Halfway through, {hero} meets a former self in the shape of a beginner, "
        "and does the beginner an injustice that cannot be apologised away. The road back leads through {thing}, and "
        "through weeks of work without any audience. Whoever reappears at the close needs {other} as others need "
        "bread: daily, unsalted, shared."
    ),
    (
        "Two portraits of {hero} hang in this book, one drawn by {rival}, one by a friend, and both are accurate. "
        "The first shows somebody who uses {one} as a shield; the second, somebody who has never owned another. As "
        "soon as “{conflict2}”, the portraits begin to move towards each other. The friend is disappointed, the "
        "opponent disarmed, and {hero} stands between two people who each mourn an enemy and an idol. The turning "
        "point is practical: {hero} gives up {stake} without announcing it. Years later both portraits are found "
        "behind a cupboard, face to face."
    ),
)

CONFLICTS = (
    (
        "The main conflict is already in the concept: “{conflict}.” Design it so that both parties quote the same "
        "sentence. On the side of {one} stand habit, law and most of the furniture; on the side of {other}, a single "
        "tired voice and {thing}. The first round is won by the wrong side for the right reason. In the second, each "
        "tries the other’s methods and is good at them. The decisive scene offers a compromise that would satisfy "
        "everyone present and harm somebody absent, and {hero} is the only one who remembers the absent. Nobody wins "
        "that evening; somebody, however, stops keeping score."
    ),
    (
        "Put {hero} and {rival} in one room with a job that needs four hands. Everything they think about {one} and "
        "{other} must come out through the job: who fetches, who waits, who counts. Outside, “{conflict}”; inside, "
        "the kettle. Let the quarrel break off twice at its highest point because the work demands it. Then remove "
        "the work. What they say in the idle minute afterwards is shorter than any argument before, and it decides "
        "{stake}. The design holds as long as the reader, asked to choose a chair, would rather remain standing in "
        "the doorway."
    ),
    (
        "Let the quarrel be inherited. “{conflict2}”: that has been so for longer than {hero} can remember, and each "
        "camp has its songs. The defenders of {one} have the better manners, those of {other} the better reasons, or "
        "the reverse, depending on who pours. {Hero} marries the two causes in a single lie meant to win time. As "
        "the lie starts to govern people’s days, enemies become its joint tenants. The explosion comes from below, "
        "from somebody who took the lie for a promise. Afterwards both camps agree for the first time: about whose "
        "fault it was."
    ),
    (
        "Make the opponent generous. {Rival} offers {hero} everything that {one} can buy, at no visible charge, and "
        "means it. Refusal looks like vanity; acceptance would make “{conflict}” disappear overnight, together with "
        "those whom it concerns. The middle of “{title}” is therefore a siege by kindness. Small gifts arrive, each "
        "better chosen. {Hero} starts to defend {other} with arguments that sound borrowed, then with silence, "
        "finally with an act so rude that even friends wince. The siege ends because the giver is asked, quite "
        "gently, what {stake} would have been worth to them."
    ),
    (
        "Give the conflict a clock that only one side can read. For {hero} it is a question of {one}, with time to "
        "think; for those behind “{conflict}” it is Tuesday. Alternate the two tempos from scene to scene until they "
        "collide at a counter, a bedside, a gate. There, {other} is not proposed by anyone; it simply happens, as a "
        "hand that moves first. From now on {hero} has to justify a deed instead of an opinion. Let {body} take up "
        "the case in good faith and with the wrong form, so that even help arrives as another obstacle."
    ),
    (
        "Conflict by substitution: what is fought over in public is never what is at stake. They say {thing}; they "
        "mean “{idea}”. Draw up three meetings, each with a different object on the table and the same unmentioned "
        "name under it. In the first {hero} defends {one} and is applauded. In the second somebody repeats that "
        "defence word for word to justify an injury. By the third, “{conflict}” has become so plain that a child "
        "points it out. The grown-ups thank the child, adjourn, and {hero} stays behind among the chairs, with "
        "{other} for company."
    ),
    (
        "Divide the conflict among three people, so that no pair can settle it. {Hero} wants {one} and loves "
        "somebody who needs {other}; {rival} wants peace and is prepared to sacrifice both. Every alliance of two "
        "lasts exactly as long as “{conflict2}” goes unmentioned. Rotate them: each of the three gets a chapter as "
        "the reasonable one. The crisis is a vote, held for {stake}, in which everyone, out of love, votes against "
        "their own interest. The result is unanimous and unbearable, and undoing it takes more courage than any of "
        "the earlier heroics."
    ),
    (
        "Begin after the victory of {one}. The law is passed, the banners are being rolled up, and “{conflict}” "
        "turns out to have survived, in slippers, indoors. {Hero}, who carried a banner, is assigned to deal with "
        "the remainder. The remainder has a face, a cough, a recipe. From here the front line runs through a single "
        "household and across {heros} own plate. Those who champion {other} no longer make speeches; they merely "
        "fail to come when called. “{title}” finds its climax in an inspection where nothing forbidden is found, and "
        "everybody knows what was looked for."
    ),
    (
        "Set the conflict as an exchange of roles. By the end {rival} should be defending {one} with {heros} old "
        "arguments, and {hero} should hear how they sounded. To get there, let each save the other once, for selfish "
        "reasons, in the course of “{conflict}”. Gratitude is the complication: it makes them fair at the wrong "
        "moments. Spread the matter of {thing} over the whole middle, like a bill being passed along a table. When "
        "at last it comes to a choice between {stake} and {other}, the two of them argue about who is allowed to "
        "lose."
    ),
    (
        "Hide the conflict inside an act of cooperation. {Hero} and {rival} are both trying to prevent the same "
        "disaster; they only differ about what may be saved. Whoever stands for {one} begins at the roof, whoever "
        "stands for {other} begins with the people, and there are not enough ladders. “{conflict2}” supplies the "
        "wind. Keep every decision small: a knot, a list, a name crossed out and written in again. The reader should "
        "grasp the principle much later than the characters, in the quiet, when someone thanks the wrong person for "
        "the right thing."
    ),
)

SYMBOLS = (
    (
        "The symbol is {element}. At its first appearance nobody looks twice; it is merely in the way. Second time: "
        "{hero} uses it for something it was not made for, and it holds. With “{conflict}” it changes sides and "
        "starts to speak for {one}, in other people’s mouths, as a slogan, a badge, a child’s drawing. {Hero} begins "
        "to avoid it. The fourth appearance belongs to {rival}, alone, who handles it with a tenderness we had not "
        "expected. Last of all it breaks, or is given away, and the gap in which it used to stand means {other}. "
        "Never explain it; let others misread it."
    ),
    (
        "Take {element} and give it a price. In the opening it can be had for nothing; by the middle of “{title}” "
        "people queue for it; at the close no one would accept it as a gift. That curve is the theme. Each change of "
        "value is caused by a decision about {one}, taken elsewhere by somebody who has never seen it. {Hero} is the "
        "only one to handle the thing at every price, and so the only one to know its weight. When {other} finally "
        "has its hour, the object is used for what it is, clumsily and with great relief, by somebody who needs it."
    ),
    (
        "Pair two things that never share a page: {element}, and, far from it, {element2}. The first gathers "
        "everything said about {one}, the second all that is left unsaid about {other}. Readers will feel the "
        "distance between them as a slight draught. Move them closer by errands, loans and mistakes; let {hero} "
        "carry one past a window behind which lies its counterpart. When “{conflict}” comes to a head, both are in "
        "the same room, and for a moment nobody is. The final image separates them again, each in the other’s former "
        "place, as if they had exchanged addresses."
    ),
    (
        "Use weather for it, and tie the weather to {element}. Whenever {one} is enforced, the air goes dry and "
        "things crack along old lines; where {other} is at work, something drips. Keep this below the threshold of "
        "comment. People in “{title}” speak about the damp, about cracks, about their knees. Only {hero} connects it "
        "with {thing}, and is wrong about the cause. In the scene of “{conflict}” the two climates meet above one "
        "roof. What falls then is not described; we are told how the floor sounded the next morning, and who walked "
        "on it barefoot."
    ),
    (
        "Let the symbol be an absence shaped like {element}. We see the nail where it hung, the clean square, the "
        "strap worn by its weight. Three people describe it to {hero}, and the descriptions cannot be of the same "
        "thing. For the believers in {one} it was large. For those who lived by {other}, it was mostly warm. Through "
        "“{conflict2}” the empty place becomes crowded with what everybody would put there. Near the end it is "
        "found, smaller than all accounts, and {hero} decides to hang it facing the wall. The last paragraph belongs "
        "to the nail."
    ),
    (
        "Make a verb of it: what matters about {element} is what is done to it. It is wrapped, lent, counted, "
        "dropped, mended with unsuitable thread. Write down these verbs in order and you have the story of “{idea}”. "
        "While {one} prevails, the verbs are all in the passive. The first active one is {heros}, and it is a theft. "
        "Later somebody mends where nobody has asked for mending, and {other} enters “{title}” by that side door. "
        "The object itself may stay ugly. It is the wear that shines, and {rival} is the first to say so, in the "
        "tone of a complaint."
    ),
    (
        "Choose a gesture instead of a thing and let {element} be merely its occasion: somebody makes room. Early on "
        "it is etiquette, a shuffle along a bench. Under the reign of {one} it turns into obedience, eyes down, and "
        "the bench is always full. When “{conflict}”, {hero} for once does not move, and an entire row has to notice "
        "its own knees. Repeat the gesture in a bed, in a queue, in an argument. It reaches its meaning with "
        "{other}: room made for a person who does not deserve it, by one who will be cold for the rest of the night."
    ),
    (
        "The symbol travels: {element} changes hands five times in “{title}”, and every owner calls it by a "
        "different name. For the first it is proof of {one}. The second pawns it, the third steals it out of love, "
        "the fourth has no idea. {Hero} is the fifth and the first to ask where it comes from. Follow it through "
        "“{conflict}” rather than following the people, for a whole chapter if you dare. As it arrives, its names "
        "fall away one by one. What {hero} passes on has no name at all, only instructions, and these sound very "
        "like {other}."
    ),
    (
        "Let {element} grow. On page one it fits into a closed hand; nobody in “{title}” ever remarks on the change, "
        "they simply need more room. It grows with each evasion committed in the name of {one}: half an inch for a "
        "silence, a foot for a speech. Furniture is moved. Doors are taken off. In the thick of “{conflict2}”, "
        "{hero} lives round it as round a sleeping animal. It does not shrink when {other} is finally spoken aloud. "
        "It only turns out that one can climb it, and that from up there the neighbouring roofs look curiously alike."
    ),
    (
        "Place {element} where sound would be. Each time the argument between {one} and {other} falls silent, the "
        "text looks at it instead, for one sentence, without adjectives. At the beginning the look is idle. After "
        "“{conflict}” it becomes evasive, then pleading. {Hero} notices only that the others keep glancing at the "
        "same spot. Close to the end somebody removes it during a conversation, and for the first time in “{title}” "
        "a silence has to be borne with nothing to look at. The next sentence spoken in that room is the truest in "
        "the novel, and not an especially clever one."
    ),
)

CLOSERS = (
    "Every step must be readable in what somebody does with their hands.",
    "If a scene can be told without {hero} losing something, it is not yet the scene.",
    "Test it with one question: who in the room would tell it otherwise, and are they also right?",
    "Keep {stake} in sight throughout, as one keeps an eye on a pan of milk.",
    "Where the reader expects a speech, put a delay.",
    "What remains at the close is the phrase “{idea}”, meant by now in the opposite way.",
    "The proof lies in a detail from {place} that returns unchanged and is no longer innocent.",
    "Somebody should laugh once, at the worst time, and be right to.",
)
