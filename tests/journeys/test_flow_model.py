"""The running pipeline against the reference model: what it answers, what it shows afterwards, what it tells."""

from itertools import groupby

from hypothesis import HealthCheck, Phase, note, settings
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from tests.kit.genesis_model.machine import GenesisMachine, Seen
from tests.kit.genesis_model.over_http import OverHttp
from tests.kit.genesis_model.system import Answer, Request
from tests.kit.genesis_model.world import Accepted, Verdict
from tests.kit.parallel import at_once
from tests.kit.studio import Studio

BURST = 4


class PipelineMachine(GenesisMachine):
    """The rules against a studio, and those that only make sense there: keys, and many requests at once."""

    def __init__(self, studio: Studio, seen: Seen) -> None:
        self.pipeline = OverHttp(studio)
        super().__init__(self.pipeline, seen)

    @precondition(lambda self: self.last is not None)
    @rule()
    def send_again_with_its_key(self) -> None:
        assert self.last is not None, "the precondition"
        asked, first = self.last
        note("the same with its key")
        again = self.pipeline.write_with_key(asked.request, first.key)
        assert (again.status, again.body, again.version) == (first.status, first.body, first.version)
        assert again.is_replay
        self.seen.accepted["replay"] += 1

    @precondition(lambda self: self.last is not None)
    @rule()
    def send_something_else_with_its_key(self) -> None:
        assert self.last is not None, "the precondition"
        note("something else with its key")
        other = self.pipeline.write_with_key(Request("POST", "/novels", {"title": "Another body"}), self.last[1].key)
        assert (other.status, other.code) == (422, "IDEMPOTENCY_MISMATCH")
        self.seen.refused["IDEMPOTENCY_MISMATCH"] += 1

    @precondition(lambda self: self.last is not None and self.last[0].request.if_match is None)
    @rule()
    def ask_many_times_at_once(self) -> None:
        """Parallel requests have some order: as they are all the same, it is the order of what they answered."""
        assert self.last is not None, "the precondition"
        asked = self.last[0]
        if asked.name in ("create_novel", "start"):
            return  # they would make more novels than the rules can use
        note(f"{BURST} times at once:")
        self.in_doubt = True
        verdicts = [self.judge(asked) for _ in range(BURST)]
        answers = at_once(BURST, lambda _: self.pipeline.write(asked.request))
        for verdict, answer in zip(_in_order(verdicts), sorted(answers, key=_place), strict=True):
            self.settle(asked, verdict, answer)
        self.in_doubt = False
        self.seen.accepted["burst"] += 1

    def teardown(self) -> None:
        try:
            if not self.in_doubt:
                # Few and short as these runs are, most of them still get to the end of a genesis.
                if self.is_going_on and not self.flow_is_busy:
                    self.pass_all_stages()
                self.compare_all()
                self.compare_stream()
        finally:
            self.pipeline.close()

    def compare_stream(self) -> None:
        """The user was told everything once and in order, and the aggregates' versions have no gap."""
        assert self.pipeline.told(len(self.events)) == self.events
        versions = self.pipeline.studio.rows(
            "SELECT aggregate_id, aggregate_version FROM domain_events WHERE metadata ->> 'user_id' = %s"
            " ORDER BY aggregate_id, id",
            str(self.pipeline.user.id),
        )
        for aggregate_id, of_one in groupby(versions, key=lambda row: row[0]):
            numbers = [number for _, number in of_one]
            assert numbers == list(range(1, len(numbers) + 1)), aggregate_id


def test_the_pipeline_agrees_with_the_reference_model_whatever_a_user_does(studio: Studio) -> None:
    seen = Seen()

    class Machine(PipelineMachine):
        def __init__(self) -> None:
            super().__init__(studio, seen)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=8,
            stateful_step_count=25,
            deadline=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert set(seen.accepted) >= {"advance", "finish", "request_concepts", "replay", "burst"}
    assert set(seen.refused) >= {"IDEMPOTENCY_MISMATCH", "PRECONDITION_FAILED", "SESSION_NOT_FOUND", "STAGE_CLOSED"}
    assert seen.flow_ends["COMPLETED"] > 0


def _in_order(verdicts: list[Verdict]) -> list[Verdict]:
    """What took effect first, as it was judged; then what changed nothing; then what was refused."""
    return sorted(verdicts, key=lambda one: 2 if not isinstance(one, Accepted) else int(not one.events))


def _place(answer: Answer) -> tuple[int, int]:
    return (1, 0) if answer.code is not None else (0, answer.position)
