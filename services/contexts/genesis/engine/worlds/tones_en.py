"""How English worlds sound otherwise."""

from services.contexts.genesis.engine.directives import Tone
from services.contexts.genesis.engine.worlds.material import ToneWords


def _tone(geography: str, history: str, culture: str, rules: str, society: str, *tails: str) -> ToneWords:
    turns = {"geography": geography, "history": history, "culture": culture, "rules": rules, "society": society}
    return ToneWords(turns, tails)


TONES_EN: dict[Tone, ToneWords] = {
    "darker": _tone(
        "Even at noon it lies in a dark that lamps only outline; those who wander off are not searched for.",
        "Its dark pages were not torn out but learned by heart, as a threat.",
        "Beneath each courtesy lies a grim arithmetic of who may be let go.",
        "Mercy was tried once; the grave is dark, and visited as a warning.",
        "Whoever sinks is not caught, and the dark under {city} is full of people who once had names.",
        "Some of what it took is still down there, in the dark.",
        "Nobody who paid for it died well.",
        "The grim part is that everyone agreed.",
    ),
    "lighter": _tone(
        "The light is generous there, and getting lost usually ends at somebody's table.",
        "Its villains were ridiculous and mostly pardoned, with light sentences and heavy puddings.",
        "People laugh easily, at themselves first, and carry their sorrows as light luggage.",
        "Most verdicts end in {food}, and judges are known for a light hand.",
        "Rank is taken lightly: a duke who cannot laugh is sent to bed.",
        "Children have claimed it, and nobody minds.",
        "It makes the day a little lighter.",
        "Strangers leave it smiling.",
    ),
    "funnier": _tone(
        "Signposts point at each other; the one joke all {land} understands is asking the way.",
        "The decisive battle was lost through a funny hat, and the hat has a museum.",
        "A solemn face is regarded as a funny accident, and treated with {food}.",
        "Courts are funny by statute: a verdict without a laugh is void.",
        "The {body} meets in a room too small for it, which is funny only from outside.",
        "It has never once worked, and there is a waiting list.",
        "The joke is older than the thing.",
        "Officially this is not funny.",
    ),
    "sadder": _tone(
        "From every window one sees a place somebody sad has stopped visiting.",
        "What was lost had no monument but an extra plate, sad and clean.",
        "Songs break off before the last line; to finish them would be too sad.",
        "The law is kindest to those who no longer need it, which is its sorrow.",
        "Everyone has been left by somebody and sets the table for them, a sad hospitality.",
        "It belonged to a child who did not grow up.",
        "People touch it in passing, with a sorrow they do not mention.",
        "Whoever made it had no one to give it to.",
    ),
    "romantic": _tone(
        "Paths were trodden by lovers before they were roads, and still bend towards a kiss.",
        "Its treaties were drafted as love letters, and broken like them.",
        "Courtship is the chief art: hearts are asked for in public and refused with flowers.",
        "A vow of love outweighs any contract, as long as it is spoken in {weather}.",
        "Marriages across the ranks are forbidden, romantic, and more frequent each spring.",
        "Two names are scratched on it, one above the other.",
        "Lovers meet there without arranging to.",
        "It is given once, to the person one dreams of.",
    ),
    "tenser": _tone(
        "There is one way out, it is watched, and the {weather} is closing in on a tense horizon.",
        "The truce runs out this {span}; the clocks are tense, and so are those who wind them.",
        "Conversations are tense: one listens for the word that was left out.",
        "A deadline hangs over all of it; after the third bell pardons are void.",
        "Informers outnumber bakers, and every knock makes a tense silence.",
        "Somebody has been asking for it, urgently.",
        "There is not enough time to hide it twice.",
        "It is watched from two sides.",
    ),
    "calmer": _tone(
        "Evenings are long and calm, and the water takes its time.",
        "Old wounds have closed into calm stories told over peeling potatoes.",
        "People speak quietly, finish sentences, and keep a calm hour after meals.",
        "Nothing is judged on the day it happens; calm is the first clause.",
        "Offices open late, close early, and harm nobody in between: a calm government.",
        "It can wait; it always has.",
        "Around it one lowers one's voice, calmly.",
        "The quiet there is complete.",
    ),
    "stranger": _tone(
        "Distances differ by who asks, and the horizon is strange at close range.",
        "Two strange years occurred twice, with other survivors.",
        "Mirrors are introduced to guests, by strange first names.",
        "The rule has begun to keep itself, in strange handwriting.",
        "One seat in the council is held by a strange quiet nobody elected.",
        "On some days there are two of it, a strange number.",
        "It is uncanny chiefly from behind.",
        "It seems to be expecting somebody.",
    ),
    "simpler": _tone(
        "Put simply: a hill, the {river}, a road between them.",
        "In simple words: they came, they stayed, they quarrelled, they stayed.",
        "Simple things count: bread, a bed, keeping one's word.",
        "It is a simple rule. One pays for what one takes.",
        "There are those who have and those who carry; it is that simple.",
        "It is plain and does what it should.",
        "Simple as it is, people rely on it.",
        "Anybody can explain it.",
    ),
    "grander": _tone(
        "Its ranges are so grand that clouds have estates there, and {number} nations share one view.",
        "Dynasties rose and burned for it; the grand staircase of {city} has a step for every king.",
        "Its festivals are grand enough to be seen by ships two days out.",
        "The law is carved on cliffs in grand letters, each taller than a mast.",
        "A thousand banners answer to the {body}, and its grand assembly fills a valley.",
        "Epics of a hundred cantos begin with it.",
        "Its grandeur has ruined emperors.",
        "The whole continent sets its clocks by it.",
    ),
    "realistic": _tone(
        "In practice drains decide where one lives, and the real border is the bus fare.",
        "What really happened was slower: bad harvests, tired clerks, a vote few attended.",
        "People keep up what they can afford; real life happens between invoices.",
        "In practice cases are settled in corridors, by tired people with real mortgages.",
        "Real influence lies with the payroll office and whoever orders the coal.",
        "It needs repairs, for which there is a budget line.",
        "In practice it opens from nine to four.",
        "The real reason was rent.",
    ),
}
