"""Commands as the command handler gets them, without a server before it."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from services.kernel.decider import Given
from services.runtime.command_handling import Outcome, Submission
from tests.kit.deciding import REGISTRY


def submission(
    command_type: str,
    payload: dict[str, Any] | None = None,
    *,
    user_id: UUID,
    key: str | None = None,
    **ids: object,
) -> Submission:
    """A command of a user, as parsed from its request."""
    route = REGISTRY.command(command_type)
    assert route is not None
    given = Given(uuid4(), command_type, user_id, datetime.now(UTC))
    content = {**{name: str(value) for name, value in ids.items()}, "payload": payload or {}}
    return Submission(
        route=route,
        command=route.model.model_validate(content),
        given=given,
        idempotency_key=key or f"cmd-{given.command_id}",
        keyed=key is not None,
        request_hash=f"{hash((command_type, str(content))):064x}"[-64:],
        payload=payload or {},
        path="/test",
    )


def outcome(result: object) -> Outcome:
    """What was told to the caller, who must have been told something."""
    assert isinstance(result, Outcome), result
    return result
