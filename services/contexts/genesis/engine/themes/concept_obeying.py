"""What each kind of feedback means for a concept: the document with it obeyed, and all else kept."""

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
from services.contexts.genesis.engine.library import material_for
from services.contexts.genesis.engine.scoring import WISH_EXCERPT_MAX
from services.contexts.genesis.engine.stage_requests import Object
from services.contexts.genesis.engine.text import isolated, shortened
from services.contexts.genesis.engine.themes.obeying import (
    first_sentences,
    halved,
    hero_sentence,
    name_meant,
    term_slots,
    without_sentences,
)
from services.contexts.genesis.engine.themes.writing import Workshop
from services.contexts.genesis.engine.voice import paragraph, sentence

_LISTS = (
    ("unique_elements", regex.compile(r"element|元素|亮点", regex.I)),
    ("potential_conflicts", regex.compile(r"conflict|冲突", regex.I)),
    ("themes", regex.compile(r"theme|主题", regex.I)),
)


def obeyed_in_concept(document: Object, directive: Directive, shop: Workshop) -> Object:
    """Return a concept's document with one thing obeyed that was asked for."""
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
            return _told(document, hero_sentence(directive, shop), shop)
        case ChangeCount(what=what, count=count):
            return _counted(document, what, count)
        case ChangeNumber():
            return obeyed_in_concept(document, in_numbers(directive, document), shop)
        case ChangeLength(direction=direction):
            return _lengthened(document, shop) if direction == "longer" else _shortened(document)
        case Remark(text=text):
            return _noted(document, text, shop)


def _renamed(document: Object, old: str, new: str, shop: Workshop) -> Object:
    """Let something have a new name; a hero who had none is introduced as before and called by it afterwards."""
    meant = name_meant(old, shop)
    changed = rename_in(document, meant, new)
    if changed == document:
        turns = shop.material.phrases.renamed_turns
        return _told(document, shop.say(shop.choices.one(new, turns), {"new": isolated(new)}), shop)
    is_kind = meant != old
    return changed | {"premise": _introduced(changed["premise"], meant, new, shop)} if is_kind else changed


def _introduced(premise: str, hero: str, new: str, shop: Workshop) -> str:
    """Return the premise with role and name where the hero comes in: "a keeper named Ada"."""
    role = hero.removeprefix("the ")
    named = shop.say(shop.material.phrases.named_hero, {"role": role, "new": new})
    # A Chinese role has no article, so the rule for whole documents has renamed its introduction already.
    found = regex.search(rf"(?<=\ban? ){regex.escape(role)}|(?<=的|一[个名位]){regex.escape(new)}", premise)
    found = found or regex.search(rf"(?<=\bAn? ){regex.escape(role)}", premise)
    return premise[: found.start()] + named + premise[found.end() :] if found else premise


def _included(document: Object, term: str, shop: Workshop) -> Object:
    turns = shop.material.phrases.included_turns
    slots = term_slots(term, shop)
    elements = [*document["unique_elements"], slots["term"]]
    return _told(
        document | {"unique_elements": elements}, shop.say(shop.choices.one(f"turn/{term}", turns), slots), shop
    )


def _in_tone(document: Object, tone: Tone, shop: Workshop) -> Object:
    """Let the concept sound otherwise, without what an earlier change of tone had put there."""
    tones = shop.material.tones
    words = tones[tone]
    gone = {other.element for other in tones.values()}
    elements = [element for element in document["unique_elements"] if element not in gone]
    premise = without_sentences(document["premise"], tuple(other.turn for other in tones.values()))
    changed = document | {"tone": words.tone, "unique_elements": [*elements, words.element], "premise": premise}
    return _told(changed, words.turn, shop)


def _counted(document: Object, what: str, count: int) -> Object:
    """Return no more of a list than were asked for; what is not there is not made up."""
    for name, pattern in _LISTS:
        if pattern.search(what):
            return document | {name: document[name][: max(count, 1)]}
    return document


def _lengthened(document: Object, shop: Workshop) -> Object:
    for more in shop.choices.ordered("longer", shop.material.phrases.longer_premises)[:2]:
        document = _told(document, more, shop) if more not in document["premise"] else document
    return document


def _shortened(document: Object) -> Object:
    return document | {
        "premise": halved(document["premise"]),
        "usp": first_sentences(document["usp"], 1),
        "unique_elements": document["unique_elements"][:3],
        "potential_conflicts": document["potential_conflicts"][:2],
    }


def _noted(document: Object, text: str, shop: Workshop) -> Object:
    """Take a remark up in its own words."""
    phrases = material_for(shop.subject.language).phrases
    note = shop.say(phrases.wish_element, {"wish": isolated(shortened(text, WISH_EXCERPT_MAX))})
    return document | {"unique_elements": [*document["unique_elements"], note]}


def _told(document: Object, text: str, shop: Workshop) -> Object:
    """Add a sentence to the premise."""
    language = shop.subject.language
    before = sentence(document["premise"], language) if document["premise"] else ""
    return document | {"premise": paragraph((before, text), language)}
