"""What each kind of feedback means for a theme: the document with it obeyed, and all else kept.

Documents are plain JSON objects in the shape of a `Theme`. Whatever is asked leaves a sentence by which a reader sees
that it was heard; only what is not to occur can show itself by nothing but its absence.
"""

from typing import Any

import regex

from services.contexts.genesis.engine.directives import (
    ChangeAge,
    ChangeCount,
    ChangeLength,
    ChangeMotive,
    ChangeNumber,
    ChangeTone,
    ChangeTrait,
    Directive,
    Exclude,
    Include,
    Remark,
    Rename,
    Tone,
)
from services.contexts.genesis.engine.feedback.applying import exclude_from, rename_in
from services.contexts.genesis.engine.feedback.counting import in_numbers
from services.contexts.genesis.engine.stage_requests import Object
from services.contexts.genesis.engine.text import isolated, shortened
from services.contexts.genesis.engine.themes.writing import Workshop, axis_slots, pointing, write_facet
from services.contexts.genesis.engine.voice import capitalised, paragraph, phrase, sentence

TERM_MAX, WISH_MAX = 80, 160
_HERO_KINDS = regex.compile(
    r"(?:the\s+)?(?:hero(?:ine)?|protagonist|main\s+character|lead|him|her|them)|(?:男|女)?主(?:角|人公)|他|她", regex.I
)
_SENTENCE_END = regex.compile(r"(?<=[.!?]”?)\s+|(?<=[。！？]”?)(?!”)")
# Lists of a theme by the words people use for them, with how few and how many the shape allows.
_LISTS = (
    ("motifs", regex.compile(r"motif|image|意象|母题", regex.I), 3, 5),
    ("taboos", regex.compile(r"taboo|禁忌", regex.I), 3, 5),
    ("philosophical_questions", regex.compile(r"question|问题|追问", regex.I), 1, 12),
    ("narrative_techniques", regex.compile(r"technique|手法|技巧", regex.I), 1, 12),
    ("sub_themes", regex.compile(r"sub|子主题|分主题|副主题|侧面", regex.I), 1, 12),
)


def obeyed(document: Object, directive: Directive, shop: Workshop) -> Object:
    """Return a theme's document with one thing obeyed that was asked for."""
    match directive:
        case Rename(old=old, new=new):
            return _renamed(document, old, new, shop)
        case Exclude(term=term):
            return exclude_from(document, term, shop.subject.language)
        case Include(term=term):
            return _included(document, term, shop)
        case ChangeTone(tone=tone):
            return _in_tone(document, tone, shop)
        case ChangeAge() | ChangeTrait() | ChangeMotive():
            return _with_path(document, hero_sentence(directive, shop), shop)
        case ChangeCount(what=what, count=count):
            return _counted(document, what, count, shop)
        case ChangeNumber():
            return obeyed(document, in_numbers(directive, document), shop)
        case ChangeLength(direction=direction):
            return _lengthened(document, shop) if direction == "longer" else _shortened(document, shop)
        case Remark(text=text):
            return _noted(document, text, shop)


# --- Names and things ----------------------------------------------------------------------------------------------


def name_meant(old: str, shop: Workshop) -> str:
    """Return what is meant by an old name: a kind of person stands for the hero, as the story calls them."""
    return shop.subject.hero.called if _HERO_KINDS.fullmatch(old.strip()) else old


def _renamed(document: Object, old: str, new: str, shop: Workshop) -> Object:
    changed = rename_in(document, name_meant(old, shop), new)
    if changed != document:
        return changed
    turns = shop.material.phrases.renamed_turns
    return _with_arc(document, "opening", shop.say(shop.choices.one(new, turns), {"new": isolated(new)}), shop)


def _included(document: Object, term: str, shop: Workshop) -> Object:
    phrases, slots = shop.material.phrases, term_slots(term, shop)
    facet = write_facet(shop, shop.choices.one(f"include/{term}", phrases.included), slots).model_dump()
    turn = shop.say(shop.choices.one(f"turn/{term}", phrases.included_turns), slots)
    added = document | {"sub_themes": [*document["sub_themes"], facet]}
    return _with_arc(added, "rising", turn, shop)


def term_slots(term: str, shop: Workshop) -> dict[str, str]:
    """Return the slots of a sentence about something that is to occur."""
    short = isolated(phrase(shortened(term, TERM_MAX)))
    return shop.subject.slots(0) | {"term": short, "Term": capitalised(short)}


# --- Tone ----------------------------------------------------------------------------------------------------------


def _in_tone(document: Object, tone: Tone, shop: Workshop) -> Object:
    """Let everything that is felt sound otherwise, and take out what an earlier change of tone had put there."""
    words = shop.material.tones[tone]
    others = {other.technique.name for other in shop.material.tones.values()}
    kept = [entry for entry in document["narrative_techniques"] if entry.get("technique") not in others]
    endings = tuple(other.ending for other in shop.material.tones.values())
    technique = {"technique": words.technique.name, "description": words.technique.description}
    bare = without_sentences(document["thematic_arc"]["resolution"], endings)
    changed = document | {
        "emotional_core": capitalised(words.emotion),
        "target_impact": words.impact,
        "narrative_techniques": [technique, *kept],
        "thematic_arc": document["thematic_arc"] | {"resolution": bare},
    }
    return _with_arc(changed, "resolution", words.ending, shop)


def without_sentences(text: str, unwanted: tuple[str, ...]) -> str:
    """Return a text without some whole sentences of it."""
    for gone in unwanted:
        text = text.replace(f" {gone}", "").replace(gone, "").strip()
    return text


# --- People --------------------------------------------------------------------------------------------------------


def hero_sentence(change: ChangeAge | ChangeTrait | ChangeMotive, shop: Workshop) -> str:
    """Return the sentence that says how somebody of the story is to be."""
    phrases, slots = shop.material.phrases, shop.subject.slots(0)
    who = name_meant(change.who, shop) if change.who else shop.subject.hero.called
    person = slots | {"who": isolated(who), "Who": capitalised(isolated(who))}
    match change:
        case ChangeTrait(trait=trait, absent=absent):
            turns = phrases.untrait_turns if absent else phrases.trait_turns
            return shop.say(shop.choices.one(f"trait/{trait}", turns), person | {"trait": isolated(trait)})
        case ChangeMotive():
            return shop.say(shop.choices.one("motive", phrases.motive_turns), person)
        case ChangeAge(direction=direction, years=years):
            kind = "years" if years is not None else direction or "older"
            return shop.say(phrases.age_turns[kind], person | {"years": str(years)})


def _with_path(document: Object, text: str, shop: Workshop) -> Object:
    """Put a sentence in front of the first way in which the theme becomes visible: what the hero goes through."""
    first, *others = document["embodiment_paths"]
    told = paragraph((text, first["description"]), shop.subject.language)
    return document | {"embodiment_paths": [first | {"description": told}, *others]}


# --- Counts and lengths --------------------------------------------------------------------------------------------


def _counted(document: Object, what: str, count: int, shop: Workshop) -> Object:
    """Return as many of a list as were asked for, as far as its shape allows; how many themes is not decided here."""
    for name, pattern, least, most in _LISTS:
        if pattern.search(what):
            wanted = min(max(count, least), most)
            items = [*document[name], *_spare(document, name, shop)]
            return document | {name: items[:wanted]}
    return document


def _spare(document: Object, name: str, shop: Workshop) -> list[Any]:
    """Return further items for a list, out of all arguments of the material, without those that stand there."""
    found: list[Any] = []
    for axis in shop.choices.ordered(f"spare/{name}", shop.material.axes):
        slots = axis_slots(shop, axis, 0)
        match name:
            case "motifs":
                found += axis.motifs[:1]
            case "taboos":
                found += axis.taboos[:1]
            case "philosophical_questions":
                found += list(shop.fitting(axis.questions, slots))[:1]
            case "sub_themes":
                found.append(write_facet(shop, axis.facets[0], slots).model_dump(mode="json"))
            case _:
                technique = shop.choices.one(f"spare/{axis.key}", shop.material.techniques)
                found.append({"technique": technique.name, "description": technique.description})
    return [item for place, item in enumerate(found) if item not in document[name] and item not in found[:place]]


def _lengthened(document: Object, shop: Workshop) -> Object:
    """Return the theme told at greater length: every side of it, every way, and more of what it asks."""
    extra = shop.choices.ordered("longer", shop.material.phrases.longer_sentences)
    language = shop.subject.language
    sides = [
        side
        | {"description": paragraph((sentence(side["description"], language), extra[place % len(extra)]), language)}
        for place, side in enumerate(document["sub_themes"])
    ]
    slots = shop.subject.slots(1)
    closers = list(shop.fitting(shop.choices.ordered("longer/paths", shop.material.closers), slots))
    paths = [
        path
        | {"description": paragraph((path["description"], *_unsaid(path["description"], closers, place)), language)}
        for place, path in enumerate(document["embodiment_paths"])
    ]
    more = _spare(document, "philosophical_questions", shop)[:2]
    questions = [*document["philosophical_questions"], *more]
    return document | {"sub_themes": sides, "embodiment_paths": paths, "philosophical_questions": questions}


def _unsaid(text: str, closers: list[str], place: int) -> list[str]:
    """Return two sentences that the text does not end with yet."""
    new = [closer for closer in closers if closer not in text]
    return [*new[place * 2 :], *new[: place * 2]][:2]


def _shortened(document: Object, shop: Workshop) -> Object:
    """Return the theme in fewer words: the first sentence of what is told, one example, half of each way."""
    sides = [
        side | {"description": first_sentences(side["description"], 1), "examples": side["examples"][:1]}
        for side in document["sub_themes"]
    ]
    paths = [path | {"description": halved(path["description"])} for path in document["embodiment_paths"]]
    arc = {name: first_sentences(text, 1) for name, text in document["thematic_arc"].items()}
    return document | {
        "sub_themes": sides[:2],
        "embodiment_paths": paths,
        "thematic_arc": arc,
        "philosophical_questions": document["philosophical_questions"][:2],
    }


def first_sentences(text: str, count: int) -> str:
    """Return the beginning of a text, whole sentences only."""
    parts = [part for part in _SENTENCE_END.split(text) if part]
    return ("" if "。" in text else " ").join(parts[:count])


def halved(text: str) -> str:
    """Return the first half of a text's sentences, at least one."""
    return first_sentences(text, max(1, len([part for part in _SENTENCE_END.split(text) if part]) // 2))


# --- Anything else -------------------------------------------------------------------------------------------------


def _noted(document: Object, text: str, shop: Workshop) -> Object:
    """Take a remark up in its own words, and bring in the side of another argument that it points at."""
    phrases, slots = shop.material.phrases, shop.subject.slots(0)
    wish = isolated(phrase(shortened(text, WISH_MAX)))
    note = {
        "technique": shop.choices.one(f"note/{text}", phrases.note_names),
        "description": shop.say(shop.choices.one(f"noted/{text}", phrases.notes), slots | {"wish": wish}),
    }
    told = document | {"narrative_techniques": [note, *document["narrative_techniques"]]}
    axis = max(shop.material.axes, key=lambda axis: pointing(axis, text))
    if not pointing(axis, text):
        return told
    side = write_facet(shop, shop.choices.one(f"side/{text}", axis.facets), axis_slots(shop, axis, 0))
    names = {entry.get("name") for entry in document["sub_themes"]}
    return told if side.name in names else told | {"sub_themes": [*told["sub_themes"], side.model_dump(mode="json")]}


def _with_arc(document: Object, moment: str, text: str, shop: Workshop) -> Object:
    """Add a sentence to a moment of the arc."""
    arc = document["thematic_arc"]
    before = sentence(arc[moment], shop.subject.language) if arc[moment] else ""
    return document | {"thematic_arc": arc | {moment: paragraph((before, text), shop.subject.language)}}
