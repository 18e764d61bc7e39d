"""The deciders against the reference model: whatever a user does, in whatever order, they must agree."""

from hypothesis import settings
from hypothesis.stateful import run_state_machine_as_test

from tests.kit.genesis_model.deciding_alone import DecidingAlone
from tests.kit.genesis_model.machine import GenesisMachine, Seen


class DecidingMachine(GenesisMachine):
    """The rules against the deciders alone."""

    def __init__(self, seen: Seen) -> None:
        self.alone = DecidingAlone()
        super().__init__(self.alone, seen)

    def teardown(self) -> None:
        self.compare_all()
        self.alone.check_refolded()


def test_the_deciders_agree_with_the_reference_model_whatever_a_user_does() -> None:
    seen = Seen()
    run_state_machine_as_test(
        lambda: DecidingMachine(seen), settings=settings(max_examples=100, stateful_step_count=50, deadline=None)
    )
    print(seen)
