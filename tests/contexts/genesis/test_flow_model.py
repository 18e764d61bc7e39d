"""The deciders against the reference model: whatever a user does, in whatever order, they must agree."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from tests.kit.genesis_model.deciding_alone import DecidingAlone
from tests.kit.genesis_model.machine import GenesisMachine, Seen
from tests.kit.genesis_model.reference import PROPOSALS_MAX

COMMANDS = {
    "abandon", "advance", "bind_new_session", "bind_session", "cancel", "complete_stage", "confirm_settings",
    "create_flow", "create_novel", "create_round", "create_session", "create_stage", "delete_novel", "delete_session",
    "fail", "finish", "pause", "request_concepts", "resume", "save_settings", "start", "start_process",
    "start_stage_session", "switch_stage", "update_config", "update_link", "update_novel", "update_session",
}  # fmt: skip
"""Every command of the specification's §3.2 and §3.3 that this build takes."""

REFUSALS = {
    "ALREADY_FINAL_STAGE", "COMMAND_FINISHED", "FLOW_CLOSED", "FLOW_NOT_FOUND", "FLOW_PAUSED",
    "INITIAL_INPUT_REQUIRED", "INVALID_CONFIG", "INVALID_FLOW_STATUS", "INVALID_STAGE", "ITERATION_LIMIT",
    "LINK_NOT_ACTIVE", "LINK_NOT_FOUND", "NOVEL_MISMATCH", "NOVEL_NOT_FOUND", "PRECONDITION_FAILED",
    "PROCESS_NOT_FOUND", "ROUND_CONFLICT", "ROUND_NOT_FOUND", "SESSION_ALREADY_BOUND", "SESSION_ARCHIVED",
    "SESSION_BUSY", "SESSION_NOT_BOUND", "SESSION_NOT_FOUND", "SESSION_SCOPE_INVALID", "STAGE_BUSY", "STAGE_CLOSED",
    "STAGE_INCOMPLETE", "STAGE_MISMATCH", "STAGE_NOT_CONFIRMED", "STAGE_NOT_FOUND", "STAGE_NOT_REACHED",
    "USER_INPUT_REQUIRED", "VERSION_NOT_FOUND", "stage_config_incomplete",
}  # fmt: skip
"""Every code that the specification has for them and that does not need an inbox."""


class DecidingMachine(GenesisMachine):
    """The rules against the deciders alone, and what is too slow for anything else."""

    def __init__(self, seen: Seen) -> None:
        self.alone = DecidingAlone()
        super().__init__(self.alone, seen)

    @precondition(lambda self: self.is_going_on and self.current.stage == "INITIAL_PROMPT" and self.current.active())
    # Sampled, so that one time too many is not left to chance.
    @rule(times=st.sampled_from([1, 2, PROPOSALS_MAX + 1]))
    def request_concepts_again_and_again(self, times: int) -> None:
        for _ in range(times):
            if self.reference.open_commands():
                self.work()
            self.request_concepts(choice=0, user_input="A keeper hears letters.")

    @precondition(lambda self: self.is_going_on and self.current.stage == "FINISHED")
    @rule()
    def go_beyond_the_last_stage(self) -> None:
        # Few lists of commands come this far, so that chance alone would not always try it.
        self.advance(choice=0, match="none")

    def teardown(self) -> None:
        if not self.in_doubt:
            self.compare_all()
            self.alone.check_refolded()


@pytest.mark.timeout(1_800)
def test_the_deciders_agree_with_the_reference_model_whatever_a_user_does() -> None:
    seen = Seen()

    class Machine(DecidingMachine):
        def __init__(self) -> None:
            super().__init__(seen)

    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=max(250, settings().max_examples),
            stateful_step_count=40,
            deadline=None,
            phases=(Phase.generate, Phase.shrink),
            report_multiple_bugs=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
    # The rules would prove little if they did not go everywhere.
    assert set(seen.accepted) >= COMMANDS, COMMANDS - set(seen.accepted)
    assert set(seen.refused) >= REFUSALS, REFUSALS - set(seen.refused)
    assert set(seen.flow_ends) == {"IN_PROGRESS", "PAUSED", "COMPLETED", "ABANDONED"}
    assert seen.passes_max >= 4  # one stage, begun again and again
    assert seen.steps >= 4_000
