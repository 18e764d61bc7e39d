"""What becomes of a concept that a person wants otherwise."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.contexts.genesis.engine.concepts import ConceptDraft, ConceptRequest
from services.contexts.genesis.engine.offline_concepts import propose_concepts
from services.contexts.genesis.engine.scoring import total_of
from services.contexts.genesis.engine.stage_requests import Object, StageRequest
from services.contexts.genesis.engine.text import Language
from services.contexts.genesis.engine.themes.concept_revising import revise_concepts
from services.contexts.genesis.engine.themes.library import theme_material_for
from services.contexts.genesis.values.steps import Step

IDEAS: dict[Language, str] = {
    "en": "A lighthouse keeper who hears letters from the future",
    "zh": "一个能听见未来来信的灯塔守望者",
}


def revision(language: Language, *feedback: str) -> tuple[Object, Object]:
    """Return a concept before the last piece of feedback and after it."""
    concept: Object = (
        propose_concepts(ConceptRequest(idea=IDEAS[language], language=language)).candidates[0].model_dump(mode="json")
    )
    before = concept
    for count in range(1, len(feedback) + 1):
        before = concept
        concept = (
            revise_concepts(request_for(language, feedback[:count], concept=concept))
            .candidates[0]
            .model_dump(mode="json")
        )
    return before, concept


def request_for(language: Language, feedback: tuple[str, ...], **newest: Any) -> StageRequest:
    return StageRequest(
        step=Step.CONCEPT, language=language, is_revision=True, idea=IDEAS[language], feedback=feedback, newest=newest
    )


def changes(before: Object, after: Object) -> set[str]:
    return {name for name in ConceptDraft.model_fields if before[name] != after[name]}


@pytest.mark.parametrize(("language", "feedback"), [("en", "darker"), ("zh", "更黑暗一点")])
def test_a_change_of_tone_is_heard_and_the_story_stays(language: Language, feedback: str) -> None:
    before, after = revision(language, feedback)

    words = theme_material_for(language).tones["darker"]
    assert changes(before, after) == {"tone", "premise", "unique_elements"}
    assert after["tone"] == words.tone
    assert after["premise"].startswith(before["premise"])
    assert words.turn in after["premise"]


@pytest.mark.parametrize(("language", "first", "last"), [("en", "darker", "lighter"), ("zh", "更黑暗一点", "轻松一些")])
def test_the_last_change_of_tone_replaces_the_one_before(language: Language, first: str, last: str) -> None:
    _, after = revision(language, first, last)

    words = theme_material_for(language).tones["darker"]
    assert words.turn not in after["premise"]
    assert words.element not in after["unique_elements"]


@pytest.mark.parametrize(
    ("language", "feedback", "introduced"),
    [
        ("en", "call the hero Mara", "A lighthouse keeper named Mara who"),
        ("zh", "把主角改名叫阿宁", "的灯塔守望者阿宁"),
    ],
)
def test_a_hero_is_introduced_by_role_and_name_and_called_by_name(
    language: Language, feedback: str, introduced: str
) -> None:
    before, after = revision(language, feedback)

    role = {"en": "the lighthouse keeper", "zh": "灯塔守望者"}[language]
    assert introduced in after["premise"]
    rest = after["premise"].partition(introduced)[2] + json.dumps(after["potential_conflicts"], ensure_ascii=False)
    assert role in before["premise"]
    assert role not in rest.casefold()


@pytest.mark.parametrize(
    ("language", "feedback", "term"),
    [("en", "add a lost dog", "a lost dog"), ("zh", "加入一条走失的狗", "一条走失的狗")],
)
def test_a_thing_that_is_asked_for_comes_into_the_premise(language: Language, feedback: str, term: str) -> None:
    before, after = revision(language, feedback)

    assert changes(before, after) == {"premise", "unique_elements"}
    assert term in after["premise"]
    assert after["unique_elements"][-1] == term


@pytest.mark.parametrize(
    ("language", "feedback"), [("en", "nobody gets what they deserve"), ("zh", "谁也得不到自己应得的")]
)
def test_any_other_remark_is_taken_up_in_its_own_words(language: Language, feedback: str) -> None:
    before, after = revision(language, feedback)

    assert changes(before, after) == {"unique_elements"}
    assert feedback in after["unique_elements"][-1]


@pytest.mark.parametrize(("language", "longer", "shorter"), [("en", "longer", "shorter"), ("zh", "更长", "更短")])
def test_longer_is_longer_and_shorter_is_shorter(language: Language, longer: str, shorter: str) -> None:
    before, after = revision(language, longer)
    assert len(after["premise"]) > len(before["premise"])

    before, after = revision(language, shorter)
    assert len(after["premise"]) < len(before["premise"])


def test_ids_stay_and_scores_are_those_of_the_new_text() -> None:
    before, after = revision("en", "shorter")
    scored = revise_concepts(request_for("en", ("shorter",), concept=before)).candidates[0]

    assert after["concept_id"] == before["concept_id"]
    assert after["scores"] != before["scores"]
    assert scored.total == total_of(scored.scores)


def test_without_a_chosen_concept_all_candidates_are_revised() -> None:
    concepts = [one.model_dump(mode="json") for one in propose_concepts(ConceptRequest(idea=IDEAS["en"])).candidates]

    revised = revise_concepts(request_for("en", ("darker",), concept_candidates=concepts)).candidates

    assert [one.concept_id for one in revised] == [one["concept_id"] for one in concepts]
    assert {one.tone for one in revised} == {theme_material_for("en").tones["darker"].tone}


def test_what_a_person_wrote_by_hand_is_kept_and_its_gaps_are_filled() -> None:
    concept = {
        "title": "Bread",
        "premise": "A baker owes the dead a loaf.",
        "themes": "debt",
        "unique_elements": [None, "rye"],
    }

    revised = revise_concepts(request_for("en", ("darker",), concept=concept)).candidates[0]

    assert revised.title == "Bread"
    assert revised.premise.startswith("A baker owes the dead a loaf.")
    assert revised.unique_elements[0] == "rye"
    assert revised.hook


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=30),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*ConceptDraft.model_fields, "concept_id", "merged_from"]), inner, max_size=6)
    ),
    max_leaves=20,
)


@settings(max_examples=15, deadline=None)
@given(concept=JSON, said=st.text(max_size=60), language=st.sampled_from(["en", "zh"]))
def test_whatever_was_saved_and_said_there_is_an_answer(concept: object, said: str, language: Language) -> None:
    assert revise_concepts(request_for(language, (said,), concept=concept, concept_candidates=concept)).candidates
