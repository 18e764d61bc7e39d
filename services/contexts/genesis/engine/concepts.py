"""What a concept is: the candidate a person reads and chooses, what is asked for, and the batch that answers.

All values are frozen, refuse unknown keys and hold storable text only, whoever wrote it: a person, a language model or
the built-in author. Lengths in the field notes are targets that the scores watch, not limits that refuse.
"""

from hashlib import blake2b
from typing import Annotated, Literal
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict, Field, field_validator

from services.contexts.genesis.engine.text import Language, Text, detect_language

CONCEPT_NAMESPACE = UUID("0d4f3f0e-6c2f-5a43-9a0c-5f1f6f1f9c11")
CANDIDATE_COUNT_MIN, CANDIDATE_COUNT_DEFAULT, CANDIDATE_COUNT_MAX = 3, 4, 6
MERGE_COUNT_MIN, MERGE_COUNT_MAX = 2, 4

Score = Annotated[float, Field(ge=0, le=10)]


class Value(BaseModel):
    """A frozen value without surprises in it."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ConceptScores(Value):
    """The five dimensions of a concept, each 0 (absent) to 10 (nothing missing)."""

    concept_strength: Score
    novelty: Score
    genre_fit: Score
    extensibility: Score
    consistency: Score


class ConceptDraft(Value):
    """A concept as its author wrote it, before anyone has scored it.

    `hook` aims at 15-30 Chinese characters or 8-20 English words, `usp` (what sets it apart) at 50-100 characters or
    20-50 words: an English word carries about what two Chinese characters carry.
    """

    title: Text
    premise: Text
    hook: Text
    usp: Text
    genre: Text
    target_audience: Text
    themes: tuple[Text, ...]
    tone: Text
    estimated_length: Text
    unique_elements: tuple[Text, ...]
    potential_conflicts: tuple[Text, ...]


class ConceptCandidate(ConceptDraft):
    """A scored concept that a person can select, change, merge or refuse."""

    concept_id: Text
    scores: ConceptScores
    total: Score
    needs_optimization: bool
    improvement_suggestions: tuple[Text, ...] = ()
    merged_from: tuple[Text, ...] = ()


class ConceptPreferences(Value):
    """What the person would like, in their own words; any word is a genre."""

    genre: Text | None = None
    length: Text | None = None
    style: Text | None = None


class ConceptRequest(Value):
    """Everything a proposal depends on. Equal requests get equal answers.

    Without `idea` everything is invented; with it every candidate is built on it. `merge` holds 2-4 candidates to
    fuse, `earlier` those already shown, from which new ones must differ. `feedback` and `requirements` are wishes
    that every candidate must show. `round_totals` are the best totals of the rounds before, oldest first.
    `iteration_number` makes "once more" mean something new; `seed` may vary the answer further.
    """

    idea: Text | None = None
    language: Language | None = None
    candidate_count: int = Field(default=CANDIDATE_COUNT_DEFAULT, ge=CANDIDATE_COUNT_MIN, le=CANDIDATE_COUNT_MAX)
    merge: tuple[ConceptCandidate, ...] = Field(default=(), max_length=MERGE_COUNT_MAX)
    earlier: tuple[ConceptCandidate, ...] = ()
    preferences: ConceptPreferences = ConceptPreferences()
    feedback: tuple[Text, ...] = ()
    requirements: tuple[Text, ...] = ()
    round_totals: tuple[Score, ...] = ()
    iteration_number: int = Field(default=1, ge=0)
    temperature: float = Field(default=0.9, ge=0, le=2)
    seed: Text = ""

    @field_validator("merge")
    @classmethod
    def _is_empty_or_several(cls, merge: tuple[ConceptCandidate, ...]) -> tuple[ConceptCandidate, ...]:
        if len(merge) in range(1, MERGE_COUNT_MIN):
            raise ValueError(f"fusing takes {MERGE_COUNT_MIN} to {MERGE_COUNT_MAX} concepts")
        return merge


class ConsistencyIssue(Value):
    """One thing that does not fit: level 1 minor, 2 medium, 3 severe, 4 fatal."""

    level: Literal[1, 2, 3, 4]
    type: Text
    message: Text
    evidence: Text


class ConceptUsage(Value):
    """Who wrote the batch and about how much was read and written, in tokens as language models count them."""

    provider: Text
    model_version: Text
    prompt_tokens: int = Field(ge=0)
    completion_tokens: int = Field(ge=0)
    confidence_score: float = Field(ge=0, le=1)


class ConceptBatch(Value):
    """The answer to a request: `understanding` in 100-200 characters, the candidates, 2-3 `suggestions` what next."""

    understanding: Text
    candidates: tuple[ConceptCandidate, ...]
    suggestions: tuple[Text, ...]
    quality_score: Score
    quality: dict[str, float]
    needs_optimization: bool
    language: Language
    consistency: tuple[ConsistencyIssue, ...]
    usage: ConceptUsage


def concept_id_of(draft: ConceptDraft, seed: str) -> str:
    """Return the id of a draft: the same words under the same seed are the same concept."""
    words = ConceptDraft.model_validate(draft.model_dump(include=set(ConceptDraft.model_fields)))
    return str(uuid5(CONCEPT_NAMESPACE, f"{seed}\x1f{words.model_dump_json()}"))


def seed_of(request: ConceptRequest) -> str:
    """Return the digest of all a request says, from which every choice of the answer follows."""
    return blake2b(request.model_dump_json().encode(), digest_size=16).hexdigest()


def language_of(request: ConceptRequest) -> Language:
    """Return the language to answer in: as asked, else that of the idea, else of anything else the person wrote."""
    if request.language is not None:
        return request.language
    wishes = request.preferences
    said = (*request.feedback, *request.requirements, wishes.genre or "", wishes.style or "")
    sources = [candidate.premise for candidate in (*request.merge, *request.earlier)]
    for texts in ((request.idea or "",), said, tuple(sources)):
        if any(any(letter.isalpha() for letter in text) for text in texts):
            return detect_language(*texts)
    return "zh"
