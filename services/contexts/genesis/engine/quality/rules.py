"""What each step is checked for: lengths and counts as they are aimed at, confirmed settings quoted, wishes shown."""

from collections import Counter
from collections.abc import Callable

from services.contexts.genesis.engine.documents import object_in, objects_in, text_in, told_in, words_in
from services.contexts.genesis.engine.foundations import REQUIRED_DIMENSIONS
from services.contexts.genesis.engine.quality.issues import number_of
from services.contexts.genesis.engine.quality.measures import (
    Check,
    distinct_share,
    length_within,
    mean,
    quoted_share,
    share,
    told_share,
    within,
)
from services.contexts.genesis.engine.quality.plot_checks import KEY_FUNCTIONS, MOTIVATION_FIT_MIN, THEME_FIT_MIN
from services.contexts.genesis.engine.quality.wishes import wishes_shown
from services.contexts.genesis.engine.quality.word_checks import theme_fit
from services.contexts.genesis.engine.quality.works import characters_of, concept_of, text_of_work, themes_in, world_in
from services.contexts.genesis.engine.similarity import content_tokens
from services.contexts.genesis.engine.stage_requests import Object, StageRequest
from services.contexts.genesis.engine.text import detect_language
from services.contexts.genesis.values.steps import Step

_PARTS_OF_A_PERSON = ("appearance", "background", "motivation", "obstacles", "arc", "wounds")
_FUNCTIONS = ("setup", "development", "climax", "turn", "resolution")
_DETAIL_COUNTS = {"place": (10, 50), "person": (10, 50), "item": (10, 30), "skill": (10, 30), "organization": (5, 20)}
_NETWORK_FROM = 3
_THREE_ACTS = (0.25, 0.5, 0.25)


def rule_checks(request: StageRequest, work: Object) -> list[Check]:
    """Return the checks of a step's work, then those of every step; what cannot be looked at is not counted."""
    text, shown = text_of_work(work), wishes_shown(request, work)
    is_told = bool(content_tokens(text)) and detect_language(text) == request.language
    wishes = [] if shown is None else [Check("wishes", 2.0, shown)]
    return [*_OF_STEP[request.step](request, work), *wishes, Check("language", 1.0, float(is_told))]


def _of_concepts(request: StageRequest, work: Object) -> list[Check]:
    concepts, language = objects_in(work, "candidates") or [work], request.language
    return [
        Check("hook", 1.0, mean(length_within(text_in(one, "hook"), 15, 30, language) for one in concepts)),
        Check("usp", 1.0, mean(length_within(text_in(one, "usp"), 50, 100, language) for one in concepts)),
    ]


def _of_themes(request: StageRequest, work: Object) -> list[Check]:
    themes, concept = themes_in(work), concept_of(request)
    fits = [theme_fit(theme, concept) for theme in themes] if concept else []
    return [
        Check(
            "core_theme",
            1.0,
            mean(length_within(text_in(one, "core_theme"), 30, 60, request.language) for one in themes),
        ),
        Check("motifs", 0.5, mean(within(len(words_in(one, "motifs")), 3, 5) for one in themes)),
        Check("taboos", 0.5, mean(within(len(words_in(one, "taboos")), 3, 5) for one in themes)),
        Check("tension", 1.0, mean(distinct_share(list(told_in(object_in(one, "value_tension")))) for one in themes)),
        Check("arc", 1.0, mean(share(len(set(told_in(object_in(one, "thematic_arc")))), 4) for one in themes)),
        Check("embodiment", 1.0, mean(_embodied(one, request) for one in themes)),
        Check("quotes", 1.5, mean(fit / 100 for fit in fits if fit is not None) if fits else 1.0),
    ]


def _embodied(theme: Object, request: StageRequest) -> float:
    paths = [text_in(path, "description") for path in objects_in(theme, "embodiment_paths")]
    return share(len(paths), 3) * mean(length_within(path, 200, 300, request.language) for path in paths)


def _of_worlds(request: StageRequest, work: Object) -> list[Check]:
    world, language = world_in(work), request.language
    dimensions = object_in(world, "dimensions")
    known = [object_in(dimensions, name) for name in dimensions]
    entries, glossary = objects_in(world, "entries"), objects_in(world, "glossary")
    power, told = object_in(world, "power_system"), text_of_work(dimensions)
    fit = theme_fit(world, concept_of(request)) if concept_of(request) else None
    return [
        Check("dimensions", 1.5, mean(float(bool(object_in(dimensions, name))) for name in REQUIRED_DIMENSIONS)),
        Check("core_rules", 1.0, mean(length_within(text_in(one, "core_rule"), 50, 100, language) for one in known)),
        Check("examples", 0.5, mean(within(len(words_in(one, "examples")), 3, 5) for one in known)),
        Check("boundaries", 0.5, told_share(text_in(one, "boundaries") for one in known)),
        Check("entries", 1.0, share(len({text_in(one, "name") for one in entries}), 5)),
        Check(
            "glossary",
            1.0,
            share(len(glossary), 3) * quoted_share(_names(glossary, "term"), text_of_work([dimensions, entries]), 2),
        ),
        Check("power", 0.5, within(len(objects_in(power, "levels")), 5, 10) if power else 1.0),
        Check("tied_together", 0.5, quoted_share(_names(entries), told, 2)),
        Check("quotes", 1.5, 1.0 if fit is None else fit / 100),
    ]


def _of_casts(request: StageRequest, work: Object) -> list[Check]:
    people = objects_in(work, "characters")
    wanted = number_of(request.config.get("protagonist_count"))
    leads = sum(text_in(one, "role_type") == "protagonist" for one in people)
    voices = [text_in(object_in(one, "voice"), "monologue") for one in people]
    return [
        Check("portraits", 2.0, mean(told_share(text_in(one, part) for part in _PARTS_OF_A_PERSON) for one in people)),
        Check("personalities", 1.0, mean(_personality(one) for one in people)),
        Check("goals", 1.0, mean(share(len(set(told_in(object_in(one, "goals")))), 3) for one in people)),
        Check("voices", 1.0, distinct_share(voices)),
        Check("distinct", 1.0, distinct_share([text_in(one, "background") for one in people])),
        Check("protagonists", 1.0, 1.0 if wanted is None and leads else float(leads == wanted)),
        Check("network", 1.0, _network(people, work)),
        Check("quotes", 1.5, _quotes(request, work, "WORLDVIEW", "entries", 3)),
    ]


def _network(people: list[Object], work: Object) -> float:
    """Return how many of the people are in a network; two or one need none."""
    return 1.0 if len(people) < _NETWORK_FROM else _connected(people, object_in(work, "network"))


def _personality(person: Object) -> float:
    own = object_in(person, "personality")
    return mean([told_share([text_in(own, "summary")]), share(len(words_in(own, "traits")), 2)])


def _of_networks(request: StageRequest, work: Object) -> list[Check]:
    network = object_in(work, "network") or work
    people, edges = characters_of(request, work), objects_in(network, "edges")
    kinds = {(text_in(edge, "type"), (number_of(edge.get("strength")) or 0) > 0) for edge in edges}
    return [
        Check("network", 2.0, _connected(people or objects_in(network, "nodes"), network)),
        Check("kinds", 1.0, share(len(kinds), min(3, len(edges))) if edges else 0.0),
        Check("descriptions", 1.0, distinct_share([text_in(edge, "description") for edge in edges])),
    ]


def _connected(people: list[Object], network: Object) -> float:
    """Return how many of the people a relation leads to."""
    ends = {text_in(edge, *keys) for edge in objects_in(network, "edges") for keys in (("from", "from_"), ("to",))}
    return mean(float(bool(ends & {text_in(one, "character_id"), text_in(one, "name")})) for one in people)


def _of_plots(request: StageRequest, work: Object) -> list[Check]:
    outline = object_in(work, "outline") or work
    nodes, plans = objects_in(outline, "nodes"), objects_in(work, "candidates")
    functions = {text_in(node, "function") for node in nodes}
    keys = [node for node in nodes if node.get("function") in KEY_FUNCTIONS]
    return [
        Check("nodes", 1.0, within(len(nodes), 10, 20)),
        Check("scenes", 1.0, mean(length_within(text_in(node, "scene"), 200, 300, request.language) for node in nodes)),
        Check("functions", 1.0, share(len(functions & set(_FUNCTIONS)), len(_FUNCTIONS))),
        Check("motivation", 1.0, mean(_reaches(node, "motivation_fit", MOTIVATION_FIT_MIN) for node in nodes)),
        Check("theme", 1.0, mean(_reaches(node, "theme_fit", THEME_FIT_MIN) for node in keys)),
        Check("acts", 1.0, _proportions(outline)),
        Check(
            "curve", 0.5, share(len({number_of(one.get("tension")) for one in objects_in(outline, "tension_curve")}), 4)
        ),
        Check("plans", 0.5, distinct_share([text_in(plan, "logline") for plan in plans]) if plans else 1.0),
        Check("quotes", 1.5, _quotes(request, work, "CHARACTERS", "characters", 3)),
        Check("places", 0.5, _quotes(request, work, "WORLDVIEW", "entries", 2)),
    ]


def _reaches(node: Object, key: str, least: float) -> float:
    return share(max(0.0, number_of(node.get(key)) or 0.0), least)


def _proportions(outline: Object) -> float:
    """Return how near three acts come to a quarter, a half and a quarter; other structures divide as they like."""
    acts = objects_in(outline, "acts")
    sizes = [(number_of(act.get("end_chapter")) or 0) - (number_of(act.get("start_chapter")) or 0) + 1 for act in acts]
    whole = sum(sizes)
    if text_in(outline, "structure") != "three_act" or len(acts) != 3 or whole <= 0:
        return share(len(acts), 3)
    return max(0.0, 1 - sum(abs(size / whole - due) for size, due in zip(sizes, _THREE_ACTS, strict=True)))


def _of_details(request: StageRequest, work: Object) -> list[Check]:
    library, guide = object_in(work, "details"), object_in(work, "style_guide")
    details = [one for category in library for one in objects_in(library, category)]
    counts = [
        within(len(objects_in(library, name)), *_due(request, name)) for name in library if name in _DETAIL_COUNTS
    ]
    names = Counter(text_in(one, "name") for one in details)
    places_and_people = [
        *_confirmed_names(request, "WORLDVIEW", "entries"),
        *_confirmed_names(request, "CHARACTERS", "characters"),
    ]
    return [
        Check("counts", 1.5, mean(counts)),
        Check(
            "descriptions",
            1.0,
            mean(length_within(text_in(one, "description"), 100, 200, request.language) for one in details),
        ),
        Check("attributes", 0.5, mean(within(len(words_in(one, "attributes")), 3, 5) for one in details)),
        Check("names", 1.5, len(names) / len(details) if details else 0.0),
        Check(
            "style",
            1.0,
            mean(float(bool(list(told_in(guide.get(part))))) for part in ("tone", "imagery", "dos", "donts")),
        ),
        Check("glossary", 0.5, share(len(objects_in(work, "glossary")), 3)),
        Check("quotes", 1.5, quoted_share(places_and_people, text_of_work(work), 3)),
    ]


def _due(request: StageRequest, category: str) -> tuple[float, float]:
    """Return how many of a category are due: as many as were asked for, else as is usual."""
    asked = number_of(object_in(request.options, "counts").get(category))
    return (asked, asked) if asked is not None and asked > 0 else _DETAIL_COUNTS[category]


def _quotes(request: StageRequest, work: Object, stage: str, key: str, enough: int) -> float:
    return quoted_share(_confirmed_names(request, stage, key), text_of_work(work), enough)


def _confirmed_names(request: StageRequest, stage: str, key: str) -> list[str]:
    return _names(objects_in(request.confirmed.get(stage), key))


def _names(things: list[Object], key: str = "name") -> list[str]:
    return [text_in(thing, key) for thing in things]


_OF_STEP: dict[Step, Callable[[StageRequest, Object], list[Check]]] = {
    Step.CONCEPT: _of_concepts,
    Step.THEME: _of_themes,
    Step.WORLD: _of_worlds,
    Step.CHARACTER: _of_casts,
    Step.NETWORK: _of_networks,
    Step.PLOT: _of_plots,
    Step.DETAILS: _of_details,
}
