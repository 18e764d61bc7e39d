"""Reading feedback: what is plain becomes an order, everything else stays what was said."""

import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contexts.genesis.engine.directives import ChangeTrait, Directive, Exclude, Include, Remark
from services.contexts.genesis.engine.feedback.adjectives import positive
from services.contexts.genesis.engine.feedback.numbers import number_in
from services.contexts.genesis.engine.feedback.reading import FEEDBACK_MAX, read_feedback
from services.contexts.genesis.engine.stage_requests import Step
from services.contexts.genesis.engine.text import Language
from tests.contexts.genesis.engine.feedback_table import FEEDBACK


@pytest.mark.parametrize(
    ("language", "text", "expected"), [(row[0], row[2], row[3]) for row in FEEDBACK], ids=[row[2] for row in FEEDBACK]
)
def test_feedback_means_what_the_table_says(language: Language, text: str, expected: tuple[Directive, ...]) -> None:
    assert read_feedback(text, language) == expected


def test_the_table_covers_every_step_in_both_languages() -> None:
    rows = Counter((language, step) for language, step, _, _ in FEEDBACK)

    assert set(rows) == {
        (language, step)
        for language in ("en", "zh")
        for step in (Step.CONCEPT, Step.THEME, Step.WORLD, Step.CHARACTER, Step.PLOT)
    }
    assert min(rows.values()) >= 5


def test_several_wishes_are_read_in_their_order() -> None:
    text = "Darker. No gods; rename the hero to Tam, and only two villains!"

    assert [type(one).__name__ for one in read_feedback(text, "en")] == [
        "ChangeTone",
        "Exclude",
        "Rename",
        "ChangeCount",
    ]


def test_a_list_goes_on_only_as_long_as_things_are_listed() -> None:
    assert read_feedback("no magic, she never laughs", "en") == (Exclude("magic"), Remark("she never laughs"))
    assert read_feedback("加入鹦鹉，我很喜欢它们", "zh") == (Include("鹦鹉"), Remark("我很喜欢它们"))


def test_a_new_sentence_is_about_nobody_in_particular() -> None:
    assert read_feedback("make Tom braver. less arrogant", "en")[1] == ChangeTrait(None, "arrogant", absent=True)


def test_the_same_wish_twice_is_one_wish() -> None:
    assert read_feedback("no magic. No magic!", "en") == (Exclude("magic"),)


@pytest.mark.parametrize("text", ["", "   ", "。。。", "\x00", "—", "\ud800"])
def test_nothing_said_is_nothing_asked(text: str) -> None:
    assert read_feedback(text, "zh") == ()


@given(st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    directives = read_feedback(text, "en") + read_feedback(text, "zh")

    assert all(not isinstance(one, Remark) or one.text.strip() for one in directives)


@pytest.mark.parametrize(
    "unit",
    [
        "make it ",
        "不要",
        "，",
        '"',
        "把",
        "no a and ",
        "让主角更",
        "x",
        "and ",
        "把把把改成改成，",
        "the the the, ",
        "called ",
    ],
)
def test_long_texts_are_read_in_linear_time(unit: str) -> None:
    text = (unit * FEEDBACK_MAX)[:FEEDBACK_MAX]
    started = time.process_time()
    read_feedback(text, "zh")
    half = time.process_time() - started

    # Quadratic patterns would take minutes here.
    assert half < 5


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("12", 12),
        ("twenty-three", 23),
        ("a dozen", 12),
        ("十", 10),
        ("二十一", 21),
        ("一百零三", 103),
        ("两", 2),
        ("many", None),
    ],
)
def test_numbers_are_read_as_they_are_written(words: str, number: int | None) -> None:
    assert number_in(words) == number


@pytest.mark.parametrize(
    ("word", "plain"),
    [
        ("braver", "brave"), ("kinder", "kind"), ("thinner", "thin"), ("angrier", "angry"), ("gentler", "gentle"),
        ("quieter", "quiet"), ("stronger", "strong"), ("stranger", "strange"), ("clever", "clever"), ("paler", "pale"),
        ("taller", "tall"), ("fiercer", "fierce"), ("slower", "slow"), ("wiser", "wise"),
    ],
)  # fmt: skip
def test_comparatives_lose_their_ending(word: str, plain: str) -> None:
    assert positive(word) == plain
