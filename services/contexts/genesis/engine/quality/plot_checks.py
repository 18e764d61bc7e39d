"""What must hold in an outline: its order, its numbers, its causes, and that the confirmed people act in it."""

from collections.abc import Iterator
from itertools import combinations, pairwise

import regex

from services.contexts.genesis.engine.documents import objects_in, text_in, told_in, whole_number, words_in
from services.contexts.genesis.engine.quality.issues import Case, Finding, Level, finding, number_of
from services.contexts.genesis.engine.stage_requests import Object

MOTIVATION_FIT_MIN, THEME_FIT_MIN = 60, 80
KEY_FUNCTIONS = ("climax", "turn")
SLACK_BELOW, SLACK_CHAPTERS = 4, 3
_CHAPTER_MAX = 1_000
# The crowd has no name: "two guards", 村民们, 众人.
_CROWD = regex.compile(r"^[^\p{Lu}\p{Han}]*$|[们众人者群军队徒客兵卒]$|^(?:众|一群|几个|某|无名)")
_UNREAL = regex.compile(
    r"\b(?:if|nearly|almost|pretend\w*|feign\w*|believ\w+|thought|dream\w*|ghost|memory|may|might|could|would|rumou?r\w*"
    r"|not|never|presumed)\b|如果|若|险些|差点|几乎|假|以为|梦|鬼|魂|传言|据说|没有|没死|不会|不能|未死|复活|重生",
    regex.I,
)
_SENTENCE = regex.compile(r"[^.!?。！？\n]+")
_DEATH = regex.compile(
    r"\s+(?:dies|died|is\s+killed|is\s+dead|has\s+died)\b|(?:死了|死去|身亡|牺牲了|断了气|咽了气|被杀)", regex.I
)
_OF_THE_DEAD = regex.compile(
    r"\b(?:ghost|memory|memories|flashback|funeral|grave|body|corpse|letters?|diary|years earlier|back then|reborn)\b"
    r"|鬼|魂|回忆|追忆|灵堂|葬|坟|墓|遗|尸|当年|往事|多年前|年前|复活|重生|日记",
    regex.I,
)


def strangers(case: Case) -> Iterator[Finding]:
    """Find people of the plot who are neither in the cast nor anywhere in what is confirmed."""
    known = [text_in(one, "name") for one in case.characters]
    if not known:
        return
    acting = [name for part in ("nodes", "subplots") for one in objects_in(case.outline, part) for name in _people(one)]
    for name in dict.fromkeys(acting):
        if not any(_same(name, other) for other in known) and not _CROWD.search(name) and not case.is_confirmed(name):
            yield finding(4, "stranger", name, name=name)


def protagonists_missing(case: Case) -> Iterator[Finding]:
    """Find protagonists who are in none of the scenes."""
    nodes = objects_in(case.outline, "nodes")
    acting = [name for node in nodes for name in _people(node)]
    protagonists = (text_in(one, "name") for one in case.characters if text_in(one, "role_type") == "protagonist")
    absent = [name for name in protagonists if acting and not any(_same(name, other) for other in acting)]
    told = "\n".join(told_in(case.outline)) if absent else ""
    for name in absent:
        if name not in told:
            yield finding(4, "protagonist_missing", name, name=name)


def the_dead_who_return(case: Case) -> Iterator[Finding]:
    """Find people who die in one scene and act in a later one that is no memory."""
    nodes = sorted(_placed(case), key=lambda placed: placed[0])
    scenes = [(chapter, node, text_in(node, "scene")) for chapter, node in nodes]
    for one in case.characters:
        name = text_in(one, "name")
        died = next(((chapter, node) for chapter, node, scene in scenes if _dies(name, scene)), None)
        if not died:
            continue
        later = (node for chapter, node in nodes if chapter > died[0] and name in _people(node))
        back = next((node for node in later if not _OF_THE_DEAD.search(text_in(node, "scene"))), None)
        if back:
            level: Level = 4 if text_in(one, "role_type") == "protagonist" else 3
            first, last = _title(died[1]), _title(back)
            yield finding(level, "dead_returns", f"{first} / {last}", name=name, first=first, last=last)


def unknown_places(case: Case) -> Iterator[Finding]:
    """Find places that the confirmed world does not have, neither as an entry nor in passing."""
    if not objects_in(case.world, "entries"):
        return
    places = dict.fromkeys(text_in(node, "place") for node in objects_in(case.outline, "nodes"))
    for place in places:
        if not case.is_confirmed(place) and place.casefold() not in case.confirmed_folded:
            yield finding(2, "place_unknown", place, place=place)


def acts_out_of_order(case: Case) -> Iterator[Finding]:
    """Find acts that end before they begin, and acts that share chapters."""
    acts = []
    for act in objects_in(case.outline, "acts"):
        first, last = _chapter(act, "start_chapter"), _chapter(act, "end_chapter")
        if first is None or last is None:
            continue
        if last < first:
            yield finding(2, "act_reversed", _title(act), title=_title(act), first=first, last=last)
        else:
            acts.append((first, last, _title(act)))
    for one, other in combinations(acts, 2):
        if one[0] <= other[1] and other[0] <= one[1]:
            yield finding(2, "acts_overlap", f"{one[2]} / {other[2]}", one=one[2], other=other[2])


def chapters_out_of_order(case: Case) -> Iterator[Finding]:
    """Find scenes and points of the tension curve that go back in the book."""
    for (before, _), (chapter, node) in pairwise(_placed(case)):
        if chapter < before:
            title = _title(node)
            yield finding(2, "nodes_unordered", title, title=title, chapter=chapter, before=before)
    for (before, _), (chapter, _) in pairwise(_curve(case)):
        if chapter < before:
            yield finding(2, "curve_unordered", f"{before} → {chapter}", before=before, chapter=chapter)


def chapters_out_of_bounds(case: Case) -> Iterator[Finding]:
    """Find scenes beyond the last chapter, or between the acts."""
    last = number_of(case.setting("chapter_count_preference"))
    acts = objects_in(case.outline, "acts")
    spans = [(_chapter(act, "start_chapter"), _chapter(act, "end_chapter")) for act in acts]
    whole = [(first, end) for first, end in spans if first is not None and end is not None]
    for chapter, node in _placed(case):
        title = _title(node)
        if last is not None and chapter > last:
            yield finding(2, "chapter_bounds", title, chapter=chapter, last=last)
        elif whole and len(whole) == len(acts) and not any(first <= chapter <= end for first, end in whole):
            yield finding(2, "node_outside", title, title=title, chapter=chapter)


def numbers_out_of_bounds(case: Case) -> Iterator[Finding]:
    """Find tensions and fits that no scale has."""
    for node in (*objects_in(case.outline, "nodes"), *objects_in(case.outline, "tension_curve")):
        tension = number_of(node.get("tension"))
        if tension is not None and not 1 <= tension <= 10:
            yield finding(2, "tension_bounds", _title(node) or str(tension), value=tension)
        for fit in (number_of(node.get("motivation_fit")), number_of(node.get("theme_fit"))):
            if fit is not None and not 0 <= fit <= 100:
                yield finding(2, "fit_bounds", _title(node) or str(fit), value=fit)


def deeds_against_motivation(case: Case) -> Iterator[Finding]:
    """Find scenes whose people do not want what they do, and key scenes that have lost the theme."""
    for node in objects_in(case.outline, "nodes"):
        motivation, theme = number_of(node.get("motivation_fit")), number_of(node.get("theme_fit"))
        title = _title(node)
        if motivation is not None and 0 <= motivation < MOTIVATION_FIT_MIN:
            yield finding(3, "against_motivation", title, title=title, value=motivation)
        if theme is not None and 0 <= theme < THEME_FIT_MIN and node.get("function") in KEY_FUNCTIONS:
            yield finding(2, "theme_lost", title, title=title, value=theme)


def effects_without_cause(case: Case) -> Iterator[Finding]:
    """Find an outline whose climax nothing prepares."""
    placed = _placed(case)
    climaxes = [(chapter, node) for chapter, node in placed if node.get("function") == "climax"]
    if len(placed) < 3 or not climaxes or not all(text_in(node, "function") for _, node in placed):
        return
    chapter, climax = max(climaxes, key=lambda found: found[0])
    prepared = (at <= chapter and node.get("function") in ("setup", "development", "turn") for at, node in placed)
    if not any(prepared):
        yield finding(3, "cause_missing", _title(climax), title=_title(climax))


def slack_chapters(case: Case) -> Iterator[Finding]:
    """Find the first three chapters in a row in which little happens."""
    points = {chapter: tension for chapter, tension in _curve(case) if tension is not None}
    for chapter in sorted(points):
        row = [points.get(chapter + step) for step in range(SLACK_CHAPTERS)]
        if all(tension is not None and tension < SLACK_BELOW for tension in row):
            yield finding(1, "pacing", str(chapter), chapter=chapter)
            return


def _placed(case: Case) -> list[tuple[int, Object]]:
    found = ((_chapter(node, "chapter"), node) for node in objects_in(case.outline, "nodes"))
    return [(chapter, node) for chapter, node in found if chapter is not None]


def _curve(case: Case) -> list[tuple[int, float | None]]:
    found = ((_chapter(one, "chapter"), one) for one in objects_in(case.outline, "tension_curve"))
    return [(chapter, number_of(one.get("tension"))) for chapter, one in found if chapter is not None]


def _chapter(document: Object, key: str) -> int | None:
    return whole_number(number_of(document.get(key)), 1, _CHAPTER_MAX)


def _title(document: Object) -> str:
    return text_in(document, "title", "node_id")


def _people(document: Object) -> tuple[str, ...]:
    return words_in(document, "characters") if isinstance(document.get("characters"), list | tuple) else ()


def _same(name: str, other: str) -> bool:
    """Tell whether two names can be one person's: one holds the other, or a word of it."""
    one, two = name.casefold(), other.casefold()
    return one in two or two in one or bool(set(one.split()) & set(two.split()))


def _dies(name: str, scene: str) -> bool:
    """Tell whether a scene says plainly that somebody dies."""
    if name not in scene:
        return False
    told = (part for part in _SENTENCE.findall(scene) if any(map(_DEATH.match, part.split(name)[1:])))
    return any(not _UNREAL.search(part) for part in told)
