"""The order of the stages and the words around it."""

from uuid import UUID, uuid5

from services.kernel.scope import AggregateKey, ScopeKey
from shared_types.enums import GenesisStage, GenesisStatus, InstanceStatus, ScopeType, StageStatus

FLOW = "GenesisFlow"
NOVEL = "Novel"

STAGES = tuple(GenesisStage)
CONTENT_STAGES = STAGES[:-1]

_FLOWS = UUID("3b1d3c1e-6a0f-5d0c-9a39-0b5e5d9f3f10")


def next_stage(stage: GenesisStage) -> GenesisStage | None:
    """The stage after this one; None after FINISHED."""
    index = STAGES.index(stage) + 1
    return STAGES[index] if index < len(STAGES) else None


def is_later(stage: GenesisStage, other: GenesisStage) -> bool:
    """Whether `stage` comes after `other`."""
    return STAGES.index(stage) > STAGES.index(other)


def flow_id_of(novel_id: UUID) -> UUID:
    """The id of a novel's flow: the same for everybody who asks, so that a novel cannot have two."""
    return uuid5(_FLOWS, str(novel_id))


def novel_scope(novel_id: UUID) -> ScopeKey:
    """The scope of a novel, its flow and its sessions."""
    return ScopeKey(ScopeType.GENESIS, str(novel_id))


def novel_key(novel_id: UUID) -> AggregateKey:
    """The aggregate of a novel."""
    return AggregateKey(NOVEL, str(novel_id))


def flow_key(flow_id: UUID) -> AggregateKey:
    """The aggregate of a flow."""
    return AggregateKey(FLOW, str(flow_id))


def instance_status(status: str, flow_status: str, *, is_current: bool) -> InstanceStatus:
    """A stage record's state as the process family of endpoints shows it."""
    if status == StageStatus.COMPLETED:
        return InstanceStatus.COMPLETED
    if flow_status == GenesisStatus.ABANDONED:
        return InstanceStatus.ABANDONED
    if not is_current:
        return InstanceStatus.DEPRECATED
    return InstanceStatus.ACTIVE if status == StageStatus.RUNNING else InstanceStatus(status)


def progress(completed_stages: set[str]) -> dict[str, int]:
    """How many of the four content stages are complete."""
    completed = sum(stage in completed_stages for stage in CONTENT_STAGES)
    return {"completed": completed, "total": len(CONTENT_STAGES), "percent": 100 * completed // len(CONTENT_STAGES)}
