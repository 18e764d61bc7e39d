"""Arguments that a novel can have with itself, in English: the second half."""

from services.contexts.genesis.engine.text import listed
from services.contexts.genesis.engine.themes.material import Axis, Facet

MORE_AXES = (
    Axis(
        key="fate",
        signs=listed(
            "fate destiny chosen prophecy prophecies choice choose choosing decision luck chance future foretold"
        ),
        one="fate",
        other="choice",
        cores=(
            (
                "Everything in “{title}” has been decided beforehand except the one trifle that {hero} insists on "
                "deciding."
            ),
            "{Hero} is told how it will end, and starts to quarrel with the handwriting.",
        ),
        theses=(
            "We call it choosing when the current happens to run our way.",
            "A river does not argue with its bed, and still it reaches the sea.",
        ),
        antitheses=(
            "Between the push and the fall there is always half a step, and {hero} lives in it.",
            "Whoever pleads destiny has usually glanced at the alternatives.",
        ),
        facets=(
            Facet(
                "The convenient oracle",
                "Predictions are consulted by those who have already packed.",
                "{Hero} asks three fortune tellers and tips only the third.",
            ),
            Facet(
                "Small forks",
                "Lives bend at unmarked corners, over an umbrella, a wrong stair, a borrowed pen.",
                "Two minutes late, {hero} meets the person who would have been just a back in a crowd.",
            ),
            Facet(
                "The chosen one’s neighbour",
                "For every elected saviour there is somebody next door who now has to do the dishes.",
                "Nobody asks what the prophecy says about the cook.",
            ),
        ),
        motifs=(
            "dice glued to a mantelpiece",
            "a railway switch painted shut",
            "tea leaves swept under the rug",
            "a coin that stands on its edge",
        ),
        taboos=(
            "No prophecy may come true by being misread alone.",
            "Bloodlines decide nothing.",
        ),
        questions=(
            "If {hero} had never been warned, would there have been anything to avoid?",
            "Is a refusal free when it was expected?",
            "Which of our habits would we defend as decisions?",
        ),
        emotions=("defiance with a dry mouth", "amusement at one’s own obedience"),
        impacts=(
            "Readers should take another street home, just to see.",
            "At the end the inevitable ought to look like somebody’s idea.",
        ),
        arc=(
            "It stands written, on good paper, and {hero} signs for receipt.",
            "Every detour around {thing} turns out to have been paved in advance.",
            "Offered the foretold prize in exchange for {stake}, {hero} gives an answer no prophet had listed.",
            "Events arrive punctually, and find the house let to other people.",
        ),
    ),
    Axis(
        key="sacrifice",
        signs=listed(
            "sacrifice survive survival survivor hunger war battle soldier hero heroic cost price paid rescue "
            "save saved"
        ),
        one="sacrifice",
        other="survival",
        cores=(
            (
                "“{title}” distrusts noble deaths: it wants to know who did the laundry of those who gave "
                "everything, and asks {hero}."
            ),
            "Staying alive is the least heroic thing {hero} can do, and slowly it becomes the bravest.",
        ),
        theses=(
            "What nobody would die for, nobody will mend.",
            "There are moments when the body is the only coin anyone accepts.",
        ),
        antitheses=(
            "Martyrs leave the heavy lifting to their widows.",
            "To eat, to sleep, to see Thursday: this too is resistance.",
        ),
        facets=(
            Facet(
                "The volunteer’s vanity",
                "Giving oneself up may be a way of never having to be ordinary again.",
                "{Hero} rehearses a farewell in the mirror and corrects a gesture.",
            ),
            Facet(
                "Those who were saved",
                "A rescued life comes with a stranger’s expectations folded inside.",
                "The child who was pulled out is introduced as such for forty years.",
            ),
            Facet(
                "The art of the leftover",
                "Soup from bones, coats from curtains: survival has its own school of elegance.",
                "{Rival} shares a tin with {hero}, half and half, measured with a ruler.",
            ),
        ),
        motifs=(
            "bread marked with a thumbnail",
            "a bandage washed so often it is lace",
            "a medal used as a spoon rest",
            "the second pair of shoes",
        ),
        taboos=(
            "Nobody redeems a bad life by a good death.",
            "Never applaud hunger for its dignity.",
        ),
        questions=(
            "Would {hero} accept a gift that size from anybody else?",
            "May somebody be forbidden to give their life?",
            "What is the living person’s half of the bargain?",
        ),
        emotions=("stubbornness lower than courage and warmer", "guilt at an excellent appetite"),
        impacts=(
            "Readers should come to mistrust monuments and respect kitchens.",
            "The survivors’ joy must be loud enough to be slightly embarrassing.",
        ),
        arc=(
            "A place among the brave falls vacant, and {hero} has the right size.",
            "Others pay in earnest; {hero} starts to save up matches, addresses, sugar.",
            "The grand gesture would cost {stake}; instead somebody is carried, complaining, all night.",
            "Years afterwards there is a birthday with too much cake.",
        ),
    ),
    Axis(
        key="silence",
        signs=listed("silence silent speak speech voice words word say language quiet testimony scream song sing mute"),
        one="silence",
        other="testimony",
        cores=(
            "What {hero} does not say holds up the roof of “{title}”; the novel listens to the beams.",
            "{Hero} has kept still for so long that it passes for character, until one sentence begins to knock.",
        ),
        theses=(
            "Some things stay whole only as long as nobody puts them into words.",
            "There is a quiet that shelters, and whoever breaks it lets in the snow.",
        ),
        antitheses=(
            "Unspoken harm takes lodgings with the children.",
            "A voice is a muscle; {heros} has been in plaster.",
        ),
        facets=(
            Facet(
                "The house style",
                "Families teach their silences more carefully than their prayers.",
                "At the mention of {thing}, four people reach for the salt.",
            ),
            Facet(
                "Wrong listeners",
                "The truth, told to somebody who enjoys it, has to be swallowed again.",
                "A sympathetic stranger asks {hero} for details, and then for better ones.",
            ),
            Facet(
                "Other tongues",
                "Whoever cannot speak will cook, limp, whistle or overpay.",
                "{Hero} plants beans in the shape of an alphabet.",
            ),
        ),
        motifs=(
            "a bell wrapped in felt",
            "blotting paper held to a mirror",
            "the pause before a telephone is answered",
            "a choir with one mouth closed",
        ),
        taboos=(
            "The mute are not wise by profession.",
            "No courtroom triumph by eloquence.",
        ),
        questions=(
            "Who profits by {heros} good manners?",
            "Is a witness who waits too long still a witness?",
            "How much may be told about the dead who were private?",
        ),
        emotions=("a throat full of unposted mail", "the shock of hearing oneself, clearly, in a corridor"),
        impacts=(
            "Readers should listen differently to whoever says least at table.",
            "The last spoken line ought to leave a ringing.",
        ),
        arc=(
            "It is a peaceful house, everyone says so, and {hero} oils the hinges.",
            "A word slips out, is laughed away, and returns next morning through another mouth.",
            "Before {body}, with nothing left to protect but {stake}, {hero} says it in eleven words.",
            "The room is noisier from then on, and windows can be opened in it.",
        ),
    ),
    Axis(
        key="loyalty",
        signs=listed(
            "loyalty loyal traitor betray betrayal betrayed friend friendship ally master apprentice pupil crew "
            "team partner spy"
        ),
        one="loyalty",
        other="conscience",
        cores=(
            "{Hero} stands by a friend who is wrong; “{title}” asks from which day on that was no longer kindness.",
            "To stay faithful, {hero} needs only look aside once more, and the book keeps count.",
        ),
        theses=(
            "Anyone can be true to somebody who is right.",
            "A friend is the witness who refuses to be called.",
        ),
        antitheses=(
            "Faithfulness without questions is merely good training.",
            "The first person {hero} abandoned, by never leaving, was {hero}.",
        ),
        facets=(
            Facet(
                "The favour ladder",
                "Complicity climbs by rungs so low that one never needs to lift a knee.",
                "It begins with holding a coat while {rival} has a word with somebody.",
            ),
            Facet(
                "Deserters in slippers",
                "Most betrayals are committed at home, by sitting on.",
                "The quarrel happens on the landing, and {hero} turns up the radio.",
            ),
            Facet(
                "An honest enemy",
                "Nothing unsettles a camp like decency on the far bank.",
                "{Rival} returns a lost purse, uncounted, and is hated for it.",
            ),
        ),
        motifs=(
            "a coat that two have worn",
            "matching scars with different stories",
            "a watchword nobody believes any more",
            "one oar",
        ),
        taboos=(
            "The traitor must have loved somebody.",
            "No friendship may be proved by violence alone.",
        ),
        questions=(
            "At which rung should {hero} have let go?",
            "Can one be true to people and false to what unites them?",
            "Is it treason to save a friend from winning?",
        ),
        emotions=("affection with its eyes shut tight", "loneliness on the right side"),
        impacts=(
            "Readers should remember one silence of their own, with the date.",
            "The break must feel like a rescue that nobody asked for.",
        ),
        arc=(
            "They have an old joke, a shared key, and {hero} would vouch for both.",
            "The favours concerning {thing} grow; so do the thanks, and {hero} begins to hide from the thanks.",
            "Called as a witness for the friend, {hero} tells what was seen and forfeits {stake}.",
            "Two people nod across a street, each on a pavement of their own.",
        ),
    ),
    Axis(
        key="order",
        signs=listed(
            "order chaos wild wilderness rules rule machine system city garden forest beast nature animal storm "
            "sea gravity calendar"
        ),
        one="order",
        other="wildness",
        cores=(
            (
                "Something unregistered has got into the world of “{title}”, and {hero}, who keeps the register, "
                "leaves the gate ajar."
            ),
            (
                "{Hero} has straightened everything within reach; now whatever is crooked comes and sits down beside "
                "{hero}."
            ),
        ),
        theses=(
            "A path is a kindness the dead did for our ankles.",
            "Without hours there would be no being late, and nobody would be waited for.",
        ),
        antitheses=(
            "Weeds are the only citizens who read the law in full.",
            "Tidiness is fear with its sleeves rolled up.",
        ),
        facets=(
            Facet(
                "The beloved exception",
                "Every system keeps one disorder as a pet and denies it at inspections.",
                "In the most correct of offices a drawer is never opened; it hums.",
            ),
            Facet(
                "Fences and seeds",
                "What is shut out learns the shape of the gaps.",
                "On {heros} windowsill grows something that was not sown.",
            ),
            Facet(
                "Night shift",
                "After hours the rules go barefoot.",
                "{Hero} meets {rival} on the roof, both off duty, both unable to account for it.",
            ),
        ),
        motifs=(
            "moss in the grooves of an inscription",
            "a ruler warped by damp",
            "hoofprints across a chessboard floor",
            "ivy with a house number",
        ),
        taboos=(
            "The wild is not a therapy.",
            "Bureaucrats have dreams; show one.",
        ),
        questions=(
            "What would {hero} be, unlisted?",
            "Does a garden belong to the gardener or to the slug?",
            "Which rule would we miss before nightfall?",
        ),
        emotions=("itching in the presence of straight lines", "awe that has to be swept up afterwards"),
        impacts=(
            "Readers should leave one corner of their own life unmown.",
            "The book should smell, faintly, of rain on files.",
        ),
        arc=(
            "The inventory is complete; {hero} reads it before going to sleep.",
            "Irregularities multiply around {thing}, each quite charming by itself.",
            "Told to burn what has grown, {hero} mislays the matches and, with them, {stake}.",
            "There are hours again, fewer, and they are struck by something with wings.",
        ),
    ),
    Axis(
        key="inheritance",
        signs=listed(
            "inheritance inherit inherits heir ancestor ancestors tradition craft father grandmother heirloom "
            "legacy cinema house sisters generations bones"
        ),
        one="inheritance",
        other="change",
        cores=(
            "{Hero} inherits more than was listed: in “{title}” the dead have left instructions in the furniture.",
            "A craft, a curse and a set of spoons come down to {hero}, who would like to keep just the spoons.",
        ),
        theses=(
            "Nothing new grows except on what has rotted faithfully.",
            "We are letters our grandparents could not finish.",
        ),
        antitheses=(
            "A tradition is an experiment that forgot to stop.",
            "The dead had their turn, and they did not ask {hero} either.",
        ),
        facets=(
            Facet(
                "The locked trade",
                "Skills are handed on together with the fear of doing them otherwise.",
                "“Not like that,” says {heros} own mouth, in a voice from the churchyard.",
            ),
            Facet(
                "Clauses",
                "Every legacy contains a sentence that only bites the second generation.",
                "On page four of the will there is a goat, to be fed for ever.",
            ),
            Facet(
                "The improving heir",
                "Whoever modernises an old house discovers which wall was the argument.",
                "{Hero} knocks through, and the neighbours on both sides wake up related.",
            ),
        ),
        motifs=(
            "a thumb-worn hollow in a tool handle",
            "portraits turned to the wall at meals",
            "dough that is older than the baker",
            "a cradle used for firewood, then for kindling, then not",
        ),
        taboos=(
            "No lost fortune in the attic.",
            "Grandmothers are people, not recipes.",
        ),
        questions=(
            "Which of {heros} opinions have been worn by somebody before?",
            "May one refuse a gift that cost the giver everything?",
            "How many planks can be replaced before the ship may have another name?",
        ),
        emotions=("respect with a crowbar in its hand", "tenderness for an ugly vase"),
        impacts=(
            "Readers should ask an old relative one rude question in time.",
            "In the end something is broken so carefully that it counts as care.",
        ),
        arc=(
            "The keys are handed over, one more than there are doors.",
            "{Hero} does it as it was always done, and {thing} answers as it never did.",
            "Either the name or {stake} can be passed on, not both, and the ancestors abstain.",
            "The sign is repainted; under a certain light the old letters still show through.",
        ),
    ),
    Axis(
        key="trust",
        signs=listed(
            "trust mistrust suspect suspicion doubt proof prove detective evidence faith believe belief liar "
            "robot machine stranger secret"
        ),
        one="proof",
        other="trust",
        cores=(
            "{Hero} can verify everything but the one person who matters: “{title}” is a bridge tested by crossing it.",
            "Certainty is for sale in this story, by weight, and {hero} keeps finding a hair in it.",
        ),
        theses=(
            "Trust is what we call the tests we were too lazy to run.",
            "Whoever has once counted the change may smile at the cashier.",
        ),
        antitheses=(
            "Love that has been checked is merely a result.",
            "One cannot lean on something while holding it up to the light.",
        ),
        facets=(
            Facet(
                "The test that spoils",
                "Some things are true until somebody makes sure.",
                "{Hero} leaves a hair across the drawer, and it is the hair that ruins the evening.",
            ),
            Facet(
                "Credit",
                "To be believed in advance makes people taller, or makes them run.",
                "The shop writes {heros} debt in chalk, where rain can reach it.",
            ),
            Facet(
                "The honest forger",
                "Now and then a false paper gets a true person across.",
                "{Rival} vouches for {hero} with an invented aunt.",
            ),
        ),
        motifs=(
            "a rope bridge with one new plank",
            "signatures practised on steamed glass",
            "a dog that comes to the wrong whistle",
            "sealing wax, unbroken, on an empty jar",
        ),
        taboos=(
            "Distrust is not intelligence.",
            "No last-page document that clears everybody.",
        ),
        questions=(
            "What would be enough for {hero}, and the day after?",
            "Is it possible to be deceived without having cooperated?",
            "Do we owe faith to those who believed in us?",
        ),
        emotions=("the loneliness of being right in advance", "falling, and finding the floor a little early"),
        impacts=(
            "Readers should lend something valuable within the week.",
            "The final uncertainty should feel like fresh air.",
        ),
        arc=(
            "All locks are in order; {hero} has tried each of them twice.",
            "The evidence about {thing} improves, and everybody it touches gets worse.",
            "In the dark, with {stake} on the other side, {hero} takes an offered hand unseen.",
            "A key is hung by the door, outside, where anyone might find it.",
        ),
    ),
    Axis(
        key="mask",
        signs=listed(
            "mask identity impostor double name names disguise actor pretend self mirror shadow face role twin "
            "memory lie learns"
        ),
        one="the role",
        other="the self",
        cores=(
            "{Hero} plays a part so well that the part receives letters; “{title}” opens one of them.",
            "Nobody in “{title}” wants {hero} unmasked, least of all those who know what the mask is holding in place.",
        ),
        theses=(
            "Act generous for ten years and see who dares to call it acting.",
            "The inner person is a rumour; the neighbours go by what is done.",
        ),
        antitheses=(
            "A face that fits everyone has been sanded.",
            "Somewhere {hero} is owed a whole afternoon without witnesses.",
        ),
        facets=(
            Facet(
                "The understudied life",
                "Impersonators notice things about us that we would have preferred to be accidents.",
                "A child imitates {hero} for the guests: the cough, the pause, the way of not answering.",
            ),
            Facet(
                "Names on trial",
                "A new name is a coat with someone’s ticket still in the pocket.",
                "Called by the false name in a crowd, {hero} turns round gladly.",
            ),
            Facet(
                "Backstage",
                "Even the sincerest has a place where the wig comes off, and it has a bill.",
                "{Rival} walks in without knocking and, seeing everything, apologises to the costume.",
            ),
        ),
        motifs=(
            "greasepaint on a pillow",
            "a mirror hung too high",
            "calling cards in another trade",
            "a shadow that bows first",
        ),
        taboos=(
            "No removal of a mask may be photographed as liberation.",
            "The real self is not automatically nicer.",
        ),
        questions=(
            "Whom would {hero} disappoint by being genuine?",
            "If the pretence has done good, who deserves the thanks?",
            "How many people have to agree before somebody exists?",
        ),
        emotions=("stage fright at one’s own breakfast", "a grin felt from inside"),
        impacts=(
            "Readers should hear their own telephone voice for a week.",
            "The disclosure should feel less like a fall than like taking off tight shoes.",
        ),
        arc=(
            "The part was for one evening; {hero} knew all the lines by the soup.",
            "People come to depend on the impersonation, and it starts having opinions about {thing}.",
            "Both versions of {hero} are claimed by name in the same room, and only one can answer.",
            "Something of the role is kept, for Sundays, with the seams turned outward.",
        ),
    ),
)
