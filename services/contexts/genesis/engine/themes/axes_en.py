"""Arguments that a novel can have with itself, in English: the first half."""

from services.contexts.genesis.engine.text import listed
from services.contexts.genesis.engine.themes.material import Axis, Facet

AXES = (
    Axis(
        key="truth",
        signs=listed("truth true lie lies lying liar honest honesty deceive proof witness verdict confession"),
        one="truth",
        other="mercy",
        cores=(
            (
                "In “{title}” every accurate word wounds somebody; {hero} has to learn which truths are owed and "
                "which are only cruel."
            ),
            (
                "What {hero} knows could free a stranger and break a friend: the book weighs plain truth against "
                "plain mercy."
            ),
        ),
        theses=(
            "A truth withheld goes bad in the dark, and whoever sits nearest breathes it in.",
            "Nobody can forgive {hero} for something that was never admitted.",
        ),
        antitheses=(
            "Some facts are stones, and handing one to a drowning man is no kindness.",
            "Candour that costs the speaker nothing is merely marksmanship.",
        ),
        facets=(
            Facet(
                "The comfortable error",
                "A mistake that everybody has furnished and moved into is harder to correct than a malicious one.",
                "A whole table applauds a version of events that {hero} knows to be wrong, and {hero} claps too.",
            ),
            Facet(
                "Who may be told",
                "Information is handed out by rank, and those it concerns most stand last in the queue.",
                "Somebody’s own diagnosis reaches them third-hand, wrapped in gossip about {thing}.",
            ),
            Facet(
                "The late confession",
                "What would have been brave in spring has become a burden placed on others by autumn.",
                "{Hero} confesses at last, and the listener answers: “I wish you had carried that a little longer.”",
            ),
        ),
        motifs=(
            "a splinter nobody pulls out",
            "ink that bleeds through to the next page",
            "a lamp turned down for a visitor",
            "two clocks that disagree by nine minutes",
        ),
        taboos=(
            "Do not let a secret come out by eavesdropping; whoever reveals it must choose to.",
            "No lie without somebody it was meant to shelter.",
        ),
        questions=(
            "If {hero} could spare one person the facts, would that person still be living their own life?",
            "Does a truth belong to whoever found it or to whoever has to bear it?",
            "Is there a kindness that does not begin by hiding something?",
        ),
        emotions=(
            "the dizziness of being about to say it",
            "shame that slowly turns into relief",
        ),
        impacts=(
            "The reader closes the book and rings somebody they have been sparing.",
            "Readers should catch themselves hoping for a lie, and notice it.",
        ),
        arc=(
            "{Hero} tells a small untruth about {thing}, out of tact, and it works beautifully.",
            "Every repair to the story needs a second speaker, and one of them begins to believe it.",
            "Asked a direct question in public, {hero} answers it, and loses {stake} with the last syllable.",
            "What was said cannot be unsaid; two people learn to sit in the same room with it.",
        ),
    ),
    Axis(
        key="memory",
        signs=listed(
            "memory memories remember remembered forget forgotten forgetting past archive record erase history"
        ),
        one="remembering",
        other="beginning again",
        cores=(
            (
                "“{title}” asks how much of yesterday {hero} must carry for the dead to be safe, and how much to "
                "drop in order to walk."
            ),
            "The past in this story is a lodger who pays no rent: {hero} can neither evict it nor live beside it.",
        ),
        theses=(
            "Whoever forgets a wrong signs for it a second time.",
            "A person is what they refuse to let slip, down to the smell of the stairwell.",
        ),
        antitheses=(
            "A wound reopened every anniversary is a hobby, and it never scars.",
            "{Hero} has the right to be nobody’s monument.",
        ),
        facets=(
            Facet(
                "The edited album",
                "Families keep their peace by agreeing on what the photograph leaves out.",
                "Somebody has been cut from a group portrait so neatly that only the extra hand on a shoulder remains.",
            ),
            Facet(
                "Borrowed recollections",
                "We grieve over scenes we were only told about, and swear we stood there.",
                (
                    "{Hero} describes the day of {thing} down to the weather, then learns of being two streets away, "
                    "asleep."
                ),
            ),
            Facet(
                "The clean slate",
                "A fresh start is a luxury, mostly paid for by whoever still remembers.",
                "A newcomer asks what happened here, and the question is met with cake.",
            ),
        ),
        motifs=(
            "a coat kept for its pockets",
            "chalk marks under the wallpaper",
            "a tune everyone hums with a different ending",
            "the pale rectangle where a picture hung",
        ),
        taboos=(
            "No flashback that tells what a present object could show.",
            "Amnesia must not excuse anyone.",
        ),
        questions=(
            "Whom does {hero} betray by getting better?",
            "If a memory is false and has made somebody kind, should it be corrected?",
            "At what age may a grief retire?",
        ),
        emotions=(
            "homesickness for a room that was never as described",
            "tenderness towards one’s own unreliable mind",
        ),
        impacts=(
            "Readers should want to write down one afternoon before it goes.",
            "The last page should feel like a drawer finally pushed shut, not locked.",
        ),
        arc=(
            "Everything is labelled and in its place, and {hero} has not slept properly for a year.",
            "A second version of that day turns up, kept by somebody with no reason to invent it.",
            "To save {stake}, {hero} must let the only remaining trace of the dead be used up.",
            "One thing is kept, chosen with open eyes; the shelf around it stays empty on purpose.",
        ),
    ),
    Axis(
        key="duty",
        signs=listed("duty oath promise vow obligation orders desire longing wish temptation contract bargain service"),
        one="duty",
        other="desire",
        cores=(
            "{Hero} gave a promise before knowing what wanting was; “{title}” follows the interest on that promise.",
            (
                "Between the post {hero} may not leave and the one thing {hero} cannot stop wanting, this novel "
                "pitches its tent."
            ),
        ),
        theses=(
            "A promise is the only thing we make that outlives our mood.",
            "Someone always pays for another’s freedom to change their mind.",
        ),
        antitheses=(
            "A duty that never asks who you are will do just as well with your corpse.",
            "What {hero} longs for is also a kind of order, older than any oath.",
        ),
        facets=(
            Facet(
                "The uniform indoors",
                "A role worn long enough starts to answer the door by itself.",
                "Alone in the kitchen, {hero} still stands as if under inspection.",
            ),
            Facet(
                "Wanting in instalments",
                "Longing that is fed in secret learns to live on very little, and grows clever.",
                "Each week {hero} allows five minutes with {thing}, timed by the kettle.",
            ),
            Facet(
                "The understudy",
                "Wherever somebody stays at their post, another stands behind, longing to be asked.",
                "The replacement knows all the words and has been sewing the costume for years.",
            ),
        ),
        motifs=(
            "a key worn smooth by not being used",
            "boots set ready by the door",
            "a plate kept warm under another plate",
            "the crease in a letter folded too often",
        ),
        taboos=(
            "Do not reward renunciation with a convenient inheritance.",
            "Desire must never appear as mere appetite.",
        ),
        questions=(
            "Can {hero} owe something to a person who has forgotten the debt?",
            "When does keeping one’s word become a way of not living?",
            "Who is harmed when nobody breaks a rule?",
        ),
        emotions=("restraint humming like a wire", "hunger, held in good posture"),
        impacts=(
            "Readers should feel the heat of everything that is not touched.",
            "By the end the word “must” should sound like a question.",
        ),
        arc=(
            "The day has its hours and {hero} fills them; only the evenings are a little too tidy.",
            "One exception is made for {thing}, then a rule is drawn up for making exceptions.",
            "In front of {body}, {hero} is asked to swear once more, and hesitates for one whole breath.",
            "The post is handed over, swept and in order, to somebody who asked for it.",
        ),
    ),
    Axis(
        key="belonging",
        signs=listed(
            "belong belonging home family stranger outsider exile village neighbour community town alone loneliness"
        ),
        one="belonging",
        other="integrity",
        cores=(
            (
                "To be counted among the others, {hero} would have to laugh at one particular joke; “{title}” is the "
                "silence after it."
            ),
            "This is a novel about the price of a seat at the table, told by way of {hero}, who brought a chair.",
        ),
        theses=(
            "Nobody is upright alone; even a wall leans on its corners.",
            "A home that has bruised you still knows how you take your tea.",
        ),
        antitheses=(
            "A circle is drawn from the outside, by whoever was left there.",
            "It is better for {hero} to be cold than to be warmed by what burns somebody else.",
        ),
        facets=(
            Facet(
                "The password",
                "Groups test newcomers with trifles, because trifles cannot be argued about.",
                "A mispronounced street name costs {hero} a job, politely.",
            ),
            Facet(
                "The loyal sceptic",
                "Somebody who stays and disagrees is harder to forgive than somebody who leaves.",
                "At the yearly feast one chair is turned a few degrees away, and everybody notices.",
            ),
            Facet(
                "Kinship by errand",
                "People become relatives by fetching things for each other.",
                "{Hero} and {rival} end up sharing a queue, an umbrella and, against all plans, a plan.",
            ),
        ),
        motifs=(
            "an extra cup on the draining board",
            "names scratched into a bench",
            "a gate that opens inwards only",
            "smoke from other people’s suppers",
        ),
        taboos=(
            "No crowd without at least three faces that disagree.",
            "The outsider must not be right about everything.",
        ),
        questions=(
            "What may a community ask of somebody it has fed?",
            "Would {hero} recognise home if it stopped asking for proof?",
            "Can one person be decent inside an indecent custom?",
        ),
        emotions=("the ache of a lit window across the street", "pride with wet shoes"),
        impacts=(
            "Readers should count who is missing from their own table.",
            "The warmth of the ending must be a little too small for everyone, and shared all the same.",
        ),
        arc=(
            "{Hero} keeps every rule of {place} and has never been asked to sit down.",
            "Acceptance arrives in small coins, each of which has to be spent in public.",
            "The others close ranks, and {hero} is finally inside, facing the one who is not.",
            "A table is carried outdoors; it belongs to no house, and rain is forecast.",
        ),
    ),
    Axis(
        key="justice",
        signs=listed(
            "justice revenge vengeance crime guilt guilty punishment murder court judge forgive forgiveness debt victim"
        ),
        one="justice",
        other="forgiveness",
        cores=(
            (
                "Somebody must answer for {thing}; whether {hero} should be the one to ask is what “{title}” puts on "
                "trial."
            ),
            "{Hero} holds both the evidence and the pardon, and the novel lets neither of them be cheap.",
        ),
        theses=(
            "Without a reckoning the dead remain in debt to their murderers.",
            "Forgiveness given before the verdict is just another bribe.",
        ),
        antitheses=(
            "Punishment adds up the damage and calls the sum repair.",
            "{Hero} cannot walk on while holding the other end of that rope.",
        ),
        facets=(
            Facet(
                "The eager avenger",
                "Anger on another’s behalf often asks the injured party to stop interrupting.",
                "The victim would like to go home; the campaign in the victim’s name has only begun.",
            ),
            Facet(
                "Arithmetic of harm",
                "Ledgers of pain never balance, because each side counts in its own currency.",
                "{Hero} lists what was taken, line by line, and cannot put a figure beside {stake}.",
            ),
            Facet(
                "The unforgiven penitent",
                "Remorse may be perfectly genuine and still have no claim on anybody.",
                "Each morning somebody sweeps a doorstep where they are not greeted.",
            ),
        ),
        motifs=(
            "a rope coiled on a clean floor",
            "scales used for flour",
            "a stain that soap has made paler and larger",
            "an empty dock with a warm rail",
        ),
        taboos=(
            "The guilty may not die by accident before they are faced.",
            "Never let suffering stand in for proof.",
        ),
        questions=(
            "May {hero} forgive on behalf of somebody who can no longer be asked?",
            "What is left of a sentence once the sentenced has changed?",
            "Would a just world still need kindness, or only clerks?",
        ),
        emotions=("anger that has grown very patient", "the strange calm of a hand that does not strike"),
        impacts=(
            "Readers should want the blow to fall and be glad of the hand that stops.",
            "No one should leave this book certain of their own innocence.",
        ),
        arc=(
            "The case is closed, the file is thin, and {hero} keeps a copy at home.",
            "Each new proof makes the culprit more guilty and more familiar.",
            "{Hero} and {rival} stand alone with what happened; there is nobody left to impress.",
            "A sentence is spoken that no court could have written, and both of them have to serve it.",
        ),
    ),
    Axis(
        key="knowledge",
        signs=listed(
            "knowledge know secret secrets discover discovery science experiment curiosity mystery puzzle future "
            "foresight warning letters read"
        ),
        one="knowledge",
        other="peace of mind",
        cores=(
            "{Hero} could have left {thing} alone; “{title}” measures what curiosity costs those who never asked.",
            "To know and to live with knowing are two trades, and {hero} was apprenticed only to the first.",
        ),
        theses=(
            "Ignorance is a roof painted on the ceiling: pleasant until it rains.",
            "Whatever can be found will be found, so let it be by someone with a conscience.",
        ),
        antitheses=(
            "Not every locked door is an insult; some are just asleep.",
            "{Hero} will never again look at a clear sky and see only weather.",
        ),
        facets=(
            Facet(
                "The second answer",
                "The first explanation satisfies; the next one takes away the ground it stood on.",
                "Everything fits at last, except for a teaspoon that {hero} cannot account for.",
            ),
            Facet(
                "Forewarned",
                "Seeing a blow come is a gift and a sentence: now it has to be waited for.",
                "{Hero} knows the hour, lays the table anyway, and cuts the bread too thick.",
            ),
            Facet(
                "Those who would rather not",
                "Refusing to look may be cowardice, or the last form of courtesy.",
                "An old friend hands back the envelope unopened and asks after the garden.",
            ),
        ),
        motifs=(
            "a keyhole stopped with wax",
            "pencilled notes in someone else’s margin",
            "frost flowers on the inside of a pane",
            "a sum that comes out one short",
        ),
        taboos=(
            "No expert who explains the plot.",
            "A discovery must never be cheaper than the ignorance it ends.",
        ),
        questions=(
            "Would {hero} open {thing} again, knowing who pays?",
            "Is it possible to be responsible for what one could have known?",
            "What does a mind do with a fact it cannot use?",
        ),
        emotions=("the cold joy of seeing how it fits", "vertigo on perfectly level ground"),
        impacts=(
            "Readers should turn the page against their own advice.",
            "Afterwards an ordinary morning ought to look like an achievement.",
        ),
        arc=(
            "A trifle does not add up, and {hero} is good at trifles.",
            "Each answer needs a better lock, until home itself has become a place to hide findings.",
            "The last piece falls into place, and it has {heros} handwriting on it.",
            "Something remains unread; {hero} leaves it on the shelf, spine outwards.",
        ),
    ),
    Axis(
        key="safety",
        signs=listed(
            "safety safe freedom liberty prison escape control surveillance wall cage protect danger law "
            "forbidden permit"
        ),
        one="safety",
        other="liberty",
        cores=(
            "Everything in “{title}” is fenced for somebody’s good; {hero} begins to count whose.",
            "{Hero} has never been in danger, and that turns out to be the danger.",
        ),
        theses=(
            "Freedom is a fine word for those whose children are asleep behind a bolt.",
            "Every railing was paid for by somebody who fell.",
        ),
        antitheses=(
            "What cannot hurt you cannot reach you either.",
            "A life kept for later goes stale in its wrapping, and {hero} can smell it.",
        ),
        facets=(
            Facet(
                "The gentle guard",
                "The strongest bars are made of concern and brought to the bedside with soup.",
                "“Only tell us where you are going,” they ask {hero}, and hold out the coat.",
            ),
            Facet(
                "Permitted adventures",
                "Risk is sold in measured doses to people who would otherwise want the real thing.",
                "A festival of daring takes place on a lawn, with stewards.",
            ),
            Facet(
                "The one who got out",
                "Those who left are spoken of as dead, which spares everyone the postcard.",
                "Word comes from beyond {place}: alive, poor, unwilling to return.",
            ),
        ),
        motifs=(
            "a bird that walks out of its open cage and back",
            "handrails polished by worry",
            "a map with its edges trimmed",
            "the click of a latch after bedtime",
        ),
        taboos=(
            "The guardians must not be fools.",
            "Escape is never the last chapter.",
        ),
        questions=(
            "How much of {heros} caution was ever {heros} own?",
            "Can somebody consent to a wall built before they were born?",
            "Which would be worse for {hero}: to be hurt, or never to be asked?",
        ),
        emotions=("breath held so long that it feels like calm", "giddiness at an unlocked door"),
        impacts=(
            "Readers should feel a draught and be grateful for it.",
            "The end should leave the window open and the heating on.",
        ),
        arc=(
            "All precautions have been taken; {hero} signs for them daily.",
            "A small trespass involving {thing} has no consequences, which is the most alarming result of all.",
            "The gates close for everyone’s sake, and {hero} is on the side with the lever.",
            "Some fences stay, with names on them; the rest is pasture and weather.",
        ),
    ),
    Axis(
        key="holding",
        signs=listed(
            "love lover loved marriage romance heart lose loss losing possession jealous keep leave farewell "
            "wedding child mother daughter"
        ),
        one="holding on",
        other="letting go",
        cores=(
            "{Hero} loves as others grip a ledge; “{title}” is about the courage of the open hand.",
            "What is loved here cannot be kept, and what is kept stops being loved: {hero} has one season to see it.",
        ),
        theses=(
            "To let go is what the careless call their carelessness.",
            "Love is attention, and attention does not take holidays.",
        ),
        antitheses=(
            "A hand closed round {thing} cannot be held by anybody.",
            "The dearest gift is the one that no longer knows who gave it.",
        ),
        facets=(
            Facet(
                "The museum of us",
                "Some couples preserve the beginning so well that nothing else may happen in the room.",
                "The café table is reserved each year; this time only one of them orders.",
            ),
            Facet(
                "Useful goodbyes",
                "There are partings that feed both sides longer than the meeting did.",
                "{Hero} packs somebody’s case and puts in, unasked, a good knife and a bad joke.",
            ),
            Facet(
                "Jealous of a future",
                "The rival is seldom a person; it is the other’s next ten years.",
                "An offer from far away lies under the fruit bowl, and both have read it.",
            ),
        ),
        motifs=(
            "a thread wound twice round a finger",
            "a glove left on a railing",
            "two shadows that part before the bodies do",
            "a seed packet past its date",
        ),
        taboos=(
            "Nobody dies so that somebody may learn to let go.",
            "No airport, no run, no last-minute speech.",
        ),
        questions=(
            "Does {hero} love {thing}, or the self that once deserved such luck?",
            "What do we owe to those who set us free?",
            "Can something be given up without being thrown away?",
        ),
        emotions=("warmth with its coat already on", "greed that weeps at itself"),
        impacts=(
            "Readers should hold somebody’s hand differently that evening.",
            "The parting must hurt in exactly the place where it heals.",
        ),
        arc=(
            "Nothing has been thrown out of {heros} house for years, and every object has an alibi.",
            "Keeping things as they are takes more strength each week, and starts to need locks.",
            "Holding on would cost {stake}; the fingers open one at a time.",
            "An empty shelf, a long view, and a postcard that does not ask to be answered.",
        ),
    ),
)
