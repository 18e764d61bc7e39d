"""Who sits where in a cast: how many people, in which roles, how old, and what each was asked to be."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import regex

from services.contexts.genesis.engine.casts.ground import Ground
from services.contexts.genesis.engine.casts.library import cast_material
from services.contexts.genesis.engine.casts.naming import name_of
from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.documents import (
    AGE_MAX,
    text_in,
    told_in,
    whole_number,
    words_in,
)
from services.contexts.genesis.engine.foundations import Importance, RoleType, Stance
from services.contexts.genesis.engine.stage_requests import Object, StageRequest
from services.contexts.genesis.engine.text import Language

CAST_SIZE_MIN = 3
PROTAGONISTS_MAX = 5
_ROLE_KEYS = ("role", "role_type", "角色", "身份", "定位")
_TRAIT_KEYS = ("traits", "trait", "personality", "性格", "特征")
_NAME_KEYS = ("name", "姓名", "名字")
_AGE_KEYS = ("age", "年龄")
_GENDER_KEYS = ("gender", "sex", "性别")
_KNOWN_KEYS = frozenset((*_ROLE_KEYS, *_TRAIT_KEYS, *_NAME_KEYS, *_AGE_KEYS, *_GENDER_KEYS))
_WOMAN = regex.compile(r"^(?:f|female|woman|girl|女.*)$", regex.I)
_CHILD = regex.compile(
    r"\b(?:child|boy|girl|kid|orphan|schoolgirl|schoolboy|apprentice)\b|孩|童|少年|少女|学徒", regex.I
)
_YOUNG = regex.compile(r"\b(?:young|student|teenage)\b|年轻|学生|青年", regex.I)
_OLD = regex.compile(
    r"\b(?:old|elderly|retired|grandmother|grandfather|widower)\b|老(?![板师爷])|退休|退役|爷爷|奶奶|婆婆", regex.I
)
_SIMPLE = regex.compile(r"simple|low|few|minimal|basic|简单|低|少", regex.I)
_COMPLEX = regex.compile(r"complex|complicated|high|many|intricate|dense|复杂|高|多|错综", regex.I)
_AGES: Mapping[RoleType, tuple[tuple[int, int], ...]] = {
    "protagonist": ((17, 24), (25, 34), (35, 48)),
    "antagonist": ((36, 49), (50, 66)),
    "supporting": ((14, 19), (58, 76), (26, 40), (41, 57)),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody was asked to be, in the person's own words; `givens` are what fits no other field."""

    role: str = ""
    role_type: RoleType | None = None
    traits: tuple[str, ...] = ()
    name: str = ""
    age: int | None = None
    is_woman: bool | None = None
    givens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seat:
    """A place in the cast, before its portrait is written. `calling` is a bare noun, `rival_calling` a whole phrase."""

    number: int
    role_type: RoleType
    importance: Importance
    stance: Stance
    is_woman: bool
    name: str
    age: int
    calling: str
    introduction: str = ""
    other: str = ""
    wanted: Wanted = field(default_factory=Wanted)


def complexity_of(config: Object) -> int:
    """Return how tangled the relations are to be: 0 simple, 1 medium, 2 complex."""
    words = text_in(config, "relationship_complexity")
    return 0 if _SIMPLE.search(words) else 2 if _COMPLEX.search(words) else 1


def wanted_of(requirements: Object, language: Language) -> Wanted:
    """Read what is asked of a character."""
    role = text_in(requirements, *_ROLE_KEYS)
    gender = text_in(requirements, *_GENDER_KEYS)
    ages = (whole_number(requirements.get(key), 0, AGE_MAX) for key in _AGE_KEYS)
    return Wanted(
        role=role,
        role_type=role_type_of(role, language) if role else None,
        traits=words_in(requirements, *_TRAIT_KEYS),
        name=text_in(requirements, *_NAME_KEYS),
        age=next((age for age in ages if age is not None), None),
        is_woman=bool(_WOMAN.match(gender)) if gender else None,
        givens=tuple(_givens(requirements)),
    )


def role_type_of(role: str, language: Language) -> RoleType:
    """Return the type nearest to a word for a role, in either language."""
    said = role.casefold()
    found: list[tuple[int, RoleType]] = []
    for words in (cast_material("en").role_words, cast_material("zh").role_words):
        found += [(len(word), role_type) for word, role_type in words.items() if _stands_in(word, said)]
    return max(found, default=(0, "supporting"))[1]


def seats_of(request: StageRequest, ground: Ground, wanted: Wanted) -> list[Seat]:
    """Return the seats of a whole cast; `wanted` takes the first one of its role."""
    roles = _roles(request.config)
    if wanted.role_type and wanted.role_type not in roles:
        roles.append(wanted.role_type)
    taker = roles.index(wanted.role_type or "protagonist")
    wishes = _spread(words_in(request.config, "personality_preferences"), roles, Wanted())
    wishes[taker] = replace(wanted, traits=tuple(dict.fromkeys((*wanted.traits, *wishes[taker].traits))))
    seats: list[Seat] = []
    for number, role_type in enumerate(roles):
        seats.append(new_seat(request, ground, number, role_type, wishes[number], [seat.name for seat in seats]))
    return [replace(seat, other=_other(seat, seats)) for seat in seats]


def new_seat(
    request: StageRequest,
    ground: Ground,
    number: int,
    role_type: RoleType,
    wanted: Wanted,
    taken: Sequence[str],
    callings: Sequence[str] = (),
) -> Seat:
    """Return a seat with somebody on it: as wanted, as the concept says, and otherwise as the story's seed decides."""
    story = Choices(request.story_seed).under("seat", number)
    is_first = number == 0 and role_type == "protagonist"
    is_rival = role_type == "antagonist" and ground.rival.short not in "\n".join(callings)
    known = (ground.hero_is_woman if is_first else ground.rival_is_woman if is_rival else None, wanted.is_woman)
    is_woman = next((sex for sex in reversed(known) if sex is not None), story.fraction("woman") < 0.5)
    name = wanted.name or (ground.hero if is_first and ground.hero_is_name else "")
    calling = _calling(ground, story, number, is_first=is_first)
    return Seat(
        number=number,
        role_type=role_type,
        importance="major"
        if role_type == "supporting" and number < 4
        else "minor"
        if role_type == "supporting"
        else "core",
        stance="hostile" if role_type == "antagonist" else "ally" if role_type == "protagonist" else _stance(story),
        is_woman=is_woman,
        name=name
        or name_of(
            request.story_seed, number, ground.genre, request.language, is_woman=is_woman, taken=(*taken, ground.told)
        ),
        age=wanted.age
        if wanted.age is not None
        else _age(story, role_type, number, wanted.role, ground.rival.full if is_rival else calling),
        calling=calling,
        introduction=ground.rival.full if is_rival else "",
        wanted=wanted,
    )


def _roles(config: Object) -> list[RoleType]:
    """Return the roles of a whole cast. Protagonists that were asked for may make it larger than usual."""
    protagonists = min(whole_number(config.get("protagonist_count"), 1, 1_000) or 1, PROTAGONISTS_MAX)
    roles: list[RoleType] = []
    roles += ["protagonist" for _ in range(protagonists)]
    if config.get("include_villains") is not False:
        roles.append("antagonist")
    roles += ["supporting" for _ in range(CAST_SIZE_MIN + complexity_of(config) - len(roles))]
    return roles


def _spread(preferences: Sequence[str], roles: Sequence[RoleType], nothing: Wanted) -> list[Wanted]:
    """Give each preferred trait to somebody: to the protagonist first, to the antagonist last."""
    order = [place for place, role in enumerate(roles) if role != "antagonist"]
    traits: dict[int, list[str]] = {place: [] for place in range(len(roles))}
    for turn, trait in enumerate(preferences):
        traits[0 if turn < 2 else order[(turn - 1) % len(order)]].append(trait)
    return [replace(nothing, traits=tuple(traits[place])) for place in range(len(roles))]


def _other(seat: Seat, seats: Sequence[Seat]) -> str:
    """Return whom somebody's story concerns most: the antagonist for a protagonist, the protagonist for all others."""
    others = [one for one in seats if one is not seat]
    wanted: RoleType = "antagonist" if seat.role_type == "protagonist" else "protagonist"
    return next((one.name for one in others if one.role_type == wanted), others[0].name)


def _calling(ground: Ground, story: Choices, number: int, *, is_first: bool) -> str:
    if is_first and not ground.hero_is_name:
        return ground.hero
    # One order for all seats, so that no two of them have the same trade.
    roles = Choices(ground.story).ordered("callings", ground.roles)
    return regex.sub(r"^(?:an?|the)\s+", "", roles[number % len(roles)])


def _stance(story: Choices) -> Stance:
    return "neutral" if story.fraction("stance") < 0.4 else "ally"


def _age(story: Choices, role_type: RoleType, number: int, *said: str) -> int:
    bands = _AGES[role_type]
    low, high = bands[number % len(bands)] if role_type == "supporting" else story.one("band", bands)
    words = " ".join(said)
    if _CHILD.search(words):
        low, high = 11, 16
    elif _YOUNG.search(words):
        low, high = 17, 24
    elif _OLD.search(words):
        low, high = 60, 78
    return low + int(story.fraction("age") * (high - low + 1))


def _givens(requirements: Object) -> Iterable[str]:
    """Yield what else is asked, in its own words; a bare number needs its key to mean anything."""
    for key, value in requirements.items():
        if key in _KNOWN_KEYS:
            continue
        yield from (text.strip() for text in told_in(value) if text.strip())
        if isinstance(value, int | float) and not isinstance(value, bool):
            yield f"{key} {value}"


def _stands_in(word: str, said: str) -> bool:
    return bool(regex.search(rf"\b{regex.escape(word)}\b", said)) if word.isascii() else word in said
