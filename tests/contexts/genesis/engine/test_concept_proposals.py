"""What a person gets who asks the built-in author for concepts."""

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from services.contexts.genesis.engine.concepts import (
    ConceptBatch,
    ConceptCandidate,
    ConceptPreferences,
    ConceptRequest,
)
from services.contexts.genesis.engine.offline_concepts import propose_concepts
from services.contexts.genesis.engine.scoring import HOOK_LENGTH, USP_LENGTH
from services.contexts.genesis.engine.similarity import ALIKE_MAX, similarity, text_of
from services.contexts.genesis.engine.sparks import quoted_words
from services.contexts.genesis.engine.text import Language, detect_language, length_of, storable

KEEPER = "A lighthouse keeper who hears letters from the future"
KEEPER_ZH = "一个能听见未来来信的灯塔守望者"
LONG = "The night the river ran backwards, everyone in Port Merrow forgot the same name. " * 250
IDEAS = (
    None,
    KEEPER,
    KEEPER_ZH,
    "dragons, tea, regret",
    "What if gravity failed on Tuesdays?",
    "如果所有人每天只能说一百个字",
    'She said "no" and {meant} it',
    LONG[:20_000],
)


def test_equal_requests_get_equal_answers() -> None:
    request = ConceptRequest(idea=KEEPER, iteration_number=3, feedback=("darker",))

    assert propose_concepts(request) == propose_concepts(request.model_copy(deep=True))


def test_asking_once_more_gives_something_new() -> None:
    first, second = (propose_concepts(ConceptRequest(idea=KEEPER, iteration_number=number)) for number in (1, 2))

    assert not {one.concept_id for one in first.candidates} & {one.concept_id for one in second.candidates}
    assert [one.premise for one in first.candidates] != [one.premise for one in second.candidates]


@pytest.mark.parametrize("count", [3, 4, 5, 6])
def test_as_many_candidates_come_as_were_asked_for(count: int) -> None:
    assert len(propose_concepts(ConceptRequest(idea=KEEPER, candidate_count=count)).candidates) == count


@pytest.mark.parametrize("idea", [KEEPER, KEEPER_ZH, "dragons, tea, regret", 'a "quoted" {idea} with 50% 🐙 & שלום'])
def test_every_candidate_contains_the_whole_of_a_short_idea(idea: str) -> None:
    for candidate in propose_concepts(ConceptRequest(idea=idea)).candidates:
        assert idea in candidate.premise


def test_of_a_long_idea_every_candidate_contains_the_beginning_and_stays_readable() -> None:
    idea = LONG[:20_000]

    for candidate in propose_concepts(ConceptRequest(idea=idea)).candidates:
        assert quoted_words(idea) in candidate.premise
        assert len(quoted_words(idea)) >= 60
        assert len(candidate.premise) < 1_000


def test_names_of_the_idea_are_kept_and_used() -> None:
    for candidate in propose_concepts(
        ConceptRequest(idea="A cartographer named Ilse who draws places that die")
    ).candidates:
        assert "Ilse" in candidate.premise.replace("A cartographer named Ilse", "", 1) + candidate.usp + candidate.hook


def test_without_an_idea_everything_is_invented() -> None:
    batch = propose_concepts(ConceptRequest(language="en"))

    assert len({candidate.premise for candidate in batch.candidates}) == len(batch.candidates)
    assert len({candidate.genre for candidate in batch.candidates}) == len(batch.candidates)


@pytest.mark.parametrize(("idea", "language"), [(KEEPER, "en"), (KEEPER_ZH, "zh"), ("灯塔 keeper 与未来的信", "zh")])
def test_the_answer_is_in_the_language_of_the_idea(idea: str, language: Language) -> None:
    batch = propose_concepts(ConceptRequest(idea=idea))

    assert batch.language == language
    assert {detect_language(candidate.usp) for candidate in batch.candidates} == {language}
    assert detect_language(*batch.suggestions) == language


def test_a_language_that_was_asked_for_wins() -> None:
    batch = propose_concepts(ConceptRequest(idea=KEEPER, language="zh"))

    assert batch.language == "zh"
    assert detect_language(batch.candidates[0].usp) == "zh"
    assert KEEPER in batch.candidates[0].premise


def test_with_nothing_to_go_by_the_answer_is_chinese() -> None:
    assert propose_concepts(ConceptRequest()).language == "zh"


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("idea", [None, "own"])
def test_hooks_and_selling_points_keep_their_lengths(language: Language, idea: str | None) -> None:
    words = {"en": KEEPER, "zh": KEEPER_ZH}[language] if idea else None
    for number in range(12):
        for candidate in propose_concepts(_request(words, language, number)).candidates:
            assert HOOK_LENGTH[language][0] <= length_of(candidate.hook, language) <= HOOK_LENGTH[language][1]
            assert USP_LENGTH[language][0] <= length_of(candidate.usp, language) <= USP_LENGTH[language][1]


@pytest.mark.parametrize("idea", IDEAS)
def test_the_understanding_has_one_to_two_hundred_characters(idea: str | None) -> None:
    for wishes in ((), ("please " * 40 + "make it funnier",)):
        for number in range(6):
            batch = propose_concepts(ConceptRequest(idea=idea, feedback=wishes, iteration_number=number))
            assert 100 <= len(batch.understanding) <= 200


@pytest.mark.parametrize("idea", IDEAS)
def test_two_or_three_suggestions_follow(idea: str | None) -> None:
    suggestions = propose_concepts(ConceptRequest(idea=idea)).suggestions

    assert 2 <= len(set(suggestions)) <= 3


@pytest.mark.parametrize("idea", IDEAS)
def test_candidates_of_a_batch_are_less_than_seventy_percent_alike(idea: str | None) -> None:
    batch = propose_concepts(ConceptRequest(idea=idea, candidate_count=6))

    assert _greatest_likeness(batch.candidates) < ALIKE_MAX


@pytest.mark.parametrize(("idea", "genre"), [(KEEPER, None), (KEEPER_ZH, "仙侠")])
def test_as_many_rounds_as_a_stage_allows_never_repeat_themselves(idea: str, genre: str | None) -> None:
    preferences = ConceptPreferences(genre=genre)
    earlier: tuple[ConceptCandidate, ...] = ()
    for number in range(10):
        request = ConceptRequest(idea=idea, preferences=preferences, iteration_number=number, earlier=earlier)
        earlier += propose_concepts(request).candidates

    assert _greatest_likeness(earlier) < ALIKE_MAX
    assert len({candidate.title for candidate in earlier}) == len(earlier)


def test_premises_also_differ_letter_by_letter() -> None:
    batch = propose_concepts(ConceptRequest(idea=KEEPER, candidate_count=6))

    premises = [candidate.premise for candidate in batch.candidates]
    assert max(fuzz.ratio(one, other) for i, one in enumerate(premises) for other in premises[:i]) < 70


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_hundred_rounds_do_not_look_the_same(language: Language) -> None:
    batches = [propose_concepts(_request(None, language, number)) for number in range(100)]
    candidates = [candidate for batch in batches for candidate in batch.candidates]

    assert len({candidate.title for candidate in candidates}) > 0.9 * len(candidates)
    assert len({candidate.premise for candidate in candidates}) > 0.98 * len(candidates)
    assert len({candidate.genre for candidate in candidates}) >= 40


@pytest.mark.parametrize("language", ["en", "zh"])
def test_fifty_rounds_on_one_idea_have_mostly_different_titles(language: Language) -> None:
    idea = {"en": KEEPER, "zh": KEEPER_ZH}[language]
    titles = [propose_concepts(_request(idea, language, number)).candidates[0].title for number in range(50)]

    assert len(set(titles)) >= 35


def test_concepts_of_a_batch_do_not_begin_alike() -> None:
    for number in range(10):
        batch = propose_concepts(_request(KEEPER, "en", number))
        second_words = [candidate.premise.removeprefix(KEEPER)[:30] for candidate in batch.candidates]
        assert len(set(second_words)) == len(second_words)


def test_no_two_concepts_of_a_batch_tell_the_same_situation() -> None:
    for number in range(20):
        batch = propose_concepts(ConceptRequest(language="en", candidate_count=6, iteration_number=number))
        elements = [element for candidate in batch.candidates for element in candidate.unique_elements]
        assert len(set(elements)) == len(elements)


def test_a_hook_belongs_to_the_version_of_the_story_that_is_told() -> None:
    hooks: dict[bool, set[str]] = {True: set(), False: set()}
    for number in range(40):
        for candidate in propose_concepts(_request(KEEPER, "en", number)).candidates:
            if "crew of people too honest" in candidate.premise or "Years ago" in candidate.premise:
                hooks["Years ago" in candidate.premise].add(candidate.hook)

    assert hooks == {
        True: {"Stealing it was easy. Now it has to be put back unnoticed."},
        False: {"Five honest people plan one robbery, and honesty is the problem."},
    }


@pytest.mark.parametrize("genre", ["mystery", "玄幻", "Fantasy", "solarpunk", "dark fantasy", "locked-room mystery"])
def test_a_genre_that_was_asked_for_is_the_genre(genre: str) -> None:
    batch = propose_concepts(ConceptRequest(language="en", preferences=ConceptPreferences(genre=genre)))

    assert all(genre in candidate.genre for candidate in batch.candidates)
    assert not [issue for issue in batch.consistency if issue.type == "genre_ignored"]


def test_a_known_genre_brings_its_different_subtypes() -> None:
    batch = propose_concepts(ConceptRequest(language="zh", preferences=ConceptPreferences(genre="仙侠")))

    assert len({candidate.genre for candidate in batch.candidates}) == len(batch.candidates)


def test_style_and_length_are_taken_over() -> None:
    preferences = ConceptPreferences(style="first person, present tense", length="40000")
    batch = propose_concepts(ConceptRequest(idea=KEEPER, preferences=preferences))

    assert all("first person, present tense" in candidate.tone for candidate in batch.candidates)
    assert all("40000" in candidate.estimated_length for candidate in batch.candidates)


@pytest.mark.parametrize(
    ("idea", "feedback"), [(KEEPER, "the keeper should be an old woman"), (KEEPER_ZH, "守望者必须是一位老妇人")]
)
def test_the_words_of_feedback_show_in_every_candidate(idea: str, feedback: str) -> None:
    batch = propose_concepts(ConceptRequest(idea=idea, feedback=(feedback,)))

    assert all(feedback in "\n".join(candidate.unique_elements) for candidate in batch.candidates)
    assert not [issue for issue in batch.consistency if issue.type == "wish_unseen"]


def test_feedback_changes_the_tone_unless_it_is_denied() -> None:
    asked, denied = (
        propose_concepts(ConceptRequest(idea=KEEPER, feedback=(words,)))
        for words in ("make it darker", "less dark, please")
    )

    assert all("darker" in candidate.tone for candidate in asked.candidates)
    assert not any("darker" in candidate.tone for candidate in denied.candidates)


def test_requirements_are_shown_like_feedback() -> None:
    batch = propose_concepts(ConceptRequest(idea=KEEPER_ZH, requirements=("结局不能有人死",)))

    assert all("结局不能有人死" in "".join(candidate.unique_elements) for candidate in batch.candidates)


def test_after_three_very_good_rounds_the_first_suggestion_is_to_confirm() -> None:
    for number in range(6):
        batch = propose_concepts(ConceptRequest(idea=KEEPER, round_totals=(8.4, 9.1), iteration_number=number))
        good = max(candidate.total for candidate in batch.candidates) > 8
        assert ("confirm" in batch.suggestions[0]) == good


def test_tokens_are_estimated_from_what_was_read_and_written() -> None:
    short, long = (propose_concepts(ConceptRequest(idea=idea)).usage for idea in (KEEPER, LONG[:8_000]))

    assert 0 < short.prompt_tokens < 100
    assert long.prompt_tokens > 1_500
    assert short.completion_tokens > 500


def test_chinese_text_has_full_width_punctuation_and_english_text_its_own() -> None:
    for number in range(20):
        for candidate in propose_concepts(_request(KEEPER_ZH, "zh", number)).candidates:
            assert not re.search(r"[\u4e00-\u9fff][,.;:?!]", text_of(candidate))
        for candidate in propose_concepts(_request(KEEPER, "en", number)).candidates:
            assert not re.search(
                r"[\u4e00-\u9fff，。！？；：]|['\"]|\s[,.;:]|\.\.|\b([Aa]) [aeiou]", text_of(candidate)
            )


def test_every_english_sentence_begins_with_a_capital() -> None:
    for number in range(20):
        for candidate in propose_concepts(_request(None, "en", number)).candidates:
            sentences = (*re.split(r"(?<=[.?!])\s", candidate.premise), candidate.hook, candidate.usp)
            assert all(sentence[0].isupper() or sentence[0] == "\u201c" for sentence in sentences)


@settings(max_examples=120, deadline=None)
@given(idea=st.text(st.characters(codec=None), max_size=400), language=st.sampled_from([None, "en", "zh"]))
def test_any_text_at_all_makes_a_valid_storable_batch(idea: str, language: Language | None) -> None:
    _assert_sound(propose_concepts(ConceptRequest(idea=idea, language=language, candidate_count=3)), idea)


@settings(max_examples=60, deadline=None)
@given(
    feedback=st.lists(st.text(max_size=200), max_size=4),
    genre=st.none() | st.text(max_size=100),
    style=st.none() | st.text(max_size=100),
    length=st.none() | st.text(max_size=60),
)
def test_any_wishes_at_all_make_a_valid_storable_batch(
    feedback: list[str], genre: str | None, style: str | None, length: str | None
) -> None:
    preferences = ConceptPreferences(genre=genre, style=style, length=length)
    request = ConceptRequest(idea=KEEPER, feedback=tuple(feedback), preferences=preferences, candidate_count=3)

    _assert_sound(propose_concepts(request), KEEPER)


@pytest.mark.parametrize("idea", ["a\x00b\ud800c lighthouse in the dunes", "\u202eturned round\u202c and back again"])
def test_what_cannot_be_stored_is_left_out_and_the_rest_kept(idea: str) -> None:
    batch = propose_concepts(ConceptRequest(idea=idea))

    _assert_sound(batch, idea)
    assert all(storable(idea).strip() in candidate.premise for candidate in batch.candidates)


def _request(idea: str | None, language: Language, number: int) -> ConceptRequest:
    return ConceptRequest(idea=idea, language=language, iteration_number=number)


def _greatest_likeness(candidates: tuple[ConceptCandidate, ...]) -> float:
    texts = [text_of(candidate) for candidate in candidates]
    return max(similarity(one, other) for index, one in enumerate(texts) for other in texts[:index])


def _assert_sound(batch: ConceptBatch, idea: str) -> None:
    """The batch is valid by its own schema, can be stored, says something everywhere, and is built on the idea."""
    dumped = batch.model_dump_json()
    assert ConceptBatch.model_validate_json(dumped) == batch
    assert "\x00" not in dumped
    assert "\\u0000" not in dumped
    dumped.encode("utf-8")
    for candidate in batch.candidates:
        texts = (candidate.title, candidate.premise, candidate.hook, candidate.usp, candidate.genre, candidate.tone)
        assert all(text.strip() for text in (*texts, candidate.target_audience, candidate.estimated_length))
        assert all(
            text.strip() for text in (*candidate.themes, *candidate.unique_elements, *candidate.potential_conflicts)
        )
        assert len(candidate.title) <= 255
        assert quoted_words(storable(idea)) in candidate.premise
    ids = sorted(candidate.concept_id for candidate in batch.candidates)
    assert all(one != other for one, other in pairwise(ids))
