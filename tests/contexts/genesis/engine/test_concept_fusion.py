"""Fusing concepts: what was chosen lives on in something new."""

import pytest
from pydantic import ValidationError

from services.contexts.genesis.engine.concepts import ConceptCandidate, ConceptRequest
from services.contexts.genesis.engine.offline_concepts import propose_concepts
from services.contexts.genesis.engine.similarity import ALIKE_MAX, nearest
from services.contexts.genesis.engine.text import Language


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_fusion_keeps_an_element_and_a_conflict_of_each_source(language: Language, count: int) -> None:
    sources = _sources(language)[:count]
    batch = propose_concepts(ConceptRequest(language=language, merge=sources, earlier=sources))

    for fused in batch.candidates:
        assert fused.merged_from == tuple(source.concept_id for source in sources)
        for source in sources:
            assert any(element in text for element in source.unique_elements for text in fused.unique_elements)
            assert any(source.title in text for text in fused.unique_elements)
            assert set(source.potential_conflicts) & set(fused.potential_conflicts)
            assert set(source.themes) & set(fused.themes)


def test_a_fusion_is_new_and_unlike_its_sources_and_siblings() -> None:
    sources = _sources("en")[:2]
    batch = propose_concepts(ConceptRequest(merge=sources, candidate_count=6))

    for index, fused in enumerate(batch.candidates):
        assert fused.concept_id not in {source.concept_id for source in sources}
        assert nearest(fused, (*sources, *batch.candidates[:index])) < ALIKE_MAX


def test_a_fusion_still_contains_the_idea() -> None:
    idea = "A lighthouse keeper who hears letters from the future"
    sources = propose_concepts(ConceptRequest(idea=idea)).candidates[:2]

    for fused in propose_concepts(ConceptRequest(idea=idea, merge=sources)).candidates:
        assert fused.premise.startswith(idea)


def test_a_fusion_joins_the_genres_of_its_sources() -> None:
    one, two = _sources("en")[:2]
    names = [source.genre.split(":")[0].split(" \u00d7 ")[0] for source in (one, two)]

    for fused in propose_concepts(ConceptRequest(merge=(one, two))).candidates:
        assert any(name in fused.genre for name in names)


def test_sources_edited_down_to_almost_nothing_can_still_be_fused() -> None:
    bare = [
        source.model_copy(
            update={"unique_elements": (), "potential_conflicts": (), "themes": (), "hook": "", "genre": ""}
        )
        for source in _sources("zh")[:2]
    ]
    for fused in propose_concepts(ConceptRequest(language="zh", merge=tuple(bare))).candidates:
        assert all(source.title in fused.premise for source in bare)


def test_one_concept_alone_cannot_be_fused_nor_five() -> None:
    sources = _sources("en")
    for merge in (sources[:1], sources[:5]):
        with pytest.raises(ValidationError):
            ConceptRequest(merge=merge)


def test_new_concepts_say_that_they_were_merged_from_nothing() -> None:
    assert all(candidate.merged_from == () for candidate in _sources("en"))


def _sources(language: Language) -> tuple[ConceptCandidate, ...]:
    return propose_concepts(ConceptRequest(language=language, candidate_count=6)).candidates
