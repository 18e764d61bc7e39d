"""Words of the conversations context that others build on."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator

from services.kernel.commands import Lax
from services.kernel.scope import AggregateKey, Scope, ScopeKey
from shared_types.enums import DialogueRole, ScopeType

SESSION = "ConversationSession"

DEFAULT_TITLE = "新对话"


def _in_lower_case(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


Role = Annotated[DialogueRole, Lax, BeforeValidator(_in_lower_case)]
"""Who speaks, in any case; kept and shown in lower case."""


class SessionHost(ABC):
    """What the rest of a scope says about the sessions in it; a context that works with sessions extends this.

    Conversations know nothing of stages or flows: they ask whoever is there.
    """

    __slots__ = ()

    @abstractmethod
    def session_stage(self, session_id: UUID) -> str | None:
        """The stage that the session was linked to last; None without one."""

    @abstractmethod
    def session_is_busy(self, session_id: UUID) -> bool:
        """Whether slow work of the session is under way."""

    @abstractmethod
    def session_is_archived(self, session_id: UUID) -> bool:
        """Whether the session was in use and no longer is, so that nothing may be added to it."""


def session_key(session_id: UUID) -> AggregateKey:
    """The aggregate of a session."""
    return AggregateKey(SESSION, str(session_id))


def session_scope(scope_type: ScopeType, scope_id: str | None, session_id: UUID) -> ScopeKey:
    """What a session's events belong to: its novel, else the session itself.

    Ids of other scope types are free text of one user, so they must not share a lane's order with equal
    texts of somebody else.
    """
    if scope_type is ScopeType.GENESIS and scope_id is not None:
        return ScopeKey(scope_type, scope_id)
    return ScopeKey(scope_type, str(session_id))


def state_of(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """`metadata.state`. Metadata is anybody's free JSON: a state that is no object counts as none."""
    state = metadata.get("state")
    return state if isinstance(state, dict) else {}


def host_of(scope: Scope) -> SessionHost | None:
    """Who in the scope works with its sessions."""
    return next((state for state in scope.states.values() if isinstance(state, SessionHost)), None)
