"""All the built-in author knows about themes in English."""

from services.contexts.genesis.engine.themes.axes_en import AXES
from services.contexts.genesis.engine.themes.material import Facet, Phrases, Technique, ThemeMaterial
from services.contexts.genesis.engine.themes.more_axes_en import MORE_AXES
from services.contexts.genesis.engine.themes.more_paths_en import MORE_ARCS, MORE_CONFLICTS, MORE_SYMBOLS
from services.contexts.genesis.engine.themes.paths_en import ARCS, CLOSERS, CONFLICTS, SYMBOLS
from services.contexts.genesis.engine.themes.tones_en import TONES

_SCENES = (
    "It is plainest {in_place}, where {rule}.",
    "For {rival} all of this comes down to {stake}, and {hero} cannot say that this is wrong.",
    "Before {body}, {hero} calls it “{idea}” and is asked to spell that.",
    "“{conflict2}”: each of the two sides calls the other sentimental.",
    "{Hero} would trade {stake} for one ordinary evening, and is made an offer.",
    "What finally speaks up is a detail nobody had invited: {element}.",
    "In the records of {body} there is an entry about it, in pencil, with {heros} name rubbed out.",
    "{Rival} passes {thing} without a glance, and that is how {hero} finds out.",
    "Visitors to {place} are told a harmless version, in which {element} comes first.",
    "A chance remark, “{idea}”, makes {hero} put down the cup.",
    "Everyone in {place} has a relative who once stood where {hero} stands now.",
    "For a night {hero} and {rival} argue the wrong way round, and sleep well.",
)

_TECHNIQUES = (
    Technique("Two tellings", "One event is told twice, by people who love each other and noticed different things."),
    Technique("Counted objects", "A short inventory closes each part; what has vanished from it is the plot."),
    Technique(
        "Unsent letters", "Between chapters stand letters that will not be posted, with their corrections left in."
    ),
    Technique("The delayed name", "Somebody central is called by a function for half the book and named in an aside."),
    Technique(
        "Overheard chorus", "Bystanders comment in half sentences, and little by little their half is the truer one."
    ),
    Technique("A day per part", "Time runs evenly: every part is one day, with years of silence between."),
    Technique("Rhyming scenes", "The first and last scenes use the same gestures, in reverse order, with other hands."),
    Technique("The wrong witness", "Big moments are watched by a person who misunderstands them with great attention."),
    Technique(
        "Footnotes that rebel", "Annotations begin as help, grow a voice, and finally disagree with the page above."
    ),
    Technique("Rooms as chapters", "Each chapter keeps to one room; doors are the only transitions."),
    Technique("Second-hand speech", "The decisive conversation reaches us through three people, each adding a word."),
    Technique(
        "A narrowing lens", "Sentences shorten and the circle of the visible shrinks until a single table is left."
    ),
    Technique(
        "Questions without marks", "Characters ask in statements; only the narrator ever uses a question mark, twice."
    ),
    Technique("The borrowed form", "One chapter takes the shape of a form, a recipe or a timetable, and breaks it."),
    Technique(
        "The unreliable calendar", "Dates are given in full, and they contradict each other in only one respect."
    ),
    Technique("Withheld weather", "Skies are never described; one knows them by what people carry."),
    Technique("Scenes from the back", "Crucial encounters are seen from behind, by posture, hems and heels."),
    Technique("Alternating distance", "Intimate and panoramic chapters take turns and slowly exchange their subjects."),
    Technique(
        "A vocabulary that wears out", "One favourite adjective is used less each time, until its absence is noticed."
    ),
    Technique(
        "The list that becomes a story", "Enumerations run on a line too long, and the surplus line is a confession."
    ),
    Technique("Doubled openings", "The novel starts over on page thirty, politely, from another doorstep."),
    Technique("Noise before sense", "We hear every room before we learn who is in it."),
    Technique("Interrupted endings", "No chapter finishes its last action; a later one does, in passing."),
    Technique("The plural narrator", "A “we” tells it, from which individuals keep stepping out."),
)

_TABOOS = (
    "Let no animal die to make a point.",
    "Nobody learns the truth from a diary.",
    "No sentence that would also fit on a mug.",
    "Villages are not innocent, cities not wicked.",
    "Leave out the speech in which everything is forgiven.",
    "Do not punish a woman for wanting what a man would be praised for.",
    "Mirrors may not be used for describing faces.",
    "No kiss as a full stop.",
    "No dream sequence that knows more than its dreamer.",
    "Nobody may state the theme aloud, least of all a wise old person.",
    "Avoid coincidence in anyone’s favour after the first chapter.",
    "The opponent must never be stupid for the sake of a scene.",
    "No epilogue that pays everyone out.",
    "Children are not there to be symbols of hope.",
    "No villain who explains; no hero who shouts the point.",
    "Pain is not a qualification.",
    "Poverty and illness are not scenery.",
    "No rain to match a mood.",
    "Do not let anyone be improved by love alone.",
    "Irony may not be used to avoid a feeling.",
)

_PHRASES = Phrases(
    untitled="Untitled",
    unknown_hero="the main character",
    unknown_thing="what everything turns on",
    unknown_stake="the one thing that cannot be replaced",
    unknown_rival="the other side",
    unknown_body="those in charge",
    unknown_place="the neighbourhood",
    unknown_conflicts=(
        "whoever helps will be asked who gave them the right",
        "both sides need the same thing and cannot share it",
    ),
    unknown_elements=("a thing nobody has a use for yet", "an empty hook on the wall"),
    leads=(
        "Take “{title}” at its word: “{told}.”",
        "One line of “{title}” holds the door open: “{told}.”",
        "Behind it stands a sentence from “{title}”: “{told}.”",
        "The place to begin is written down in “{title}”: “{told}.”",
        "“{told}.” So it says in “{title}”, and so it starts.",
        "What “{title}” mentions in passing, “{told}”, is the key.",
        "“{title}” gives the tuning note: “{told}.”",
        "Keep in mind, from “{title}”: “{told}.”",
    ),
    note_names=("As you asked", "Your note at work", "In your own words"),
    notes=(
        "“{wish}”: this governs what each scene may show and in which order.",
        "“{wish}” is the measure by which every scene earns its place.",
        "From the opening onwards the telling keeps to this: “{wish}”.",
        "Where two versions of a scene compete, the one closer to “{wish}” is taken.",
        "“{wish}”, as you put it, and it decides what {hero} notices first.",
    ),
    included=(
        Facet(
            "{term}",
            "Room is made for {term}, and with this in sight {heros} choice becomes a different one.",
            "{Hero} meets with {term} at the point where turning back would still be easy.",
        ),
        Facet(
            "{term}",
            "By way of {term} the argument takes on flesh, in front of people who never asked for one.",
            "With {term} in plain view, {hero} can no longer treat “{title}” as somebody else’s story.",
        ),
    ),
    included_turns=(
        "From here on there is no getting round {term}.",
        "Nothing tips the balance like {term}.",
        "Then, with {term}, everything turns a corner.",
    ),
    trait_turns=(
        "From the first page {who} is {trait}, and it shows in what is done, never in what is said.",
        "Being {trait} is what carries {who} through the middle of the story, and what it costs is shown as well.",
    ),
    untrait_turns=(
        "Nothing of the old manner is left in {who}; in its place stands a patience that has to be learned.",
        "{Who} has put the former manner aside, and others take a while to believe it.",
    ),
    motive_turns=(
        "The reason {who} has for all this is one that even an enemy would have to grant.",
        "There is a reason behind what {who} does, older than the quarrel, and it holds.",
    ),
    age_turns={
        "years": "Here {who} is {years} years old, and every choice is weighed at that age.",
        "older": "Here {who} is older, with more behind and less time to put it right.",
        "younger": "Here {who} is younger, and does some things for the very first time.",
    },
    named_hero="{role} named {new}",
    renamed_turns=("The name is {new} from now on.", "It goes by the name of {new}."),
    longer_sentences=(
        "It takes its time, and the time is felt.",
        "Nothing of this is said aloud; all of it can be seen from the street.",
        "The second time it happens, everyone pretends it is the first.",
        "Somebody always has to clear away afterwards, and that person knows the most.",
        "It begins as a favour and is on the bill by Friday.",
        "Those who laugh about it earliest think about it longest.",
    ),
    longer_premises=(
        (
            "What begins as one person’s trouble is, within a week, the talk of every kitchen, and each kitchen "
            "tells it differently."
        ),
        "There is a way out, known from the start, and it leads past the one door that should have stayed shut.",
        "The longer it goes on, the less anybody can remember whose idea it was.",
    ),
    understanding=(
        "“{title}” stands. I looked for the argument beneath it: the themes below run from “{first}” to “{last}”.",
        "Starting from “{title}” and {hero}, I asked what the story is quarrelling about, from “{first}” to “{last}”.",
        "Under “{title}” lie several quarrels. These go from “{first}” to “{last}”, each with its own price.",
    ),
    understanding_wish="Your note “{wish}” is worked in.",
    understanding_fillers=(
        "People, conflicts and objects are taken from the concept as it is.",
        "None of them can be settled by being clever.",
        "Pick the one that makes you want to contradict it.",
    ),
    understanding_revised=(
        "You asked: “{wish}”. I changed what that touches in “{title}” and checked the rest against it.",
        "“{wish}”: I have carried that through “{title}”, sentence by sentence, wherever it applied.",
    ),
    understanding_kept=(
        "Everything you did not mention is as it was.",
        "What you had no quarrel with has stayed untouched.",
        "All else is word for word the same.",
    ),
    suggestions=(
        "Choose the theme in which you could argue both sides: “{first}” against “{second}”.",
        "Say which of the taboos you would dearly like to break; that is often where the book is.",
        "Ask for “{core}” in a darker or a lighter key and compare.",
        "Name one moment from “{title}” that the theme must explain; the next round will build on it.",
        "Take the motif “{motif}” from one theme and ask for it in another.",
    ),
    revision_suggestions=(
        "If this is it, confirm; the earlier version stays in the history either way.",
        "Name the sentence you like least, and it will be the next to change.",
        "Ask for a version without {element} and see whether you miss it.",
        "Say what {hero} should never do; a firm boundary sharpens the next round.",
    ),
)

MATERIAL_EN = ThemeMaterial(
    language="en",
    axes=(*AXES, *MORE_AXES),
    arcs=(*ARCS, *MORE_ARCS),
    conflicts=(*CONFLICTS, *MORE_CONFLICTS),
    symbols=(*SYMBOLS, *MORE_SYMBOLS),
    closers=CLOSERS,
    scenes=_SCENES,
    techniques=_TECHNIQUES,
    taboos=_TABOOS,
    tones=TONES,
    phrases=_PHRASES,
)
