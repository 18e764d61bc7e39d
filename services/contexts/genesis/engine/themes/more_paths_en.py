"""How a theme becomes visible, in English: further arcs, conflicts and symbols."""

MORE_ARCS = (
    (
        "At the outset {hero} collects other people’s apologies and keeps none of them. That is what {one} looks "
        "like from inside: a full drawer. The drawer jams for the first time when “{conflict}”. Show the jam as "
        "comedy, a screwdriver, a bruised thumb, a guest who waits. By the second act {hero} is handing the stuff "
        "back, one owner after another, and every doorstep teaches a different lesson about {other}. Somebody will "
        "not take theirs. This refusal is the hinge: carried home again, it turns out to weigh less. The final "
        "chapter has an empty drawer and, for want of anything better, bread in it."
    ),
    (
        "The change in {hero} is one of scale. Chapter one knows only large words, {one} among them, and a horizon. "
        "Each setback moves the camera closer: from the map to the street, from the street to a sleeve. "
        "“{conflict2}” is fought out over something that would fit into a matchbox. Near-sighted and ashamed, {hero} "
        "now discovers how much can be seen from here, and who had been standing there all along. What was called "
        "{other}, with a shrug, is simply the world at arm’s length. Pull the camera back once more in the epilogue, "
        "briefly: the horizon has not missed us."
    ),
    (
        "Let {hero} be right, embarrassingly, until page ninety. The warning was justified, the figures correct, "
        "{one} vindicated, and nobody comes to the door any more. When “{conflict}”, a letter of congratulation "
        "arrives from the worst imaginable sender. From then on correctness itself becomes the obstacle. {Hero} "
        "practises being mistaken, first about trifles like trains, later about people. The exercises are funny and "
        "then suddenly are not, since one of the errors saves somebody. {Other} is what begins after the last "
        "argument has been won. Close with a disagreement over directions, in which both get lost, contentedly, in "
        "the same fog."
    ),
    (
        "Write it as a convalescence. Before the opening line {hero} has come through something, and everyone "
        "praises the recovery; {one} served as a splint. The bone has set crooked. “{conflict2}” breaks it afresh, "
        "which is necessary and, for once, no tragedy. Months of small indignities: being washed, being read to, "
        "accepting soup from {rival}. A patient has little choice but to try {other}, lying down. Strength returns "
        "in the wrong order, humour before appetite, tears before stairs. At last {hero} walks through {place} with "
        "a slight limp, greets too many people, and arrives late at a meeting that used to be everything."
    ),
    (
        "The arc is measured in doors. {Hero} closes eleven of them in the first part of “{title}”, each for an "
        "excellent reason having to do with {one}. Nothing is slammed. While “{conflict}” goes its way outside, the "
        "house becomes quiet, orderly, then strangely loud, as houses do. The twelfth will not shut: a foot is in "
        "it, belonging to a child, a salesman, a dog, someone below argument. Whatever has to be conceded to the "
        "foot is conceded grumbling. By spring there is a draught throughout, papers fly about, and {hero}, chasing "
        "them from room to room, has taken up {other} without ever using the word."
    ),
    (
        "Follow the money, though it may be time, sleep or good opinion. {Hero} invests all of it in {one}; "
        "dividends are paid punctually, in looks. Then comes “{conflict}”, and the bank closes. Being poor is "
        "described without romance: what it does to the voice, how it lengthens streets. In this poverty {hero} "
        "borrows for the first time, from a woman at the next window who keeps no accounts. Her name for {other} is "
        "“well, what did you expect”. The novel ends before anything has been paid back, on purpose: the debt has "
        "become an acquaintance, and on certain evenings it comes to dinner."
    ),
)

MORE_CONFLICTS = (
    (
        "Two kinds of time collide. {Rival} lives by the deadline and therefore by {one}; {hero} belongs to those "
        "for whom a thing takes as long as it takes. Neither is at fault for “{conflict}”, which needed both. Stage "
        "their encounters around meals: the one eats standing, the other lets the food go cold. With every course a "
        "colleague, a cousin, a bystander is drawn in and must decide whether to sit down. The climax coincides with "
        "a wait nobody can shorten. Here the hasty one turns out to be patient, the slow one frantic, and {other} is "
        "suddenly a matter of who holds the lamp."
    ),
    (
        "Divide {hero}. The opponent in the mirror is no metaphor but a set of appointments: mornings are given over "
        "to {one}, nights to {other}, and they begin to send each other bills. From outside comes “{conflict2}”, "
        "addressed to both. Friends know only one half and defend it against rumours about the other. Let {rival} be "
        "the sole person acquainted with the whole, and therefore dangerous, and therefore a relief. The collision "
        "takes place in daylight, at an ordinary counter, where a form asks for a single signature. How long the pen "
        "hovers is the length of the chapter. Behind {hero}, the queue starts to hum."
    ),
    (
        "Fight over a story. Everyone in {place} agrees on what happened; the quarrel is about where it begins. "
        "Begin with the insult, and {one} is in the right; begin a winter earlier, and everything speaks for "
        "{other}. {Hero} is asked to write it down, for the files, neutrally. “{conflict}” turns this errand into an "
        "earthquake. Each draft is leaked, each omission gets a visitor. The third version includes {heros} own part "
        "and is therefore the first that nobody disputes, since nobody wants it. In the archive there lies, at the "
        "end, an empty folder with a very precise label."
    ),
    (
        "Let nobody raise their voice. The conflict runs on courtesy: thank-you notes that wound, invitations "
        "impossible to decline. On one side {one}, with excellent manners; on the other a guest who keeps forgetting "
        "them, by name {other}. {Hero} translates between the tables. “{conflict}” is first mentioned as an "
        "anecdote, by and by as a precedent, finally not at all, whereupon it is everywhere. When the violence "
        "arrives it consists of a chair being taken away. Work out beforehand who notices, who offers theirs, who "
        "goes on eating: the entire moral design of “{title}” lies in these three."
    ),
    (
        "Reverse the siege: those inside are trying to let somebody in, those outside refuse to come. {Hero}, at the "
        "gate, speaks for {one} through a slot. Beyond it are people who have learned from “{conflict2}” what a "
        "welcome costs. Provisions go bad on the generous side. The offers become warmer and more insulting. A "
        "messenger crosses back and forth, gains weight, loses faith, and finally settles in between, on a folding "
        "chair. It is this chair that {other} gathers round, a little at a time: somebody with a pot, somebody with "
        "news. In the last act the walls are still standing and serve for drying sheets."
    ),
    (
        "The antagonist is a kindness {hero} once did. It grew up, as kindnesses will, and has come back with "
        "demands. Because of it “{conflict}”; because of it {stake} is in play. {One} would be to stand by the "
        "consequences; {other}, to admit that it was half a whim. Give the creditor charm, a cough, the better "
        "jokes. No scene between the two may lack a gift. Bystanders take sides according to what they themselves "
        "are owed. The contest is settled on a staircase, by exhaustion, with the words “you can stop now”, and it "
        "remains open which of them has been released."
    ),
)

MORE_SYMBOLS = (
    (
        "Work with {element} as composers do with a wrong note. It sounds once, early, under a speech in praise of "
        "{one}; a few heads turn. Repeated, it begins to form a little tune of its own. By the middle of “{title}” "
        "people are whistling it without knowing from where. “{conflict}” drowns it in trumpets. {Hero}, who is "
        "unmusical, keeps it alive by accident, tapping on a pipe. When it returns it comes in the bass, slow, "
        "unmistakable, carrying all the rest, and what had been the melody turns out to have been decoration. That "
        "is as close as the book should come to saying {other} out loud."
    ),
    (
        "Start from a mistake: {element} is taken for something else. Under the wrong name it is honoured, insured, "
        "guarded with a cord. All the dignity of {one} is lent to it. {Hero} knows better from the second chapter on "
        "and, for decent reasons, keeps quiet. The error bears fruit, it feeds families, it has a feast day. Then "
        "“{conflict2}”, and somebody offers the truth for sale. What should be done with a falsehood that has "
        "behaved so well? As an answer, {hero} puts it to its plain original use one evening, among friends. It "
        "works splendidly, and {other} has found its tool."
    ),
    (
        "Make it edible, or nearly: whatever {element} may be, people relate to it through hunger. They sniff, weigh "
        "and save it for later. {One} is a way of not touching it; the cupboard is spotless. In lean chapters eyes "
        "go to that door. “{conflict}” brings a guest who, unaware, simply helps himself, and the silence afterwards "
        "tells us more than a family chronicle. From then on it is cut smaller and smaller, and yet goes further. "
        "{Hero} gets the last of it and does what {other} would do: breaks it, with some difficulty, over the sink, "
        "and gives the larger half to the one who laughed."
    ),
    (
        "Give {element} a double who is always somewhere else. There is the official one, in the light, standing for "
        "{one}; and another, unpainted, that children know. They must not be told apart by an expert. Through the "
        "first half of “{title}” {hero} defends the original. Through the second, having handled both, {hero} is no "
        "longer sure which that was. During “{conflict}” one of them is lost. Relief and mourning break out in the "
        "wrong houses. Should anybody ask what has survived, let the answer be practical: it is the one that holds "
        "water. {Other} begins with such answers, and with wet hands."
    ),
    (
        "Tie {element} to the threshold. Nobody in “{title}” can go in or out without stepping over it, brushing "
        "past, ducking. Mark how each does so; it is their whole character. Those devoted to {one} have made a "
        "ceremony of it. Others have a scar on the forehead. After “{conflict2}” it is moved an inch, by night, and "
        "everyone stumbles for a week: this is the funniest chapter and the most serious. {Hero} gets used to "
        "lifting the foot. Years later, in a different house with no sill at all, {hero} still lifts it, and a "
        "stranger, seeing that, understands everything about {other}."
    ),
    (
        "Let it be written on. Something else, {element2}, may serve for comparison, but it is {element} that "
        "collects the writing: initials, sums, a rude word, the height of somebody’s child. {One} would have it "
        "cleaned. A committee is formed, a solvent tested in one corner, where {hero} now reads, more clearly than "
        "before, what was beneath. In the days of “{conflict}” it becomes the only newspaper. Later generations will "
        "argue over the layers. What counts is an unremarkable line near the bottom, in {heros} hand, which does not "
        "explain anything, only adds a date. Next to it there is room. {Other} is that room."
    ),
)
