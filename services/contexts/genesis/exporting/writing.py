"""A foundation as one document: Markdown to read, JSON for programs, DOCX for a word processor, EPUB for a reader."""

import base64
import html
import json
import tempfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any, Final, NamedTuple

from services.contexts.genesis.engine.documents import told_in
from services.contexts.genesis.engine.text import Language, detect_language
from services.contexts.genesis.exporting.labels import label_of
from shared_types.enums import ExportFormat, GenesisStage

Object = Mapping[str, Any]

_DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_EPUB: Final = "application/epub+zip"
_HEADING_LEVEL_MAX: Final = 6
# Marks that begin something in Markdown; a writer's words begin nothing.
_MARKS: Final = str.maketrans({mark: f"\\{mark}" for mark in "\\`*_[]<>#|"})
_STAGE_LEVEL: Final = 2
_TITLES: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "INITIAL_PROMPT": "Idea", "WORLDVIEW": "World", "CHARACTERS": "Characters", "PLOT_OUTLINE": "Plot",
        "FINISHED": "Details",
    },
    "zh": {
        "INITIAL_PROMPT": "灵感", "WORLDVIEW": "世界观", "CHARACTERS": "角色", "PLOT_OUTLINE": "剧情大纲",
        "FINISHED": "细节",
    },
}  # fmt: skip
_CHOSEN: Final = {"concept_candidates": "concept", "theme_candidates": "theme", "candidates": "outline"}
"""Candidates are left out where one of them has been chosen."""
_NAMES: Final = ("name", "title", "term", "core_theme", "logline", "technique", "path", "category")


class Block(NamedTuple):
    """A heading of a level, an item of a list (`level` 0), or a paragraph (`level` None)."""

    level: int | None
    text: str


def export(title: str, stages: Mapping[str, Object], wanted: str) -> dict[str, str]:
    """The document as `Genesis.Session.Export.Completed` tells it: without what it is about."""
    chosen = ExportFormat(wanted)
    name = "".join(letter for letter in title if letter.isalnum() or letter in " -_").strip() or "novel"
    described = {"format": chosen.value}
    match chosen:
        case ExportFormat.JSON:
            text = json.dumps({"title": title, "stages": stages}, ensure_ascii=False, indent=2)
            return {**_in_utf8(text), **described, "file_name": f"{name}.json", "media_type": "application/json"}
        case ExportFormat.MARKDOWN:
            text = "\n\n".join(map(_markdown, blocks_of(title, stages))) + "\n"
            return {**_in_utf8(text), **described, "file_name": f"{name}.md", "media_type": "text/markdown"}
        case ExportFormat.DOCX:
            return {**_in_base64(_docx(title, stages)), **described, "file_name": f"{name}.docx", "media_type": _DOCX}
        case ExportFormat.EPUB:
            return {**_in_base64(_epub(title, stages)), **described, "file_name": f"{name}.epub", "media_type": _EPUB}


def blocks_of(title: str, stages: Mapping[str, Object]) -> Iterator[Block]:
    """What a reader sees, in the order of the stages."""
    language, names = _language_of(title, stages), dict(_names_by_id(list(stages.values())))
    yield Block(1, title)
    for stage in GenesisStage:
        document = _with_names(stages.get(stage), names)
        if document:
            yield Block(_STAGE_LEVEL, _TITLES[language][stage])
            yield from _of_object(document, 3, language)


def _of_object(document: Object, level: int, language: Language) -> Iterator[Block]:
    for key, value in document.items():
        if not _is_shown(key, value, document):
            continue
        if isinstance(value, Mapping):
            yield Block(level, label_of(key, language))
            yield from _of_object(value, level + 1, language)
        elif isinstance(value, list):
            yield Block(level, label_of(key, language))
            for item in value:
                yield from _of_item(item, level + 1, language)
        else:
            yield Block(None, f"{label_of(key, language)}: {value}")


def _of_item(item: Any, level: int, language: Language) -> Iterator[Block]:
    if not isinstance(item, Mapping):
        yield Block(0, str(item))
        return
    name = next((key for key in _NAMES if isinstance(item.get(key), str)), None)
    if name is None:
        yield Block(0, " · ".join(f"{label_of(key, language)}: {value}" for key, value in item.items()))
        return
    yield Block(level, item[name])
    yield from _of_object({key: value for key, value in item.items() if key != name}, level + 1, language)


def _names_by_id(value: Any) -> Iterator[tuple[str, str]]:
    """Who is meant by an id: `character_id` and the like stand beside a name."""
    match value:
        case Mapping():
            name = next((value[key] for key in _NAMES if isinstance(value.get(key), str)), None)
            ids = [part for key, part in value.items() if key.endswith("_id") and isinstance(part, str)]
            if name is not None:
                yield from ((one, name) for one in ids)
            yield from _names_by_id(list(value.values()))
        case list():
            for part in value:
                yield from _names_by_id(part)
        case _:
            return


def _with_names(value: Any, names: Mapping[str, str]) -> Any:
    match value:
        case str():
            return names.get(value, value)
        case Mapping():
            return {key: _with_names(part, names) for key, part in value.items()}
        case list():
            return [_with_names(part, names) for part in value]
        case _:
            return value


def _is_shown(key: str, value: Any, document: Object) -> bool:
    """Not what is for programs only, what is empty, or what was not chosen."""
    if key.endswith("_id") or value in (None, "", [], {}):
        return False
    return not (key in _CHOSEN and document.get(_CHOSEN[key]))


def _markdown(block: Block) -> str:
    text = block.text.translate(_MARKS)
    match block.level:
        case None:
            return text
        case 0:
            return f"- {text}"
        case level:
            return f"{'#' * min(level, _HEADING_LEVEL_MAX)} {' '.join(text.split())}"


def _language_of(title: str, stages: Mapping[str, Object]) -> Language:
    return detect_language(title, *told_in(stages))


def _in_utf8(text: str) -> dict[str, str]:
    return {"encoding": "utf-8", "content": text}


def _in_base64(content: bytes) -> dict[str, str]:
    return {"encoding": "base64", "content": base64.b64encode(content).decode()}


def _docx(title: str, stages: Mapping[str, Object]) -> bytes:
    # Imported late: it takes lxml with it, which few exports need.
    from docx import Document  # noqa: PLC0415

    document = Document()
    for block in blocks_of(title, stages):
        match block.level:
            case None:
                document.add_paragraph(block.text)
            case 0:
                document.add_paragraph(block.text, style="List Bullet")
            case level:
                document.add_heading(block.text, min(level, 9))
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def _epub(title: str, stages: Mapping[str, Object]) -> bytes:
    # Imported late, like the other one.
    import mkepub  # noqa: PLC0415

    book = mkepub.Book(title=title, language=_language_of(title, stages))
    page: list[str] = []
    heading = title
    for block in blocks_of(title, stages):
        if block.level == _STAGE_LEVEL:
            _add_page(book, heading, page)
            heading, page = block.text, []
        elif block.level != 1:
            page.append(_html(block))
    _add_page(book, heading, page)
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "book.epub"
        book.save(path)
        # The library leaves that to the garbage collector, which complains.
        book.tempdir.cleanup()
        return path.read_bytes()


def _add_page(book: Any, heading: str, page: list[str]) -> None:
    book.add_page(title=html.escape(heading), content=f"<h1>{html.escape(heading)}</h1>{''.join(page)}")


def _html(block: Block) -> str:
    text = html.escape(block.text)
    match block.level:
        case None:
            return f"<p>{text}</p>"
        case 0:
            return f"<p>• {text}</p>"
        case level:
            tag = f"h{min(level - 1, _HEADING_LEVEL_MAX)}"
            return f"<{tag}>{text}</{tag}>"
