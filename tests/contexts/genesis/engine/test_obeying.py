"""What people say about what the built-in author wrote, in both languages: is it obeyed, as far as a reader can see?"""

from functools import lru_cache
from typing import Any, NamedTuple

import pytest

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
    *_wishes("en", *_ALL, said={
        "slow the pace down": ChangeTone("calmer"),
        "set it in winter": Include("winter"),
        "no chosen one": Exclude("chosen one"),
        "less exposition": ChangeLength("shorter"),
    }),
    *_wishes("zh", *_ALL, said={
        "把节奏放慢": ChangeTone("calmer"),
        "把故事设在冬天": Include("冬天"),
        "不要天选之子": Exclude("天选之子"),
        "少一些说明": ChangeLength("shorter"),
    }),
    *_wishes("en", Step.CONCEPT, Step.THEME, Step.PLOT, said={"raise the stakes": ChangeTone("tenser")}),
    *_wishes("zh", Step.CONCEPT, Step.THEME, Step.PLOT, said={"冲突再激烈一点": ChangeTone("tenser")}),
    *_wishes("en", Step.WORLD, said={
        "make the city coastal": ChangeTrait("the city", "coastal"),
        "call the empire Vessin instead": Rename("the empire", "Vessin"),
    }),
    *_wishes("zh", Step.WORLD, said={
        "让城市靠海": ChangeTrait("城市", "靠海"),
        "帝国改叫维辛": Rename("帝国", "维辛"),
    }),
    *_wishes("en", Step.CHARACTER, said={
        "too many characters, cut one": ChangeNumber("characters", "fewer", 1),
        "give the antagonist a better reason": ChangeMotive("the antagonist"),
    }),
    *_wishes("zh", Step.CHARACTER, said={
        "人物太多了，删掉一个": ChangeNumber("人物", "fewer", 1),
        "给反派一个更好的理由": ChangeMotive("反派"),
    }),
    *_wishes("en", Step.PLOT, said={
        "give the antagonist a better reason": ChangeMotive("the antagonist"),
        "fewer chapters": ChangeNumber("chapters", "fewer", None),
        "the ending should not be too happy": Remark("the ending should not be too happy"),
    }),
    *_wishes("zh", Step.PLOT, said={
        "给反派一个更好的理由": ChangeMotive("反派"),
        "章节少一些": ChangeNumber("章节", "fewer", None),
        "结局不要太圆满": Remark("结局不要太圆满"),
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
    part = _part(wish)
    if isinstance(wish.meant, Exclude) and shown_in(newest[part] if part else newest, wish.meant, wish.language):
        # What is not there cannot be taken out; somebody asked for it before.
        wanted = f"add a {wish.meant.term}" if wish.language == "en" else f"加入{wish.meant.term}"
        newest = _told(wish, wanted, newest, confirmed)
    after = _told(wish, wish.said, newest, confirmed)
    return (newest[part], after[part]) if part else (newest, after)


def _told(wish: Wish, said: str, newest: Object, confirmed: dict[str, Object]) -> Object:
    """The document after something was said about it; a concept or theme beside what it stands on."""
    request = StageRequest(
        step=wish.step,
        language=wish.language,
        is_revision=True,
        idea=IDEA[wish.language],
        feedback=(said,),
        newest=newest,
        confirmed=confirmed,
        options={"target": str(wish.step)},
    )
    return {**(newest if _part(wish) else {}), **content_of(request, write_offline(request))}


def _part(wish: Wish) -> str | None:
    return str(wish.step) if wish.step in (Step.CONCEPT, Step.THEME) else None


@pytest.mark.parametrize("wish", WISHES, ids=lambda wish: f"{wish.step}-{wish.said}")
def test_a_remark_is_read_as_it_is_meant(wish: Wish) -> None:
    assert read_feedback(wish.said, wish.language) == (wish.meant,)


@pytest.mark.parametrize("wish", WISHES, ids=lambda wish: f"{wish.step}-{wish.said}")
def test_a_remark_is_obeyed_and_was_not_before(wish: Wish) -> None:
    before, after = revised(wish)

    assert shown_in(after, wish.meant, wish.language, before)
    assert not shown_in(before, wish.meant, wish.language, before)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "give the antagonist a better reason"), ("zh", "给反派一个更好的理由")]
)
def test_a_motive_that_is_gone_is_told_nowhere(language: Language, said: str) -> None:
    before, after = revised(Wish(language, Step.CHARACTER, said, ChangeMotive(None)))
    rival = next(one for one in before["characters"] if one["role_type"] == "antagonist")

    assert rival["motivation"] in str(before["network"])
    assert rival["motivation"] not in str(after)
