"""Reading feedback: what is plain becomes an order, everything else stays what was said."""

import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contexts.genesis.engine.directives import ChangeTrait, Directive, Exclude, Include, Remark, Rename
from services.contexts.genesis.engine.feedback.adjectives import positive
from services.contexts.genesis.engine.feedback.numbers import number_in
from services.contexts.genesis.engine.feedback.reading import FEEDBACK_MAX, read_feedback
from services.contexts.genesis.engine.text import Language, listed
from services.contexts.genesis.values.steps import Step
from tests.contexts.genesis.engine.feedback_table import FEEDBACK, Row


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
    assert len({(language, text) for language, _, text, _ in FEEDBACK}) == len(FEEDBACK)


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


@pytest.mark.parametrize("row", FEEDBACK[::5], ids=lambda row: row[2])
def test_the_words_tell_their_language_and_not_the_story(row: Row) -> None:
    other: Language = "zh" if row[0] == "en" else "en"

    assert read_feedback(row[2], other) == row[3]


@pytest.mark.parametrize("said", ["no one dies", "not any further", "remove it", "add it", "不要改", "没有人"])
def test_words_that_only_look_like_a_wish_are_no_wish(said: str) -> None:
    assert read_feedback(said, "en") == (Remark(said),)


def test_a_thought_with_commas_is_one_remark() -> None:
    assert read_feedback("The raven knows, I suppose, more than it says. No magic.", "en") == (
        Remark("The raven knows, I suppose, more than it says"),
        Exclude("magic"),
    )


def test_a_name_may_hold_whatever_ends_a_clause() -> None:
    assert read_feedback("把城市改名为“雾，与潮。城”", "zh") == (Rename("城市", "雾，与潮。城"),)


def test_a_new_sentence_is_about_nobody_in_particular() -> None:
    assert read_feedback("make Tom braver. less arrogant", "en")[1] == ChangeTrait(None, "arrogant", absent=True)


def test_the_same_wish_twice_is_one_wish() -> None:
    assert read_feedback("no magic. No magic!", "en") == (Exclude("magic"),)


@pytest.mark.parametrize("text", ["", "   ", "。。。", "\x00", "—", "\ud800"])
def test_nothing_said_is_nothing_asked(text: str) -> None:
    assert read_feedback(text, "zh") == ()


# What people say, cut to pieces and thrown together: most of it is nonsense that begins like a wish.
_PIECES = st.sampled_from(
    sorted(
        listed("""
    no add make more less rename to call and but too than older her him the city 20 years old chapters cut one
    not so should be “ ” " ' , . ; Mr. 不要 加入 把 将 让 更 太 少一点 改成 改名为 叫 主角 她 三十岁 章 个 节奏 放慢 并
    「 」 《 》 ， 。 、 \\ ( [ { ? * + \ud800 \x00 🐉
""")
    )
)


@given(said=st.text(max_size=200) | st.lists(_PIECES, max_size=40).map(" ".join) | st.lists(_PIECES).map("".join))
def test_any_text_can_be_read(said: str) -> None:
    directives = read_feedback(said, "en") + read_feedback(said, "zh")

    assert all(not isinstance(one, Remark) or one.text.strip() for one in directives)


@given(st.text(alphabet=st.characters(categories=("Lu", "Ll", "Lo")), min_size=1, max_size=40))
def test_whatever_has_a_letter_is_taken_up(said: str) -> None:
    assert read_feedback(f"x{said}", "en")


_PROSE = "Make her braver, and let the city be called Veyra. The middle drags. 让主角更勇敢，不要那么傲慢。中段有点拖。"


@pytest.mark.parametrize(
    "unit",
    [
        "make it ", "不要", "，", '"', "把", "no a and ", "让主角更", "x", "and ", "把把把改成改成，", "the the the, ",
        "called ", "不", "让更", "应该", "no, ", "、", "between ", "的", "。", "二", "\ud800", "🐉", "更" * 159 + "，",
        "make a a " * 17 + ".", "rename a to b and c to " * 12 + ".", "a to b and c " * 20 + ".", "太" * 290 + "。",
        "少一点" * 90 + "，", "删掉一" * 90 + "，", "不要太" * 90 + "。", "背景改成" * 70 + "。",
        "too many " * 33 + ".",
    ],
)  # fmt: skip
def test_text_built_to_be_slow_takes_no_longer_than_prose(unit: str) -> None:
    assert _seconds_to_read(unit) < 10 * _seconds_to_read(_PROSE)


def _seconds_to_read(unit: str) -> float:
    text = (unit * FEEDBACK_MAX)[:FEEDBACK_MAX]
    started = time.process_time()
    read_feedback(text, "zh")
    return time.process_time() - started


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
