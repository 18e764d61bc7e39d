"""Eighteen dramatic situations in English, and the odd lives that can be dropped into them.

Slots: {hero} "the ferry captain" ({Hero} opens a sentence, {heros} owns something); {thing} something definite that may
be plural, so it is never a subject or an "it" ({TheThing} opens a sentence about the future); {rival} "a judge who …",
{therival} "the judge"; {body} an institution; {price} what can be lost; {label} the kind of story, {a_label} with its
article. In titles: {TheRole} "The Ferry Captain", {TheRoles} "… Captain's", {Thing} within a title, {emblem} a word.
"""

from services.contexts.genesis.engine.material import Predicament, Situation

SITUATIONS = (
    Situation(
        key="warning",
        developments=(
            (
                "Then a warning arrives, and it concerns {thing}: a date, an hour, and a name {hero} has spent "
                "years trying to forget. To heed it would cost {price}; to ignore it would cost someone else far "
                "more. And {rival} is already counting the hours."
            ),
            (
                "One morning a warning turns up beside {thing}, and it asks for a single favour: that {hero} do "
                "nothing. But {rival} has read it too, and doing nothing would mean losing {price}."
            ),
        ),
        hooks=(
            "The warning came in time. The name on it was {heros} own.",
            "What use is a warning that only works if nobody believes it?",
        ),
        usps=(
            (
                "{Label} in which every warning is accurate and every remedy has a price: the suspense lies not "
                "in whether disaster comes, but in watching {hero} decide which disaster deserves to happen."
            ),
            (
                "Where other stories ask whether the future can be changed, this one asks who is allowed to "
                "change it, and finds its answer in small daily acts of courage: {a_label} without a chosen hero."
            ),
        ),
        conflicts=(
            "{Hero} and {therival} need the same warning for opposite ends.",
            "Saving a stranger would expose the very people {hero} is trying to protect.",
            "{Body} would sooner outlaw warnings than answer one.",
        ),
        elements=(
            "warnings that are always true and never complete",
            "a calendar from which one date has been cut out",
            "a chapter told by the person who was not saved",
        ),
        titles=(
            "The {emblem} Warning",
            "{TheRole} at the Eleventh Hour",
            "{emblem} Before Dark",
            "A Warning for {TheRole}",
        ),
        themes=("foreknowledge and guilt", "who gets to be saved"),
    ),
    Situation(
        key="bargain",
        developments=(
            (
                "Desperate to keep {price}, {hero} strikes a bargain with {rival}: three favours, no questions. "
                "The first is easy, the second is illegal, and the third concerns {thing}."
            ),
            (
                "{Hero} signs away {price} for one year of luck, and the luck is real. The trouble is the small "
                "print: the contract belongs to {rival}, and by clause nine it covers {thing} as well."
            ),
        ),
        hooks=(
            "Three favours, no questions asked. The third one has a pulse.",
            "{Hero} made an excellent bargain, and that should have been the warning.",
        ),
        usps=(
            (
                "{Label} built like a contract: each part is headed by one clause, each clause is kept to the "
                "letter, and the reader sees the loophole a page before {hero} does and a page too late."
            ),
            (
                "The temptation here is reasonable and the tempter has manners, so that readers will argue about "
                "whether they would have signed: {a_label} in which no bargain is a trick and none is free."
            ),
        ),
        conflicts=(
            "Keeping the bargain would ruin the one person {hero} made it for.",
            "{Therival} cannot break the contract either, and has begun to regret it.",
            "{Body} wants the deal made public as an example to others.",
        ),
        elements=(
            "a contract whose clauses serve as chapter titles",
            "a favour that can be passed on but never refused",
            "a tempter who warns fairly and is never believed",
        ),
        titles=("The {emblem} Clause", "The {emblem} Favour", "{TheRoles} Bargain", "In Exchange for {Thing}"),
        themes=("desire and its small print", "what may be sold"),
    ),
    Situation(
        key="double",
        developments=(
            (
                "Then someone appears who has {heros} face, {heros} habits and a better version of the past. The "
                "double wants no money, only {thing}; and one by one, friends and neighbours, led by {rival}, "
                "decide they like the newcomer more."
            ),
            (
                "A letter of thanks arrives for a deed {hero} never did. Somebody is living the same life not "
                "far away, kinder and braver, and has promised {rival} both {thing} and {price}."
            ),
        ),
        hooks=(
            "Someone is living {heros} life, and everyone agrees they do it better.",
            "The impostor never steals anything. The impostor puts things right.",
        ),
        usps=(
            (
                "A double story turned inside out: the impostor is the better person, and {hero} must become "
                "worth returning to. {Label} with a moral itch that no revelation in the final chapter can "
                "scratch away."
            ),
            (
                "Every scene can be read twice, once for each of the two who claim the same life, and the clues "
                "are fair both ways: {a_label} made for second readings and long arguments."
            ),
        ),
        conflicts=(
            "To unmask the double, {hero} must prove to have been the worse of the two.",
            "{Therival} knows which one is real and profits from not saying so.",
            "{Body} rules that only one of them may keep the name.",
        ),
        elements=(
            "two diaries of the same week that never quite agree",
            "an impostor who repairs what the original broke",
            "a test of identity that the original fails",
        ),
        titles=("The Other {emblem}", "{TheRole}, Twice", "The Better {emblem}", "The Second Life of {TheRole}"),
        themes=("the self we owe to others", "envy as a mirror"),
    ),
    Situation(
        key="countdown",
        developments=(
            (
                "On a Monday {hero} learns that by Sunday night it will all be over: {body} will come for "
                "{thing}, and with it goes {price}. Six days, four doubtful allies, and {rival}, who would like "
                "to speed things up."
            ),
            (
                "A public clock starts running backwards and {hero} alone knows what happens at zero. There are "
                "six days left to make sure of {thing}, to forgive an enemy, and to persuade {rival} that panic "
                "would be premature."
            ),
        ),
        hooks=(
            "Six days left, and everyone {hero} needs is someone {hero} betrayed.",
            "The clock runs backwards. Only one person knows what happens at zero.",
        ),
        usps=(
            (
                "Each part covers one day and is shorter than the last, so the book itself speeds up as time "
                "runs out: {a_label} with the momentum of a fuse and room for tenderness in the quiet hours."
            ),
            (
                "The deadline is known from page one and never moves; what changes is what {hero} thinks is "
                "worth saving. {Label} in which urgency reveals character instead of replacing it."
            ),
        ),
        conflicts=(
            "There is time to save {price} or to tell the truth, not both.",
            "{Therival} gains by every hour that is lost.",
            "The allies distrust one another more than they fear the end.",
        ),
        elements=(
            "chapters that grow shorter as the deadline nears",
            "a list of seven apologies to be delivered in six days",
            "a public clock that nobody dares to repair",
        ),
        titles=("Six Days of {emblem}", "The {emblem} Clock", "{emblem} by Sunday", "{TheRoles} Last Week"),
        themes=("what is worth saving", "time and forgiveness"),
    ),
    Situation(
        key="inheritance",
        developments=(
            (
                "{Hero} inherits an office nobody will describe: keeper of {thing}. It comes with a key, a "
                "salary paid in favours, and a sworn enemy, {rival}, who was promised the post. The previous "
                "holder left one note: do not finish what I began."
            ),
            (
                "A stranger's will leaves {hero} everything, including the blame. To keep {price}, the heir must "
                "live one year as the dead would have lived, guard {thing}, and dine every Friday with {rival}."
            ),
        ),
        hooks=(
            "{Hero} inherits a house, a key and somebody else's enemy.",
            "The will was generous: it left all the money and all of the blame.",
        ),
        usps=(
            (
                "An inheritance story where the legacy is a job, not a fortune: the reader learns its rules "
                "together with {hero}, one forbidden drawer at a time. {Label} with the pleasures of an "
                "apprenticeship."
            ),
            (
                "The dead person is the most vivid character in the book, met only through instructions, jokes "
                "and unpaid bills: {a_label} about becoming someone's answer without ever hearing the question."
            ),
        ),
        conflicts=(
            "{Therival} has the better claim, and {hero} knows it.",
            "Honouring the will means finishing a wrong the dead once began.",
            "{Body} would take the legacy at the first broken condition.",
        ),
        elements=(
            "a will that is read one page per month",
            "a household that answers to an absent master",
            "a drawer that everyone has been told not to open, by different people",
        ),
        titles=(
            "The {emblem} Inheritance",
            "Keeper of the {emblem}",
            "What {TheRole} Was Left",
            "Heirs of the {emblem}",
        ),
        themes=("legacy and freedom", "debts to the dead"),
    ),
    Situation(
        key="theft",
        developments=(
            (
                "{Body} has seized {thing}, and {hero} intends to undo the wrong, with a crew of people too "
                "honest for the work. The plan is perfect until {rival} asks to join, and turns out to be the "
                "only professional."
            ),
            (
                "Years ago {hero} stole {thing} and got away with it. Now everything has to be put back "
                "unnoticed, past {rival}, during a celebration, by people who have only ever practised taking."
            ),
        ),
        hooks=(
            "Five honest people plan one robbery, and honesty is the problem.",
            "Stealing it was easy. Now it has to be put back unnoticed.",
        ),
        usps=(
            (
                "The crew are amateurs with one scruple each, and every scruple wrecks one step of the plan: "
                "{a_label} whose plot is driven by decency, which proves far more dangerous than greed."
            ),
            (
                "A heist in reverse: nothing is gained, everything is returned, and every lock is a conscience. "
                "{Label} that swaps greed for restitution and keeps all the pleasures of a plan going wrong."
            ),
        ),
        conflicts=(
            "The only professional in the crew may have been sent to watch it fail.",
            "Success would ruin a blameless guard whom {hero} has come to like.",
            "One member of the crew would be ruined if {thing} came to light.",
        ),
        elements=(
            "a rehearsal in a full-size model made of bedsheets",
            "a crew in which each member may veto one crime",
            "a thief's etiquette that forbids lying to children",
        ),
        titles=(
            "The {emblem} Job",
            "Putting Back the {emblem}",
            "{TheRole} Among Thieves",
            "Honest Work and the {emblem}",
        ),
        themes=("restitution", "honour among amateurs"),
    ),
    Situation(
        key="testimony",
        developments=(
            (
                "{Body} summons {hero} to say one sentence under oath about {thing}. The truth would free "
                "{rival} and destroy {price}; a lie would be believed by everyone, which is exactly what makes "
                "it so hard."
            ),
            (
                "{Hero} is called as a character witness for an enemy. While {rival} waits for judgement, the "
                "hearing digs deeper into {thing}, and the witness begins to look more guilty than the accused."
            ),
        ),
        hooks=(
            "One true sentence would free the one person {hero} cannot forgive.",
            "Everyone will believe the witness. That is precisely the trouble.",
        ),
        usps=(
            (
                "A trial without a courtroom genius: the drama is one ordinary conscience, cross-examined by "
                "neighbours, memory and fear. {Label} that keeps its verdict open until the very last line."
            ),
            (
                "The same evening is told under oath, over supper and in the dark, and each time it changes by a "
                "single detail: {a_label} in which the reader sits on the jury and cannot leave."
            ),
        ),
        conflicts=(
            "Justice for {therival} would be an injustice to everyone else.",
            "{Heros} memory of the night is clear, and contradicted by every document.",
            "{Body} needs a verdict more than it needs the truth.",
        ),
        elements=(
            "one evening told three times, with a single detail changed",
            "a jury whose members are all related to the crime",
            "an oath worded so that only a liar can take it",
        ),
        titles=(
            "The {emblem} Testimony",
            "{TheRole} Under Oath",
            "One Sentence About {Thing}",
            "Witness to the {emblem}",
        ),
        themes=("truth against loyalty", "the limits of memory"),
    ),
    Situation(
        key="legend",
        developments=(
            (
                "Everyone loves the legend of {thing}. Only {hero} knows that it is false, having made it up as "
                "a frightened child. Now {rival} has arrived to build a monument, and the lie is about to become "
                "law."
            ),
            (
                "A famous hero is dying and asks {hero} to write the official life. The first interview reveals "
                "that the great deed concerning {thing} was done by someone else, and that {rival} has been paid "
                "for decades to keep quiet."
            ),
        ),
        hooks=(
            "The legend is false. {Hero} should know, having invented it.",
            "The statue goes up on Friday. The lie behind it is alive.",
        ),
        usps=(
            (
                "A story about the making of a myth, seen from the workshop: documents, songs and jokes grow "
                "wilder from part to part while the truth shrinks. {Label} that lets the reader love the lie "
                "first."
            ),
            (
                "Nobody here is simply a fraud: each needs the legend for a decent reason, which makes telling "
                "the truth almost a crime. {Label} with a warm heart and a slow, ticking shame."
            ),
        ),
        conflicts=(
            "The legend is a lie, and it keeps the whole community together.",
            "{Therival} would rather erase {hero} than correct a single inscription.",
            "The person who truly did the deed has asked never to be named.",
        ),
        elements=(
            "a ballad that gains a verse in every part",
            "a monument with room for one more name",
            "a child who has found the first version of the story",
        ),
        titles=(
            "The Legend of the {emblem}",
            "{TheRoles} Beautiful Lie",
            "A Monument to the {emblem}",
            "The Truth About {Thing}",
        ),
        themes=("useful lies", "who owns a story"),
    ),
    Situation(
        key="apprentice",
        developments=(
            (
                "{Hero} is the last who understands {thing}, and is running out of time. The only person willing "
                "to learn is {rival}, gifted, impatient, and quite open about intending to use the craft for the "
                "wrong ends."
            ),
            (
                "After years alone, {hero} is sent an apprentice by {body}: {rival}. Lessons turn into duels, "
                "duels into trust, and then the apprentice asks the one question about {thing} that must not be "
                "answered."
            ),
        ),
        hooks=(
            "The last master needs an heir. The only candidate is an enemy.",
            "Teach the enemy everything, or let the craft die with {hero}.",
        ),
        usps=(
            (
                "The central relationship is neither romance nor rivalry but teaching, with its vanity, patience "
                "and theft: {a_label} where each lesson is a plot turn and the final exam is a betrayal."
            ),
            (
                "The reader is taught the craft as well, one small rule per chapter, and at the climax can see "
                "the solution before anyone explains it: {a_label} that trains its own audience."
            ),
        ),
        conflicts=(
            "The better {hero} teaches, the more dangerous {therival} becomes.",
            "{Body} wants the craft on paper; the craft dies on paper.",
            "The pupil discovers what the teacher once did with the same knowledge.",
        ),
        elements=(
            "a craft taught through seven deliberate mistakes",
            "lessons that double as a slow confession",
            "a final examination in which the teacher is the question",
        ),
        titles=("The Last {emblem}", "{TheRoles} Apprentice", "Seven Lessons in {emblem}", "Heir to the {emblem}"),
        themes=("teaching as love and theft", "the end of a craft"),
    ),
    Situation(
        key="rescue",
        developments=(
            (
                "On the worst night of the year {hero} can save one person, and saves the wrong one: {rival}. "
                "Now the rescued will not leave, the bereaved want answers, and the reason for it all seems to "
                "lie with {thing}."
            ),
            (
                "{Hero} pulls a stranger back from certain death and becomes responsible by law for everything "
                "the stranger does next. The stranger is {rival}, and the first plan involves {thing}."
            ),
        ),
        hooks=(
            "{Hero} could save one person that night, and saved the wrong one.",
            "Save a life here and you answer for it, crimes included.",
        ),
        usps=(
            (
                "Most stories end with the rescue; this one starts there and follows gratitude as it sours, "
                "softens and turns into something nameless. {Label} about being tied to the person one least "
                "wished to save."
            ),
            (
                "A moral puzzle that keeps moving: each chapter changes what the reader knows about the night of "
                "the rescue, and therefore who deserved it. {Label} without a safe place to stand."
            ),
        ),
        conflicts=(
            "The rescued proves useful, and the one who was lost was loved.",
            "{Therival} owes {hero} a life and intends to pay at the worst moment.",
            "{Hero} must defend in public a choice that was really an accident.",
        ),
        elements=(
            "a law that binds rescuers to the rescued",
            "an empty chair that the whole story is told around",
            "a debt of gratitude kept in an actual account book",
        ),
        titles=("The Wrong {emblem}", "{TheRoles} Rescue", "Saved by the {emblem}", "The Night of the {emblem}"),
        themes=("responsibility after mercy", "the worth of a life"),
    ),
    Situation(
        key="forgery",
        developments=(
            (
                "{Hero} invents a person on paper to fill an awkward gap, and {body} promptly sends that person "
                "a letter. Soon the invention has debts, an admirer, a claim on {thing}, and an enemy: {rival}."
            ),
            (
                "To help a friend, {hero} forges a single detail about {thing}. Within a week it proves correct. "
                "The next forgery comes true as well, and {rival} arrives with a commission that would rewrite "
                "everything, {price} included."
            ),
        ),
        hooks=(
            "{Hero} invented a person for the files. Today that person wrote back.",
            "The first forgery came true by Friday. The second one hit back.",
        ),
        usps=(
            (
                "A farce of paperwork that darkens into a question of conscience: how far does a made-up fact "
                "have rights? {Label} where documents, stamps and footnotes carry real suspense and several very "
                "good jokes."
            ),
            (
                "Forged papers appear in the text itself, and attentive readers can catch each falsehood before "
                "it comes true: {a_label} that turns checking the details into the thrill."
            ),
        ),
        conflicts=(
            "Undoing the forgery would unmake someone who now truly exists.",
            "{Therival} wants one small lie that would cost {price}.",
            "{Hero} can no longer tell which memories were written down first.",
        ),
        elements=(
            "forged documents reproduced in the text, each with one flaw",
            "an invented person who sends postcards",
            "an eraser that nobody is brave enough to use",
        ),
        titles=("The {emblem} Forgery", "{TheRoles} Invention", "A Small Lie About {Thing}", "Paper and {emblem}"),
        themes=("invention and responsibility", "the power of records"),
    ),
    Situation(
        key="border",
        developments=(
            (
                "Two communities share a wall, a grudge and {thing}. {Hero} is the only one permitted to cross, "
                "once a day, empty-handed. Then {rival} from the other side asks for something that weighs "
                "nothing and changes everything."
            ),
            (
                "A line is drawn overnight, straight through the life of {hero}: work on one side, {price} on "
                "the other. Smuggling begins with bread and letters. It ends with {thing}, and with {rival} "
                "waiting on the bridge."
            ),
        ),
        hooks=(
            "{Hero} may cross the line once a day, carrying nothing. Until today.",
            "Both sides agree on one thing only: nobody must ask why.",
        ),
        usps=(
            (
                "Two halves of one place, each told in its own manner, that only the go-between can compare: "
                "{a_label} which makes a border tangible through bread, jokes, prices and the price of jokes."
            ),
            (
                "The smuggled goods grow lighter from part to part, from flour to letters to a single word, "
                "while the risk grows heavier: {a_label} with an elegant shape and a pounding heart."
            ),
        ),
        conflicts=(
            "Each side trusts {hero} only as long as the other does not.",
            "{Therival} can open the line for good, at the cost of {price}.",
            "{Body} profits from the wall on both sides of it.",
        ),
        elements=(
            "a daily crossing described anew each time, with one change",
            "two names for everything, and a fine for using the wrong one",
            "contraband that grows lighter as it grows more dangerous",
        ),
        titles=(
            "The {emblem} Line",
            "{TheRole} on the Bridge",
            "Nothing to Declare but the {emblem}",
            "Across the {emblem}",
        ),
        themes=("borders in the mind", "loyalty to more than one place"),
    ),
    Situation(
        key="lost_day",
        developments=(
            (
                "{Hero} discovers that everyone agreed to forget one day, by vote, and that the motion came from "
                "a familiar hand: {heros} own. Only {rival} voted against, and points to {thing} as proof."
            ),
            (
                "One day is missing. Nobody remembers it, every record skips it, and {hero} wakes after it "
                "thinking of nothing but {thing}. {Rival} offers a fair price to leave the gap alone, and "
                "mentions, in passing, {price}."
            ),
        ),
        hooks=(
            "They all voted to forget one day. {Hero} proposed the motion.",
            "Everyone is missing the same day. Only one person kept a souvenir.",
        ),
        usps=(
            (
                "Forgetting is treated as a decision, with minutes, votes and a dissenting opinion. {Label} "
                "about a whole community's alibi, told by the person who wrote it and forgot."
            ),
            (
                "An investigation in which detective and culprit may be the same person, separated by a day "
                "nobody remembers: {a_label} that plays fair with every clue and cruel with every certainty."
            ),
        ),
        conflicts=(
            "To learn what happened, {hero} must break a promise made on the missing day.",
            "{Therival} remembers everything and has good reasons for silence.",
            "Half of them beg for the truth; the other half have begun to pack.",
        ),
        elements=(
            "minutes of a meeting that officially never took place",
            "a blank chapter that the ending finally fills",
            "objects that appeared overnight and fit nobody's story",
        ),
        titles=("The Day of the {emblem}", "The Missing {emblem}", "{TheRole} Forgets", "A Vote on {Thing}"),
        themes=("chosen forgetting", "collective guilt"),
    ),
    Situation(
        key="guest",
        developments=(
            (
                "A guest arrives in a storm and knows everyone by name: {rival}. The guest asks for three "
                "nights' shelter and tells one true story each night. The third story will be about {hero}, and "
                "about {thing}."
            ),
            (
                "{Rival} asks for three nights' shelter and begins, politely, to answer questions nobody has "
                "asked aloud. By the second morning {hero} has lost {price}; by the third the talk at breakfast "
                "is of {thing}."
            ),
        ),
        hooks=(
            "Three nights, three true stories. The last one is about {hero}.",
            "The guest knows everyone by name, and nobody has introduced themselves.",
        ),
        usps=(
            (
                "Three nights, three tales within the tale, each in another key and each tightening the knot "
                "around the listeners: {a_label} for lovers of storytelling itself, with a sting in the final "
                "silence."
            ),
            (
                "A stranger-comes-to-town story in which the stranger never lies, never threatens and never "
                "raises a voice: {a_label} where courtesy is the most unsettling weapon in the house."
            ),
        ),
        conflicts=(
            "Hospitality forbids {hero} to ask the only question that matters.",
            "Each truth told by {therival} sets two friends against each other.",
            "Someone in the house invited the guest and will not own up.",
        ),
        elements=(
            "three tales within the tale, each told for one listener",
            "a rule of hospitality that becomes a trap",
            "a guest who leaves every room tidier and every person less certain",
        ),
        titles=("A Guest for {TheRole}", "Three Nights of {emblem}", "The {emblem} Guest", "Shelter and {emblem}"),
        themes=("hospitality and fear", "truth as an intruder"),
    ),
    Situation(
        key="alliance",
        developments=(
            (
                "For half a lifetime {hero} and {rival} have fought over {thing}. Then {body} takes everything "
                "from both of them, and the two best enemies in the district must share one room, one plan and "
                "one coat."
            ),
            (
                "Only one person can help {hero} keep {price}: {rival}, whose trust was broken long ago and with "
                "good reason. They have until the next full moon, and a list of old insults to work through "
                "first."
            ),
        ),
        hooks=(
            "Two perfect enemies, one room, one plan, and only one coat.",
            "{Hero} needs help from the one person owed an apology.",
        ),
        usps=(
            (
                "The pleasure is in the quarrelling: two experts in each other's weaknesses, forced to turn that "
                "knowledge to good use. {Label} whose dialogue fights, dances and finally tells the truth."
            ),
            (
                "A feud seen from the inside, with its rituals, its comforts and its secret respect: {a_label} "
                "which suggests that being understood by an enemy may be the beginning of freedom."
            ),
        ),
        conflicts=(
            "The feud has a cause that neither dares to mention.",
            "If the alliance succeeds, {hero} will have to give {therival} the greater share.",
            "Old supporters on both sides would rather lose than make peace.",
        ),
        elements=(
            "a written list of insults, crossed out one by one",
            "a feud with holidays, rules and an honorary umpire",
            "a plan that only works if each can predict the other's worst habit",
        ),
        titles=("The {emblem} Truce", "{TheRoles} Best Enemy", "The {emblem} Feud", "Quarrels Over {Thing}"),
        themes=("enmity as intimacy", "the work of forgiving"),
    ),
    Situation(
        key="auction",
        developments=(
            (
                "{TheThing} will be auctioned tonight, and everyone with an old longing is coming to the same "
                "hall. {Hero} has no money, one evening, and a secret that would drive the price to nothing. "
                "{Rival} is bidding with {price}."
            ),
            (
                "Here decisions are sold to the highest bidder, and tonight everything turns on {thing}. {Hero} "
                "has come to bid for those who cannot; {rival} has come to show that everyone can be bought."
            ),
        ),
        hooks=(
            "{Hero} has one evening, no money, and a secret worth everything.",
            "Everything has its price tonight, and someone is bidding with {price}.",
        ),
        usps=(
            (
                "One hall, one night, a dozen bidders who each believe they are the hero: {a_label} as a chamber "
                "piece, in which every raised hand reveals a life and every price tells a secret."
            ),
            (
                "The bids are never money: years, names, memories, a voice. {Label} with a deliciously simple "
                "rule that forces every character to say aloud what they can live without."
            ),
        ),
        conflicts=(
            "{Hero} could win at once by ruining a friend's good name.",
            "{Therival} is bidding on behalf of someone {hero} believed dead.",
            "The auctioneer has already been bought, and not by either of them.",
        ),
        elements=(
            "bids paid in years, names and voices",
            "a catalogue of lots that tells a hidden love story",
            "an auctioneer who may not lie between two strokes of the hammer",
        ),
        titles=("The {emblem} Auction", "Going Once, Going {emblem}", "{TheRoles} Highest Bid", "Lot Nine: {emblem}"),
        themes=("what cannot be bought", "desire in public"),
    ),
    Situation(
        key="homecoming",
        developments=(
            (
                "Someone mourned for seven years walks in at supper and asks why there is a stranger's coat in "
                "the hall. {Hero} is overjoyed and the first to notice what is wrong. {Rival} is the only other "
                "person who is not celebrating, and both are thinking of {thing}."
            ),
            (
                "{Hero} comes home after a long absence to find a grave with a familiar name, a life closed "
                "politely behind it, and {rival} in charge of {thing}. To be alive again will require paperwork, "
                "courage and {price}."
            ),
        ),
        hooks=(
            "After seven years the lost one returns. The grave is not empty.",
            "{Hero} comes home to a warm supper and a grave of the right size.",
        ),
        usps=(
            (
                "A homecoming told by those who stayed: joy, resentment and the awkward matter of the spare "
                "room. {Label} which asks whether a place in other people's lives can ever be reclaimed."
            ),
            (
                "The question is not where the missing one has been, but who everybody became in the meantime: "
                "{a_label} that finds suspense in small domestic adjustments and a locked drawer."
            ),
        ),
        conflicts=(
            "The family has healed around the gap and must now be hurt again.",
            "{Therival} has built an honest life on an absence.",
            "Proving who lies in the grave would disprove who came home.",
        ),
        elements=(
            "a grave that is tended by the person it was meant for",
            "a family vocabulary the returned one no longer understands",
            "seven years of unopened birthday letters",
        ),
        titles=(
            "The {emblem} Homecoming",
            "{TheRole} Comes Home",
            "The {emblem} at the Table",
            "Seven Years of {emblem}",
        ),
        themes=("absence and belonging", "grief reversed"),
    ),
    Situation(
        key="repair",
        developments=(
            (
                "{Hero} is hired to repair something ordinary and finds, hidden inside, the first of nine "
                "instructions that lead to {thing}. Each repair mends an object and breaks an agreement. {Rival} "
                "has been following the same trail from the other end."
            ),
            (
                "Something that has always worked stops working, and {hero} is blamed. To mend it takes three "
                "parts: one is for sale, one is sacred, and the third is in the hands of {rival}, together with "
                "{thing}."
            ),
        ),
        hooks=(
            "Nine repairs, nine hidden messages, and somebody is working backwards towards {hero}.",
            "{Hero} can mend anything except what the mending brings to light.",
        ),
        usps=(
            (
                "Each chapter mends one object and uncovers one life, until the repairs add up to a confession: "
                "{a_label} with the satisfactions of craft, a slow mystery and hands that know more than heads."
            ),
            (
                "A quest told through tools, materials and patience in place of battles; what is mended changes "
                "its owner. {Label} for everyone who has ever opened a clock to see why it stopped."
            ),
        ),
        conflicts=(
            "Every object that is mended breaks an agreement between neighbours.",
            "{Therival} needs the last part to stay broken.",
            "{Hero} must choose between finishing the work and keeping {price}.",
        ),
        elements=(
            "nine objects, each with a message for its mender",
            "a workshop where quarrels are left along with the broken things",
            "a repair manual annotated by three generations of enemies",
        ),
        titles=(
            "The {emblem} Mender",
            "The {emblem} and Other Repairs",
            "{TheRoles} Toolbox",
            "A Crack in the {emblem}",
        ),
        themes=("mending and memory", "the patience of hands"),
    ),
)

PREDICAMENTS = (
    Predicament("who can taste a lie in a cup of tea", "the one lie that tastes of nothing", wonder=True),
    Predicament("who receives the post of a person not yet born", "the unborn stranger's letters", wonder=True),
    Predicament("whose shadow arrives a day early", "the early shadow", wonder=True),
    Predicament("who can hear what furniture remembers", "the memory of a certain chair", wonder=True),
    Predicament("who ages only when telling the truth", "the truth that costs a decade", wonder=True),
    Predicament("who can borrow one stranger's talent each day", "the talent that was never given back", wonder=True),
    Predicament("who dreams the neighbours' tomorrows", "the one dream nobody will own up to", wonder=True),
    Predicament("who can unlock any door but never the same one twice", "the door already used up", wonder=True),
    Predicament("who remembers a year that everyone else denies", "the missing year", wonder=True),
    Predicament("whose drawings change overnight", "the drawing that has started to move", wonder=True),
    Predicament("who is followed by a very small and personal rain", "the rain that knows the way", wonder=True),
    Predicament("who can read the last thought left in a coat", "the coat with two last thoughts", wonder=True),
    Predicament("who was born without an echo", "the lost echo", wonder=True),
    Predicament("who trades minutes with the dying", "the minutes nobody came to collect", wonder=True),
    Predicament("who has been declared dead by clerical error", "the certificate that cannot be undone", wonder=False),
    Predicament("who writes other people's apologies for a living", "the apology that was never sent", wonder=False),
    Predicament("who has been paid for years to keep a light on", "the light in the empty house", wonder=False),
    Predicament("who recognises every voice but forgets every face", "the voice on the old recording", wonder=False),
    Predicament("who has kept someone else's secret too well", "the secret with no owner left", wonder=False),
    Predicament("who opens a letter addressed to a dead neighbour", "the dead neighbour's letter", wonder=False),
    Predicament("who wins a prize for somebody else's courage", "the undeserved medal", wonder=False),
    Predicament("who has never told a lie and is never believed", "the only lie worth telling", wonder=False),
    Predicament("who collects the things people leave behind on purpose", "the suitcase left twice", wonder=False),
    Predicament("who is hired to be someone's alibi", "the borrowed evening", wonder=False),
    Predicament("who inherits a feud along with the furniture", "the feud's original letter", wonder=False),
    Predicament("who has promised two people the same future", "the promise made twice", wonder=False),
    Predicament("who finds a familiar handwriting in a stranger's diary", "the stranger's diary", wonder=False),
    Predicament("who is mistaken for a person with enemies", "the wrong person's briefcase", wonder=False),
)
