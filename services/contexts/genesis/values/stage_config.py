"""The configuration form of each stage: its fields, bounds, Chinese titles and example."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from services.kernel.decider import FieldError, Rejected
from shared_types.enums import GenesisStage

Text = Annotated[str, Field(max_length=2_000)]
Texts = Annotated[list[Text], Field(max_length=100)]


class _Config(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class InitialPromptConfig(_Config):
    """What kind of novel it is to be."""

    genre: Text = Field(title="小说类型", examples=["玄幻"])
    style: Text = Field(title="写作风格", examples=["第三人称"])
    target_word_count: int = Field(title="目标字数", ge=10_000, le=1_000_000, examples=[100_000])
    special_requirements: Texts = Field(
        title="特殊要求",
        default_factory=list,
        examples=[["主角不靠血统取胜。", "每卷有一个完整的谜。", "避免现代网络用语。"]],
    )


class WorldviewConfig(_Config):
    """What kind of world it plays in."""

    time_period: Text = Field(title="时代背景", examples=["古代"])
    geography_type: Text = Field(title="地理环境", examples=["大陆"])
    tech_magic_level: Text = Field(title="科技魔法水平", examples=["高魔法"])
    social_structure: Text = Field(title="社会结构", examples=["封建制"])
    power_system: Text | None = Field(title="力量体系", default=None, examples=["修真等级"])


class CharactersConfig(_Config):
    """Who is to be in it."""

    protagonist_count: int = Field(title="主角数量", ge=1, le=5, examples=[1])
    relationship_complexity: Text = Field(title="角色关系复杂度", examples=["中等"])
    personality_preferences: Texts = Field(title="性格偏好", examples=[["坚韧", "聪明", "善良"]])
    include_villains: bool = Field(title="包含反派", default=True, examples=[True])


class PlotOutlineConfig(_Config):
    """How the story is to run."""

    chapter_count_preference: int = Field(title="章节数量", ge=5, le=100, examples=[30])
    plot_complexity: Text = Field(title="情节复杂度", examples=["中等"])
    conflict_types: Texts = Field(title="冲突类型", examples=[["内心", "人际", "社会"]])
    pacing_preference: Text = Field(title="节奏偏好", default="中等", examples=["中等"])


CONFIGS: dict[GenesisStage, type[_Config]] = {
    GenesisStage.INITIAL_PROMPT: InitialPromptConfig,
    GenesisStage.WORLDVIEW: WorldviewConfig,
    GenesisStage.CHARACTERS: CharactersConfig,
    GenesisStage.PLOT_OUTLINE: PlotOutlineConfig,
}


def checked_config(stage: GenesisStage, config: dict[str, Any], *, pointer: str) -> dict[str, Any]:
    """The configuration with defaults filled in. Raises Rejected INVALID_CONFIG with pointers below `pointer`."""
    kind = CONFIGS.get(stage)
    if kind is None:
        raise Rejected("INVALID_CONFIG", f"The stage {stage} has no configuration.")
    try:
        return kind.model_validate(config).model_dump()
    except ValidationError as error:
        errors = tuple(
            FieldError(pointer + "".join(f"/{step}" for step in item["loc"]), item["type"], item["msg"])
            for item in error.errors(include_url=False)
        )
        raise Rejected(
            "INVALID_CONFIG", f"The configuration is not valid: {errors[0].message}", errors=errors
        ) from None


def missing_fields(stage: GenesisStage, config: dict[str, Any] | None) -> list[str]:
    """Names of the required fields that are absent, null, empty text or empty list."""
    kind = CONFIGS.get(stage)
    if kind is None:
        return []
    present = config or {}
    return [
        name for name, field in kind.model_fields.items() if field.is_required() and present.get(name) in (None, "", [])
    ]


def config_schema(stage: GenesisStage) -> dict[str, Any]:
    """The JSON Schema of a stage's configuration. Raises Rejected UNSUPPORTED_STAGE for FINISHED."""
    return _kind(stage).model_json_schema()


def config_template(stage: GenesisStage) -> dict[str, Any]:
    """Example values. Raises Rejected UNSUPPORTED_STAGE for FINISHED."""
    return {name: field.examples[0] for name, field in _kind(stage).model_fields.items() if field.examples}


def _kind(stage: GenesisStage) -> type[_Config]:
    kind = CONFIGS.get(stage)
    if kind is None:
        raise Rejected("UNSUPPORTED_STAGE", f"The stage {stage} has no configuration.")
    return kind
