"""All the built-in author knows in English. Straight quotes here become typographic ones on the page."""

from services.contexts.genesis.engine.genres_en import GENRES
from services.contexts.genesis.engine.material import Material, Phrases, Wish
from services.contexts.genesis.engine.situations_en import PREDICAMENTS, SITUATIONS

_PHRASES = Phrases(
    openings=(
        " has kept quiet about it for eleven years.",
        " has told exactly one person, and that person is gone.",
        " would give a great deal to be ordinary.",
        " has always believed there was no harm in it.",
        " has never met anyone who could explain why.",
        " is the last person anyone would call dangerous.",
        " has built a whole life around not being noticed.",
        " knows perfectly well how that sounds.",
        " stopped asking for explanations long ago.",
        " has a rule for every day of the week, and breaks one on the first page.",
        " is about to become the most wanted person for miles.",
        " has got away with it so far.",
    ),
    statement_links=(
        "{A_hero} is the first to understand what that means.",
        "{A_hero} has the most to lose by it, and is the last to be told.",
        "Everyone looks to {a_hero} for an answer, and the answer is not safe.",
        "Nobody asked {a_hero}, which was the first mistake.",
        "It might have passed unnoticed, had it not been for {a_hero}.",
    ),
    question_links=(
        "For {a_hero} it stops being a question one Thursday in March.",
        "{A_hero} is the first to find out, and the first to regret it.",
        "{A_hero} would rather not know, and is not given the choice.",
        "{A_hero} has lived with the answer for years and told nobody.",
    ),
    keyword_links=(
        '"{idea}": to most people no more than words. To {a_hero}, they are a confession.',
        '"{idea}" is all it says on the note that {a_hero} finds under the door.',
        '"{idea}", runs an old inscription, and {a_hero} is the first in a century to take it literally.',
        '"{idea}": so begins the message that {a_hero} was never meant to read.',
    ),
    quoted_ideas=(
        'It begins with your own words, "{idea}", and with {a_hero}, who is about to find out what they cost.',
        'Taken at its word, "{idea}" leads straight to {a_hero}.',
        'At the root of it lies "{idea}"; at the heart of it stands {a_hero}.',
        '"{idea}": the thought is yours, and {a_hero} will have to live with it.',
    ),
    worlds=(
        "{In_place}, {rule}.",
        "The place is {place}. There, {rule}.",
        "All of it happens {in_place}, and there {rule}.",
        "Home is {place}; there, {rule}.",
    ),
    worlds_elsewhere=(
        "The trail leads to {place}. There, {rule}.",
        "Its consequences are felt first {in_place}, for there {rule}.",
        "Sooner or later everything comes down to {place}; there, {rule}.",
        "The answer has been waiting {in_place}. There, {rule}.",
    ),
    idea_titles=("{ThingAlone}", "{emblem} and {Thing}", "{TheRole} and the {emblem}"),
    idea_things=(
        "the reason for all this",
        "the only exception to all this",
        "the one way to put an end to all this",
        "the earliest proof of all this",
        "the hidden record of all this",
    ),
    keyword_things=(
        "the true meaning of those words",
        "the other half of the message",
        "the name at the end of the message",
        "the first reader's reply",
    ),
    collision_elements=(
        "a figure out of {other} at large in {label}: {rival}",
        "{label} with one door left open to {other}, through which comes {rival}",
        "the laws of {label} tested by somebody who obeys those of {other}: {rival}",
    ),
    wish_element="your wish, woven in: {wish}",
    keyword_element='"{keyword}" as a sign that changes its meaning three times',
    understanding_idea=(
        (
            'You want a story that grows out of "{idea}". I kept your words as they are and asked what they '
            "would cost someone."
        ),
        (
            'I read "{idea}" as a story about a choice that cannot be put off. Your words stay; the pressure '
            "around them is new."
        ),
        'The pull of "{idea}" lies in what it leaves unsaid. Each concept below answers that silence in another key.',
    ),
    understanding_invented=(
        (
            "You left the page open, so I began with people who have something to lose. The concepts below run "
            "from {first} to {last}."
        ),
        (
            "Nothing was fixed, so I looked for places with one strange law and someone who cannot obey it: from "
            "{first} to {last}."
        ),
        (
            "With no idea to start from, I let unlikely things collide and kept what caught fire, from {first} "
            "to {last}."
        ),
    ),
    understanding_merge=(
        (
            'You want "{first}" and "{last}" in one story. I kept what made each of them worth choosing and '
            "looked for the hinge."
        ),
        (
            '"{first}" and "{last}" share a nerve. Each version below joins them at another point and keeps '
            "something of both."
        ),
    ),
    understanding_wish='Your note "{wish}" is worked into each.',
    understanding_fillers=(
        "Each turns on one hard choice.",
        "Pick the one you would miss most.",
        "All of them are open to change.",
    ),
    suggestions=(
        (
            "Choose the concept whose hardest choice you would dread yourself, and ask for a darker or a gentler "
            "version."
        ),
        "Name one thing that must not happen in this story; a firm boundary sharpens the next round.",
        'Ask how "{one}" might end, and see whether you would still want to get there.',
        'Put the main character of "{one}" into the world of "{two}" and see what has to change.',
        'Say in one sentence what "{one}" should make its reader feel; the next round will aim for that.',
        'Challenge "{two}" with a counter-example: when would its main character simply walk away?',
    ),
    suggestion_weak='"{title}": {advice}',
    suggestion_merge='Merge "{one}" and "{two}": the first has more {strength_one}, the second more {strength_two}.',
    fusions=(
        (
            'What if "{one}" and "{two}" were two halves of one story? {hook_one} {hook_two} What joins them is '
            "{element_one}; what threatens to part them again is {element_two}."
        ),
        (
            '"{one}" lends its rules and "{two}" lends its heart. It opens on {element_two}. {hook_two} Then the '
            "other story breaks in with {element_one}."
        ),
        (
            '"{two}" becomes the secret history of "{one}". {hook_one} The proof that it all happened before is '
            "{element_two}, hidden behind {element_one}."
        ),
        (
            'By day it is "{one}", by night "{two}". {hook_two} The same people live both halves, and '
            "{element_one} must never meet {element_two}."
        ),
        (
            'Somebody in "{one}" is reading "{two}" as if it were fiction. {hook_one} Then the reader comes '
            "across {element_two} in real life, next to {element_one}."
        ),
        (
            '"{one}" ends where "{two}" begins, and nobody noticed the seam. {hook_one} {hook_two} Pull at '
            "{element_two}, and you loosen {element_one}."
        ),
    ),
    fusion_links=(
        'From "{title}" comes {element}.',
        '"{title}" adds {element}.',
        'Underneath lies something out of "{title}": {element}.',
    ),
    fusion_heroes=(
        "Between them stands {a_hero}.",
        "The one who has to hold it together is {a_hero}.",
        "Only {a_hero} belongs to both.",
    ),
    fusion_element='{element} (from "{title}")',
    collided_genres="{one} \u00d7 {two}",
    subtyped_genre="{genre}: {subtype}",
    styled_tone="{style}; {tone}",
    sized_length="about {number} words",
)

# Each pattern is looked for in a person's feedback; a wish that is denied ("less dark") changes nothing by itself.
_WISHES = (
    Wish(
        r"funn|humou?r|comic|comedy|laugh|jok(?:e|ing)|light-?hearted|wit(?:ty)?\b",
        "funny where it hurts",
        "laughter as courage",
        "a running joke that turns serious at exactly the wrong moment",
    ),
    Wish(
        r"dark|grim|bleak|sinister|scar(?:y|ier)",
        "darker, with no easy exits",
        "the price of looking away",
        "a kindness that does lasting harm",
    ),
    Wish(
        r"romanc|romantic|love (?:story|interest)|in love|tender",
        "with a slow, wary tenderness",
        "love against one's interest",
        "a love story told entirely through borrowed objects",
    ),
    Wish(
        r"suspens|tense|tension|thrill|myster|puzzle|twist",
        "tightly wound",
        "trust under pressure",
        "a twist that is printed in plain sight in the opening scene",
    ),
    Wish(
        r"hope|hopeful|warm|happy ending|gentle|cosy|cozy|kind(?:er|ness)",
        "warm at the core",
        "stubborn hope",
        "an ending that is earned by a small kindness early on",
    ),
    Wish(
        r"fast|pace|action|urgent|quick",
        "fast, with short scenes",
        "deciding before one is ready",
        "scenes that each end one step before the expected point",
    ),
    Wish(
        r"heroine|female|woman|women|girl|sister|mother",
        "close to its heroine",
        "women who keep each other's secrets",
        "a heroine whose mistakes drive the plot",
    ),
    Wish(
        r"famil|father|brother|parent|sibling|child",
        "intimate, at kitchen-table distance",
        "family as a riddle",
        "a family quarrel that mirrors the great conflict in small",
    ),
    Wish(
        r"friend",
        "companionable",
        "friendship put to the test",
        "a friendship with its own written rules",
    ),
    Wish(
        r"politic|society|social|class\b|power|justice",
        "clear-eyed about power",
        "who profits from the way things are",
        "a minor official whose signature decides everything",
    ),
    Wish(
        r"nature|animal|sea\b|forest|environment|climate",
        "weathered and open-air",
        "living with what cannot be owned",
        "a landscape that behaves like a character",
    ),
    Wish(
        r"realis|believable|grounded|everyday|ordinary",
        "grounded in everyday detail",
        "the weight of ordinary days",
        "every marvel described through its paperwork",
    ),
)

MATERIAL_EN = Material(
    language="en",
    genres=GENRES,
    situations=SITUATIONS,
    predicaments=PREDICAMENTS,
    wishes=_WISHES,
    phrases=_PHRASES,
)
