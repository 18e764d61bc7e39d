"""Table of contents of genesis: novels, and the way from a first idea to a finished foundation."""

from functools import partial
from typing import Any
from uuid import UUID

from services.contexts.conversations.values import session_key
from services.contexts.genesis.commands import content, flows, novels
from services.contexts.genesis.commands import conversation as typed
from services.contexts.genesis.decider import (
    branches,
    conversation,
    current_stage,
    finish,
    generation,
    links,
    reviews,
    settings,
    stages,
    steps,
)
from services.contexts.genesis.decider import content as content_decider
from services.contexts.genesis.decider import flows as flow_decider
from services.contexts.genesis.decider import novels as novel_decider
from services.contexts.genesis.decider.draft import find_flow, find_novel
from services.contexts.genesis.decider.evolve import evolve_flow, evolve_novel
from services.contexts.genesis.decider.state import Flow, Novel
from services.contexts.genesis.events import EVENTS
from services.contexts.genesis.frames import FRAMES, frames
from services.contexts.genesis.projections import content_views, flow_views, novel_views, state_views
from services.contexts.genesis.reactions import react
from services.contexts.genesis.responses import (
    BoundSessionResponse,
    BranchResponse,
    CancelledCommandResponse,
    FinishedGenesisResponse,
    FlowResponse,
    GenesisProcessResponse,
    NovelResponse,
    StageConfigResponse,
    StageInstanceResponse,
    StageResponse,
    StageSessionResponse,
    StageSettingsResponse,
    StartedGenesisResponse,
    StartSessionResponse,
)
from services.contexts.genesis.values.stages import FLOW, NOVEL, flow_id_of, flow_key, novel_scope
from services.contexts.genesis.values.task_types import CONSISTENCY_TASK, EXPORT_TASK
from services.kernel.context import (
    OWNER,
    CommandRoute,
    Context,
    KnownScope,
    ScopeOfAggregate,
    ScopeOfStage,
    Target,
    TaskRoute,
    TypedCommandRoute,
    WriteRoute,
)
from services.kernel.decider import Given
from services.kernel.responses import CommandAcceptedResponse
from services.kernel.scope import Aggregate, Scope

_TYPED = "Command.Genesis.Session."
_FLOW = "Command.Genesis.Flow."
_STAGE = "Command.Genesis.Stage."


def _new_novel(command: Any, given: Given) -> Target:
    return KnownScope(novel_scope(given.new_id("novel")), new=True)


def _of_novel(command: Any, given: Given) -> Target:
    return KnownScope(novel_scope(command.novel_id))


def _of_payload_novel(command: flows.StartProcess, given: Given) -> Target:
    return KnownScope(novel_scope(command.payload.novel_id))


def _of_stage(command: Any, given: Given) -> Target:
    return ScopeOfStage(command.stage_id)


def _of_instance(command: Any, given: Given) -> Target:
    return ScopeOfStage(command.instance_id)


def _of_process(command: flows.StartStageSession, given: Given) -> Target:
    return ScopeOfAggregate(flow_key(command.process_id))


def _of_session(command: Any, given: Given) -> Target:
    return ScopeOfAggregate(session_key(command.session_id))


def _of_novel_or_session(command: Any, given: Given) -> Target:
    return _of_novel(command, given) if command.novel_id is not None else _of_session(command, given)


def _of_start(command: typed.Start, given: Given) -> Target:
    if command.session_id is not None:
        return _of_session(command, given)
    if command.payload.novel_id is not None:
        return KnownScope(novel_scope(command.payload.novel_id))
    return _new_novel(command, given)


def _session_or_flow(command: Any, given: Given) -> UUID:
    return command.session_id if command.session_id is not None else flow_id_of(command.novel_id)


def _flow_version(command: Any, scope: Scope) -> int | None:
    flow = find_flow(scope)
    return flow.version if flow is not None else None


def _novel_version(command: Any, scope: Scope) -> int | None:
    return find_novel(scope, command.novel_id).version


_NOVEL_COMMANDS = (
    CommandRoute(
        "Command.Novel.Create", novels.CreateNovel, _new_novel,
        lock=lambda command, given: given.new_id("novel"), decide=novel_decider.create_novel,
        responses={201: NovelResponse},
    ),
    CommandRoute(
        "Command.Novel.Update", novels.UpdateNovel, _of_novel,
        lock=lambda command, given: command.novel_id, decide=novel_decider.update_novel, version=_novel_version,
        responses={200: NovelResponse},
    ),
    CommandRoute(
        "Command.Novel.Delete", novels.DeleteNovel, _of_novel,
        lock=lambda command, given: command.novel_id, decide=novel_decider.delete_novel, version=_novel_version,
        responses={204: None},
    ),
)  # fmt: skip

_FLOW_COMMANDS = (
    CommandRoute(
        f"{_FLOW}Create", flows.CreateFlow, _of_novel,
        lock=lambda command, given: flow_id_of(command.novel_id), decide=flow_decider.create_flow,
        responses={200: FlowResponse, 201: FlowResponse},
    ),
    CommandRoute(
        "Command.Genesis.Process.Start", flows.StartProcess, _of_payload_novel,
        lock=lambda command, given: flow_id_of(command.payload.novel_id), decide=flow_decider.start_process,
        responses={200: GenesisProcessResponse, 201: GenesisProcessResponse},
    ),
    CommandRoute(
        f"{_FLOW}SwitchStage", flows.SwitchStage, _of_novel_or_session, lock=_session_or_flow,
        decide=stages.switch_stage, version=_flow_version, aliases=("NAVIGATE_TO_STAGE",),
        responses={200: FlowResponse},
    ),
    CommandRoute(
        f"{_FLOW}Pause", flows.PauseFlow, _of_novel_or_session, lock=_session_or_flow,
        decide=flow_decider.pause_flow, version=_flow_version, aliases=("PAUSE_GENESIS",),
        responses={200: FlowResponse},
    ),
    CommandRoute(
        f"{_FLOW}Resume", flows.ResumeFlow, _of_novel_or_session, lock=_session_or_flow,
        decide=flow_decider.resume_flow, version=_flow_version, aliases=("RESUME_GENESIS",),
        responses={200: FlowResponse},
    ),
    CommandRoute(
        f"{_FLOW}Abandon", flows.AbandonFlow, _of_novel_or_session, lock=_session_or_flow,
        decide=flow_decider.abandon_flow, version=_flow_version, aliases=("ABANDON_GENESIS",),
        responses={200: FlowResponse},
    ),
)  # fmt: skip

_STAGE_COMMANDS = (
    CommandRoute(
        f"{_STAGE}Create", flows.CreateStage, _of_novel,
        lock=lambda command, given: flow_id_of(command.novel_id), decide=stages.create_stage,
        responses={200: StageResponse, 201: StageResponse},
    ),
    CommandRoute(
        f"{_STAGE}UpdateConfig", flows.UpdateConfig, _of_stage,
        lock=lambda command, given: command.stage_id, decide=stages.update_config, version=_flow_version,
        responses={200: StageConfigResponse},
    ),
    CommandRoute(
        f"{_STAGE}BindSession", flows.BindSession, _of_stage,
        lock=lambda command, given: command.stage_id, decide=links.bind_session,
        mentions=lambda command: (session_key(command.payload.session_id),) if command.payload.session_id else (),
        responses={201: BoundSessionResponse},
    ),
    CommandRoute(
        f"{_STAGE}StartSession", flows.StartStageSession, _of_process,
        lock=lambda command, given: command.process_id, decide=links.start_stage_session,
        responses={201: StartSessionResponse},
    ),
    CommandRoute(
        f"{_STAGE}UpdateSession", flows.UpdateStageSession, _of_stage,
        lock=lambda command, given: command.stage_id, decide=links.update_stage_session, version=_flow_version,
        responses={200: StageSessionResponse},
    ),
    CommandRoute(
        f"{_STAGE}SaveSettings", flows.SaveSettings, _of_instance,
        lock=lambda command, given: command.instance_id, decide=settings.save_settings,
        responses={201: StageSettingsResponse},
    ),
    CommandRoute(
        f"{_STAGE}ConfirmSettings", flows.ConfirmSettings, _of_instance,
        lock=lambda command, given: command.instance_id, decide=settings.confirm_settings,
        responses={200: StageSettingsResponse},
    ),
    CommandRoute(
        f"{_STAGE}Advance", flows.Advance, _of_instance,
        lock=lambda command, given: command.instance_id, decide=stages.advance, version=_flow_version,
        responses={200: StageInstanceResponse},
    ),
)  # fmt: skip

_TYPED_COMMANDS = (
    CommandRoute(
        f"{_TYPED}Start", typed.Start, _of_start,
        lock=lambda command, given: command.session_id or given.new_id("session"), decide=conversation.start,
        aliases=("SESSION_START", "START_GENESIS"),
        responses={201: StartedGenesisResponse},
    ),
    CommandRoute(
        f"{_TYPED}Stage.Complete", typed.CompleteStage, _of_session,
        lock=lambda command, given: command.session_id, decide=conversation.complete_stage, version=_flow_version,
        aliases=("STAGE_COMPLETE",),
        responses={200: StageInstanceResponse},
    ),
    CommandRoute(
        f"{_TYPED}Finish", typed.Finish, _of_novel_or_session, lock=_session_or_flow, decide=finish.finish,
        version=_flow_version, aliases=("SESSION_FINISH", "FINISH_GENESIS"),
        responses={200: FinishedGenesisResponse},
    ),
    CommandRoute(
        f"{_TYPED}Fail", typed.Fail, _of_session,
        lock=lambda command, given: command.session_id, decide=conversation.fail, aliases=("SESSION_FAIL",),
        responses={200: StageInstanceResponse},
    ),
    CommandRoute(
        "Command.Genesis.Command.Cancel", typed.CancelCommand, _of_session,
        lock=lambda command, given: command.command_id, decide=conversation.cancel_command,
        responses={200: CancelledCommandResponse},
    ),
)  # fmt: skip


def _requests(name: str, key: str, model: Any, plan: steps.Request, *more: str) -> CommandRoute:
    """A command that asks for content."""
    return CommandRoute(
        f"{_TYPED}{name}", model, _of_session, lock=lambda command, given: command.session_id,
        decide=partial(content_decider.request_content, plan), aliases=(key, *more),
        responses={202: CommandAcceptedResponse},
    )  # fmt: skip


def _revises(name: str, key: str, model: Any, plan: steps.Revision) -> CommandRoute:
    """A command that changes content: done at once by hand, later by the AI."""
    return CommandRoute(
        f"{_TYPED}{name}", model, _of_session, lock=lambda command, given: command.session_id,
        decide=partial(content_decider.revise_content, plan), aliases=(key,),
        responses={200: StageSettingsResponse, 202: CommandAcceptedResponse},
    )  # fmt: skip


def _confirms(name: str, key: str, model: Any, plan: steps.Confirmation, *more: str) -> CommandRoute:
    """A command that confirms content."""
    return CommandRoute(
        f"{_TYPED}{name}", model, _of_session, lock=lambda command, given: command.session_id,
        decide=partial(content_decider.confirm_content, plan), aliases=(key, *more),
        responses={200: StageSettingsResponse},
    )  # fmt: skip


_CONTENT_COMMANDS = (
    _requests("Seed.Request", "SEED_REQUEST", content.RequestSeed, steps.SEED, "GENERATE_INSPIRATION"),
    _requests("Theme.Request", "THEME_REQUEST", content.RequestTheme, steps.THEME),
    _requests("World.Request", "WORLD_REQUEST", content.RequestWorld, steps.WORLD),
    _requests("Character.Request", "CHARACTER_REQUEST", content.RequestCharacter, steps.CHARACTER),
    _requests("CharacterNetwork.Create", "CHARACTER_NETWORK_CREATE", content.CreateNetwork, steps.NETWORK),
    _requests("Plot.Request", "PLOT_REQUEST", content.RequestPlot, steps.PLOT),
    _requests("Details.Request", "DETAILS_REQUEST", content.RequestDetails, steps.DETAILS),
    _revises("Theme.Revise", "THEME_REVISE", content.ReviseTheme, steps.REVISE_THEME),
    _revises("World.Update", "WORLD_UPDATE", content.UpdateWorld, steps.UPDATE_WORLD),
    _revises("Character.Update", "CHARACTER_UPDATE", content.UpdateCharacter, steps.UPDATE_CHARACTER),
    _revises("Plot.Update", "PLOT_UPDATE", content.UpdatePlot, steps.UPDATE_PLOT),
    _confirms("Concept.Confirm", "CONCEPT_CONFIRM", content.ConfirmConcept, steps.CONFIRM_CONCEPT, "SELECT_CONCEPT"),
    _confirms("Theme.Confirm", "THEME_CONFIRM", content.ConfirmTheme, steps.CONFIRM_THEME),
    _confirms("World.Confirm", "WORLD_CONFIRM", content.ConfirmContent, steps.CONFIRM_WORLD),
    _confirms("Character.Confirm", "CHARACTER_CONFIRM", content.ConfirmContent, steps.CONFIRM_CHARACTER),
    _confirms("Plot.Confirm", "PLOT_CONFIRM", content.ConfirmContent, steps.CONFIRM_PLOT),
    _confirms("Details.Confirm", "DETAILS_CONFIRM", content.ConfirmContent, steps.CONFIRM_DETAILS),
    CommandRoute(
        f"{_TYPED}Stage.Feedback", content.GiveFeedback, _of_session, lock=lambda command, given: command.session_id,
        decide=current_stage.provide_feedback, aliases=("PROVIDE_FEEDBACK",),
        responses={200: StageSettingsResponse, 202: CommandAcceptedResponse},
    ),
    CommandRoute(
        f"{_TYPED}Stage.Confirm", content.ConfirmStage, _of_session, lock=lambda command, given: command.session_id,
        decide=current_stage.confirm_stage, aliases=("CONFIRM_STAGE",),
        responses={200: StageSettingsResponse},
    ),
    CommandRoute(
        f"{_TYPED}Branch.Create", content.CreateBranch, _of_session,
        lock=lambda command, given: command.session_id, decide=branches.create_branch, aliases=("BRANCH_CREATE",),
        responses={201: BranchResponse},
    ),
    CommandRoute(
        "Command.Genesis.Settings.Merge", content.MergeSettings, _of_session,
        lock=lambda command, given: command.session_id, decide=branches.merge_settings,
        responses={200: StageSettingsResponse},
    ),
    CommandRoute(
        f"{_TYPED}Consistency.Check", content.CheckConsistency, _of_session,
        lock=lambda command, given: command.session_id, decide=reviews.check_consistency,
        responses={202: CommandAcceptedResponse},
    ),
    CommandRoute(
        f"{_TYPED}Content.Export", content.ExportContent, _of_session,
        lock=lambda command, given: command.session_id, decide=reviews.export_content,
        responses={202: CommandAcceptedResponse},
    ),
)  # fmt: skip

_NOVEL_FLOW = "/genesis/flows/{novel_id}"
_SESSION = "/conversations/sessions/{session_id}"
_ONE_STAGE = "/genesis/stages/{stage_id}"
_INSTANCE = "/genesis/instances/{instance_id}"

_WRITES = (
    WriteRoute("POST", "/novels", "Command.Novel.Create", rule=OWNER),
    WriteRoute("PATCH", "/novels/{novel_id}", "Command.Novel.Update", rule=OWNER),
    WriteRoute("DELETE", "/novels/{novel_id}", "Command.Novel.Delete", rule=OWNER),
    WriteRoute("POST", _NOVEL_FLOW, f"{_FLOW}Create", rule=OWNER),
    WriteRoute("POST", f"{_NOVEL_FLOW}/stages/{{stage}}", f"{_STAGE}Create", rule=OWNER),
    WriteRoute("POST", f"{_NOVEL_FLOW}/switch-stage", f"{_FLOW}SwitchStage", rule=OWNER),
    WriteRoute("POST", f"{_NOVEL_FLOW}/complete", f"{_TYPED}Finish", rule=OWNER),
    WriteRoute("POST", f"{_NOVEL_FLOW}/pause", f"{_FLOW}Pause", rule=OWNER),
    WriteRoute("POST", f"{_NOVEL_FLOW}/resume", f"{_FLOW}Resume", rule=OWNER),
    WriteRoute("POST", f"{_NOVEL_FLOW}/abandon", f"{_FLOW}Abandon", rule=OWNER),
    WriteRoute("POST", f"{_ONE_STAGE}/sessions", f"{_STAGE}BindSession", rule=OWNER),
    WriteRoute("PATCH", f"{_ONE_STAGE}/sessions/{{session_id}}", f"{_STAGE}UpdateSession", rule=OWNER),
    WriteRoute("PATCH", f"{_ONE_STAGE}/config", f"{_STAGE}UpdateConfig", rule=OWNER),
    WriteRoute("POST", "/genesis/processes", "Command.Genesis.Process.Start", rule=OWNER),
    WriteRoute("POST", "/genesis/processes/{process_id}/stages/{stage}/sessions", f"{_STAGE}StartSession", rule=OWNER),
    WriteRoute("POST", f"{_INSTANCE}/settings", f"{_STAGE}SaveSettings", rule=OWNER),
    WriteRoute("POST", f"{_INSTANCE}/settings/{{version}}/confirm", f"{_STAGE}ConfirmSettings", rule=OWNER),
    WriteRoute("POST", f"{_INSTANCE}/advance", f"{_STAGE}Advance", rule=OWNER),
    WriteRoute("POST", "/genesis/sessions", f"{_TYPED}Start", rule=OWNER),
    TypedCommandRoute("/genesis/sessions/{session_id}/commands", rule=OWNER),
    WriteRoute("POST", f"{_SESSION}/commands/{{command_id}}/cancel", "Command.Genesis.Command.Cancel", rule=OWNER),
    WriteRoute("POST", f"{_SESSION}/versions", f"{_TYPED}Branch.Create", rule=OWNER),
    WriteRoute("PUT", f"{_SESSION}/versions/merge", "Command.Genesis.Settings.Merge", rule=OWNER),
    WriteRoute("POST", f"{_SESSION}/consistency", f"{_TYPED}Consistency.Check", rule=OWNER),
    WriteRoute("POST", f"{_SESSION}/content/export", f"{_TYPED}Content.Export", rule=OWNER),
)

CONTEXT = Context(
    name="genesis",
    aggregates=(Aggregate(NOVEL, Novel, evolve_novel), Aggregate(FLOW, Flow, evolve_flow)),
    events=EVENTS,
    commands=(*_NOVEL_COMMANDS, *_FLOW_COMMANDS, *_STAGE_COMMANDS, *_TYPED_COMMANDS, *_CONTENT_COMMANDS),
    writes=_WRITES,
    # Novels first, then flows: within an event the rows that others refer to are written before them.
    projections=(novel_views.PROJECTION, flow_views.PROJECTION),
    queries=(*novel_views.QUERIES, *flow_views.QUERIES, *state_views.QUERIES, *content_views.QUERIES),
    tasks=(
        *(
            TaskRoute(
                task_type,
                started=generation.generation_started,
                finished=generation.content_written,
                failed=generation.generation_failed,
            )
            for task_type in steps.TASK_TYPES.values()
        ),
        TaskRoute(
            CONSISTENCY_TASK,
            started=generation.generation_started,
            finished=reviews.consistency_checked,
            failed=generation.generation_failed,
        ),
        TaskRoute(
            EXPORT_TASK,
            started=generation.generation_started,
            finished=reviews.export_completed,
            failed=generation.generation_failed,
        ),
    ),
    reactions=(react,),
    frames=(frames,),
    frame_payloads=FRAMES,
)
