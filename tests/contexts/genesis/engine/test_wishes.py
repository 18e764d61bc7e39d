"""What is asked for in a request, wherever it stands and whatever else stands there."""

import pytest

from services.contexts.genesis.engine.directives import ChangeCount, ChangeTone, Directive, Exclude, Include, Remark
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.text import Language
from services.contexts.genesis.engine.wishes import directives_of, earlier_wishes, wish_of, wishes_of
from services.contexts.genesis.values.steps import Step

REQUEST = StageRequest(
    step=Step.PLOT,
    language="en",
    user_input="Write a plot, please.",
    feedback=("darker", "no gods"),
    requirements={
        "tone": "make it funnier",
        "must_include": ["a mill"],
        "taboos": "wolves",
        "chapter_count": 12,
        "n": 3,
    },
    options={"theme_preferences": ["more hope"]},
)


def test_wishes_are_found_everywhere_the_oldest_first() -> None:
    assert directives_of(wishes_of(REQUEST)) == (
        ChangeTone("lighter"),
        ChangeTone("funnier"),
        Include("a mill"),
        Exclude("wolves"),
        ChangeCount("chapter_count", 12),
        ChangeTone("darker"),
        Exclude("gods"),
    )


def test_what_a_revision_is_about_was_not_asked_before() -> None:
    assert directives_of(earlier_wishes(REQUEST))[-1] == ChangeTone("darker")


@pytest.mark.parametrize(
    ("language", "words", "meant"),
    [
        ("en", "please write me another plot", ()),
        ("zh", "请给我提出一些新的主题", ()),
        ("en", "I miss her mother. Why did she go?", (Remark("I miss her mother. Why did she go?"),)),
        ("en", "I miss her mother. No wolves.", (Remark("I miss her mother"), Exclude("wolves"))),
    ],
)
def test_a_wish_is_whole_or_in_parts(language: Language, words: str, meant: tuple[Directive, ...]) -> None:
    assert wish_of(words, language).directives == meant


def test_an_order_said_over_and_over_is_looked_through_once() -> None:
    # Each of these could be read in two ways, all of them together in more than anyone could try.
    said = "提出给出" * 2_000 + "龙"

    assert wish_of(said, "zh").directives == (Remark(said),)
