"""What is written badly is revised or written anew: how often, how warm, how soon, and what comes of it in the end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import pytest

from services.contexts.genesis.authors import Usage
from services.contexts.genesis.engine.foundations import DetailsProposal, Proposal, StyleGuide, Term
from services.contexts.genesis.engine.offline_author import write_offline
from services.contexts.genesis.engine.scoring import verdict
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.model_author import PROPOSALS
from services.contexts.genesis.values.steps import Step
from services.contexts.genesis.writing import QualityTooLow, write_content
from services.kernel.text_models import Unavailable
from services.kernel.text_models import Usage as ModelUsage
from tests.kit.smallest import smallest

pytestmark = pytest.mark.anyio

GOOD, WEAK, BAD, NOTHING = "good", "weak", "bad", "nothing"
ASKED: Final[Mapping[str, Any]] = {
    "idea": "A lighthouse keeper receives letters from the drowned",
    "user_input": None,
    "feedback": [],
    "newest": {},
    "confirmed": {},
    "config": {},
    "preferences": {},
    "requirements": {},
    "options": {},
    "avoid": [],
    "round_totals": [],
    "iteration_number": 1,
    "is_revision": False,
}
PLOT: Final = {**ASKED, "step": Step.PLOT, "stage": "PLOT_OUTLINE"}
NETWORK: Final = {**ASKED, "step": Step.NETWORK, "stage": "CHARACTERS"}
DETAILS: Final = {**ASKED, "step": Step.DETAILS, "stage": "FINISHED"}
REFUSAL: Final = Unavailable("The provider can't be reached.")
REFUSAL.usage = ModelUsage(input_tokens=7, output_tokens=3, cost=Decimal("0.25"))


@dataclass
class Novice:
    """Writes better or worse each time; what is bad it knows to be bad. May break off instead, and takes its time."""

    moods: Sequence[str | Exception]
    is_steady: bool = False
    seconds: float = 1.0
    now: float = 0.0
    waited: list[float] = field(default_factory=list)
    requests: list[StageRequest] = field(default_factory=list)

    @property
    def temperatures(self) -> list[float]:
        """Of each attempt."""
        return [request.temperature for request in self.requests]

    async def write(self, request: StageRequest, report: Any) -> tuple[Proposal, Usage]:
        mood = self.moods[len(self.requests)]
        self.requests.append(request)
        self.now += self.seconds
        if isinstance(mood, Exception):
            raise mood
        return _proposal(request, mood), Usage("novices", "n1", 100, 10, 0.5, score=0.0 if mood == BAD else None)

    async def sleep(self, seconds: float) -> None:
        self.waited.append(seconds)
        self.now += seconds

    async def result(self, asked: Mapping[str, Any] = PLOT) -> Mapping[str, Any]:
        """What comes of asking it."""
        return await write_content(self, asked, Listener(self), sleep=self.sleep, clock=lambda: self.now)


@dataclass
class Listener:
    """Hears how far it is; a text begins anew with every attempt but the first."""

    novice: Novice
    texts: int = 1

    async def __call__(self, progress: int, message: str) -> None:
        assert len(self.novice.requests) in {self.texts, self.texts - 1}

    async def text(self, piece: str) -> None:
        pass

    async def anew(self) -> None:
        self.texts += 1


def _proposal(request: StageRequest, mood: str) -> Proposal:
    """Something good; what says nothing in every field that there must be; or no details at all."""
    if mood == GOOD:
        return write_offline(request.model_copy(update={"is_revision": False}))
    if mood == NOTHING:
        return DetailsProposal(
            understanding=".",
            suggestions=(".", "."),
            details={},
            style_guide=StyleGuide(tone=".", imagery=(".",), rhetoric=(".",), dos=(".",), donts=(".",)),
            glossary=(Term(term=".", meaning="."),) * 3,
        )
    kind = PROPOSALS[request.step]
    return kind.model_validate(smallest(kind.model_json_schema()))


async def test_what_is_good_at_once_is_written_once() -> None:
    novice = Novice([GOOD])
    result = await novice.result()
    assert result["quality_score"] >= 8
    assert (novice.temperatures, novice.waited) == ([0.8], [])
    assert result["generation_metadata"]["attempts"] == 1


async def test_what_is_weak_is_revised_at_once_by_what_was_found_to_be_weak_and_only_once() -> None:
    novice = Novice([WEAK, WEAK])
    result = await novice.result()
    assert 4 <= result["quality_score"] < 6
    assert (novice.temperatures, novice.waited) == ([0.8, 0.8], [0])
    asked, revised = novice.requests
    assert (asked.is_revision, revised.is_revision) == (False, True)
    assert revised.newest["outline"] == result["content"]["outline"]
    assert revised.feedback == ("\n".join(result["suggestions"]),)
    assert result["needs_optimization"]


async def test_what_cannot_be_revised_is_written_anew() -> None:
    novice = Novice([BAD, BAD])
    result = await novice.result(NETWORK)
    assert 4 <= result["quality_score"] < 6
    asked, again = novice.requests
    assert again == asked


async def test_what_is_bad_is_written_anew_three_times_each_time_later_and_cooler() -> None:
    novice = Novice([BAD, BAD, BAD, BAD])
    result = await novice.result()
    assert 2 <= result["quality_score"] < 4
    assert novice.temperatures == [0.8, 0.9, 0.7, 0.5]
    assert [0.8 <= wait / delay <= 1.2 for wait, delay in zip(novice.waited, (5, 15, 30), strict=True)] == [True] * 3
    assert not any(request.is_revision for request in novice.requests)
    assert result["needs_optimization"]
    assert result["generation_metadata"]["attempts"] == 4


@pytest.mark.parametrize(
    ("moods", "temperature"),
    [((BAD, GOOD), 0.9), ((WEAK, BAD), 0.8), ((BAD, BAD, WEAK, BAD), 0.7), ((BAD, WEAK, GOOD), 0.9)],
)
async def test_the_best_is_kept_with_the_temperature_it_was_written_at(
    moods: Sequence[str], temperature: float
) -> None:
    novice = Novice(moods)
    result = await novice.result()
    used = result["generation_metadata"]
    assert (used["temperature"], used["attempts"]) == (temperature, len(moods))
    assert len(novice.temperatures) == len(moods)
    assert verdict(result["quality_score"]) == ("propose" if GOOD in moods else "revise")


async def test_what_was_thrown_away_is_counted_with_what_was_kept() -> None:
    used = (await Novice([BAD, BAD, GOOD]).result())["generation_metadata"]
    assert (used["prompt_tokens"], used["completion_tokens"], used["cost"]) == (300, 30, 1.5)
    assert used["generation_time_ms"] > 3_000


async def test_who_writes_the_same_again_is_asked_once() -> None:
    novice = Novice([BAD], is_steady=True)
    assert (await novice.result())["generation_metadata"]["attempts"] == 1


async def test_a_second_attempt_that_fails_leaves_the_first() -> None:
    novice = Novice([BAD, REFUSAL])
    result = await novice.result()
    used = result["generation_metadata"]
    assert (result["needs_optimization"], used["attempts"]) == (True, 1)
    assert (used["prompt_tokens"], used["completion_tokens"], used["cost"]) == (107, 13, 0.75)


async def test_a_first_attempt_that_fails_fails() -> None:
    with pytest.raises(Unavailable):
        await Novice([REFUSAL]).result()


async def test_no_attempt_is_begun_that_would_be_broken_off() -> None:
    novice = Novice([BAD, BAD, BAD], seconds=40)
    result = await novice.result()
    assert result["generation_metadata"]["attempts"] == 2
    assert novice.now < 110


async def test_what_is_worth_nothing_even_at_its_best_is_not_proposed() -> None:
    novice = Novice([NOTHING, NOTHING, NOTHING, NOTHING])
    with pytest.raises(QualityTooLow) as raised:
        await novice.result(DETAILS)
    assert (raised.value.CODE, raised.value.IS_RETRYABLE) == ("QUALITY_TOO_LOW", False)
    assert len(novice.requests) == 4
