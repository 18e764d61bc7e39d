"""Words as they come in: made storable, measured, cut where a reader would."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.similarity import similarity
from services.contexts.genesis.engine.text import (
    Language,
    detect_language,
    estimate_tokens,
    excerpt,
    isolated,
    length_of,
    shortened,
    storable,
)


@given(st.text(st.characters(codec=None), max_size=300))
def test_everything_becomes_storable_and_stays_so(text: str) -> None:
    clean = storable(text)

    clean.encode("utf-8")
    assert "\x00" not in clean
    assert storable(clean) == clean


def test_ordinary_words_are_not_touched_and_split_emoji_are_joined() -> None:
    assert storable("Zoë\t“said”\n你好 🧑‍🚀 שלום") == "Zoë\t“said”\n你好 🧑‍🚀 שלום"
    assert storable("a\ud83d\ude00\ud800b") == "a😀b"


@pytest.mark.parametrize(
    ("text", "language"),
    [("hello", "en"), ("你好", "zh"), ("Mara 在灯塔里等信", "zh"), ("", "zh"), ("a 茶 house in Leeds", "en")],
)
def test_the_language_is_told_by_its_letters(text: str, language: Language) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("short", 10, "short"),
        ("The first sentence is here. The second one is not.", 40, "The first sentence is here."),
        ("灯塔里住着一个守望者，他在等信。信从未来寄来。", 20, "灯塔里住着一个守望者，他在等信。"),
        ("one two three four five six seven", 20, "one two three four"),
        ("👨‍👩‍👧‍👦👨‍👩‍👧‍👦", 10, "👨‍👩‍👧‍👦"),
    ],
)
def test_an_excerpt_ends_where_a_reader_would_pause(text: str, limit: int, expected: str) -> None:
    assert excerpt(text, limit) == expected


@given(st.text(max_size=400), st.integers(12, 200))
def test_an_excerpt_is_a_literal_piece_of_bounded_length(text: str, limit: int) -> None:
    piece = excerpt(text, limit)

    assert piece in text
    assert len(piece) <= limit
    assert len(shortened(text, limit)) <= limit


def test_lengths_are_counted_in_characters_or_words() -> None:
    assert length_of("未来的信， 今天到。", "zh") == 9
    assert length_of("letters from the future", "en") == 4


def test_tokens_grow_with_the_text_and_chinese_counts_by_character() -> None:
    assert estimate_tokens("") == 0
    assert estimate_tokens("灯塔守望者") == 5
    assert estimate_tokens("lighthouse keeper") == 5


def test_right_to_left_words_are_kept_apart_from_our_punctuation() -> None:
    assert isolated("שלום") == "\u2068שלום\u2069"
    assert isolated("hello") == "hello"


def test_likeness_goes_from_nothing_to_everything() -> None:
    text = "A keeper hears letters and answers none of them before the storm arrives"

    assert similarity(text, text) == 1
    assert similarity(text, "") == 0
    assert similarity(text, "Dragons audit municipal swimming pools on alternate Fridays") == 0
    assert 0.4 < similarity(text, text.replace("letters", "voices").replace("storm", "ferry")) < 1
    assert similarity("灯塔守望者收到未来来信", "灯塔守望者收到昨天来信") > similarity(
        "灯塔守望者收到未来来信", "渔夫把月亮借给面包师"
    )


@given(st.text(max_size=200), st.text(max_size=200))
def test_likeness_is_the_same_both_ways_and_bounded(one: str, other: str) -> None:
    assert similarity(one, other) == pytest.approx(similarity(other, one))
    assert 0 <= similarity(one, other) <= 1


def test_choices_are_fixed_by_seed_and_label_and_independent_of_each_other() -> None:
    choices = Choices("seed")

    assert choices.ordered("a", range(20)) == Choices("seed").ordered("a", range(20))
    assert sorted(choices.ordered("a", range(20))) == list(range(20))
    assert choices.ordered("a", range(20)) != choices.ordered("b", range(20))
    assert choices.ordered("a", range(20)) != choices.under("part").ordered("a", range(20))
    assert json.dumps([choices.one("x", range(1000)), choices.one("y", range(1000))]) == "[411, 126]"


def test_choices_spread_evenly() -> None:
    drawn = [Choices(str(seed)).one("label", range(4)) for seed in range(4_000)]

    assert all(850 < drawn.count(option) < 1_150 for option in range(4))
