"""What a genesis must do, computed from the commands that were acknowledged and from nothing else.

Written from the specification, by hand and as simply as it can be: mutable values, no events, nothing of our deciders.
A method judges one command and, if it must be accepted, does at once what it means. A `Reference` is the world of
one user; for anybody else it is as if nothing were there, so that a stranger's command is judged by an empty one.
"""

from typing import Any
from unittest.mock import ANY

from tests.kit.genesis_model.world import (
    CONTENT_STAGES,
    STAGES,
    Accepted,
    Body,
    Flow,
    Link,
    Novel,
    OpenCommand,
    Record,
    Refused,
    Round,
    Session,
    Verdict,
    Version,
    flow_shows,
    instance_shows,
    is_complete,
    link_shows,
    novel_shows,
    record_shows,
    round_shows,
    settings_shows,
)

PROPOSALS_MAX = 10
RECENT_MAX = 10
OLDER_MAX = 40
SOMETHING_SAID = "…"

_NOVEL_GONE = Refused(frozenset({"NOVEL_NOT_FOUND"}))
_FLOW_GONE = Refused(frozenset({"FLOW_NOT_FOUND"}))
_STAGE_GONE = Refused(frozenset({"STAGE_NOT_FOUND"}))
_SESSION_GONE = Refused(frozenset({"SESSION_NOT_FOUND"}))
_PROCESS_GONE = Refused(frozenset({"PROCESS_NOT_FOUND"}))
_LINK_GONE = Refused(frozenset({"LINK_NOT_FOUND"}))
_VERSION_GONE = Refused(frozenset({"VERSION_NOT_FOUND"}))
_ROUND_GONE = Refused(frozenset({"ROUND_NOT_FOUND"}))
_NO_SUCH_STAGE = Refused(frozenset({"INVALID_STAGE"}))


class Reference:
    """All that a user has: novels with their flows, and sessions. What was deleted is no longer in either."""

    def __init__(self) -> None:
        self.novels: dict[str, Novel] = {}
        self.sessions: dict[str, Session] = {}
        self.deleted: list[Session] = []

    # Novels.

    def create_novel(self, title: str) -> Verdict:
        novel = Novel("", title)

        def learn(body: Body) -> None:
            novel.id = body["id"]
            self.novels[novel.id] = novel

        return Accepted(201, ("Novel.Created",), novel_shows(novel) | {"id": ANY}, version=1, learn=learn)

    def update_novel(self, novel_id: str, title: str, if_match: int | None = None) -> Verdict:
        novel = self.novels.get(novel_id)
        if novel is None:
            return _NOVEL_GONE
        if codes := _stale(if_match, novel.version):
            return Refused(codes)
        events: tuple[str, ...] = ()
        if novel.title != title:
            novel.title, novel.version = title, novel.version + 1
            events = ("Novel.Updated",)
        return Accepted(200, events, novel_shows(novel), version=novel.version)

    def delete_novel(self, novel_id: str, if_match: int | None = None) -> Verdict:
        novel = self.novels.get(novel_id)
        if novel is None:
            return _NOVEL_GONE
        if codes := _stale(if_match, novel.version):
            return Refused(codes)
        events: list[str] = []
        if flow := novel.flow:
            events += ["Genesis.Session.Generation.Failed"] * len(flow.open_commands)
            events += ["Genesis.Flow.Abandoned"] * (flow.status in ("IN_PROGRESS", "PAUSED"))
            events += ["Genesis.Stage.SessionUnbound"] * sum(len(record.links) for record in flow.records)
        for session in self._sessions_of(novel_id):
            self._forget(session)
            events.append("Conversation.Session.Deleted")
        del self.novels[novel_id]
        return Accepted(204, (*events, "Novel.Deleted"))

    # Flows.

    def create_flow(self, novel_id: str, *, mode: str | None = None, navigation: str = "guided") -> Verdict:
        novel = self.novels.get(novel_id)
        if novel is None:
            return _NOVEL_GONE
        events = self._begin(novel, mode, navigation)
        assert novel.flow is not None, "it was there or has just begun"
        status = 201 if events else 200
        return Accepted(status, tuple(events), flow_shows(novel.flow), version=novel.flow.version)

    def start_process(self, novel_id: str) -> Verdict:
        verdict = self.create_flow(novel_id)
        if isinstance(verdict, Refused):
            return verdict
        names = ("novel_id", "status", "current_stage")
        shows = {name: verdict.shows[name] for name in names}
        return Accepted(verdict.status, verdict.events, shows, verdict.version)

    def pause(self, novel_id: str, if_match: int | None = None) -> Verdict:
        flow = self.flow(novel_id)
        if flow is None:
            return _FLOW_GONE
        if codes := _stale(if_match, flow.version) | _unless(flow.status == "IN_PROGRESS", "INVALID_FLOW_STATUS"):
            return Refused(codes)
        events = ["Genesis.Flow.Paused", *_pause_record(flow.current)]
        flow.status, flow.version = "PAUSED", flow.version + 1
        return Accepted(200, tuple(events), flow_shows(flow), version=flow.version)

    def resume(self, novel_id: str, if_match: int | None = None) -> Verdict:
        flow = self.flow(novel_id)
        if flow is None:
            return _FLOW_GONE
        if codes := _stale(if_match, flow.version) | _unless(flow.status == "PAUSED", "INVALID_FLOW_STATUS"):
            return Refused(codes)
        events = ["Genesis.Flow.Resumed"]
        if flow.current.status == "PAUSED":
            flow.current.status = "RUNNING"
            events.append("Genesis.Stage.Resumed")
        flow.status, flow.version = "IN_PROGRESS", flow.version + 1
        return Accepted(200, tuple(events), flow_shows(flow), version=flow.version)

    def abandon(self, novel_id: str, if_match: int | None = None) -> Verdict:
        flow = self.flow(novel_id)
        if flow is None:
            return _FLOW_GONE
        is_open = flow.status in ("IN_PROGRESS", "PAUSED")
        if codes := _stale(if_match, flow.version) | _unless(is_open, "INVALID_FLOW_STATUS"):
            return Refused(codes)
        events = ["Genesis.Session.Generation.Failed"] * len(flow.open_commands)
        flow.open_commands.clear()
        # Not in the table of commands, but a record must not go on running in a flow that was given up.
        events += _pause_record(flow.current)
        flow.status, flow.version = "ABANDONED", flow.version + 1
        return Accepted(200, (*events, "Genesis.Flow.Abandoned"), flow_shows(flow), version=flow.version)

    # Stages.

    def create_stage(
        self, novel_id: str, stage: str, *, config: Body | None = None, new_iteration: bool = False
    ) -> Verdict:
        flow = self.flow(novel_id)
        if stage not in STAGES:
            return _NO_SUCH_STAGE
        if flow is None:
            return _FLOW_GONE
        if codes := _cannot_enter(flow, stage, config=config, new_iteration=new_iteration):
            return Refused(codes)
        known = list(flow.records)
        events = _enter(flow, stage, config=config, new_iteration=new_iteration)
        status = 201 if flow.current not in known else 200
        return Accepted(status, tuple(events), record_shows(flow.current))

    def switch_stage(self, novel_id: str, stage: str, *, force: bool = False, if_match: int | None = None) -> Verdict:
        flow = self.flow(novel_id)
        if stage not in STAGES:
            return Refused(_NO_SUCH_STAGE.codes | (_stale(if_match, flow.version) if flow else frozenset()))
        if flow is None:
            return _FLOW_GONE
        if codes := _stale(if_match, flow.version) | _cannot_switch(flow, stage, force=force):
            return Refused(codes)
        events = _enter(flow, stage)
        return Accepted(200, tuple(events), flow_shows(flow), version=flow.version)

    def advance(self, stage_id: str, if_match: int | None = None) -> Verdict:
        flow, record = self._record(stage_id)
        if flow is None or record is None:
            return _STAGE_GONE
        if codes := _stale(if_match, flow.version) | _gate(flow, record):
            return Refused(codes)
        events = _complete(flow, record)
        return Accepted(200, tuple(events), instance_shows(flow, flow.current))

    def update_config(self, stage_id: str, config: Body, if_match: int | None = None) -> Verdict:
        flow, record = self._record(stage_id)
        if flow is None or record is None:
            return _STAGE_GONE
        codes = _stale(if_match, flow.version)
        codes |= _unless(record.status != "COMPLETED", "STAGE_CLOSED")
        codes |= _unless(_is_valid(record.stage, config), "INVALID_CONFIG")
        if codes:
            return Refused(codes)
        events = _configure(record, config)
        return Accepted(200, tuple(events), {"stage_id": stage_id, "stage": record.stage, "config": config})

    # Settings.

    def save_settings(self, stage_id: str, session_id: str, settings: Body) -> Verdict:
        flow, record = self._record(stage_id)
        if flow is None or record is None:
            return _STAGE_GONE
        link = record.link(session_id)
        codes = _closed(flow) | _unless(record.status == "RUNNING", "STAGE_CLOSED")
        codes |= _unless(link is not None and link.status == "ACTIVE", "SESSION_NOT_BOUND")
        if codes:
            return Refused(codes)
        record.versions.append(Version(settings, "user"))
        shows = settings_shows(record, len(record.versions)) | {"created_by": session_id}
        return Accepted(201, ("Genesis.Stage.SettingsSaved",), shows)

    def confirm_settings(self, stage_id: str, version: int) -> Verdict:
        flow, record = self._record(stage_id)
        if flow is None or record is None:
            return _STAGE_GONE
        if not 1 <= version <= len(record.versions):
            return _VERSION_GONE
        if codes := _closed(flow) | _unless(record.status == "RUNNING", "STAGE_CLOSED"):
            return Refused(codes)
        events = () if record.confirmed == version else ("Genesis.Stage.SettingsConfirmed",)
        record.confirmed = version
        return Accepted(200, events, settings_shows(record, version))

    # Which sessions work for which record.

    def start_stage_session(self, flow_id: str, stage: str, *, is_primary: bool | None = None) -> Verdict:
        flow = next((flow for flow in self._flows() if flow.id == flow_id), None)
        if stage not in STAGES:
            return _NO_SUCH_STAGE
        if flow is None:
            return _PROCESS_GONE
        if codes := _cannot_enter(flow, stage):
            return Refused(codes)
        events = _enter(flow, stage)
        session = Session(flow.novel_id, f"{stage} 阶段对话")
        events += ["Conversation.Session.Created", *_bind(flow.current, session, is_primary=is_primary, kind=None)]
        shows = {"instance": instance_shows(flow, flow.current), "session": link_shows(flow.current.links[-1])}

        def learn(body: Body) -> None:
            self._learn_session(session, body["session"]["session_id"])

        return Accepted(201, tuple(events), shows, learn=learn)

    def bind_new_session(self, stage_id: str, *, is_primary: bool | None = None, kind: str | None = None) -> Verdict:
        flow, record = self._record(stage_id)
        if flow is None or record is None:
            return _STAGE_GONE
        if codes := _takes_no_session(flow, record, kind):
            return Refused(codes)
        session = Session(flow.novel_id, f"{record.stage} 阶段对话")
        events = ("Conversation.Session.Created", *_bind(record, session, is_primary=is_primary, kind=kind))

        def learn(body: Body) -> None:
            self._learn_session(session, body["session_id"])

        return Accepted(201, events, {"stage_session": link_shows(record.links[-1])}, learn=learn)

    def bind_session(
        self,
        stage_id: str,
        session_id: str,
        *,
        novel_id: str | None = None,
        is_primary: bool | None = None,
        kind: str | None = None,
    ) -> Verdict:
        flow, record = self._record(stage_id)
        if flow is None or record is None:
            return _STAGE_GONE
        if novel_id not in (None, flow.novel_id):
            return Refused(frozenset({"NOVEL_MISMATCH"}))
        session = self.sessions.get(session_id)
        if session is None:
            # Of what was elsewhere, nobody here knows that it is no longer there.
            was_elsewhere = any(o.id == session_id and o.novel_id != flow.novel_id for o in self.deleted)
            return Refused(_SESSION_GONE.codes | _unless(not was_elsewhere, "SESSION_SCOPE_INVALID"))
        codes = _takes_no_session(flow, record, kind)
        codes |= _unless(session.novel_id == flow.novel_id, "SESSION_SCOPE_INVALID")
        codes |= _unless(record.link(session_id) is None, "SESSION_ALREADY_BOUND")
        if codes:
            return Refused(codes)
        events = _bind(record, session, is_primary=is_primary, kind=kind)
        shows = {"session_id": session_id, "stage_session": link_shows(record.links[-1])}
        return Accepted(201, tuple(events), shows)

    def update_link(
        self,
        stage_id: str,
        session_id: str,
        *,
        status: str | None = None,
        is_primary: bool | None = None,
        kind: str | None = None,
        if_match: int | None = None,
    ) -> Verdict:
        flow, record = self._record(stage_id)
        if flow is None or record is None:
            return _STAGE_GONE
        link = record.link(session_id)
        codes = _stale(if_match, flow.version)
        if link is None:
            return Refused(codes | _LINK_GONE.codes)
        codes |= _unless(not is_primary or (status or link.status) == "ACTIVE", "LINK_NOT_ACTIVE")
        if codes:
            return Refused(codes)
        events = []
        if (status or link.status, kind or link.kind) != (link.status, link.kind):
            link.status, link.kind = status or link.status, kind or link.kind
            events.append("Genesis.Stage.SessionUpdated")
        if is_primary and not link.is_primary:
            events += _make_primary(record, link)
        elif link.is_primary and (status in ("ARCHIVED", "CLOSED") or is_primary is False):
            events += _make_primary(record, next((o for o in record.active() if o is not link), None))
        return Accepted(200, tuple(events), link_shows(link))

    # Sessions and rounds.

    def create_session(self, novel_id: str | None, stage: str | None = None) -> Verdict:
        session = Session(novel_id, "新对话")
        events = ["Conversation.Session.Created"]
        if novel_id is not None:
            novel = self.novels.get(novel_id)
            if novel is None:
                return _NOVEL_GONE
            if codes := _no_session_at(novel.flow, stage):
                return Refused(codes)
            events += self._begin(novel, None, "guided")
            assert novel.flow is not None, "it was there or has just begun"
            record = novel.flow.standing(stage) if stage else None
            events += _bind(record, session, is_primary=None, kind=None) if record else []

        def learn(body: Body) -> None:
            self._learn_session(session, body["id"])

        shows = {**self.session_shows(session), "id": ANY}
        return Accepted(201, tuple(events), shows, version=1, learn=learn)

    def update_session(
        self,
        session_id: str,
        *,
        title: str | None = None,
        status: str | None = None,
        stage: str | None = None,
        if_match: int | None = None,
    ) -> Verdict:
        session = self.sessions.get(session_id)
        if session is None:
            return _SESSION_GONE
        flow = self.flow(session.novel_id)
        codes = _stale(if_match, session.version)
        codes |= _cannot_switch(flow, stage) if stage and flow else frozenset()
        if codes:
            return Refused(codes)
        events = []
        if (title or session.title, status or session.status) != (session.title, session.status):
            session.title, session.status = title or session.title, status or session.status
            session.version += 1
            events.append("Conversation.Session.Updated")
        events += _enter(flow, stage) if stage and flow else []
        return Accepted(200, tuple(events), self.session_shows(session), version=session.version)

    def delete_session(self, session_id: str) -> Verdict:
        session = self.sessions.get(session_id)
        if session is None:
            return _SESSION_GONE
        flow = self.flow(session.novel_id)
        if flow and any(command.session is session for command in flow.open_commands):
            return Refused(frozenset({"SESSION_BUSY"}))
        events = ["Conversation.Session.Deleted"]
        for record in flow.records if flow else ():
            if link := record.link(session_id):
                record.links.remove(link)
                events.append("Genesis.Stage.SessionUnbound")
                if link.is_primary and record.active():
                    events += _make_primary(record, record.active()[0])
        self._forget(session)
        return Accepted(204, tuple(events))

    def create_round(
        self, session_id: str, content: Body, *, correlation_id: str | None = None, parent_path: str | None = None
    ) -> Verdict:
        session = self.sessions.get(session_id)
        if session is None:
            return _SESSION_GONE
        flow = self.flow(session.novel_id)
        links = flow.links(session) if flow else []
        if links and all(link.status != "ACTIVE" for link in links):
            return Refused(frozenset({"SESSION_ARCHIVED"}))
        for said in session.rounds:
            if correlation_id is not None and (said.correlation_id, said.role) == (correlation_id, "user"):
                if said.content != content:
                    return Refused(frozenset({"ROUND_CONFLICT"}))
                return Accepted(200, (), round_shows(said))
        if parent_path is not None and all(said.path != parent_path for said in session.rounds):
            return _ROUND_GONE
        words = content["content"]
        said = _say(session, "user", content, correlation_id=correlation_id, parent_path=parent_path, words=words)
        return Accepted(201, ("Conversation.Round.Created",), round_shows(said))

    # The typed commands of a session.

    def start(self, session_id: str | None, novel_id: str | None = None, initial_input: str | None = None) -> Verdict:
        """A genesis begins, with whatever is missing; the entry follows from what there is to begin with."""
        codes = _unless(initial_input is None or len(initial_input.strip()) >= 10, "INITIAL_INPUT_REQUIRED")
        session = self.sessions.get(session_id or "")
        if session_id is not None and session is None:
            return Refused(codes | _SESSION_GONE.codes)
        if session is not None and session.novel_id is None:
            return Refused(codes | {"SESSION_SCOPE_INVALID"})
        novel_id = session.novel_id if session else novel_id
        novel = self.novels.get(novel_id or "")
        if novel_id is not None and novel is None:
            return Refused(codes | _NOVEL_GONE.codes)
        if novel is not None and (flow := novel.flow) is not None:
            codes |= _closed(flow)
            if not (session and session.was_started):
                codes |= _unless(flow.current.stage == "INITIAL_PROMPT", "STAGE_MISMATCH")
                codes |= _takes_no_session(flow, flow.current, "user_interaction")
        if codes:
            return Refused(codes)
        return self._start(novel, session, initial_input)

    def complete_stage(self, session_id: str, if_match: int | None = None) -> Verdict:
        session = self.sessions.get(session_id)
        if session is None:
            return _SESSION_GONE
        flow = self.flow(session.novel_id)
        if flow is None:
            return Refused(frozenset({"SESSION_SCOPE_INVALID"}))
        codes = _stale(if_match, flow.version) | _cannot_speak_for(flow, flow.current, session)
        if codes := codes | _gate(flow, flow.current):
            return Refused(codes)
        events = _complete(flow, flow.current)
        said = _say(session, "user")
        return Accepted(
            200,
            (*events, "Conversation.Round.Created"),
            instance_shows(flow, flow.current),
            learn=lambda body: _learn_command(said, body),
        )

    def fail(self, session_id: str, stage: str | None = None) -> Verdict:
        session = self.sessions.get(session_id)
        if session is None:
            return _SESSION_GONE
        flow = self.flow(session.novel_id)
        if flow is None:
            return Refused(frozenset({"SESSION_SCOPE_INVALID"}))
        record = (flow.standing(stage) if stage else None) or flow.current
        if codes := _closed(flow) | _unless(record.status in ("RUNNING", "PAUSED"), "STAGE_CLOSED"):
            return Refused(codes)
        record.status = "FAILED"
        flow.status, flow.version = "PAUSED", flow.version + 1
        said = _say(session, "user")
        return Accepted(
            200,
            ("Genesis.Stage.Failed", "Genesis.Flow.Paused", "Genesis.Session.Failed", "Conversation.Round.Created"),
            instance_shows(flow, record),
            learn=lambda body: _learn_command(said, body),
        )

    def finish(
        self,
        *,
        novel_id: str | None = None,
        session_id: str | None = None,
        title: str | None = None,
        if_match: int | None = None,
    ) -> Verdict:
        session = self.sessions.get(session_id or "")
        if session_id is not None and session is None:
            return _SESSION_GONE
        flow = self.flow(session.novel_id if session else novel_id)
        if flow is None:
            return Refused(frozenset({"SESSION_SCOPE_INVALID"})) if session else _FLOW_GONE
        novel = self.novels[flow.novel_id]
        codes = _stale(if_match, flow.version)
        shows = {"novel_id": flow.novel_id, "flow_id": flow.id, "session_id": session_id}
        if flow.status == "COMPLETED" and not codes:
            return Accepted(200, (), {**shows, "title": novel.title, "already_completed": True})
        missing = _missing(flow)
        codes |= _closed(flow) | _unless(not flow.open_commands, "STAGE_BUSY")
        if codes := codes | _unless(not missing, "STAGE_INCOMPLETE"):
            return Refused(codes, {"stages": missing} if codes == {"STAGE_INCOMPLETE"} else {})
        events = _finish(novel, flow, title)
        learn = Accepted().learn
        if session is not None:
            said = _say(session, "user")
            events.append("Conversation.Round.Created")

            def learn(body: Body) -> None:
                _learn_command(said, body)

        return Accepted(200, tuple(events), {**shows, "title": novel.title, "already_completed": False}, learn=learn)

    def request_concepts(self, session_id: str, user_input: str | None = None) -> Verdict:
        session = self.sessions.get(session_id)
        if session is None:
            return _SESSION_GONE
        flow = self.flow(session.novel_id)
        if flow is None:
            return Refused(frozenset({"SESSION_SCOPE_INVALID"}))
        record = flow.current
        codes = _cannot_speak_for(flow, record, session)
        codes |= _unless(record.stage == "INITIAL_PROMPT", "STAGE_MISMATCH")
        codes |= _unless(record.proposals < PROPOSALS_MAX, "ITERATION_LIMIT")
        codes |= _unless(flow.mode != "refinement" or user_input is not None, "USER_INPUT_REQUIRED")
        codes |= _unless(all(command.session is not session for command in flow.open_commands), "DUPLICATE_COMMAND")
        if codes:
            return Refused(codes)
        said = _say(session, "user", words=user_input)
        command = OpenCommand("", session, record)
        flow.open_commands.append(command)

        def learn(body: Body) -> None:
            _learn_command(said, body)
            command.id = body["command_id"]

        events = ("Genesis.Session.Seed.Requested", "Conversation.Round.Created")
        return Accepted(202, events, {"accepted": True, "status": "RECEIVED"}, learn=learn)

    def cancel(self, session_id: str, command_id: str) -> Verdict:
        session = self.sessions.get(session_id)
        if session is None:
            return _SESSION_GONE
        flow = self.flow(session.novel_id)
        for command in flow.open_commands if flow else ():
            if (command.id, command.session) == (command_id, session):
                assert flow is not None, "it has the command"
                flow.open_commands.remove(command)
                shows = {"command_id": command_id, "status": "FAILED", "error_code": "CANCELLED"}
                return Accepted(200, ("Genesis.Session.Generation.Failed",), shows)
        return Refused(frozenset({"COMMAND_FINISHED"}))

    def propose(self, command: OpenCommand, settings: Any) -> tuple[str, ...]:
        """The result of an open command has come; returns the types of its events."""
        flow = self.flow(command.session.novel_id)
        assert flow is not None, "it has the command"
        flow.open_commands.remove(command)
        record = command.record
        record.versions.append(Version(settings, "ai"))
        record.proposals += 1
        record.iteration_count += 1
        asked = next(said for said in command.session.rounds if said.correlation_id == command.id)
        _say(command.session, "assistant", correlation_id=command.id, parent_path=asked.path, words=SOMETHING_SAID)
        return (
            "Genesis.Session.Generation.Started",
            "Genesis.Session.Concept.Proposed",
            "Genesis.Stage.SettingsSaved",
            "Conversation.Round.Created",
            *_sum_up(command.session),
        )

    # What is there.

    def open_commands(self) -> list[OpenCommand]:
        """Every command that waits for a worker, the oldest first within its flow."""
        return [command for flow in self._flows() for command in flow.open_commands]

    def session_shows(self, session: Session) -> Body:
        """What a session must look like."""
        flow = self.flow(session.novel_id)
        busy = flow is not None and any(command.session is session for command in flow.open_commands)
        stages = (
            [record.stage for record in flow.records if session in [o.session for o in record.links]] if flow else []
        )
        return {
            "id": session.id,
            "novel_id": session.novel_id,
            "title": session.title,
            "status": "PROCESSING" if busy and session.status == "ACTIVE" else session.status,
            "stage": stages[-1] if stages else None,
            "version": session.version,
        }

    def _flows(self) -> list[Flow]:
        return [novel.flow for novel in self.novels.values() if novel.flow is not None]

    def flow(self, novel_id: str | None) -> Flow | None:
        """A novel's flow."""
        novel = self.novels.get(novel_id or "")
        return novel.flow if novel is not None else None

    def _record(self, stage_id: str) -> tuple[Flow | None, Record | None]:
        for flow in self._flows():
            for record in flow.records:
                if record.id == stage_id:
                    return flow, record
        return None, None

    def _sessions_of(self, novel_id: str) -> list[Session]:
        return [session for session in self.sessions.values() if session.novel_id == novel_id]

    def _learn_session(self, session: Session, session_id: str) -> None:
        session.id = session_id
        self.sessions[session_id] = session

    def _forget(self, session: Session) -> None:
        del self.sessions[session.id]
        self.deleted.append(session)

    def _begin(self, novel: Novel, mode: str | None, navigation: str) -> list[str]:
        """The novel's flow with a first record, if it has none."""
        if novel.flow is not None:
            return []
        novel.flow = Flow(novel.id, mode, navigation)
        novel.flow.current = Record("INITIAL_PROMPT", 1, None, 0)
        novel.flow.records.append(novel.flow.current)
        return ["Genesis.Flow.Created", "Genesis.Stage.Created"]

    def _start(self, novel: Novel | None, session: Session | None, initial_input: str | None) -> Verdict:
        events: list[str] = []
        mode = "inspiration" if initial_input is None else "refinement"
        is_new = novel is None
        if novel is None:
            novel = Novel("", "未命名小说")
            events.append("Novel.Created")
        events += self._begin(novel, mode, "guided")
        flow = novel.flow
        assert flow is not None, "it was there or has just begun"
        if session and session.was_started:
            return Accepted(200, (), {"session_id": session.id, "novel_id": novel.id, "stage_id": flow.current.id})
        status = 200 if session else 201
        if session is None:
            session = Session(novel.id, "INITIAL_PROMPT 阶段对话")
            events.append("Conversation.Session.Created")
        if all(link.session is not session for link in flow.current.links):
            events += _bind(flow.current, session, is_primary=None, kind="user_interaction")
        flow.mode = mode
        session.was_started = True
        said = _say(session, "user", words=initial_input)

        def learn(body: Body) -> None:
            if is_new:
                novel.id = flow.novel_id = session.novel_id = body["novel_id"]
                self.novels[novel.id] = novel
            self._learn_session(session, body["session_id"])
            _learn_command(said, body)

        events += ["Genesis.Session.Started", "Conversation.Round.Created"]
        return Accepted(status, tuple(events), {}, learn=learn)


# Moving between stages (§3.4).


def _cannot_enter(flow: Flow, stage: str, *, config: Body | None = None, new_iteration: bool = False) -> frozenset[str]:
    codes = _closed(flow) | _unless(config is None or _is_valid(stage, config), "INVALID_CONFIG")
    here = STAGES.index(flow.current.stage)
    there = STAGES.index(stage)
    if there == here:
        # A pass that is replaced while a command works on it would lose what comes of it.
        is_new = new_iteration and flow.current.status == "RUNNING"
        return codes | _unless(not (is_new and flow.is_busy(flow.current)), "STAGE_BUSY")
    if flow.navigation == "free_form" and stage != "FINISHED":
        return codes
    if there == here + 1:
        return codes | _gate(flow, flow.current)
    return codes | _unless(there < here, "STAGE_NOT_REACHED")


def _cannot_switch(flow: Flow, stage: str, *, force: bool = False) -> frozenset[str]:
    is_forward = STAGES.index(stage) > STAGES.index(flow.current.stage)
    needs_config = is_forward and not force
    return _cannot_enter(flow, stage) | _unless(
        not needs_config or is_complete(flow.current), "stage_config_incomplete"
    )


def _enter(flow: Flow, stage: str, *, config: Body | None = None, new_iteration: bool = False) -> list[str]:
    left = flow.current
    if stage == left.stage:
        if new_iteration or left.status == "FAILED":
            return _iterate(flow, config)
        events = []
    elif stage == _next(left.stage) and not (flow.navigation == "free_form" and stage != "FINISHED"):
        events = _complete(flow, left)
    else:
        events = _pause_record(left) + _arrive(flow, stage)
    return events + (_configure(flow.current, config) if config is not None else [])


def _gate(flow: Flow, record: Record) -> frozenset[str]:
    """Why a record cannot be completed."""
    codes = _closed(flow)
    codes |= _unless(record.stage != "FINISHED", "ALREADY_FINAL_STAGE")
    codes |= _unless(record.is_current and record.status == "RUNNING", "STAGE_CLOSED")
    codes |= _unless(record.confirmed is not None, "STAGE_NOT_CONFIRMED")
    return codes | _unless(not flow.is_busy(record), "STAGE_BUSY")


def _complete(flow: Flow, record: Record) -> list[str]:
    following = _next(record.stage)
    assert following is not None, "the gate is shut at the last stage"
    return _end(record) + _arrive(flow, following)


def _end(record: Record) -> list[str]:
    """The record is done and its sessions are archived."""
    record.status, record.is_current = "COMPLETED", False
    archived = record.active()
    for link in archived:
        link.status = "ARCHIVED"
    return ["Genesis.Session.Stage.Completed", *["Genesis.Stage.SessionUpdated"] * len(archived)]


def _arrive(flow: Flow, stage: str) -> list[str]:
    """The stage's paused record goes on, or a new one begins."""
    events = []
    standing = flow.standing(stage)
    if standing is not None and standing.status == "PAUSED":
        standing.status = "RUNNING"
        flow.current = standing
        events.append("Genesis.Stage.Resumed")
    else:
        earlier = flow.passes(stage)
        if standing is not None:
            events += _supersede(standing)
        events += _begin_record(flow, stage, earlier[-1].config if earlier else None, 0)
    return events + _moved(flow)


def _iterate(flow: Flow, config: Body | None) -> list[str]:
    """A new pass in the place of the current one, which carries its count on."""
    left = flow.current
    events = _supersede(left)
    events += _begin_record(flow, left.stage, config or left.config, left.iteration_count)
    return events + _moved(flow)


def _begin_record(flow: Flow, stage: str, config: Body | None, iteration_count: int) -> list[str]:
    earlier = flow.passes(stage)
    record = Record(stage, len(earlier) + 1, config, iteration_count)
    flow.records.append(record)
    flow.current = record
    confirmed = [one for one in earlier if one.confirmed is not None]
    if not confirmed:
        return ["Genesis.Stage.Created"]
    newest = confirmed[-1]
    assert newest.confirmed is not None, "it was chosen for that"
    record.versions.append(Version(newest.versions[newest.confirmed - 1].settings, "carryover"))
    return ["Genesis.Stage.Created", "Genesis.Stage.SettingsSaved"]


def _supersede(record: Record) -> list[str]:
    record.is_current = False
    record.status = "PAUSED" if record.status == "RUNNING" else record.status
    return ["Genesis.Stage.Superseded"]


def _moved(flow: Flow) -> list[str]:
    flow.version += 1
    return ["Genesis.Stage.TransitionRecorded", "Genesis.Flow.Advanced"]


def _pause_record(record: Record) -> list[str]:
    if record.status != "RUNNING":
        return []
    record.status = "PAUSED"
    return ["Genesis.Stage.Paused"]


def _configure(record: Record, config: Body) -> list[str]:
    if record.config == config:
        return []
    record.config = config
    return ["Genesis.Stage.ConfigUpdated"]


def _next(stage: str) -> str | None:
    return STAGES[STAGES.index(stage) + 1] if stage != STAGES[-1] else None


# Finishing.


def _missing(flow: Flow) -> set[str]:
    """The stages that keep a genesis from being finished; a confirmed outline under way is finished with it."""
    done = {record.stage for record in flow.records if record.status == "COMPLETED"}
    passing = flow.current if flow.current.stage == "PLOT_OUTLINE" and not _gate(flow, flow.current) else None
    undone = {stage for stage in CONTENT_STAGES if stage not in done and (passing is None or stage != passing.stage)}
    under_way = {
        record.stage
        for record in flow.records
        if record.is_current and record is not passing and record.stage != "FINISHED"
    }
    return undone | under_way


def _finish(novel: Novel, flow: Flow, title: str | None) -> list[str]:
    events = []
    if flow.current.stage == "PLOT_OUTLINE":
        events += _complete(flow, flow.current)
    events += _end(flow.current)
    flow.status, flow.version = "COMPLETED", flow.version + 1
    outline = flow.passes("PLOT_OUTLINE")[-1]
    novel.title = title or novel.title
    novel.target_chapters = (outline.config or {}).get("chapter_count_preference") or novel.target_chapters
    novel.status, novel.version = "GENERATING", novel.version + 1
    return [*events, "Genesis.Session.Finished", "Genesis.Flow.Completed", "Novel.GenesisCompleted"]


# Links.


def _takes_no_session(flow: Flow, record: Record, kind: str | None) -> frozenset[str]:
    codes = _unless(flow.status != "ABANDONED", "FLOW_CLOSED")
    return codes | _unless(record.status != "COMPLETED" or kind == "review", "STAGE_CLOSED")


def _no_session_at(flow: Flow | None, stage: str | None) -> frozenset[str]:
    """Why a new session cannot be bound to a stage while it is created; a flow that is made for it is at the first."""
    if stage is None:
        return frozenset()
    if flow is None:
        return _unless(stage == "INITIAL_PROMPT", "STAGE_NOT_REACHED")
    record = flow.standing(stage)
    return frozenset({"STAGE_NOT_REACHED"}) if record is None else _takes_no_session(flow, record, None)


def _bind(record: Record, session: Session, *, is_primary: bool | None, kind: str | None) -> list[str]:
    primary = record.primary()
    link = Link(session, is_primary=primary is None and is_primary is not False, kind=kind)
    record.links.append(link)
    events = ["Genesis.Stage.SessionBound"]
    return events + (_make_primary(record, link) if is_primary and primary is not None else [])


def _make_primary(record: Record, link: Link | None) -> list[str]:
    for other in record.links:
        other.is_primary = other is link
    return ["Genesis.Stage.PrimaryChanged"]


# Rounds.


def _say(
    session: Session,
    role: str,
    content: Any = ANY,
    *,
    correlation_id: str | None = None,
    parent_path: str | None = None,
    words: str | None = None,
) -> Round:
    siblings = sum(said.parent_path == parent_path for said in session.rounds)
    path = f"{parent_path}.{siblings + 1}" if parent_path else str(siblings + 1)
    said = Round(path, len(session.rounds) + 1, role, content, correlation_id, parent_path, words)
    session.rounds.append(said)
    return said


def _sum_up(session: Session) -> list[str]:
    """What was said before the last ten rounds is put into the session when a result has come."""
    older = [(said.role, said.words) for said in session.rounds[:-RECENT_MAX] if said.words][-OLDER_MAX:]
    if older == session.summary:
        return []
    session.summary, session.version = older, session.version + 1
    return ["Conversation.Session.Updated"]


def _learn_command(said: Round, body: Body) -> None:
    said.correlation_id = body["command_id"]


# Preconditions.


def _cannot_speak_for(flow: Flow, record: Record, session: Session) -> frozenset[str]:
    """Why a content command of the session cannot work on the record."""
    link = record.link(session.id)
    codes = _closed(flow) | _unless(link is not None and link.status == "ACTIVE", "SESSION_NOT_BOUND")
    return codes | _unless(record.is_current and record.status == "RUNNING", "STAGE_CLOSED")


def _closed(flow: Flow) -> frozenset[str]:
    if flow.status == "IN_PROGRESS":
        return frozenset()
    return frozenset({"FLOW_PAUSED" if flow.status == "PAUSED" else "FLOW_CLOSED"})


def _stale(if_match: int | None, version: int) -> frozenset[str]:
    return _unless(if_match in (None, version), "PRECONDITION_FAILED")


def _is_valid(stage: str, config: Body) -> bool:
    """The machine sends whole forms of a stage, or one with a field that no stage has."""
    return stage != "FINISHED" and "unknown" not in config


def _unless(holds: object, code: str) -> frozenset[str]:
    return frozenset() if holds else frozenset({code})
