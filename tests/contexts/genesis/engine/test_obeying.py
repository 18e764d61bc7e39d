"""Sixty remarks about what the built-in author wrote, in both languages: are they obeyed?"""

from functools import lru_cache
from typing import Any, NamedTuple

import pytest

from services.contexts.genesis.engine.directives import (
    ChangeAge,
    ChangeCount,
    ChangeTone,
    ChangeTrait,
    Directive,
    Exclude,
    Include,
    Rename,
)
from services.contexts.genesis.engine.feedback.applying import shown_in
from services.contexts.genesis.engine.feedback.reading import read_feedback
from services.contexts.genesis.engine.offline_author import write_offline
from services.contexts.genesis.engine.proposed_content import content_of
from services.contexts.genesis.engine.stage_requests import Object, StageRequest
from services.contexts.genesis.engine.text import Language
from services.contexts.genesis.values.steps import Step

IDEA: dict[Language, str] = {
    "en": "A young mage at a harbour court who has lost her spells",
    "zh": "港口宫廷里一个丢了法术的年轻法师",
}
OBEYED_SHARE_MIN = 0.95


class Wish(NamedTuple):
    """What is said about a step's result, and what it means."""

    language: Language
    step: Step
    said: str
    meant: Directive


def _wishes(language: Language, *steps: Step, said: dict[str, Directive]) -> list[Wish]:
    return [Wish(language, step, words, meant) for step in steps for words, meant in said.items()]


_ALL = (Step.CONCEPT, Step.THEME, Step.WORLD, Step.CHARACTER, Step.PLOT)
WISHES = [
    *_wishes("en", *_ALL, said={
        "darker": ChangeTone("darker"),
        "make it funnier": ChangeTone("funnier"),
        "no magic": Exclude("magic"),
        "add a drowned piano": Include("a drowned piano"),
    }),
    *_wishes("zh", *_ALL, said={
        "更黑暗": ChangeTone("darker"),
        "更幽默一些": ChangeTone("funnier"),
        "不要魔法": Exclude("魔法"),
        "加入一架沉没的钢琴": Include("一架沉没的钢琴"),
    }),
    *_wishes("en", Step.WORLD, said={"rename the city to Vellamar": Rename("the city", "Vellamar")}),
    *_wishes("zh", Step.WORLD, said={"城市改名为雾津": Rename("城市", "雾津")}),
    *_wishes("en", Step.CHARACTER, said={
        "call the hero Maravel": Rename("the hero", "Maravel"),
        "make her 61 years old": ChangeAge(None, None, 61),
        "make her braver": ChangeTrait(None, "brave"),
        "only three characters": ChangeCount("characters", 3),
        "make her older": ChangeAge(None, "older", None),
    }),
    *_wishes("zh", Step.CHARACTER, said={
        "把主角改名叫沈雁归": Rename("主角", "沈雁归"),
        "主角改成六十一岁": ChangeAge(None, None, 61),
        "让主角更勇敢": ChangeTrait(None, "勇敢"),
        "只要三个角色": ChangeCount("角色", 3),
        "让她年长一些": ChangeAge(None, "older", None),
    }),
    *_wishes("en", Step.PLOT, said={
        "12 chapters": ChangeCount("chapters", 12),
        "tenser": ChangeTone("tenser"),
        "add a lost letter": Include("a lost letter"),
        "no dragons": Exclude("dragons"),
    }),
    *_wishes("zh", Step.PLOT, said={
        "减到十二章": ChangeCount("章", 12),
        "更紧张": ChangeTone("tenser"),
        "加入一封丢失的信": Include("一封丢失的信"),
        "不要龙": Exclude("龙"),
    }),
]  # fmt: skip
"""The step, what a writer says, and what it means."""


@lru_cache(maxsize=4)
def foundation(language: Language) -> dict[Step, tuple[Object, dict[str, Object]]]:
    """By step the document that it is said of, and what is confirmed before it."""
    concepts = _written(Step.CONCEPT, language, {}, {}, user_input=IDEA[language], options={"candidate_count": 3})
    first = {**concepts, "concept": concepts["concept_candidates"][0]}
    themes = _written(Step.THEME, language, first, {})
    first_whole = {**first, **themes, "theme": themes["theme_candidates"][0]}
    confirmed = {"INITIAL_PROMPT": first_whole}
    found: dict[Step, tuple[Object, dict[str, Object]]] = {
        Step.CONCEPT: (first, {}), Step.THEME: (first_whole, {}),
    }  # fmt: skip
    for step, stage in ((Step.WORLD, "WORLDVIEW"), (Step.CHARACTER, "CHARACTERS"), (Step.PLOT, "PLOT_OUTLINE")):
        document = _written(step, language, {}, dict(confirmed))
        found[step] = (document, dict(confirmed))
        confirmed[stage] = document
    return found


def _written(step: Step, language: Language, newest: Object, confirmed: dict[str, Object], **more: Any) -> Object:
    request = StageRequest(
        step=step, language=language, idea=IDEA[language], newest=newest, confirmed=confirmed, **more
    )
    return content_of(request, write_offline(request))


def revised(wish: Wish) -> tuple[Object, Object]:
    """The part that is talked about, before and after."""
    newest, confirmed = foundation(wish.language)[wish.step]
    request = StageRequest(
        step=wish.step,
        language=wish.language,
        is_revision=True,
        idea=IDEA[wish.language],
        feedback=(wish.said,),
        newest=newest,
        confirmed=confirmed,
        options={"target": str(wish.step)},
    )
    key = str(wish.step) if wish.step in (Step.CONCEPT, Step.THEME) else None
    after = content_of(request, write_offline(request))
    return (newest[key], after[key]) if key else (newest, after)


def is_obeyed(wish: Wish, before: Object, after: Object) -> bool:
    """Whether a reader would say so."""
    match wish.meant:
        case ChangeAge(_, "older", _):
            return bool(_lead(after)["age"] > _lead(before)["age"])
        case ChangeCount("characters" | "角色", count):
            return len(after["characters"]) == count
        case ChangeCount(_, count):
            return bool(max(point["chapter"] for point in after["outline"]["tension_curve"]) == count)
        case ChangeTone():
            return bool(after != before) and shown_in(after, wish.meant, wish.language)
        case Rename(_, new):
            return new in str(after) and new not in str(before)
        case _:
            return shown_in(after, wish.meant, wish.language)


def _lead(document: Object) -> Object:
    found: Object = next(one for one in document["characters"] if one["role_type"] == "protagonist")
    return found


@pytest.mark.parametrize("wish", WISHES, ids=lambda wish: f"{wish.step}-{wish.said}")
def test_a_remark_is_read_as_it_is_meant(wish: Wish) -> None:
    assert read_feedback(wish.said, wish.language) == (wish.meant,)


def test_of_sixty_remarks_nineteen_in_twenty_are_obeyed() -> None:
    assert len(WISHES) >= 60
    ignored = [wish for wish in WISHES if not is_obeyed(wish, *revised(wish))]
    assert 1 - len(ignored) / len(WISHES) >= OBEYED_SHARE_MIN, ignored
