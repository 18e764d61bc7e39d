"""Obeying: one thing that was asked for, done to a world, and nothing else of it touched."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

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
from services.contexts.genesis.engine.foundations import REQUIRED_DIMENSIONS, World
from services.contexts.genesis.engine.stage_requests import Object
from services.contexts.genesis.engine.text import isolated, shortened
from services.contexts.genesis.engine.voice import paragraph, phrase, sentence
from services.contexts.genesis.engine.worlds.bans import bans_magic, bare
from services.contexts.genesis.engine.worlds.composing import spare_world
from services.contexts.genesis.engine.worlds.counting import counted
from services.contexts.genesis.engine.worlds.excluding import purged
from services.contexts.genesis.engine.worlds.ground import Ground
from services.contexts.genesis.engine.worlds.kinds import entry_type_of, name_meant, side_meant
from services.contexts.genesis.engine.worlds.naming import called_anew
from services.contexts.genesis.engine.worlds.powers import matter_and_art, write_power
from services.contexts.genesis.engine.worlds.saved import kept_world
from services.contexts.genesis.engine.worlds.sentences import sentences
from services.contexts.genesis.engine.worlds.sides import EXAMPLES_MAX, write_examples
from services.contexts.genesis.engine.worlds.writing import Scribe

_TERM_MAX, _WISH_MAX = 60, 120
_TAILED = 3
# "a school", "一座学校": how something is introduced is no part of what it is called.
_MEASURE = regex.compile(r"^[一两三几数][座家条艘只张块栋间处所片个位名群种支把口本匹头件]")


def obeyed(world: World, directives: Iterable[Directive], ground: Ground, scribe: Scribe) -> World:
    """Return the world with all of this done to it, in this order."""
    for place, directive in enumerate(directives):
        own = scribe.under("obey", place)
        before = world.model_dump(mode="json")
        document = _obeyed(before, directive, ground, own)
        if isinstance(directive, Rename):
            meant = name_meant(directive.old.strip(), before, own)
            scribe = replace(scribe, names=called_anew(scribe.names, meant, directive.new.strip() or meant))
        world = kept_world(document, spare_world(ground, scribe.under("obey", place), document))
    return world


def _obeyed(document: Object, directive: Directive, ground: Ground, scribe: Scribe) -> Object:
    match directive:
        case Rename(old=old, new=new):
            return _renamed(document, old.strip(), new.strip(), scribe)
        case Exclude(term=term):
            return _excluded(document, bare(term), scribe)
        case Include(term=term):
            return _included(document, phrase(term), ground, scribe)
        case ChangeTone(tone=tone):
            return _in_tone(document, tone, scribe)
        case ChangeCount(what=what, count=count):
            return counted(document, what, count, ground, scribe)
        case ChangeNumber():
            return _obeyed(document, in_numbers(directive, document), ground, scribe)
        case ChangeLength(direction=direction):
            return _lengthened(document, scribe) if direction == "longer" else _shortened(document)
        case ChangeTrait() if directive.trait.strip():
            return _described(document, directive, scribe)
        case Remark(text=text):
            return _remarked(document, text, ground, scribe)
        case ChangeAge() | ChangeTrait() | ChangeMotive():
            # A world has no people: whose age, manner or reason it is, is not decided here.
            return document


# --- Names and things ----------------------------------------------------------------------------------------------


def _renamed(document: Object, old: str, new: str, scribe: Scribe) -> Object:
    if not old or not new:
        return document
    changed = rename_in(document, name_meant(old, document, scribe), new)
    if changed != document:
        return changed
    return _with_sentence(document, "culture", scribe.material.frames.renamed, scribe, new=isolated(new))


def _excluded(document: Object, term: str, scribe: Scribe) -> Object:
    if not term:
        return document
    left = purged(document, term, scribe)
    for key in ("dimensions", "power_system"):
        if isinstance(left[key], dict):
            left[key] = exclude_from(left[key], term, scribe.language)
    lists = exclude_from({"entries": left["entries"], "glossary": left["glossary"]}, term, scribe.language)
    return left | lists


def _included(document: Object, term: str, ground: Ground, scribe: Scribe) -> Object:
    """Return the document with an entry about the thing and a sentence that speaks of it."""
    if not term:
        return document
    words = isolated(shortened(term, _TERM_MAX))
    given = {"term": words, "thing": isolated(_MEASURE.sub("", bare(shortened(term, _TERM_MAX))) or term)}
    forms = scribe.material.frames.included
    form, text = scribe.select("included", forms, lambda form: form.text, 1, given)[0]
    entry = {
        "entry_type": entry_type_of(term, scribe.material),
        "name": scribe.say(form.name, "included/name", given),
        "description": text,
        "tags": [scribe.names.fixed["land"]],
    }
    added = document | {"entries": [*document["entries"], entry]}
    if bans_magic((term,), scribe.material) and not added["power_system"]:
        knowing = scribe.knowing(**matter_and_art(ground, scribe))
        added["power_system"] = write_power(ground, knowing).model_dump(mode="json")
    side = scribe.choices.one("included/side", ("geography", "culture", "society", "history"))
    return _with_sentence(added, side, scribe.material.frames.included_sentences, scribe, term=words)


def _remarked(document: Object, text: str, ground: Ground, scribe: Scribe) -> Object:
    """Take a remark up in its own words, on the side of the world that it is about."""
    wish = phrase(shortened(text, _WISH_MAX))
    if not wish:
        return document
    side = side_meant(text, document, scribe.material)
    document = _enriched(document, side, ground, scribe) if side else document
    return _with_sentence(document, side or "society", scribe.material.frames.remarks, scribe, wish=isolated(wish))


def _enriched(document: Object, side: str, ground: Ground, scribe: Scribe) -> Object:
    """Return the document with one thing more that shows a side's rule."""
    dimension = document["dimensions"][side]
    fresh = write_examples(side, ground, scribe, 1)
    return _with_side(document, side, dimension | {"examples": [*dimension["examples"], *fresh][-EXAMPLES_MAX:]})


def _described(document: Object, change: ChangeTrait, scribe: Scribe) -> Object:
    """Say how something of the world is, or no longer is: what was named, else the country as a whole."""
    frames, side = scribe.material.frames, side_meant(change.who or "", document, scribe.material)
    who = name_meant(change.who.strip(), document, scribe) if change.who else scribe.names.fixed["land"]
    given = {"who": isolated(shortened(who, _TERM_MAX)), "trait": isolated(shortened(change.trait.strip(), _TERM_MAX))}
    return _with_sentence(
        document, side or "society", frames.untraits if change.absent else frames.traits, scribe, **given
    )


def _with_sentence(document: Object, side: str, templates: Sequence[str], scribe: Scribe, **given: str) -> Object:
    """Return the document with a sentence more in a side's rule."""
    said = scribe.write(f"said/{side}", templates, given=given)
    dimension = document["dimensions"][side]
    core = paragraph((sentence(dimension["core_rule"], scribe.language), *said), scribe.language)
    return _with_side(document, side, dimension | {"core_rule": core})


def _with_side(document: Object, side: str, dimension: Object) -> Object:
    return document | {"dimensions": document["dimensions"] | {side: dimension}}


# --- Tone and length -----------------------------------------------------------------------------------------------


def _in_tone(document: Object, tone: Tone, scribe: Scribe) -> Object:
    """Let the rule of every side go on otherwise, and some entries end otherwise; an earlier tone goes."""
    words, material = scribe.material.tones[tone], scribe.material
    earlier = [
        scribe.say(text, f"tone/{side}")
        for other in material.tones.values()
        for side, text in (*other.turns.items(), *(("tail", tail) for tail in other.tails))
    ]
    for side in REQUIRED_DIMENSIONS:
        dimension = document["dimensions"][side]
        first = _sentences(dimension["core_rule"])[0]
        core = paragraph(
            (sentence(first, scribe.language), scribe.say(words.turns[side], f"tone/{side}")), scribe.language
        )
        document = _with_side(document, side, dimension | {"core_rule": core})
    tails = scribe.choices.ordered("tails", words.tails)
    places = scribe.choices.several("tailed", range(len(document["entries"])), min(_TAILED, len(tails)))
    entries = [dict(entry, description=_without(entry["description"], earlier)) for entry in document["entries"]]
    for place, tail in zip(places, tails, strict=False):
        told = sentence(entries[place]["description"], scribe.language)
        entries[place]["description"] = paragraph((told, scribe.say(tail, "tone/tail")), scribe.language)
    return document | {"entries": entries}


def _lengthened(document: Object, scribe: Scribe) -> Object:
    """Return the document told at greater length: every side, every entry."""
    templates = scribe.material.frames.lengthenings
    for side in document["dimensions"]:
        document = _with_sentence(document, side, templates, scribe.under(side))
    entries = []
    for place, entry in enumerate(document["entries"]):
        said = scribe.under("longer", place).write("said", templates)
        told = paragraph((sentence(entry["description"], scribe.language), *said), scribe.language)
        entries.append(entry | {"description": told})
    return document | {"entries": entries}


def _shortened(document: Object) -> Object:
    """Return the document in fewer words: the first sentence of what is told."""
    sides = {
        name: side | {"core_rule": _sentences(side["core_rule"])[0], "examples": side["examples"][:3]}
        for name, side in document["dimensions"].items()
    }
    entries = [entry | {"description": _sentences(entry["description"])[0]} for entry in document["entries"]]
    return document | {"dimensions": sides, "entries": entries}


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in sentences(text)] or [text]


def _without(text: str, gone: Sequence[str]) -> str:
    kept = [part for part in _sentences(text) if part not in gone]
    return ("" if "。" in text else " ").join(kept) or text
