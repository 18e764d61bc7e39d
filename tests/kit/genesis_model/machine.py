"""A Hypothesis state machine over the commands of a genesis: the same rules for every system under test.

Each rule sends one command, or a few that belong together, to the system and to the reference model, and compares
what they say. Rules choose their targets by small numbers that shrink to the most ordinary choice; what was sent is
noted with readable names, so that a failure reads like a list of commands.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import ANY
from uuid import UUID

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.kit.genesis_model.reference import Reference
from tests.kit.genesis_model.system import Answer, Asked, Request, System
from tests.kit.genesis_model.world import (
    STAGES,
    Accepted,
    Body,
    Flow,
    Record,
    Refused,
    Verdict,
    flow_shows,
    link_shows,
    novel_shows,
    round_shows,
    settings_shows,
)

NOVELS_MAX = 3
NOWHERE = str(UUID(int=0))

CONFIGS: Mapping[str, Body] = {
    "INITIAL_PROMPT": {"genre": "玄幻", "style": "", "target_word_count": 100_000, "special_requirements": []},
    "WORLDVIEW": {
        "time_period": "古代",
        "geography_type": "大陆",
        "tech_magic_level": "高魔法",
        "social_structure": "",
        "power_system": None,
    },
    "CHARACTERS": {
        "protagonist_count": 1,
        "relationship_complexity": "",
        "personality_preferences": ["坚韧"],
        "include_villains": True,
    },
    "PLOT_OUTLINE": {
        "chapter_count_preference": 30,
        "plot_complexity": "",
        "conflict_types": ["内心"],
        "pacing_preference": "中等",
    },
    "FINISHED": {},
}
"""A whole form for each stage, with one text left empty that may be filled in."""

# Small numbers choose: 0 is what a user would most likely mean, others are anything that was ever there.
CHOICE = st.integers(0, 9)
# What ends everything is done once in a while only.
DOUBTS = st.integers(0, 3)
MAYBE = st.sampled_from([None, True, False])
STAGE = st.sampled_from(STAGES)
MATCH = st.sampled_from(["none", "none", "right", "stale"])
KIND = st.sampled_from([None, "review"])
WORD = st.sampled_from(["one", "two", "three"])
FORM = st.sampled_from(["complete", "empty", "wrong"])


@dataclass
class Seen:
    """What a run has met, so that a test can tell that it was thorough."""

    accepted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    flow_ends: Counter[str] = field(default_factory=Counter)
    passes_max: int = 0
    steps: int = 0


class GenesisMachine(RuleBasedStateMachine):
    """The rules. `system` is the one under test; `seen` outlives the machine."""

    def __init__(self, system: System, seen: Seen) -> None:
        super().__init__()
        self.system = system
        self.seen = seen
        self.reference = Reference()
        self.novel_id = NOWHERE
        # Everything that was ever there, so that commands also come to what is gone.
        self.stage_ids: list[str] = []
        self.session_ids: list[str] = []
        self.last: tuple[Asked, Answer] | None = None
        self.events: list[str] = []
        # From a question on until its answer has been found right.
        self.in_doubt = False
        self._names: dict[str, str] = {}

    # Beginning.

    @initialize(
        navigation=st.sampled_from(["guided", "guided", "free_form"]),
        mode=st.sampled_from([None, "inspiration", "refinement"]),
    )
    def begin(self, navigation: str, mode: str | None) -> None:
        self.create_novel()
        self.create_flow(navigation=navigation, mode=mode)
        self.bind_new_session(choice=0, is_primary=None, kind=None)

    @precondition(lambda self: len(self.reference.novels) < NOVELS_MAX)
    @rule()
    def create_novel(self) -> None:
        self.ask("create_novel", "POST", "/novels", {"title": "The Lighthouse"}, {"title": "The Lighthouse"})
        self.novel_id = list(self.reference.novels)[-1]

    @precondition(lambda self: self.flow is None or self.flow.status in ("COMPLETED", "ABANDONED"))
    @rule(navigation=st.sampled_from(["guided", "free_form"]))
    def begin_anew(self, navigation: str) -> None:
        if len(self.reference.novels) == NOVELS_MAX:
            self.novel_id = next(iter(self.reference.novels))
            self.delete_novel(match="none")
        self.create_novel()
        self.create_flow(navigation=navigation, mode=None)

    @rule(
        navigation=st.sampled_from(["guided", "free_form"]), mode=st.sampled_from([None, "inspiration", "refinement"])
    )
    def create_flow(self, navigation: str, mode: str | None) -> None:
        entry = {"navigation": navigation, "mode": mode}
        self.ask("create_flow", "POST", self.flow_path, entry, {"novel_id": self.novel_id, **entry})

    @rule()
    def start_process(self) -> None:
        named = {"novel_id": self.novel_id}
        self.ask("start_process", "POST", "/genesis/processes", named, named)

    @rule(choice=CHOICE, initial_input=st.sampled_from([None, "A keeper hears letters.", "short"]))
    def start_on_session(self, choice: int, initial_input: str | None) -> None:
        payload = {"initial_input": initial_input} if initial_input is not None else {}
        self.command("start", self.session_id(choice), "SESSION_START", payload, initial_input=initial_input)

    @precondition(lambda self: len(self.reference.novels) < NOVELS_MAX)
    @rule(with_novel=st.booleans(), initial_input=st.sampled_from([None, "A keeper hears letters."]))
    def start_from_nothing(self, *, with_novel: bool, initial_input: str | None) -> None:
        body = {"novel_id": self.novel_id} if with_novel else {}
        body |= {"initial_input": initial_input} if initial_input is not None else {}
        arguments = {"session_id": None, "novel_id": body.get("novel_id"), "initial_input": initial_input}
        self.ask("start", "POST", "/genesis/sessions", body, arguments)

    # Novels.

    @rule(title=st.sampled_from(["The Lighthouse", "Salt"]), match=MATCH)
    def update_novel(self, title: str, match: str) -> None:
        novel = self.reference.novels.get(self.novel_id)
        arguments = {"novel_id": self.novel_id, "title": title}
        self.ask("update_novel", "PATCH", f"/novels/{self.novel_id}", {"title": title}, arguments, match, novel)

    @rule(match=MATCH, doubts=DOUBTS)
    def delete_novel(self, match: str, doubts: int = 0) -> None:
        if doubts:
            return
        novel = self.reference.novels.get(self.novel_id)
        arguments = {"novel_id": self.novel_id}
        self.ask("delete_novel", "DELETE", f"/novels/{self.novel_id}", None, arguments, match, novel)

    # The flow as a whole.

    @rule(what=st.sampled_from(["pause", "resume"]), match=MATCH)
    def pause_or_resume(self, what: str, match: str) -> None:
        self.ask(what, "POST", f"{self.flow_path}/{what}", {}, {"novel_id": self.novel_id}, match, self.flow)

    @precondition(lambda self: self.flow is not None and self.flow.status == "PAUSED")
    @rule()
    def go_on(self) -> None:
        self.pause_or_resume(what="resume", match="none")

    @rule(match=MATCH, doubts=DOUBTS)
    def abandon(self, match: str, doubts: int) -> None:
        if doubts:
            return
        self.ask("abandon", "POST", f"{self.flow_path}/abandon", {}, {"novel_id": self.novel_id}, match, self.flow)

    @rule(by_session=st.booleans(), choice=CHOICE, title=st.sampled_from([None, "Salt"]), match=MATCH)
    def finish(self, *, by_session: bool, choice: int, title: str | None, match: str) -> None:
        payload = {"title": title} if title is not None else {}
        if by_session:
            self.command("finish", self.session_id(choice), "FINISH_GENESIS", payload, match, title=title)
        else:
            arguments = {"novel_id": self.novel_id, "title": title}
            self.ask("finish", "POST", f"{self.flow_path}/complete", payload, arguments, match, self.flow)

    # Stages.

    @rule(stage=STAGE, form=st.sampled_from([None, None, "complete", "empty", "wrong"]), new_iteration=st.booleans())
    def create_stage(self, *, stage: str, form: str | None, new_iteration: bool) -> None:
        wanted = {"config": form and _form(stage, form), "new_iteration": new_iteration}
        arguments = {"novel_id": self.novel_id, "stage": stage, **wanted}
        self.ask("create_stage", "POST", f"{self.flow_path}/stages/{stage}", wanted, arguments)

    @rule(stage=st.sampled_from([*STAGES, "LATER"]), force=st.booleans(), match=MATCH)
    def switch_stage(self, *, stage: str, force: bool, match: str) -> None:
        arguments = {"novel_id": self.novel_id, "stage": stage, "force": force}
        body = {"target_stage": stage, "force": force}
        self.ask("switch_stage", "POST", f"{self.flow_path}/switch-stage", body, arguments, match, self.flow)

    @precondition(lambda self: self.is_going_on)
    @rule(back=st.integers(1, 4))
    def go_back(self, back: int) -> None:
        here = STAGES.index(self.current.stage)
        self.create_stage(stage=STAGES[max(here - back, 0)], form=None, new_iteration=False)

    @precondition(lambda self: self.is_going_on)
    @rule(times=st.integers(1, 3))
    def begin_the_stage_anew(self, times: int) -> None:
        """One pass after another, each with a session that asks for concepts, wherever that may be."""
        for _ in range(times):
            self.create_stage(stage=self.current.stage, form=None, new_iteration=True)
            self.bind_new_session(choice=0, is_primary=None, kind=None)
        self.request_concepts(choice=0, user_input="A keeper hears letters.")

    @rule(choice=CHOICE, match=MATCH)
    def advance(self, choice: int, match: str) -> None:
        stage_id = self.stage_id(choice)
        path = f"/genesis/instances/{stage_id}/advance"
        self.ask("advance", "POST", path, {}, {"stage_id": stage_id}, match, self.flow_of_stage(stage_id))

    @rule(choice=CHOICE, match=MATCH)
    def complete_stage(self, choice: int, match: str) -> None:
        self.command("complete_stage", self.session_id(choice), "STAGE_COMPLETE", {}, match)

    @rule(choice=CHOICE, stage=st.sampled_from([None, None, *STAGES]))
    def fail(self, choice: int, stage: str | None) -> None:
        payload = {"reason": "It does not hold."} | ({"stage": stage} if stage is not None else {})
        self.command("fail", self.session_id(choice), "SESSION_FAIL", payload, stage=stage)

    @rule(choice=CHOICE, form=FORM, match=MATCH)
    def update_config(self, choice: int, form: str, match: str) -> None:
        stage_id = self.stage_id(choice)
        record = self.record_of(stage_id)
        config = _form(record.stage if record is not None else "INITIAL_PROMPT", form)
        arguments = {"stage_id": stage_id, "config": config}
        path = f"/genesis/stages/{stage_id}/config"
        self.ask("update_config", "PATCH", path, config, arguments, match, self.flow_of_stage(stage_id))

    @precondition(lambda self: self.is_going_on)
    @rule(stages=st.integers(1, 4), by_session=st.booleans())
    def pass_stages(self, *, stages: int, by_session: bool) -> None:
        """The way of a user who knows what to do: enter anew what failed, speak, save, confirm, go on."""
        for _ in range(stages):
            self.confirm_current()
            if self.current.stage == "FINISHED" or self.flow_is_busy:
                return
            if by_session:
                self.complete_stage(choice=0, match="none")
            else:
                self.advance(choice=0, match="none")

    @precondition(lambda self: self.is_going_on and not self.flow_is_busy)
    @rule()
    def pass_all_stages(self) -> None:
        """The same to the end of a flow, as far as nothing was left open behind."""
        while self.current.stage not in ("PLOT_OUTLINE", "FINISHED"):
            self.confirm_current()
            self.advance(choice=0, match="none")
        self.confirm_current()
        self.finish(by_session=False, choice=0, title=None, match="none")

    # Which sessions work for which record.

    @rule(stage=st.sampled_from([*STAGES, "LATER"]), is_primary=MAYBE)
    def start_stage_session(self, *, stage: str, is_primary: bool | None) -> None:
        flow_id = self.flow.id if self.flow is not None else NOWHERE
        path = f"/genesis/processes/{flow_id}/stages/{stage}/sessions"
        arguments = {"flow_id": flow_id, "stage": stage, "is_primary": is_primary}
        self.ask("start_stage_session", "POST", path, {"is_primary": is_primary}, arguments)

    @rule(choice=CHOICE, is_primary=MAYBE, kind=KIND)
    def bind_new_session(self, *, choice: int, is_primary: bool | None, kind: str | None) -> None:
        stage_id = self.stage_id(choice)
        wanted = {"is_primary": is_primary}
        body = {**wanted, "session_kind": kind}
        arguments = {"stage_id": stage_id, **wanted, "kind": kind}
        self.ask("bind_new_session", "POST", f"/genesis/stages/{stage_id}/sessions", body, arguments)

    @rule(choice=CHOICE, session=CHOICE, is_primary=MAYBE, kind=KIND, other_novel=st.sampled_from([False, False, True]))
    def bind_session(
        self, *, choice: int, session: int, is_primary: bool | None, kind: str | None, other_novel: bool
    ) -> None:
        stage_id, session_id = self.stage_id(choice), self.session_id(session)
        wanted = {"session_id": session_id, "is_primary": is_primary} | ({"novel_id": NOWHERE} if other_novel else {})
        body = {**wanted, "session_kind": kind}
        arguments = {"stage_id": stage_id, **wanted, "kind": kind}
        self.ask("bind_session", "POST", f"/genesis/stages/{stage_id}/sessions", body, arguments)

    @rule(
        choice=CHOICE,
        session=CHOICE,
        status=st.sampled_from([None, "ACTIVE", "ARCHIVED", "CLOSED"]),
        is_primary=MAYBE,
        kind=KIND,
        match=MATCH,
    )
    def update_link(
        self,
        *,
        choice: int,
        session: int,
        status: str | None,
        is_primary: bool | None,
        kind: str | None,
        match: str,
    ) -> None:
        wanted = {"status": status, "is_primary": is_primary, "kind": kind}
        self._update_link(self.stage_id(choice), self.session_id(session), wanted, match)

    def _update_link(self, stage_id: str, session_id: str, wanted: Body, match: str = "none") -> None:
        body = {"session_kind" if name == "kind" else name: value for name, value in wanted.items()}
        arguments = {"stage_id": stage_id, "session_id": session_id, **wanted}
        path = f"/genesis/stages/{stage_id}/sessions/{session_id}"
        self.ask("update_link", "PATCH", path, body, arguments, match, self.flow_of_stage(stage_id))

    @rule(choice=CHOICE, status=st.sampled_from(["ARCHIVED", "CLOSED"]))
    def put_away_and_take_back(self, choice: int, status: str) -> None:
        """What is put away cannot be primary until it is in use again."""
        session_id = self.session_id(choice)
        self._update_link(self.stage_id(0), session_id, {"status": status})
        self._update_link(self.stage_id(0), session_id, {"is_primary": True})
        self._update_link(self.stage_id(0), session_id, {"status": "ACTIVE", "is_primary": True})

    # Settings.

    @rule(choice=CHOICE, session=CHOICE, idea=WORD)
    def save_settings(self, choice: int, session: int, idea: str) -> None:
        stage_id, session_id = self.stage_id(choice), self.session_id(session)
        wanted = {"session_id": session_id, "settings": {"idea": idea}}
        arguments = {"stage_id": stage_id, **wanted}
        self.ask("save_settings", "POST", f"/genesis/instances/{stage_id}/settings", wanted, arguments)

    @rule(choice=CHOICE, version=st.integers(1, 4))
    def confirm_settings(self, choice: int, version: int) -> None:
        stage_id = self.stage_id(choice)
        path = f"/genesis/instances/{stage_id}/settings/{version}/confirm"
        self.ask("confirm_settings", "POST", path, {}, {"stage_id": stage_id, "version": version})

    # Sessions and rounds.

    @rule(of_novel=st.sampled_from([True, True, False]), stage=st.sampled_from([None, None, *STAGES]))
    def create_session(self, *, of_novel: bool, stage: str | None) -> None:
        stage = stage if of_novel else None
        body: Body = {"scope_type": "GENESIS", "scope_id": self.novel_id} if of_novel else {}
        body |= {"stage": stage} if stage is not None else {}
        arguments = {"novel_id": self.novel_id if of_novel else None, "stage": stage}
        self.ask("create_session", "POST", "/conversations/sessions", body, arguments)

    @rule(
        choice=CHOICE,
        title=st.sampled_from(["Second thoughts", "Doubts"]),
        status=st.sampled_from([None, "ACTIVE", "PAUSED"]),
        stage=st.sampled_from([None, None, *STAGES]),
        match=MATCH,
    )
    def update_session(self, choice: int, title: str, status: str | None, stage: str | None, match: str) -> None:
        session_id = self.session_id(choice)
        session = self.reference.sessions.get(session_id)
        stage = stage if session is not None and session.novel_id is not None else None
        wanted = {"title": title, "status": status, "stage": stage}
        body = {name: value for name, value in wanted.items() if value is not None}
        arguments = {"session_id": session_id, **wanted}
        self.ask("update_session", "PATCH", _session_path(session_id), body, arguments, match, session)

    @rule(choice=CHOICE)
    def delete_session(self, choice: int) -> None:
        session_id = self.session_id(choice)
        self.ask("delete_session", "DELETE", _session_path(session_id), None, {"session_id": session_id})

    @rule(
        choice=CHOICE,
        word=WORD,
        correlation_id=st.sampled_from([None, "first", "second"]),
        parent_path=st.sampled_from([None, None, "1", "1.1", "7"]),
    )
    def create_round(self, choice: int, word: str, correlation_id: str | None, parent_path: str | None) -> None:
        session_id = self.session_id(choice)
        wanted = {"correlation_id": correlation_id, "parent_path": parent_path}
        body = {"role": "user", "content": {"content": word}, **wanted}
        arguments = {"session_id": session_id, "content": {"content": word}, **wanted}
        self.ask("create_round", "POST", f"{_session_path(session_id)}/rounds", body, arguments)

    @rule(choice=CHOICE, word=WORD)
    def say_it_twice(self, choice: int, word: str) -> None:
        """Sent twice under one correlation id: the same is no matter, something else is refused."""
        self.create_round(choice=choice, word="one", correlation_id="first", parent_path=None)
        self.create_round(choice=choice, word=word, correlation_id="first", parent_path=None)

    # Slow work.

    @rule(choice=CHOICE, user_input=st.sampled_from([None, "A keeper hears letters."]))
    def request_concepts(self, choice: int, user_input: str | None) -> None:
        session_id = self.session_id(choice)
        if not self.can_be_told_apart(session_id):
            return
        payload = {"user_input": user_input} if user_input is not None else {}
        self.command("request_concepts", session_id, "SEED_REQUEST", payload, user_input=user_input)

    @precondition(lambda self: self.reference.open_commands())
    @rule()
    def work(self) -> None:
        commands = self.reference.open_commands()
        note(f"work: {len(commands)} commands")
        self.system.work(commands)
        for command in commands:
            self.events += self.reference.propose(command, ANY)

    @precondition(lambda self: self.reference.open_commands())
    @rule(choice=CHOICE)
    def cancel(self, choice: int) -> None:
        command = self.reference.open_commands()[0]
        session_id = command.session.id if choice < 6 else self.session_id(choice)
        self._cancel(session_id, command.id)

    def _cancel(self, session_id: str, command_id: str) -> None:
        path = f"{_session_path(session_id)}/commands/{command_id}/cancel"
        self.ask("cancel", "POST", path, {}, {"session_id": session_id, "command_id": command_id})

    @precondition(lambda self: self.is_going_on and self.current.stage == "INITIAL_PROMPT" and not self.flow_is_busy)
    @rule(then=st.sampled_from(["advance", "finish", "delete session", "cancel twice"]))
    def go_on_without_waiting(self, then: str) -> None:
        """What may not happen while slow work is under way."""
        self.confirm_current()
        if self.flow is not None and self.flow.mode == "refinement":
            # Whoever refines an idea has to bring one.
            self.request_concepts(choice=0, user_input=None)
        self.request_concepts(choice=0, user_input="A keeper hears letters.")
        match then:
            case "advance":
                self.advance(choice=0, match="none")
            case "finish":
                self.finish(by_session=False, choice=0, title=None, match="none")
            case "delete session":
                self.delete_session(choice=0)
            case _:
                for command in self.reference.open_commands()[:1]:
                    self._cancel(command.session.id, command.id)
                    self._cancel(command.session.id, command.id)

    # The same again.

    @precondition(lambda self: self.last is not None)
    @rule()
    def ask_again(self) -> None:
        """What has taken effect has no second one, or a second effect of its own: as the specification says."""
        assert self.last is not None, "the precondition"
        asked = self.last[0]
        if asked.name != "request_concepts" or self.can_be_told_apart(asked.arguments["session_id"]):
            self.put(asked)

    @precondition(lambda self: self.last is not None)
    @rule()
    def ask_as_a_stranger(self) -> None:
        """Whatever is named is not there for somebody else; what names nothing is theirs and no business of ours."""
        assert self.last is not None, "the precondition"
        asked = self.last[0]
        verdict = _judged(Reference(), asked)
        if isinstance(verdict, Accepted):
            return
        answer = self.system.write(asked.request, by_stranger=True)
        self._tell(asked, answer, "a stranger: ")
        self._check_refused(verdict, answer)

    # What every step ends with.

    def ask(
        self,
        name: str,
        method: str,
        path: str,
        body: Body | None,
        arguments: Mapping[str, Any],
        match: str = "none",
        versioned: Any = None,
    ) -> None:
        """Puts a question to both; with If-Match if there is something whose version can be matched."""
        if match == "none" or versioned is None:
            self.put(Asked(name, Request(method, path, body), arguments))
            return
        version = versioned.version if match == "right" else versioned.version + 1
        request = Request(method, path, body, if_match=version)
        self.put(Asked(name, request, {**arguments, "if_match": version}))

    def command(
        self, name: str, session_id: str, command_type: str, payload: Body, match: str = "none", **arguments: Any
    ) -> None:
        """The same for a typed command of a session."""
        session = self.reference.sessions.get(session_id)
        flow = self.flow_of_novel(session.novel_id) if session is not None else None
        body = {"type": command_type, "payload": payload}
        path = f"{_session_path(session_id)}/commands"
        self.ask(name, "POST", path, body, {"session_id": session_id, **arguments}, match, flow)

    def put(self, asked: Asked) -> None:
        """Compares what the system answers with what it must."""
        self.in_doubt = True
        verdict = self.judge(asked)
        answer = self.system.write(asked.request)
        self.settle(asked, verdict, answer)
        self.last = (asked, answer)
        self.in_doubt = False

    def judge(self, asked: Asked) -> Verdict:
        """What the reference says; if it accepts, it has done what was asked."""
        return _judged(self.reference, asked)

    def settle(self, asked: Asked, verdict: Verdict, answer: Answer) -> None:
        """Checks an answer and learns from it what only it can tell."""
        self._tell(asked, answer)
        self.seen.steps += 1
        if isinstance(verdict, Refused):
            self._check_refused(verdict, answer)
            return
        self._check_accepted(verdict, answer)
        self.seen.accepted[asked.name] += 1
        self.events += verdict.events
        verdict.learn(answer.body)
        self._learn_ids()

    # Choosing.

    @property
    def flow(self) -> Flow | None:
        """The flow of the novel that is worked on."""
        return self.flow_of_novel(self.novel_id)

    @property
    def current(self) -> Record:
        """The record that is worked on."""
        assert self.flow is not None, "only asked for in a flow"
        return self.flow.current

    @property
    def is_going_on(self) -> bool:
        """Whether there is a flow in progress."""
        return self.flow is not None and self.flow.status == "IN_PROGRESS"

    @property
    def flow_is_busy(self) -> bool:
        """Whether a command of the flow is open."""
        return self.flow is not None and len(self.flow.open_commands) > 0

    @property
    def flow_path(self) -> str:
        """The flow by its novel."""
        return f"/genesis/flows/{self.novel_id}"

    def flow_of_novel(self, novel_id: str | None) -> Flow | None:
        """A novel's flow."""
        return self.reference.flow(novel_id)

    def flow_of_stage(self, stage_id: str) -> Flow | None:
        """The flow that has a record."""
        flows = [novel.flow for novel in self.reference.novels.values() if novel.flow is not None]
        return next((flow for flow in flows if any(record.id == stage_id for record in flow.records)), None)

    def record_of(self, stage_id: str) -> Record | None:
        """A record by its id."""
        flow = self.flow_of_stage(stage_id)
        return next((record for record in flow.records if record.id == stage_id), None) if flow else None

    def stage_id(self, choice: int) -> str:
        """The current record, or any that ever was."""
        if choice < 5 and self.flow is not None:
            return self.flow.current.id
        return _picked(self.stage_ids, choice)

    def session_id(self, choice: int) -> str:
        """The session that works for the current record, or any that ever was."""
        if choice < 5 and self.flow is not None and (links := self.flow.current.active()):
            return links[choice % len(links)].session.id
        return _picked(self.session_ids, choice)

    def can_be_told_apart(self, session_id: str) -> bool:
        """Whether one more open command is no matter of chance.

        Without an inbox nobody tells two of a session apart; with many workers results overtake each other.
        """
        waiting = {command.session.id for command in self.reference.open_commands()}
        return waiting <= {session_id} if self.system.is_whole else session_id not in waiting

    def confirm_current(self) -> None:
        """Whatever the current record lacks until one of its versions is confirmed."""
        if self.current.status == "FAILED":
            self.create_stage(stage=self.current.stage, form=None, new_iteration=False)
        if not self.current.active():
            self.bind_new_session(choice=0, is_primary=None, kind=None)
        if not self.current.versions:
            self.save_settings(choice=0, session=0, idea="one")
        self.confirm_settings(choice=0, version=len(self.current.versions))

    # Comparing.

    def compare_all(self) -> None:
        """Everything that can be seen is as the acknowledged commands have left it; after a failure nothing is."""
        if self.in_doubt:
            return
        for novel in self.reference.novels.values():
            _require(novel_shows(novel), self.system.novel(novel.id), f"novel {novel.id}")
            flow = self.system.flow(novel.id)
            assert (flow is None) == (novel.flow is None), f"flow of {novel.id}"
            if novel.flow is not None:
                _require(flow_shows(novel.flow), flow, f"flow of {novel.id}")
                self._compare_records(novel.flow)
                self.seen.flow_ends[novel.flow.status] += 1
        for session in self.reference.sessions.values():
            _require(self.reference.session_shows(session), self.system.session(session.id), f"session {session.id}")
            _require([round_shows(one) for one in session.rounds], self.system.rounds(session.id), "rounds")
        gone = set(self.session_ids) - set(self.reference.sessions)
        assert all(self.system.session(session_id) is None for session_id in gone)

    def _compare_records(self, flow: Flow) -> None:
        for record in flow.records:
            self.seen.passes_max = max(self.seen.passes_max, record.sequence_number)
            # Those bound at once are listed by the time of their request, which is not the order of their commits.
            expected = sorted(map(link_shows, record.links), key=_by_session)
            shown = self.system.links(record.id)
            _require(expected, sorted(shown, key=_by_session), f"links of {record.id}")
            assert [link["is_primary"] for link in shown] == sorted(
                (link["is_primary"] for link in shown), reverse=True
            )
            versions = [settings_shows(record, number) for number in range(len(record.versions), 0, -1)]
            _require(versions, self.system.settings(record.id), f"settings of {record.id}")

    def _check_refused(self, verdict: Refused, answer: Answer) -> None:
        assert answer.code in verdict.codes, f"must be refused with one of {sorted(verdict.codes)}: {answer}"
        self.seen.refused[answer.code] += 1
        _require(dict(verdict.shows), answer.body, "problem")

    def _check_accepted(self, verdict: Accepted, answer: Answer) -> None:
        assert answer.code is None, f"must be accepted: {answer}"
        assert answer.status == verdict.status, answer
        _require(dict(verdict.shows), answer.body, "answer")
        if verdict.version is not None:
            assert answer.version == verdict.version, "ETag"
        if answer.events is not None:
            assert answer.events == verdict.events

    def _learn_ids(self) -> None:
        for novel in self.reference.novels.values():
            flow = novel.flow
            if flow is not None and not (flow.id and all(record.id for record in flow.records)):
                shown = self.system.flow(novel.id)
                assert shown is not None, f"the flow of {novel.id} has begun"
                flow.id = shown["id"]
                for record, body in zip(flow.records, shown["stages"], strict=True):
                    record.id = body["id"]
                    self._name(self.stage_ids, record.id, f"{record.stage}-{record.sequence_number}")
                self._names[flow.id] = f"flow-of-{self._names.get(novel.id, novel.id)}"
            self._names.setdefault(novel.id, f"novel-{len(self.reference.novels)}")
        for session_id in self.reference.sessions:
            self._name(self.session_ids, session_id, f"session-{len(self.session_ids) + 1}")

    def _name(self, known: list[str], identifier: str, name: str) -> None:
        if identifier not in known:
            known.append(identifier)
            self._names[identifier] = name

    def _tell(self, asked: Asked, answer: Answer, who: str = "") -> None:
        request = asked.request
        match = f' If-Match "{request.if_match}"' if request.if_match is not None else ""
        sent = f"{who}{request.method} {request.path} {request.body or ''}{match}"
        note(f"{self._readable(sent)} → {answer.status} {answer.code or ''}")

    def _readable(self, text: str) -> str:
        return re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", lambda m: self._names.get(m[0], m[0]), text)


def mismatches(expected: Any, actual: Any, where: str) -> list[str]:
    """Where what is shown is not as it must be. Only expected fields count; lists must be equally long."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        return [
            line for name, value in expected.items() for line in mismatches(value, actual.get(name), f"{where}.{name}")
        ]
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        pairs = enumerate(zip(expected, actual, strict=True))
        return [line for index, pair in pairs for line in mismatches(*pair, f"{where}[{index}]")]
    if isinstance(expected, set):
        return (
            [] if isinstance(actual, list) and expected == set(actual) else [f"{where}: {actual!r}, not {expected!r}"]
        )
    return [] if expected == actual else [f"{where}: {actual!r}, not {expected!r}"]


def _judged(reference: Reference, asked: Asked) -> Verdict:
    verdict: Verdict = getattr(reference, asked.name)(**asked.arguments)
    return verdict


def _by_session(link: Mapping[str, Any]) -> str:
    return str(link["session_id"])


def _require(expected: Any, actual: Any, what: str) -> None:
    found = mismatches(expected, actual, what)
    assert not found, "\n".join(found)


def _form(stage: str, form: str) -> Body:
    config = CONFIGS[stage]
    if form == "complete":
        return {name: "中等" if value == "" else value for name, value in config.items()}
    return {**config, "unknown": 1} if form == "wrong" else dict(config)


def _session_path(session_id: str) -> str:
    return f"/conversations/sessions/{session_id}"


def _picked(ids: Sequence[str], choice: int) -> str:
    return ids[choice % len(ids)] if ids else NOWHERE
