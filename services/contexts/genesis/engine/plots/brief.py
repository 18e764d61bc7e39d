"""What all scenes of one plot share: the request as understood, and the words its sentences are filled with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, get_args
from uuid import UUID, uuid5

import regex

from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.documents import objects_in
from services.contexts.genesis.engine.foundations import ConflictType, Structure
from services.contexts.genesis.engine.plots.events_en import BEATS as BEATS_EN
from services.contexts.genesis.engine.plots.events_zh import BEATS as BEATS_ZH
from services.contexts.genesis.engine.plots.material import PlotMaterial
from services.contexts.genesis.engine.plots.phrases_en import PHRASES as PHRASES_EN
from services.contexts.genesis.engine.plots.phrases_zh import PHRASES as PHRASES_ZH
from services.contexts.genesis.engine.plots.structures import (
    CHAPTERS_DEFAULT,
    CHAPTERS_MAX,
    CHAPTERS_MIN,
    STRUCTURES,
)
from services.contexts.genesis.engine.settled import Person, Settled, line_of, lines_at, settle
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.text import Language
from services.contexts.genesis.engine.voice import capitalised, typeset

T = TypeVar("T")

PLOT_NAMESPACE = UUID("5a3c1d0e-7a51-5d6e-9b7c-2f0f4c8e6d21")
MATERIAL: dict[Language, PlotMaterial] = {
    "en": PlotMaterial(BEATS_EN, PHRASES_EN),
    "zh": PlotMaterial(BEATS_ZH, PHRASES_ZH),
}
_CONFLICT_WORDS: tuple[tuple[str, ConflictType], ...] = (
    (r"内心|自我|心理|\b(?:self|inner|internal|psycholog\w*)\b|person_vs_self", "person_vs_self"),
    (r"社会|制度|群体|阶层|\b(?:societ\w*|social|political)\b|person_vs_society", "person_vs_society"),
    (r"自然|环境|灾|命运|\b(?:natur\w*|environment\w*|fate)\b|person_vs_nature", "person_vs_nature"),
    (r"人际|人物|对手|爱情|家庭|\b(?:person\w*|interpersonal|rival\w*|famil\w*|romantic)\b", "person_vs_person"),
)
_MORE = regex.compile(r"复杂|高|\b(?:complex|high|intricate|many)\b", regex.I)
_LESS = regex.compile(r"简单|低|\b(?:simple|low|few)\b", regex.I)
_FAST = regex.compile(r"快|紧|\b(?:fast|quick|brisk|tight)\b", regex.I)
_SLOW = regex.compile(r"慢|缓|舒|\b(?:slow|calm|leisurely|gentle)\b", regex.I)
_CHAPTERS = regex.compile(r"(\d{1,4})\s*(?:chapters?|章)", regex.I)
# A name may open a sentence of ours, and only there its article gets a capital.
_OPENING_SLOT = regex.compile(r"(?:^|(?<=[.!?]\s)|(?<=[.!?]\s[\"\u201c]))\{(\w+)\}")
_DOUBLED = regex.compile(r"([…?!？！。])[.。]")


@dataclass(frozen=True, slots=True)
class Brief:
    """The request as understood. `dip` is how far tension falls between two scenes, `lift` what pacing adds."""

    request: StageRequest
    language: Language
    settled: Settled
    material: PlotMaterial
    choices: Choices
    hero: Person
    conflicts: tuple[ConflictType, ...]
    chapters: int
    node_count: int
    subplot_count: int
    dip: int
    lift: int
    shown_titles: frozenset[str]


def brief_of(request: StageRequest) -> Brief:
    """Read a request."""
    settled, material = settle(request), MATERIAL[request.language]
    more, less = _matches(request, "plot_complexity", _MORE), _matches(request, "plot_complexity", _LESS)
    fast, slow = _matches(request, "pacing_preference", _FAST), _matches(request, "pacing_preference", _SLOW)
    return Brief(
        request=request,
        language=request.language,
        settled=settled,
        material=material,
        choices=Choices(request.seed),
        hero=_hero(settled, material),
        conflicts=_conflict_types(request),
        chapters=_chapters(request, settled),
        node_count=18 if more else 11 if less else 14,
        subplot_count=4 if more else 1 if less else 2,
        dip=0 if fast else 3 if slow else 2,
        lift=1 if fast else -1 if slow else 0,
        shown_titles=frozenset(_shown_titles(request)),
    )


def structures_of(request: StageRequest) -> tuple[Structure, ...]:
    """Return the structure that was asked for, else all."""
    wanted = request.options.get("structure")
    return tuple(one for one in STRUCTURES if one == wanted) or STRUCTURES


def id_of(brief: Brief, *labels: object) -> str:
    """Return the id of a part of this answer."""
    return str(uuid5(PLOT_NAMESPACE, "/".join((brief.choices.seed, *map(str, labels)))))


def fill(template: str, slots: Mapping[str, str], language: Language) -> str:
    """Fill a sentence of the material; a slot that opens a sentence gets a capital, doubled stops become one."""
    typed = _OPENING_SLOT.sub(lambda found: f"{{{found[1]}__opening}}", typeset(template, language))
    openings = {f"{name}__opening": capitalised(word) for name, word in slots.items()}
    return _DOUBLED.sub(r"\1", typed.format_map({**slots, **openings}))


def slots_needed(template: str) -> frozenset[str]:
    """Return the slots of a sentence."""
    return frozenset(regex.findall(r"\{(\w+)\}", template))


def next_of(choices: Choices, label: str, options: Sequence[T], index: int) -> T:
    """Return the next option of a row in this plot's own order, beginning again at its end."""
    return choices.ordered(label, options)[index % len(options)]


def slots_of(brief: Brief, choices: Choices, index: int) -> dict[str, str]:
    """Return the slots for people and the world's nouns in the scene of an index; what is not there has none.

    Place and company change from scene to scene, what it is all about stays.
    """
    settled = brief.settled
    their, them, themself = brief.hero.pronouns
    slots = {
        "hero": brief.hero.name,
        "their": their,
        "them": them,
        "themself": themself,
        "thing": choices.one("thing", settled.things) if settled.things else _invented_thing(brief),
        "body": choices.one("body", settled.bodies or settled.genre.bodies),
    }
    slots |= {"place": next_of(choices, "places", settled.places, index)} if settled.places else {}
    slots |= {"rival": settled.rival.name} if settled.rival and settled.rival.name != brief.hero.name else {}
    slots |= {"ally": next_of(choices, "allies", settled.allies, index).name} if settled.allies else {}
    return slots


def _invented_thing(brief: Brief) -> str:
    """Return a thing of the genre, for a story whose world is not confirmed."""
    return typeset(brief.choices.one("thing", brief.settled.genre.things), brief.language)


def _hero(settled: Settled, material: PlotMaterial) -> Person:
    """Return the hero with something to want, taken from the concept where the cast says nothing."""
    person = settled.hero or Person(name=material.phrases.nobody, role="protagonist")
    if person.drives:
        return person
    goals = settled.conflicts or material.phrases.drives
    return Person(name=person.name, role=person.role, goals=goals, pronouns=person.pronouns)


def _matches(request: StageRequest, field: str, pattern: regex.Pattern[str]) -> bool:
    return bool(pattern.search(line_of(request.config.get(field))))


def _conflict_types(request: StageRequest) -> tuple[ConflictType, ...]:
    """Return the conflicts asked for, in that order; all kinds if none of the words is known."""
    found: list[ConflictType] = []
    for words in lines_at(request.config, "conflict_types"):
        found += [kind for pattern, kind in _CONFLICT_WORDS if regex.search(pattern, words, regex.I)][:1]
    return tuple(dict.fromkeys(found)) or get_args(ConflictType)


def _chapters(request: StageRequest, settled: Settled) -> int:
    wanted = request.config.get("chapter_count_preference")
    if isinstance(wanted, int) and not isinstance(wanted, bool):
        return bounded_chapters(wanted)
    told = _CHAPTERS.search(settled.estimated_length)
    return bounded_chapters(int(told[1])) if told else CHAPTERS_DEFAULT


def bounded_chapters(count: int) -> int:
    """Return a number of chapters that a plot can have."""
    return min(CHAPTERS_MAX, max(CHAPTERS_MIN, count))


def _shown_titles(request: StageRequest) -> list[str]:
    """Return the titles of scenes that earlier proposals had."""
    outlines: list[Any] = [earlier.get("outline") for earlier in (*request.avoid, request.newest)]
    return [
        line_of(node.get("title")) for one in outlines if isinstance(one, dict) for node in objects_in(one, "nodes")
    ]
