"""Table of contents of conversations: sessions and rounds for any scope."""

from services.contexts.conversations.commands import CreateRound, CreateSession, DeleteSession, UpdateSession
from services.contexts.conversations.decider import (
    AGGREGATES,
    create_round,
    create_session,
    delete_session,
    find_session,
    update_session,
)
from services.contexts.conversations.events import EVENTS
from services.contexts.conversations.projections import command_status, sessions
from services.contexts.conversations.responses import RoundResponse, SessionResponse
from services.contexts.conversations.values import session_key, session_scope
from services.kernel.context import (
    OWNER,
    CommandRoute,
    Context,
    GoneRoute,
    KnownScope,
    ScopeOfAggregate,
    Target,
    TypedCommandRoute,
    WriteRoute,
)
from services.kernel.decider import Given
from services.kernel.scope import Scope
from shared_types.enums import ScopeType

_SESSION = "/conversations/sessions/{session_id}"
_COMMAND = "Command.Conversation."
_FLOW_OF_NOVEL = "/genesis/flows/{novel_id}"
_WRITING = ("POST", "PUT", "PATCH", "DELETE")


def _new_session(command: CreateSession, given: Given) -> Target:
    payload = command.payload
    scope = session_scope(payload.scope_type, payload.scope_id, given.new_id("session"))
    return KnownScope(scope, new=payload.scope_type is not ScopeType.GENESIS)


def _of_session(command: UpdateSession | DeleteSession | CreateRound, given: Given) -> Target:
    return ScopeOfAggregate(session_key(command.session_id))


def _version(command: UpdateSession, scope: Scope) -> int | None:
    return find_session(scope, command.session_id).version


CONTEXT = Context(
    name="conversations",
    aggregates=AGGREGATES,
    events=EVENTS,
    commands=(
        CommandRoute(
            type=f"{_COMMAND}Session.Create",
            model=CreateSession,
            target=_new_session,
            lock=lambda command, given: given.new_id("session"),
            decide=create_session,
            responses={201: SessionResponse},
        ),
        CommandRoute(
            type=f"{_COMMAND}Session.Update",
            model=UpdateSession,
            target=_of_session,
            lock=lambda command, given: command.session_id,
            decide=update_session,
            version=_version,
            responses={200: SessionResponse},
        ),
        CommandRoute(
            type=f"{_COMMAND}Session.Delete",
            model=DeleteSession,
            target=_of_session,
            lock=lambda command, given: command.session_id,
            decide=delete_session,
            responses={204: None},
        ),
        CommandRoute(
            type=f"{_COMMAND}Round.Create",
            model=CreateRound,
            target=_of_session,
            lock=lambda command, given: command.session_id,
            decide=create_round,
            responses={200: RoundResponse, 201: RoundResponse},
        ),
    ),
    writes=(
        WriteRoute("POST", "/conversations/sessions", f"{_COMMAND}Session.Create", rule=OWNER),
        WriteRoute("PATCH", _SESSION, f"{_COMMAND}Session.Update", rule=OWNER),
        WriteRoute("DELETE", _SESSION, f"{_COMMAND}Session.Delete", rule=OWNER),
        WriteRoute("POST", f"{_SESSION}/rounds", f"{_COMMAND}Round.Create", rule=OWNER),
        WriteRoute(
            "POST", f"{_SESSION}/rounds/messages", f"{_COMMAND}Round.Create", defaults={"role": "user"}, rule=OWNER
        ),
        WriteRoute("POST", f"{_SESSION}/messages", f"{_COMMAND}Round.Create", defaults={"role": "user"}, rule=OWNER),
        TypedCommandRoute(f"{_SESSION}/commands", rule=OWNER),
        TypedCommandRoute(f"{_SESSION}/rounds/commands", rule=OWNER),
        GoneRoute(_WRITING, f"{_SESSION}/stage", _FLOW_OF_NOVEL, rule=OWNER),
        GoneRoute(_WRITING, f"{_SESSION}/stage/validate", _FLOW_OF_NOVEL, rule=OWNER),
        GoneRoute(_WRITING, f"{_SESSION}/stage/lock", _FLOW_OF_NOVEL, rule=OWNER),
    ),
    projections=(sessions.PROJECTION,),
    queries=(*sessions.QUERIES, *command_status.QUERIES),
)
