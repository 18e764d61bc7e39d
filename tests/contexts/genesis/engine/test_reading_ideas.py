"""Reading an idea: carefully, and never with other words than the person's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.contexts.genesis.engine.sparks import IDEA_WHOLE_MAX, Shape, quoted_words, read_idea
from services.contexts.genesis.engine.text import Language


@pytest.mark.parametrize(
    ("idea", "shape"),
    [
        ("A lighthouse keeper who hears letters from the future", "person"),
        ("A boy who paints and a girl who refuses to be painted", "statement"),
        ("In a city where nobody sleeps, a baker starts dreaming.", "statement"),
        ("A city that forgets its citizens every night", "statement"),
        ("What if gravity failed on Tuesdays", "question"),
        ("I want a story about a girl who talks to tides", "quotation"),
        ("a retired thief who must steal her own ring", "quotation"),
        ("dragons, tea, regret", "keywords"),
        ("🐙🎻", "keywords"),
    ],
)
def test_the_shape_of_an_english_idea(idea: str, shape: Shape) -> None:
    spark = read_idea(idea, "en")

    assert spark is not None
    assert spark.shape == shape


@pytest.mark.parametrize(
    ("idea", "shape"),
    [
        ("一个能听见未来来信的灯塔守望者", "person"),
        ("一座每晚都会忘记居民的城市", "statement"),
        ("如果所有人每天只能说一百个字", "question"),
        ("我想写一个关于渔夫和月亮的故事", "quotation"),
        ("龙，茶，后悔", "keywords"),
    ],
)
def test_the_shape_of_a_chinese_idea(idea: str, shape: Shape) -> None:
    spark = read_idea(idea, "zh")

    assert spark is not None
    assert spark.shape == shape


@pytest.mark.parametrize(
    ("idea", "language", "hero"),
    [
        ("A lighthouse keeper who hears letters from the future", "en", "lighthouse keeper"),
        ("A boy named Tomas who paints tomorrow's weather", "en", "Tomas"),
        ("When Elena Park finds a door in the sea, she knocks.", "en", "Elena Park"),
        ("When gravity fails, everyone floats off", "en", None),
        ("In a city where nobody sleeps, a baker starts dreaming.", "en", "baker"),
        ("A city that forgets its citizens every night", "en", None),
        ("一个能听见未来来信的灯塔守望者", "zh", "灯塔守望者"),
        ("一个叫林晚的女孩发现了一扇通往昨天的门", "zh", "林晚"),
        ("退休刺客在小镇开了一家面馆", "zh", "退休刺客"),
        ("我想写一个关于渔夫和月亮的故事", "zh", "渔夫"),
        ("一座每晚都会忘记居民的城市", "zh", None),
    ],
)
def test_the_hero_is_found_where_it_is_certain(idea: str, language: Language, hero: str | None) -> None:
    spark = read_idea(idea, language)

    assert spark is not None
    assert spark.hero == hero


@pytest.mark.parametrize(
    ("idea", "language", "thing"),
    [
        ("A lighthouse keeper who hears letters from the future", "en", "letters from the future"),
        ("A thief who must steal her own wedding ring", "en", "her own wedding ring"),
        ("A girl who talks to the dead", "en", "the dead"),
        ("A woman who cannot sleep", "en", None),
        ("A man who never comes back", "en", None),
        ("Two sisters inherit a haunted cinema", "en", "haunted cinema"),
        ("一个能听见未来来信的灯塔守望者", "zh", "未来来信"),
        ("一个叫林晚的女孩发现了一扇通往昨天的门", "zh", "那扇门"),
        ("退休刺客在小镇开了一家面馆，却发现客人全是旧仇家", "zh", "那家面馆"),
        ("天黑以后不要唱歌给月亮听", "zh", None),
    ],
)
def test_the_thing_it_turns_on_is_found_where_it_is_certain(idea: str, language: Language, thing: str | None) -> None:
    spark = read_idea(idea, language)

    assert spark is not None
    assert spark.thing == thing


@pytest.mark.parametrize("idea", ["", "  \n ", "给我灵感！", "Give me inspiration!", "surprise me"])
def test_no_idea_is_no_idea(idea: str) -> None:
    assert read_idea(idea, "zh") is None


def test_an_idea_of_two_hundred_characters_is_quoted_whole() -> None:
    idea = ("x" * 9 + " ") * 19 + "x" * 10

    assert len(idea) == IDEA_WHOLE_MAX
    assert quoted_words(idea) == idea


@given(st.text(max_size=2_000), st.sampled_from(["en", "zh"]))
def test_what_is_quoted_is_always_literally_in_the_idea(idea: str, language: Language) -> None:
    spark = read_idea(idea, language)

    if spark is not None:
        assert spark.words in idea
        assert len(spark.words) <= IDEA_WHOLE_MAX
