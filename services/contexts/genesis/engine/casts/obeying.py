"""Obeying: one thing that was asked for, done to a cast or to one of its people, and nothing else touched."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import assert_never

import regex

from services.contexts.genesis.engine.casts.ages import age_line, tells_age, with_other_age
from services.contexts.genesis.engine.casts.casting import (
    CHARACTERS_MAX,
    add_character,
    connected,
    other_of,
    seat_as_found,
)
from services.contexts.genesis.engine.casts.ground import Ground
from services.contexts.genesis.engine.casts.keeping import Cast, kept_character, nodes_of
from services.contexts.genesis.engine.casts.library import cast_material
from services.contexts.genesis.engine.casts.material import ToneWords
from services.contexts.genesis.engine.casts.naming import called
from services.contexts.genesis.engine.casts.portraits import Sitter, lives_of, sit, trait_line, write_portrait
from services.contexts.genesis.engine.casts.seats import Wanted
from services.contexts.genesis.engine.casts.subjects import bare_word, is_person, kind_of, subjects
from services.contexts.genesis.engine.casts.weaving import isolated_in
from services.contexts.genesis.engine.choices import Choices
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
)
from services.contexts.genesis.engine.documents import mapped, told_in
from services.contexts.genesis.engine.feedback.applying import exclude_from, rename_in
from services.contexts.genesis.engine.feedback.counting import in_numbers
from services.contexts.genesis.engine.foundations import Character, Network
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.text import isolated, shortened
from services.contexts.genesis.engine.voice import paragraph

_AGE_STEP_MIN = 8
_REMARK_MAX = 200
_SENTENCES = regex.compile(r"[^。！？.!?]*(?:[。！？.!?]+[”』」\"]*\s*|$)")


@dataclass(frozen=True, slots=True)
class Wish:
    """What an act of obeying needs to know; `target` limits it to one character."""

    request: StageRequest
    ground: Ground
    target: str | None

    def sitter(self, cast: Cast, character: Character) -> Sitter:
        """Return somebody of the cast, ready to have a sentence more written about them."""
        place = cast.characters.index(character)
        seat = seat_as_found(self.request, self.ground, place, character.model_dump())
        other = other_of(character.role_type, [one for one in cast.characters if one is not character])
        seat = replace(seat, age=character.age, name=character.name, other=other)
        return sit(self.ground, seat, Choices(self.request.seed).under("wish"), cast.told)


def obey(request: StageRequest, ground: Ground, cast: Cast, directive: Directive, target: str | None = None) -> Cast:
    """Return the cast with one directive carried out; `target` is the id of the one it is limited to."""
    ids = {character.character_id for character in cast.characters}
    wish = Wish(request, ground, target if target in ids else None)
    if _says_nothing(directive):
        return cast
    match directive:
        case Rename():
            return _rename(wish, cast, directive)
        case Exclude():
            return _exclude(wish, cast, directive.term)
        case Include():
            return _include(wish, cast, directive.term)
        case ChangeTone():
            tone = cast_material(request.language).tones[directive.tone]
            return _each(wish, cast, lambda character: _in_tone(wish, cast, character, tone))
        case ChangeAge():
            return _who(wish, cast, directive.who, lambda character: _aged(wish, cast, character, directive))
        case ChangeTrait():
            return _who(wish, cast, directive.who, lambda character: _with_trait(wish, cast, character, directive))
        case ChangeMotive():
            changed = _who(wish, cast, directive.who, lambda character: _with_motive(wish, cast, character))
            return _retold(cast, changed)
        case ChangeCount():
            return _counted(wish, cast, directive)
        case ChangeNumber():
            people = {"characters": [character.model_dump() for character in cast.characters]}
            return obey(request, ground, cast, in_numbers(directive, people), target)
        case ChangeLength():
            return _each(wish, cast, lambda character: _of_length(wish, cast, character, directive.direction))
        case Remark():
            return _who(wish, cast, directive.text, lambda character: _remarked(wish, cast, character, directive.text))
        case _:
            assert_never(directive)


def _says_nothing(directive: Directive) -> bool:
    """Tell whether the words are missing by which it could be obeyed."""
    match directive:
        case Rename(old, new):
            return not (old.strip() and new.strip())
        case Exclude(words) | Include(words) | Remark(words) | ChangeTrait(_, words):
            return not words.strip()
        case _:
            return False


# --- Whom it concerns ----------------------------------------------------------------------------------------------


def _each(wish: Wish, cast: Cast, change: Callable[[Character], Character]) -> Cast:
    """Change everybody, or only the target."""
    changed = (
        change(character) if wish.target in (None, character.character_id) else character
        for character in cast.characters
    )
    return replace(cast, characters=tuple(changed))


def _who(wish: Wish, cast: Cast, who: str | None, change: Callable[[Character], Character]) -> Cast:
    """Change those who are meant: the target, whoever is named, or the protagonist."""
    meant = (wish.target,) if wish.target else subjects(cast.characters, who, wish.ground.language)
    changed = (change(one) if one.character_id in meant else one for one in cast.characters)
    return replace(cast, characters=tuple(changed))


# --- Names and things ----------------------------------------------------------------------------------------------


def _rename(wish: Wish, cast: Cast, directive: Rename) -> Cast:
    """Rename throughout, also by the first name alone; a kind ("the hero") is whoever is meant by it."""
    language = wish.ground.language
    old = directive.old
    if kind_of(old, language) or (wish.target and not any(old in text for text in told_in(cast.told))):
        meant = (wish.target,) if wish.target else subjects(cast.characters, old, language)
        old = next(one.name for one in cast.characters if one.character_id == meant[0])
    names = dict.fromkeys([(old, directive.new)])
    if any(old == one.name for one in cast.characters):
        names[called(old, language), called(directive.new, language)] = None
    for before, after in names:
        if before and before != after:
            cast = _documents(wish, cast, partial(rename_in, old=before, new=after), everybody=True)
    return cast


def _exclude(wish: Wish, cast: Cast, term: str) -> Cast:
    """Take out a person who is named or meant, else whatever tells of the thing."""
    language = wish.ground.language
    named = {one.character_id for one in cast.characters if term in (one.name, called(one.name, language))}
    if not named and kind_of(term, language) == "antagonist":
        named = {one.character_id for one in cast.characters if one.role_type == "antagonist"}
    if named and len(named) < len(cast.characters):
        return _only(wish, cast, [one for one in cast.characters if one.character_id not in named])
    return _documents(wish, cast, lambda found: exclude_from(found, term, language), everybody=wish.target is None)


def _include(wish: Wish, cast: Cast, term: str) -> Cast:
    """Bring in a person as a character of their own, a thing as part of somebody's life."""
    material = cast_material(wish.ground.language)
    if wish.target is None and is_person(term, wish.ground.language) and len(cast.characters) < CHARACTERS_MAX:
        wanted = Wanted(role=bare_word(term), role_type=kind_of(term, wish.ground.language) or "supporting")
        return add_character(wish.request, wish.ground, cast, wanted)

    def with_term(character: Character) -> Character:
        said = wish.sitter(cast, character).choose("include", material.frames.inclusions, term=isolated(term))
        return _longer(wish, character, "background", said)

    return _who(wish, cast, None, with_term)


def _documents(
    wish: Wish, cast: Cast, change: Callable[[dict[str, object]], dict[str, object]], *, everybody: bool
) -> Cast:
    """Change characters and network as documents, and read them again."""
    characters = tuple(
        _read_again(wish, cast, one, change(one.model_dump())) if everybody or one.character_id == wish.target else one
        for one in cast.characters
    )
    if not cast.network or not everybody:
        return replace(cast, characters=characters)
    edges = tuple(
        edge.model_copy(
            update={
                "description": str(change({"description": edge.description}).get("description") or edge.description)
            }
        )
        for edge in cast.network.edges
    )
    return Cast(characters, cast.network.model_copy(update={"edges": edges, "nodes": nodes_of(characters)}))


def _read_again(wish: Wish, cast: Cast, old: Character, found: dict[str, object]) -> Character:
    if found == old.model_dump():
        return old
    sitter = wish.sitter(cast, old)
    spare = write_portrait(wish.ground, sitter.seat, Choices(wish.request.seed).under("spare"), cast.told)
    return kept_character({**found, "character_id": old.character_id}, spare)


# --- Tone, age, traits ---------------------------------------------------------------------------------------------


def _in_tone(wish: Wish, cast: Cast, character: Character, tone: ToneWords) -> Character:
    """Return somebody in another key: inner voice and one line anew, nature and looks a sentence longer."""
    sitter = wish.sitter(cast, character)
    place = 0 if wish.target else cast.characters.index(character)

    def turn(templates: Sequence[str], otherwise: str) -> str:
        # No two of a cast get the same words; in a large one, the last keep some of their own.
        return sitter.say(templates[place]) if place < len(templates) else otherwise

    voice, own = character.voice, character.personality
    nature = sitter.say(tone.natures[place % len(tone.natures)])
    line, looks = turn(tone.dialogues, voice.dialogues[-1]), turn(tone.looks, "")
    dialogues = (*voice.dialogues[:-1], line) if line not in voice.dialogues else voice.dialogues
    monologue = turn(tone.monologues, voice.monologue)
    return character.model_copy(
        update={
            "personality": own.model_copy(update={"summary": _joined(wish, own.summary, nature)}),
            "appearance": _joined(wish, character.appearance, looks),
            "voice": voice.model_copy(update={"monologue": monologue, "dialogues": dialogues}),
        }
    )


def _aged(wish: Wish, cast: Cast, character: Character, directive: ChangeAge) -> Character:
    """Return somebody at another age, which every sentence that told the old one now tells."""
    language, old = wish.ground.language, character.age
    new = _new_age(old, directive)
    sitter = wish.sitter(cast, character)
    frames = sitter.material.frames
    line = age_line(new, frames.ages, sitter.chooser, language)
    kept = [part for part in _sentences(character.appearance) if not tells_age(part, old, language)]
    looks = paragraph((line, *kept), language)

    document = mapped(character.model_dump(), lambda text: with_other_age(text, old, new, language))
    return Character.model_validate({**document, "name": character.name, "age": new, "appearance": looks})


def _new_age(old: int, directive: ChangeAge) -> int:
    if directive.years is not None:
        return min(max(directive.years, 0), 100_000)
    step = max(_AGE_STEP_MIN, old // 4)
    if directive.direction == "younger":
        return max(old - step, old // 2, min(old, 6))
    return min(old + step, 100_000)


def _with_trait(wish: Wish, cast: Cast, character: Character, directive: ChangeTrait) -> Character:
    if directive.absent:
        return _without_trait(wish, cast, character, directive.trait)
    sitter = wish.sitter(cast, character)
    trait, own = directive.trait, character.personality
    opposite = sitter.material.opposites.get(trait.casefold())
    others = [one for one in own.traits if one not in (trait, opposite)]
    summary = own.summary if trait in own.summary else _joined(wish, own.summary, trait_line(sitter, trait))
    traits = (trait, *others) if others else (trait, *own.traits)
    return character.model_copy(update={"personality": own.model_copy(update={"traits": traits, "summary": summary})})


def _without_trait(wish: Wish, cast: Cast, character: Character, trait: str) -> Character:
    """Return somebody who is not like this: neither the word nor a sentence with it is left."""
    sitter = wish.sitter(cast, character)
    material = sitter.material
    instead = material.opposites.get(trait.casefold())
    document = exclude_from(character.model_dump(), trait, wish.ground.language)
    changed = _read_again(wish, cast, character, document)
    own = changed.personality
    said = trait_line(sitter, instead) if instead else sitter.choose("lost", material.frames.traits_lost)
    traits = [one for one in own.traits if trait.casefold() not in one.casefold()]
    spare = [one for manner in material.manners for one in manner.traits if trait.casefold() not in one.casefold()]
    traits = list(dict.fromkeys((*([instead] if instead else []), *traits)))
    personality = own.model_copy(
        update={
            "traits": tuple(traits if len(traits) > 1 else [*traits, *spare[:2]]),
            "summary": _joined(wish, own.summary, said),
        }
    )
    return changed.model_copy(update={"personality": personality})


def _with_motive(wish: Wish, cast: Cast, character: Character) -> Character:
    """Return somebody to whom something else was done, and who wants something else because of it."""
    sitter = wish.sitter(cast, character)
    others = [life for life in lives_of(sitter) if sitter.say(life.want) not in character.motivation]
    life = sitter.chooser.pick_by("motive", others, lambda life: life.monologue)
    return character.model_copy(update={"motivation": sitter.say(life.want), "wounds": sitter.say(life.wound)})


def _retold(before: Cast, cast: Cast) -> Cast:
    """Return the cast with the lines between its people telling the motives that these have now."""
    motives = [(old.motivation, new.motivation) for old, new in zip(before.characters, cast.characters, strict=True)]
    if not cast.network:
        return cast
    edges = list(cast.network.edges)
    for place, edge in enumerate(edges):
        told = edge.description
        for old, new in motives:
            told = told.replace(old, new)
        edges[place] = edge.model_copy(update={"description": told})
    return replace(cast, network=cast.network.model_copy(update={"edges": tuple(edges)}))


# --- How many, how long, anything else -----------------------------------------------------------------------------


def _counted(wish: Wish, cast: Cast, directive: ChangeCount) -> Cast:
    """Return a cast of so many, or with so many of one role: the least important leave, newcomers are written."""
    kind = kind_of(directive.what, wish.ground.language)
    mine = [one for one in cast.characters if kind is None or one.role_type == kind]
    floor = 1 if kind in (None, "protagonist") else 0
    count = min(max(directive.count, floor), CHARACTERS_MAX)
    if kind is None and not _PEOPLE.search(directive.what):
        return cast
    if len(mine) > count:
        rank = {"core": 0, "major": 1, "minor": 2}
        role_rank = {"protagonist": 0, "antagonist": 1, "supporting": 2}
        order = sorted(mine, key=lambda one: (role_rank[one.role_type], rank[one.importance], mine.index(one)))
        leaving = {one.character_id for one in order[count:]}
        return _only(wish, cast, [one for one in cast.characters if one.character_id not in leaving])
    for _ in range(min(count - len(mine), CHARACTERS_MAX - len(cast.characters))):
        cast = add_character(wish.request, wish.ground, cast, Wanted(role_type=kind or "supporting"))
    return cast


_PEOPLE = regex.compile(r"character|people|person|cast|figure|role|角色|人物|人$|配角", regex.I)


def _of_length(wish: Wish, cast: Cast, character: Character, direction: str) -> Character:
    if direction == "longer":
        sitter = wish.sitter(cast, character)
        said = sitter.choose("longer", sitter.material.frames.lengthenings)
        changed = _longer(wish, character, "background", said)
        return _longer(wish, changed, "motivation", sitter.say(sitter.chooser.pick("origin", sitter.material.origins)))
    texts = ("appearance", "background", "motivation", "obstacles", "arc", "wounds")
    return character.model_copy(update={name: _sentences(getattr(character, name))[0].strip() for name in texts})


def _remarked(wish: Wish, cast: Cast, character: Character, text: str) -> Character:
    """Return somebody of whom the remark is true, in its own words."""
    sitter = wish.sitter(cast, character)
    remark = isolated(shortened(text, _REMARK_MAX))
    return _longer(
        wish, character, "background", sitter.choose("remark", sitter.material.frames.remarks, remark=remark)
    )


def _only(wish: Wish, cast: Cast, characters: Sequence[Character]) -> Cast:
    """Return the cast with these people alone, and the lines between them."""
    ids = {one.character_id for one in characters}
    edges = tuple(edge for edge in cast.network.edges if {edge.from_, edge.to} <= ids) if cast.network else ()
    left = Cast(tuple(characters))
    if not edges:
        return connected(wish.request, left)
    warnings = isolated_in(characters, edges, wish.ground.language)
    return Cast(left.characters, Network(nodes=nodes_of(characters), edges=edges, warnings=warnings))


def _longer(wish: Wish, character: Character, name: str, said: str) -> Character:
    return character.model_copy(update={name: _joined(wish, getattr(character, name), said)})


def _joined(wish: Wish, text: str, said: str) -> str:
    return text if said in text else paragraph((text, said), wish.ground.language)


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCES.findall(text) if part.strip()] or [text]
