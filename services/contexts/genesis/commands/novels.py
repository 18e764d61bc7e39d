"""What may be asked of novels."""

from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints, model_validator

from services.kernel.commands import Command, Id, Nothing, Payload

Title = Annotated[str, StringConstraints(min_length=1, max_length=255, strip_whitespace=True)]
ShortText = Annotated[str, StringConstraints(max_length=20_000)]
Chapters = Annotated[int, Field(ge=1, le=1_000)]


class CreateNovelPayload(Payload):
    """A new novel."""

    title: Title
    theme: ShortText | None = None
    writing_style: ShortText | None = None
    description: ShortText | None = None
    target_chapters: Chapters = 10


class CreateNovel(Command):
    """Begin a novel."""

    payload: CreateNovelPayload


def _something_to_change(schema: dict[str, Any]) -> None:
    """What `_something_changes` asks for, in words of JSON Schema."""
    schema["minProperties"] = 1
    for name in ("title", "target_chapters"):
        field = schema["properties"][name]
        schema["properties"][name] = next(kind for kind in field["anyOf"] if kind["type"] != "null")


class UpdateNovelPayload(Payload):
    """At least one field; null empties a text."""

    model_config = ConfigDict(json_schema_extra=_something_to_change)

    title: Title | None = None
    theme: ShortText | None = None
    writing_style: ShortText | None = None
    description: ShortText | None = None
    target_chapters: Chapters | None = None

    @model_validator(mode="after")
    def _something_changes(self) -> "UpdateNovelPayload":
        if not self.model_fields_set:
            raise ValueError("at least one of title, theme, writing_style, description, target_chapters is needed")
        for name in ("title", "target_chapters"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise ValueError(f"{name} cannot be null")
        return self


class UpdateNovel(Command):
    """Change a novel."""

    novel_id: Id
    payload: UpdateNovelPayload


class DeleteNovel(Command):
    """Remove a novel with all that belongs to it."""

    novel_id: Id
    payload: Nothing


NovelCommand = CreateNovel | UpdateNovel | DeleteNovel
