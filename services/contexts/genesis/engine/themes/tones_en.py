"""What a change of tone adds, in English. No slots, so that the next change finds every word of it again."""

from collections.abc import Mapping

from services.contexts.genesis.engine.directives import Tone
from services.contexts.genesis.engine.themes.material import Technique, ToneWords

TONES: Mapping[Tone, ToneWords] = {
    "darker": ToneWords(
        "darker",
        "darker, with no easy exits",
        "It is told in a darker key: help comes late here, and always to the wrong door.",
        "a dark dread that has learned good manners",
        "The dark should stay with the reader after the lamp is lit again.",
        "The ending is darker than anyone had bargained for, and nobody is spared knowing why.",
        Technique(
            "Darker shading", "Each chapter ends a shade darker than it began; light comes only from things on fire."
        ),
        "a kindness that does lasting harm in the dark",
    ),
    "lighter": ToneWords(
        "lighter",
        "lighter, quick on its feet",
        "It is told in a lighter key: trouble arrives, trips over the mat and is given tea.",
        "a light heart that knows what it is up against",
        "Readers should come away lighter by something they had carried for years.",
        "The ending is lighter than feared; something opens and warm air comes in.",
        Technique(
            "A lighter touch",
            "Weighty matters are settled during small pleasures, and scenes stop while they are still bright.",
        ),
        "a light left on in the hall for whoever comes last",
    ),
    "funnier": ToneWords(
        "funnier",
        "funny where it hurts",
        "It is told in a funnier key: everyone is perfectly serious, and that is the joke.",
        "laughter that arrives a second before the tears would",
        "Readers should laugh aloud on a train and be asked what is so funny.",
        "The ending is a funny one, and the joke is on those who saw it coming.",
        Technique(
            "Funny by precision",
            "The comic lies in exactness: wrong forms, right stamps, and people who are literal at the worst moment.",
        ),
        "a running joke that turns serious at exactly the wrong moment",
    ),
    "sadder": ToneWords(
        "sadder",
        "sad, without raising its voice",
        "It is told in a sadder key: what is lost is named once and then only walked round.",
        "sorrow that does the washing-up",
        "The sadness should arrive a day after the last page, over something trivial.",
        "The ending is sad and clean, like a room after the removal men.",
        Technique(
            "Sad by omission",
            "The saddest events fall between two chapters; we get the evening before and the laundry after.",
        ),
        "a birthday kept up, sadly, for somebody who left",
    ),
    "romantic": ToneWords(
        "more romantic",
        "romantic, with a slow, wary tenderness",
        "It is told in a more romantic key: two people keep finding reasons to stand at the same window.",
        "love that has not yet been introduced to itself",
        "Readers should fall a little in love, and not with the one they expected.",
        "The ending is romantic in the strict sense: two people choose, and it costs them.",
        Technique("Romance at arm’s length", "Love is shown by what each notices about the other and does not use."),
        "a love story told entirely through borrowed objects",
    ),
    "tenser": ToneWords(
        "tenser",
        "tense, tightly wound",
        "It is told in a tenser key: there is always one hour less than everybody thinks.",
        "tension that sits in the shoulders and will not be talked down",
        "The tension should make readers check the door, then read on standing up.",
        "The ending keeps its suspense up to the last line but one.",
        Technique(
            "Tension by delay", "Readers know one fact more than anyone in the room, and each scene postpones its use."
        ),
        "a deadline that everyone can see and nobody mentions",
    ),
    "calmer": ToneWords(
        "calmer",
        "calm, with long breaths",
        "It is told in a calmer key: seasons pass, bread rises, and decisions ripen unobserved.",
        "a calm that has been through something",
        "Readers should breathe more slowly by the third chapter and more calmly by the last.",
        "The ending is calm: what had to happen has happened, and there is time.",
        Technique("Calm pacing", "Quiet scenes are allowed their full length; the great events take a paragraph."),
        "an hour of every day in which, by calm agreement, nothing is decided",
    ),
    "stranger": ToneWords(
        "stranger",
        "strange, and matter-of-fact about it",
        "It is told in a stranger key: the impossible is reported in the voice of a parish newsletter.",
        "a strange joy at not recognising one’s own street",
        "Readers should find their own kitchen slightly strange for a week.",
        "The ending is strange and exact, like a door painted on a door.",
        Technique(
            "The strange made plain", "Nothing strange is ever remarked upon; only ordinary things cause astonishment."
        ),
        "a strange custom whose reason everybody knows differently",
    ),
    "simpler": ToneWords(
        "simpler",
        "simple and clear, one thread at a time",
        "It is told in a simpler key: one wish, one obstacle, one day after another.",
        "one simple feeling, followed to its end",
        "Readers should be able to retell it, simply and whole, to a child.",
        "The ending is simple: one thing is done that should have been done at the start.",
        Technique(
            "Simple lines", "One point of view, the order of time, and simple words for what is not simple at all."
        ),
        "a simple question that is put to everyone in turn",
    ),
    "grander": ToneWords(
        "grander",
        "grand, with a wide horizon",
        "It is told in a grander key: behind every private quarrel a whole country holds its breath.",
        "awe before something grand that does not look back",
        "Readers should look up from the page as if from a grand view, slightly dizzy.",
        "The ending is grand in scale and small in gesture.",
        Technique(
            "The grand scale",
            "Each private scene is answered by one seen from very far above, in which the same people are dots.",
        ),
        "a grand undertaking that will outlast everyone who began it",
    ),
    "realistic": ToneWords(
        "more realistic",
        "realistic, grounded in everyday detail",
        "It is told in a more realistic key: everything has a price, a date and somebody who cleans it.",
        "a realistic sort of hope, with its sleeves rolled up",
        "Readers should believe that they could find the place, realistically, by bus.",
        "The ending is realistic: some of it is mended, and there is work on Monday.",
        Technique(
            "Realistic detail",
            "Money, hours and tools are always exact; nothing happens that could not be entered on a form.",
        ),
        "every marvel described, realistically, through its paperwork",
    ),
}
