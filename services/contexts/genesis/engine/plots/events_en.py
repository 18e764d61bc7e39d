"""What may happen in English, beat by beat, in the present tense.

Slots: {hero}, {rival}, {ally} are names; {their} and {them} the hero's; {place} a name after "at" or "of"; {thing} and
{body} stand where any noun of the world may: "the truth about {thing}", "{body} wants".
"""

from services.contexts.genesis.engine.plots.material import Beat, BeatKey, Event

BEATS: dict[BeatKey, Beat] = {
    "ordinary": Beat(
        events=(
            Event(
                "An Honest Day's Work",
                "{hero} counts the morning's takings twice, because the first sum came out in {their} favour. A "
                "neighbour borrows salt, returns a ladder, and lets slip that strangers have asked about {thing}.",
            ),
            Event(
                "The Loose Tile",
                "For the ninth year {hero} mends the same leak instead of the roof. While the pitch cools, a clerk of "
                "{body} walks past below, writing down which shutters are open and which are not.",
            ),
            Event(
                "Soup for Two",
                "{hero} cooks for {ally} as on every rest day, too much pepper, never enough bread. They quarrel "
                "cheerfully about {thing}, and neither notices that the third chair has been moved.",
            ),
            Event(
                "A Name on the List",
                "Queueing for lamp oil, {hero} reads a notice of {body} over somebody's shoulder and finds {their} "
                "own handwriting among the signatures. It is a perfect forgery of a bad habit.",
            ),
            Event(
                "Good Manners",
                "{rival} buys a trifle from {hero}, overpays, and asks after {their} family by their childhood "
                "nicknames. Nothing impolite is said. Afterwards the coin smells faintly of vinegar.",
            ),
            Event(
                "What the Apprentice Saw",
                "{ally} arrives late with muddy knees and an implausible excuse involving a goat. {hero} laughs, "
                "forgives, and only at supper realises that the mud is the red clay near the forbidden quarter.",
            ),
            Event(
                "Inventory",
                "{hero} takes stock of everything owned: two coats, one debt, eleven spoons, a locked tin. The tin is "
                "the only object nobody has ever asked about, until a courier asks about it by weight.",
            ),
        ),
        gists=(
            "{hero} keeps a small life in order and a locked tin shut",
            "a quiet trade hides how close {hero} lives to {thing}",
            "habit holds {hero} upright while {body} takes notes",
            "{hero} has made peace with too little",
        ),
    ),
    "disturbance": Beat(
        events=(
            Event(
                "The Wrong Parcel",
                "A parcel meant for a dead tenant is delivered to {hero}. Inside lie a glove, a receipt for {thing}, "
                "and a strip of paper asking, in a hurried hand, why nobody came.",
            ),
            Event(
                "Three Knocks",
                "Somebody knocks three times and runs. On the step {hero} finds a sleeping infant's bracelet engraved "
                "with the seal of {body}, still warm, and behind it a trail of candle wax.",
            ),
            Event(
                "An Offer Without a Price",
                "{rival} lays a purse on the counter and wants only a signature saying that {thing} was never here. "
                "{hero} reaches for the pen, reads the date on the document, and puts it down again.",
            ),
            Event(
                "{ally} Does Not Come Home",
                "{ally} has promised to be back by lamplight. Towards midnight {hero} finds the errand basket hung "
                "on a nail at a height no child could reach, packed neatly, with the change counted out.",
            ),
            Event(
                "The Bell Out of Turn",
                "A bell strikes on a day when bells are forbidden. People step outside half dressed, and before "
                "anyone can ask, {hero} is pointed at, first by one hand, then by a whole street.",
            ),
            Event(
                "Read Aloud",
                "At a crowded hearing a minor official of {body} reads out a list nobody was meant to hear. The last "
                "entry concerns {thing}, and the witness named beside it is {hero}.",
            ),
            Event(
                "A Guest at the Funeral",
                "{hero} attends a stranger's burial out of politeness and is handed the first spade. {rival} stands "
                "bareheaded across the pit, nods as one relative to another, and mouths a single word: yours.",
            ),
        ),
        gists=(
            "a parcel for a dead tenant drags {hero} into the matter of {thing}",
            "{hero} is named as a witness to something never seen",
            "an unlucky delivery ends the quiet",
            "one knock at night makes {hero} part of it",
        ),
    ),
    "refusal": Beat(
        events=(
            Event(
                "Not My Ledger",
                "{hero} returns the evidence to {body}, gets a stamped receipt, and celebrates with plum brandy. "
                "Next morning the receipt has been stamped a second time: refused, sender to keep.",
            ),
            Event(
                "Somebody Else's Courage",
                "{hero} drafts a letter explaining why another person should go, lists four better candidates, and "
                "discovers while addressing the envelopes that three of them vanished last winter.",
            ),
            Event(
                "The Early Ferry",
                "With a bag packed, {hero} buys passage away. The ticket seller refuses {their} coin: every name "
                "connected to {thing} is barred from leaving, and the list is older than {their} own part in it.",
            ),
            Event(
                "A Reasonable Excuse",
                "{ally} begs for help, and {hero} answers with sensible arguments about weather, money and age. "
                "{ally} listens to the end, thanks {them}, and sets off alone without a lantern.",
            ),
            Event(
                "Terms of Peace",
                "{hero} visits {rival} to promise neutrality. {rival} accepts, pours two glasses, and mentions in "
                "passing what neutrality cost the previous person who sat in that armchair.",
            ),
            Event(
                "The Burnt Page",
                "{hero} feeds the only proof about {thing} to the stove. The paper curls, blackens, and leaves a "
                "second layer of writing perfectly legible on the ash.",
            ),
        ),
        gists=(
            "{hero} tries to hand the burden back and gets it returned by post",
            "sensible excuses hold for exactly one night",
            "{hero} buys a ticket out and is not let aboard",
            "burning the proof only makes it easier to read",
        ),
    ),
    "ally": Beat(
        events=(
            Event(
                "Directions from a Stranger",
                "A blind pedlar tells {hero} precisely which stairs creak in the house of {body}, asks for two figs "
                "in payment, and will not say whose footsteps taught him the map.",
            ),
            Event(
                "Lessons in Falling",
                "{hero} apprentices {themself} to the memory of an old teacher: rereads the margins, repeats the "
                "drills, and understands at last that half the exercises were meant for running away.",
            ),
            Event(
                "The Bad Teacher",
                "{ally} agrees to instruct {hero} on condition that no question begins with why. By the second "
                "evening {hero} can pick a lock, lie to a magistrate, and boil an egg properly.",
            ),
            Event(
                "Bail",
                "{ally} stands surety for {hero} with the family silver, without being asked. On the way out of the "
                "cells they agree it was a stupid thing to do, and divide the last orange.",
            ),
            Event(
                "Two Halves of a Map",
                "{ally} unrolls a chart with its northern edge torn off. {hero} has used the missing strip as a "
                "bookmark since childhood. Laid together they show a road to {place} that no survey admits.",
            ),
            Event(
                "The Price of a Friend",
                "{ally} offers company for money and names a shameless sum. {hero} haggles, wins, and learns later "
                "that {rival} had bid ten times as much for the opposite service.",
            ),
        ),
        gists=(
            "an unlikely teacher shows {hero} how to fall",
            "{hero} gains company, and with it somebody to lose",
            "two torn halves make a map",
            "help comes from the person least able to afford it",
        ),
    ),
    "threshold": Beat(
        events=(
            Event(
                "The Door Takes Only One",
                "{hero} passes the last checkpoint on a borrowed name. The guard tears the permit along its "
                "perforation and keeps the half that says return.",
            ),
            Event(
                "Oath with a Stone in the Mouth",
                "To be admitted to {place}, {hero} must swear with a pebble under the tongue, and swallow it. From "
                "now on {body} may call in the promise wherever the stone is.",
            ),
            Event(
                "Bridge, Afterwards",
                "The rope bridge behind {hero} is cut by people who wish {them} well. Across the ravine they shout "
                "advice about {thing}, and the wind delivers every second word.",
            ),
            Event(
                "Signing in Green",
                "{hero} signs the contract in the green ink reserved for the condemned and the newly wed. {rival} "
                "blots it with great care, as though it were a wound.",
            ),
            Event(
                "{ally} Holds the Lamp",
                "{ally} will go as far as the gate and no farther. {hero} takes the lamp, then the coat, then the "
                "blame for everything left behind, and steps over a threshold worn hollow by others.",
            ),
            Event(
                "Burned Boats",
                "{hero} tells the truth about {thing} in front of forty listeners. It takes less than a minute; by "
                "nightfall the house is sealed, the savings are frozen, and the dog has been adopted by a cousin.",
            ),
        ),
        gists=(
            "{hero} crosses into {place} on half a permit",
            "one public sentence burns every boat",
            "a promise swallowed like a pebble binds {hero}",
            "the way back is cut by friends",
        ),
    ),
    "test": Beat(
        events=(
            Event(
                "House Rules",
                "Within an hour {hero} breaks three customs of {place}: whistling, thanking a host, and sitting with "
                "the back to a mirror. The fines are paid in stories, and {hero} has only one worth telling.",
            ),
            Event(
                "The Easy Task",
                "{body} sets {hero} a chore fit for a child: carry a full bowl across a courtyard. At every step an "
                "onlooker calls out something true about {thing}.",
            ),
            Event(
                "First Blood, Mostly Embarrassment",
                "{hero} wins a duel by tripping over a bucket. {rival} applauds longest, and from then on the "
                "betting slips carry {their} name in a heavier ink.",
            ),
            Event(
                "Interpreter",
                "{ally} translates for {hero} before a suspicious council and improves the speech so boldly that it "
                "becomes a declaration. Taking it back would cost more than living up to it.",
            ),
            Event(
                "Night School",
                "{hero} spends a week on the lowest shift, scraping kettles, and learns what every dishwasher knows: "
                "who eats alone, which plates come back untouched, and where {thing} is discussed in whispers.",
            ),
            Event(
                "Wrong Answer, Full Marks",
                "An examiner of {body} asks {hero} what a promise weighs. {hero} admits not knowing, and is passed, "
                "because everyone who had an answer was lying.",
            ),
        ),
        gists=(
            "{hero} learns the rules of {place} by breaking them",
            "a childish task turns out to be a trial",
            "an accident earns {hero} a reputation",
            "scraping kettles teaches more than any council",
        ),
    ),
    "bond": Beat(
        events=(
            Event(
                "Mending by Candle",
                "Alone for once, {hero} unpicks a seam and finds coins sewn there by somebody long dead, one for "
                "each birthday missed. There are enough to flee on, or to stay ashamed.",
            ),
            Event(
                "The Song Nobody Finishes",
                "A lullaby drifts through the wall and stops before its final verse. {hero} hums the rest; next "
                "evening an unseen neighbour leaves pears, and a warning about {body}, on the sill.",
            ),
            Event(
                "Splinters",
                "{ally} draws splinters from the palms of {hero} with a heated needle, talking of harvests. Neither "
                "mentions how the railing broke, nor who had leaned on it first.",
            ),
            Event(
                "A Holiday of One Afternoon",
                "{hero} and {ally} skip stones instead of keeping watch. For the space of a few throws nobody is "
                "wanted, owed or chosen; then the water gives back a hat they both recognise.",
            ),
            Event(
                "Enemies at Chess",
                "Sheltering from hail, {hero} and {rival} play on a board scratched into a bench. They discover the "
                "same teacher, the same opening, the same hatred of being pitied.",
            ),
            Event(
                "The Spare Key",
                "{ally} gives {hero} a key without explaining the lock. {hero} wears it under the shirt, where it "
                "takes on body heat and, slowly, the shape of an obligation.",
            ),
        ),
        gists=(
            "needle, candle and talk bind {hero} closer than oaths would",
            "one idle afternoon becomes worth defending",
            "a neighbour behind a wall turns out to be kin in trouble",
            "over a scratched board the enemies look alike",
        ),
    ),
    "discovery": Beat(
        events=(
            Event(
                "The Column Marked Sundries",
                "In the accounts of {body} {hero} finds one expense repeated monthly for thirty years. Added up, the "
                "sundries would pay for exactly one thing: keeping quiet about {thing}.",
            ),
            Event(
                "Under the Fresco",
                "Damp loosens a painted saint from the plaster. Behind the flaking halo {hero} reads an older "
                "inscription, which tells the founding of {place} as a robbery.",
            ),
            Event(
                "The Portrait Has Their Ears",
                "In a shut gallery {hero} meets a portrait with a familiar chin. The plaque gives {rival} a "
                "grandfather, a crime, and the same birthplace as the woman who raised {hero}.",
            ),
            Event(
                "What {ally} Left Out",
                "Searching a satchel for matches, {hero} comes upon letters {ally} never posted. Each begins with an "
                "apology to {hero}, and each was written before the two had met.",
            ),
            Event(
                "A Dead Man's Spectacles",
                "Through the lenses of a drowned surveyor {hero} reads the chart of {place} in a second ink. "
                "Corridors appear where walls are drawn, and a small cross marks the origin of {thing}.",
            ),
            Event(
                "The Child Who Kept Count",
                "A child who scores lines on a wall tells {hero} how many carts have gone in by night and how many "
                "came out. The difference is the number of the missing.",
            ),
        ),
        gists=(
            "a dull column of figures exposes what {body} has been paying for",
            "an older inscription calls the founding a robbery",
            "unposted letters put a friend in another light",
            "chalk marks on a wall add up to the missing",
        ),
    ),
    "rival_move": Beat(
        events=(
            Event(
                "Closing the Market",
                "{body} shuts the market for inspection. By noon {hero} has no flour, no credit and no witnesses, "
                "all according to regulations printed the night before.",
            ),
            Event(
                "The Copy",
                "A counterfeit of {thing} turns up in every tavern. Now that everybody owns one, {hero} can prove "
                "nothing, and the only expert able to tell them apart has just accepted a pension.",
            ),
            Event(
                "A Kindness in Public",
                "{rival} pardons {hero} before a cheering crowd for a crime nobody committed. Refusing would be "
                "ingratitude; accepting is a confession.",
            ),
            Event(
                "Hostage to Hospitality",
                "{rival} invites {ally} to stay a while, with clean linen and an excellent cook. The note to {hero} "
                "praises their friend's appetite and mentions no date of return.",
            ),
            Event(
                "The Rumour's Wages",
                "By evening the whole of {place} knows a story about {hero} that is nine parts true. {rival} has "
                "added the tenth, and paid three choirboys to be heard weeping over it.",
            ),
            Event(
                "Ten New Friends",
                "Recruits join the cause of {hero} overnight, punctual, cheerful, well shod. Only their boots give "
                "them away: all ten were resoled by the cobbler of {body}.",
            ),
        ),
        gists=(
            "{rival} pardons {hero} in public and so convicts {them}",
            "a flood of forgeries drowns the one true proof",
            "the market closes round {hero} by the book",
            "well-shod recruits bring the enemy indoors",
        ),
    ),
    "midpoint": Beat(
        events=(
            Event(
                "The Victory Supper",
                "{hero} wins what the whole journey was for, and {place} roasts an ox. Between the second toast and "
                "the third {hero} works out who was meant to win all along.",
            ),
            Event(
                "Inside the Vault",
                "The vault of {body} opens at the first attempt. It contains shelves of unopened petitions, dated, "
                "sorted, and on top the one {hero} sent as a child.",
            ),
            Event(
                "The Other Side of the Table",
                "{rival} shows {hero} the ledgers without being forced to. Every cruelty has a reason, the reasons "
                "have signatures, and the latest line is reserved for {hero}.",
            ),
            Event(
                "Found",
                "{hero} finds {ally} unharmed, well fed, and unwilling to be rescued. What looked like a prison is "
                "a position, and {ally} is good at it.",
            ),
            Event(
                "The Map Is a Mirror",
                "At the centre of {place} there is no treasure but a record of everyone who came looking for "
                "{thing}. {hero} leafs back through strangers and reaches, with a dry mouth, the family name.",
            ),
            Event(
                "Applause",
                "{hero} speaks, is believed, and hears the crowd turn its anger on the wrong house. Stones rattle. "
                "It would take a single further word to stop it, and that word is an admission.",
            ),
        ),
        gists=(
            "triumph turns sour between two toasts",
            "{hero} gets what was wanted and sees who wanted it more",
            "the enemy's reasons are worse than no reasons",
            "the rescued decline to be rescued",
        ),
    ),
    "cost": Beat(
        events=(
            Event(
                "Receipts",
                "The bill for courage arrives itemised. {hero} sells the coat, the instrument, finally the window "
                "glass, and is told that {body} now accepts only what cannot be bought again.",
            ),
            Event(
                "The Hand That Shakes",
                "A tremor has settled in the right hand of {hero}, the one used for {thing}. The physician "
                "prescribes rest, looks at the queue outside, and crosses the word out.",
            ),
            Event(
                "An Empty Bunk",
                "{hero} writes to the parents of a helper who was sixteen and could imitate every bird. After four "
                "drafts the letter consists of a list of birds.",
            ),
            Event(
                "What {ally} Paid",
                "{ally} has traded something for the safety of {hero} and will not name it. The mirrors in the house "
                "have been turned round, and at meals {ally} no longer asks what anything tastes of.",
            ),
            Event(
                "Interest",
                "{rival} forecloses, courteously, on a favour {hero} had forgotten. Furniture is carried past; a "
                "bailiff asks whether the cradle marks on the doorpost should be included.",
            ),
            Event(
                "The Drought Year's Arithmetic",
                "Because {hero} was right about {thing}, the wells are closed. Neighbours who once brought pears "
                "cross the lane, carrying their empty buckets the way one carries a verdict.",
            ),
        ),
        gists=(
            "being right costs {hero} the neighbours",
            "a letter to two parents turns into a list of birds",
            "{hero} pays in things that cannot be bought again",
            "the debt nobody mentioned falls due",
        ),
    ),
    "betrayal": Beat(
        events=(
            Event(
                "The Signal Comes Early",
                "The lantern that was to mean safety swings at the wrong hour. {hero} walks straight into the "
                "officers of {body}, who know the password and pronounce it better.",
            ),
            Event(
                "My Own Handwriting",
                "Shown the denunciation, {hero} recognises it: a youthful boast about {thing}, confided to a diary, "
                "copied fair and notarised. The traitor was twelve years old, and proud of the phrasing.",
            ),
            Event(
                "{ally} Turns the Key",
                "{ally} locks the door from the outside, weeping, and explains through the wood. It is a good "
                "explanation. {hero} would have accepted it from anybody else.",
            ),
            Event(
                "Seating Plan",
                "At the banquet {hero} finds {ally} placed beside {rival}, sharing a joke that needs no words. The "
                "card at the remaining seat has been left blank for convenience.",
            ),
            Event(
                "A Vote of Seven",
                "Seven people have sworn to stand by {hero}; six hands rise for surrender. {rival} thanks the "
                "seventh, by name, for having suggested it.",
            ),
            Event(
                "The Honest Traitor",
                "{ally} tells {hero} in advance, day and hour: I shall give you up, because they have my brother. "
                "Between them they plan how it can be done with the least harm to {thing}.",
            ),
        ),
        gists=(
            "somebody trusted turns the key, and explains",
            "{hero} is denounced in {their} own handwriting",
            "six of seven hands rise for surrender",
            "the lantern swings at the wrong hour",
        ),
    ),
    "pursuit": Beat(
        events=(
            Event(
                "Against the Procession",
                "{hero} flees the wrong way through a saint's-day procession, under banners, past a startled tuba. "
                "Every mask that turns might belong to {body}.",
            ),
            Event(
                "Eleven Roofs",
                "Slate, thatch, glass, slate: {hero} crosses eleven roofs with {thing} strapped on like a sick "
                "child. On the twelfth there is washing, a widow, and a broom held crosswise.",
            ),
            Event(
                "The Slow Chase",
                "Snowed in at the same inn, hunter and quarry share a stove. {rival} lends {hero} dry socks, wishes "
                "{them} good night, and sits down in front of the only door.",
            ),
            Event(
                "Decoy",
                "{ally} puts on the well-known coat and runs downhill, making as much noise as possible. {hero} "
                "stays motionless among the reeds and counts the shouts until they stop.",
            ),
            Event(
                "Low Tide, High Price",
                "A smuggler takes {hero} across the flats in exchange for a true secret. Halfway, up to the knees, "
                "he decides the secret is worth more to {body}.",
            ),
            Event(
                "Dogs",
                "The dogs were raised on scraps from {hero}'s own kitchen. They find {them} in minutes and, to the "
                "despair of their handlers, lie down around {them} and refuse to be angry.",
            ),
        ),
        gists=(
            "{hero} runs over eleven roofs and into a broom",
            "hunter and quarry are snowed in together",
            "somebody else wears the well-known coat",
            "even the dogs take sides",
        ),
    ),
    "confession": Beat(
        events=(
            Event(
                "Said to the Stove",
                "Because no one is listening, {hero} tells the stove the whole of it: the dare, the ladder, the "
                "silence afterwards. When it is told, the draught changes, and somebody coughs on the stairs.",
            ),
            Event(
                "A Statement for the File",
                "A bored scribe of {body} asks for the usual particulars. {hero} starts with the date of birth and "
                "cannot stop; the scribe lays down the pen and then, quietly, the uniform cap.",
            ),
            Event(
                "The Unsent Reply",
                "{hero} answers a letter nine years late, writing on the back of the original. There is just room "
                "enough for sorry, not enough for because.",
            ),
            Event(
                "Between Two Fevers",
                "{ally} lies feverish and takes {hero} for somebody gone. {hero} answers in that person's place, "
                "and says what that person should have said.",
            ),
            Event(
                "Truth for Truth",
                "{hero} and {rival} trade confessions across a grating, one each, like prisoners bartering bread. "
                "The last of them is the same event, seen from the opposite window.",
            ),
            Event(
                "Who Held the Ladder",
                "{ally} has known for years, and stayed. Learning this, {hero} is angrier than at any accusation, "
                "and afterwards, absurdly, hungry.",
            ),
        ),
        gists=(
            "{hero} says aloud what was never said",
            "a scribe lays down the pen and the cap",
            "two enemies trade the same memory through a grating",
            "a letter is answered nine years late",
        ),
    ),
    "abyss": Beat(
        events=(
            Event(
                "The Well",
                "{hero} wakes at the bottom of a dry shaft below {place}. The disc of sky shrinks, the name of "
                "{thing} no longer means anything, and the only thing within reach is a rotten bucket.",
            ),
            Event(
                "Verdict",
                "{body} finds {hero} guilty of having hoped in public. The sentence is light and unbearable: to go "
                "home, to be greeted by everyone, and never to be believed.",
            ),
            Event(
                "Ash Market",
                "Where the workshop stood, people haggle over nails. {hero} buys back {their} own hammer head for "
                "more than it cost new, and has nowhere to put it down.",
            ),
            Event(
                "The Stretcher",
                "They carry {ally} past on a door. {hero} asks the bearers to wait, wants to say a single sentence, "
                "and cannot think of one that is not about {themself}.",
            ),
            Event(
                "Nothing Left to Threaten",
                "{rival} comes to gloat and does not. Finding {hero} in a corner, grey, unwashed, {rival} leaves a "
                "blanket, and that is the cruellest thing done so far.",
            ),
            Event(
                "Everyone Was Right",
                "The advice {hero} ignored has come true in the order it was given. On the steps of {place} {hero} "
                "recites it backwards, to find the place where it might have gone otherwise.",
            ),
        ),
        gists=(
            "{hero} lies at the bottom of a shaft with a rotten bucket",
            "the verdict is to go home and never be believed",
            "the workshop is sold nail by nail",
            "every ignored warning has come true",
        ),
    ),
    "resolve": Beat(
        events=(
            Event(
                "The Bucket Has a Handle",
                "What was useless alone is enough together: a handle, a rope of torn sleeves, a rhyme about {thing} "
                "with one line too many. {hero} starts climbing before {hero} starts believing.",
            ),
            Event(
                "A Plan with a Hole in It",
                "{hero} draws the plan in spilled flour, and leaves the hole where {body} will expect a wall. It "
                "depends on one person doing the decent thing unprompted.",
            ),
            Event(
                "Shaved Head, Clean Shirt",
                "{hero} washes, cuts off the hair everyone knows {them} by, and pays a debt of two pennies. "
                "Then {hero} asks at the front gate of {place} to be announced under {their} right name.",
            ),
            Event(
                "Those Who Came",
                "Expecting nobody, {hero} has set out one cup. {ally} brings four more, a cousin, a disgraced "
                "sergeant, and a child who can count. Chairs have to be borrowed.",
            ),
            Event(
                "Borrowed from the Enemy",
                "{hero} reads through everything {rival} ever wrote, not for weaknesses but for rules. There is one "
                "rule {rival} has never broken. It will do for a lever.",
            ),
            Event(
                "The Forgiving",
                "{hero} forgives {ally}, out loud, unconditionally, and with bad grace. It changes the number of "
                "those who can be counted on from one to two, which is the greatest increase there is.",
            ),
        ),
        gists=(
            "{hero} draws a plan in flour with a hole left on purpose",
            "one cup set out, five needed",
            "forgiveness doubles the army to two",
            "the enemy's only unbroken rule becomes a lever",
        ),
    ),
    "approach": Beat(
        events=(
            Event(
                "Servants' Entrance",
                "{hero} enters {place} between the laundry and the fish, wearing an apron and an expression of "
                "complaint. Nobody stops a person who is late and cross about it.",
            ),
            Event(
                "The Last Inn",
                "At the final inn before {thing} {hero} cannot eat. The landlady charges nothing; those who pay "
                "here, she says, are the ones who mean to turn round.",
            ),
            Event(
                "Rehearsal",
                "{ally} plays the part of {rival} so that {hero} can practise. It goes too well: after the third "
                "repetition neither wishes to look the other in the eye.",
            ),
            Event(
                "Letters of Safe Conduct",
                "{rival} has sent a pass, correctly made out, for one. {hero} folds it into a paper boat, sets it "
                "on the moat of {place}, and watches from which window it is saluted.",
            ),
            Event(
                "Counting the Sentries",
                "Nine sentries, one cough, two who are friends and chat too long. {hero} learns their rounds by "
                "heart and, against all advice, their names from the laundry list of {body}.",
            ),
            Event(
                "The Coat Lining",
                "{ally} sews four things into the lining of {hero}'s coat: a file, a sugar lump, a lock of hair, "
                "and a blank page, in case there is something to bring back.",
            ),
        ),
        gists=(
            "{hero} slips in between laundry and fish",
            "rehearsing the confrontation hurts as much as having it",
            "nine sentries acquire names",
            "a paper boat crosses the moat",
        ),
    ),
    "climax": Beat(
        events=(
            Event(
                "In Open Session",
                "{hero} interrupts the great session of {body} with {thing} in plain view. The ushers hesitate, "
                "since it is their own rule that whoever holds it must be heard to the end.",
            ),
            Event(
                "The Hour Without Law",
                "Between one decree and the next there is an hour when nothing is forbidden at {place}. {hero} uses "
                "it to do the only thing that will still be right when it is over.",
            ),
            Event(
                "Face to Face",
                "{rival} and {hero} meet without seconds. Each has brought the same evidence, each could ruin the "
                "other, and the first to speak will have chosen which of them it ruins.",
            ),
            Event(
                "The Rope",
                "{rival} hangs from the balustrade of {place} by a sash; {hero} holds the other end. Below, a whole "
                "crowd has stopped breathing, and the knot is one {ally} taught {them}.",
            ),
            Event(
                "Every Lamp at Once",
                "At the agreed sign all those who had sworn to stay out of it light their lamps. {hero} stands in "
                "the sudden brightness before {rival}, visible, unarmed, and no longer alone.",
            ),
            Event(
                "The Question Put Back",
                "{hero} lets {rival} win the argument, point by point, and asks at the end for it to be repeated "
                "to those it concerns. They are standing in the doorway.",
            ),
        ),
        gists=(
            "{hero} makes {body} hear it to the end",
            "in the one hour without law {hero} does what will still be right",
            "both hold the same proof, and someone must speak first",
            "all the lamps go up at once",
        ),
    ),
    "sacrifice": Beat(
        events=(
            Event(
                "Left on the Scales",
                "The balance will not settle. {hero} lays upon it the thing carried all this way, the reason for "
                "every mile, and watches the pan go down without a sound.",
            ),
            Event(
                "Name Withheld",
                "Victory can be entered under any name but one. {hero} dictates to the clerk of {body} a stranger's, "
                "spells it patiently, and steps back among the onlookers.",
            ),
            Event(
                "The Second Key",
                "Two keys turn the lock, one from each side, and the inner room does not open again. {hero} goes in "
                "before {ally} has finished drawing lots.",
            ),
            Event(
                "Mercy's Account",
                "{hero} has {rival} at last where all the dead would want it, and spends the moment on a plank for "
                "{rival} to climb. It costs the proof of {thing}, page after page, to the current.",
            ),
            Event(
                "Unlearning",
                "To close {thing} for good, {hero} has to forget how it was opened. The knowledge goes backwards: "
                "first the trick, then the teacher, at the end the tune.",
            ),
            Event(
                "What the Fire Was For",
                "{hero} burns the pardon to light the beacon. On the water thirty boats change course; on the table "
                "nothing remains but the seal of {body}, melted to a red coin.",
            ),
        ),
        gists=(
            "{hero} lays the reason for every mile on the scales",
            "the victory is entered under a stranger's name",
            "the pardon burns so that thirty boats may steer",
            "{hero} spends revenge on a plank",
        ),
    ),
    "aftermath": Beat(
        events=(
            Event(
                "Sweeping Up",
                "{place} is swept by those who fought over it, side by side, for want of brooms in turns. {hero} "
                "finds a button, asks round, and three enemies claim it.",
            ),
            Event(
                "The New Clerk",
                "{body} reopens with one window instead of seven and a chair on the public's side. The first to sit "
                "in it is a widow with a petition about {thing}; {hero} shows her where to sign.",
            ),
            Event(
                "Visiting Hours",
                "{hero} brings {rival} soup in a can. They talk about recipes. On leaving, {hero} is asked, barely "
                "audibly, to come again, and to bring less salt.",
            ),
            Event(
                "Stone for {ally}",
                "There is a stone with no grave under it, and children have begun to bring it conkers. {hero} sits "
                "beside {ally}, both of them reading the inscription as though it were about other people.",
            ),
            Event(
                "Returned Goods",
                "Everything that was confiscated comes back by the cartload, mostly to wrong addresses. For a month "
                "strangers swap clocks and mattresses, and {hero} receives somebody's violin.",
            ),
            Event(
                "The Official Version",
                "A historian of {body} shows {hero} the chapter about {thing}. It is fair, thorough, and wrong in "
                "the one place that mattered. {hero} lets it stand, and corrects a date.",
            ),
        ),
        gists=(
            "enemies share brooms at {place}",
            "one window opens where seven were shut",
            "{hero} brings soup to the defeated",
            "confiscated clocks come home to the wrong houses",
        ),
    ),
    "farewell": Beat(
        events=(
            Event(
                "The Ladder Again",
                "The roof still leaks. {hero} climbs up with new slates instead of pitch, and from the ridge can see "
                "for the first time how near {place} has always been.",
            ),
            Event(
                "Eleven Spoons",
                "{hero} lays the table and counts: eleven spoons, twelve guests. Nobody is sent away. The locked tin "
                "stands open on the shelf with a spoon-sized gap in its dust.",
            ),
            Event(
                "Platform",
                "{ally} leaves on the slow connection, with too much luggage. {hero} runs alongside, shouting the "
                "final verse of a lullaby, and is outrun at the word home.",
            ),
            Event(
                "The Coin",
                "Years later {hero} is handed change that smells of vinegar, looks up, and sees {rival} at the far "
                "end of the queue, older, holding bread. They nod. It is enough and not much.",
            ),
            Event(
                "Teaching the Child",
                "A child from the next lane asks {hero} to be taught everything about {thing}. {hero} begins, as "
                "all bad teachers do, with the answer, and stops, and begins with a question.",
            ),
            Event(
                "What Grew There",
                "Where the beacon burned at {place} a pear has taken root, crooked, off the path. {hero} ties it to "
                "a stake with the green ribbon of {body}, which has been waiting for some use.",
            ),
        ),
        gists=(
            "{hero} mends the roof instead of the leak",
            "twelve guests share eleven spoons",
            "a lullaby is sung to its end on a platform",
            "a crooked pear takes root where the beacon burned",
        ),
    ),
}
