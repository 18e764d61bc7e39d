"""What a world stands on: the confirmed concept and theme and the stage's configuration, read as material."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import regex

from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.documents import object_in, text_in, texts_in
from services.contexts.genesis.engine.library import genres_named, material_for
from services.contexts.genesis.engine.material import Genre
from services.contexts.genesis.engine.sparks import ends_a_sentence
from services.contexts.genesis.engine.stage_requests import Object, StageRequest
from services.contexts.genesis.engine.text import Language, excerpt, isolated, shortened
from services.contexts.genesis.engine.voice import phrase, typeset
from services.contexts.genesis.engine.worlds.material import Era

_SETTINGS = {
    "geography": "geography_type",
    "history": "time_period",
    "rules": "tech_magic_level",
    "society": "social_structure",
}
_ERAS: dict[str, Era] = {
    "fantasy": "old",
    "xianxia": "old",
    "wuxia": "old",
    "historical": "old",
    "adventure": "old",
    "science_fiction": "next",
    "dystopia": "next",
}
_TIMES: tuple[tuple[Era, regex.Pattern[str]], ...] = (
    ("next", regex.compile(r"futur|space|interstellar|cyber|22\d\d|2[1-9]\d\d|未来|星际|太空|赛博|末世", regex.I)),
    (
        "now",
        regex.compile(r"modern|contemporary|present|today|20\d\d|19\d\d|现代|当代|当下|今天|都市|民国|近代", regex.I),
    ),
    ("old", regex.compile(r"ancient|medieval|antiqu|old|middle ages|古|上古|中世纪|王朝|[唐宋元明清汉秦]", regex.I)),
)
# Sides that a concept may call for beside the five that every world has.
_CALLS = {
    "economy": regex.compile(
        r"\b(?:money|price|auction|debts?|trade|merchant|market|bank|pawn|wage|coin)\w*|[债钱价商币]|拍卖|典当|买卖",
        regex.I,
    ),
    "technology": regex.compile(
        r"\b(?:machine|robot|android|computer|signal|engine|network|simulation|backup)\w*|机器|科技|电脑|信号|网络|程序|智能",
        regex.I,
    ),
    "faith": regex.compile(
        r"\b(?:god|gods|temple|prayer|priest|saint|faith|monk|ghost|holy)\w*|[神庙佛鬼]|香火|祈祷|信仰|教团|道观",
        regex.I,
    ),
}
_BUILT = regex.compile(
    r"\b(?:orbital|space station|colony ship|generation ship|starship|spaceship|submarine|bunker|station that was"
    r"|far side of the moon)\b|空间站|太空站|飞船|世代船|殖民船|潜艇|地下城|轨道站|星舰|月球背面",
    regex.I,
)
_META = regex.compile(
    r"\b(?:story|novel|book|chapters?|scenes?|plot|twist|ending|endings|narrat\w+|readers?|structure|told|title|prose"
    r"|page|pages|lessons?|sign that changes)\b|[章节]|结构|叙|情节|场景|反转|结局|开场|全书|讲完|讲述|主角|读者|故事"
    r"|写法|来写|暗号|自白的课",
    regex.I,
)
_EXTRA_SIDES_MAX = 2
_CLAUSE_MAX: dict[Language, int] = {"en": 90, "zh": 40}
_PREMISE_MAX: dict[Language, int] = {"en": 130, "zh": 60}


@dataclass(frozen=True, slots=True)
class Ground:
    """The story as its world meets it. Empty texts and lists stand for what nothing is settled about.

    `settings` are the configuration's words by side; `extra_sides` what the story calls for beside the required ones.
    """

    language: Language
    genre: Genre
    era: Era
    has_wonder: bool
    is_built: bool
    title: str
    premise: str
    place: str
    rule: str
    body: str
    elements: tuple[str, ...]
    conflicts: tuple[str, ...]
    motifs: tuple[str, ...]
    values: tuple[str, ...]
    settings: Mapping[str, str]
    extra_sides: tuple[str, ...]
    power_words: str

    @property
    def story(self) -> str:
        """How to speak of the story."""
        if not self.title:
            return "这个故事" if self.language == "zh" else "this story"
        return f"《{self.title}》" if self.language == "zh" else f"\u201c{self.title}\u201d"


def ground_of(request: StageRequest) -> Ground:
    """Read what is confirmed and configured."""
    language = request.language
    initial = object_in(request.confirmed, "INITIAL_PROMPT")
    concept, theme = object_in(initial, "concept"), object_in(initial, "theme")
    premise = text_in(concept, "premise") or (request.idea or "").strip()
    genres = _genres(concept, premise, request)
    power_words = shortened(text_in(request.config, "power_system"), 200)
    told = "\n".join((premise, *texts_in(concept, "potential_conflicts"), *texts_in(concept, "unique_elements")))
    place = _said(premise, (_bare_place(place, language) for genre in genres for place in genre.places), language)
    era = _era(genres[0], text_in(request.config, "time_period"))
    return Ground(
        language=language,
        genre=genres[0],
        era=era,
        has_wonder=bool(power_words) or any(genre.wonder for genre in genres),
        is_built=bool(_BUILT.search(f"{place} {request.idea or ''} {text_in(request.config, 'geography_type')}")),
        title=isolated(shortened(text_in(concept, "title"), 60)),
        premise=isolated(_premise(premise, language)),
        place=place,
        rule=_said(premise, (rule for genre in genres for rule in genre.rules), language),
        body=_body(told, genres, language),
        elements=_clauses((one for one in texts_in(concept, "unique_elements") if not _META.search(one)), language),
        conflicts=tuple(isolated(one) for one in texts_in(concept, "potential_conflicts") if len(one) <= 160),
        motifs=_clauses(texts_in(theme, "motifs"), language),
        values=_values(concept, theme, language),
        settings=_settings(request.config),
        extra_sides=_extra_sides(told, era),
        power_words=isolated(power_words),
    )


def _genres(concept: Object, premise: str, request: StageRequest) -> Sequence[Genre]:
    """Return the genres that the concept, else the person names; else the one whose words the premise uses most."""
    material = material_for(request.language)
    for words in (text_in(concept, "genre"), text_in(request.preferences, "genre"), text_in(request.config, "genre")):
        named = genres_named(words, material).genres if words else ()
        if named:
            return named
    said = premise.casefold()
    ordered = Choices(request.story_seed).ordered("genre", material.genres)
    return [max(ordered, key=lambda genre: sum(word in said for word in genre.markers))]


def _era(genre: Genre, time_period: str) -> Era:
    named = next((era for era, pattern in _TIMES if pattern.search(time_period)), None)
    return named or _ERAS.get(genre.key, "now")


def _said(premise: str, options: Iterable[str], language: Language) -> str:
    """Return the option of the material that the premise uses, as it is printed there."""
    folded = premise.casefold()
    return next((text for option in options if (text := typeset(option, language)).casefold() in folded), "")


def _bare_place(place: str, language: Language) -> str:
    """Return a place of the material without the preposition that English ones come with."""
    return place if language == "zh" else place.partition(" ")[2]


def _body(told: str, genres: Sequence[Genre], language: Language) -> str:
    """Return the institution that the concept speaks of, without its article."""
    body = _said(told, (body for genre in genres for body in genre.bodies), language)
    return body.removeprefix("the ")


def _premise(premise: str, language: Language) -> str:
    return phrase(excerpt(" ".join(premise.split()), _PREMISE_MAX[language]))


def _clauses(texts: Iterable[str], language: Language) -> tuple[str, ...]:
    """Return those texts that fit into a sentence, without their full stops."""
    found = (phrase(" ".join(text.split())) for text in texts)
    return tuple(isolated(text) for text in found if text and len(text) <= _CLAUSE_MAX[language])


def _values(concept: Object, theme: Object, language: Language) -> tuple[str, ...]:
    tension = object_in(theme, "value_tension")
    said = (text_in(tension, "thesis"), text_in(tension, "antithesis"), text_in(theme, "core_theme"))
    return _clauses(said, language) or _clauses(texts_in(concept, "themes"), language)


def _settings(config: Object) -> dict[str, str]:
    found = {side: phrase(shortened(text_in(config, key), 80)) for side, key in _SETTINGS.items()}
    return {side: isolated(words) for side, words in found.items() if words and not ends_a_sentence(words)}


def _extra_sides(told: str, era: Era) -> tuple[str, ...]:
    called = {side: len(pattern.findall(told)) for side, pattern in _CALLS.items()}
    if era == "next":
        called["technology"] += 1
    return tuple(sorted((side for side in called if called[side]), key=lambda side: -called[side]))[:_EXTRA_SIDES_MAX]
