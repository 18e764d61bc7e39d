"""A foundation as one document of each kind."""

import base64
import json
import zipfile
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from docx import Document

from services.contexts.genesis.exporting.writing import export
from shared_types.enums import ExportFormat
from tests.journeys.genesis_walks import DOCUMENTS

TITLE = "盐与灯塔: a *story*"
STAGES: dict[str, Any] = {
    **DOCUMENTS,
    "INITIAL_PROMPT": {
        "concept_candidates": [{"title": "Not chosen"}],
        "concept": {"concept_id": "c1", "title": "The <Lighthouse>", "themes": ["debt", "mercy & salt"]},
    },
}


def content(wanted: str) -> bytes:
    exported = export(TITLE, STAGES, wanted)
    raw = exported["content"]
    return base64.b64decode(raw) if exported["encoding"] == "base64" else raw.encode()


@pytest.mark.parametrize("wanted", list(ExportFormat))
def test_every_format_names_its_file_and_type(wanted: str) -> None:
    exported = export(TITLE, STAGES, wanted)
    suffix = {"markdown": "md"}.get(wanted, wanted)
    assert exported["file_name"] == f"盐与灯塔 a story.{suffix}"
    assert "/" in exported["media_type"]
    assert set(exported) == {"format", "encoding", "file_name", "media_type", "content"}


def test_json_has_everything() -> None:
    assert json.loads(content("json")) == {"title": TITLE, "stages": STAGES}


def test_markdown_shows_what_was_chosen_and_takes_no_words_for_marks() -> None:
    text = content("markdown").decode()
    assert text.startswith("# 盐与灯塔: a \\*story\\*\n\n## ")
    assert "The \\<Lighthouse\\>" in text
    assert "- mercy & salt" in text
    assert "Not chosen" not in text
    assert "c1" not in text


def test_docx_opens_and_holds_the_same_words() -> None:
    document = Document(BytesIO(content("docx")))
    words = [paragraph.text for paragraph in document.paragraphs]
    assert words[0] == TITLE
    assert "mercy & salt" in words


def test_epub_is_a_book_of_well_formed_pages() -> None:
    with zipfile.ZipFile(BytesIO(content("epub"))) as book:
        assert book.read("mimetype") == b"application/epub+zip"
        pages = [name for name in book.namelist() if name.endswith(".xhtml")]
        texts = ["".join(ET.fromstring(book.read(name)).itertext()) for name in pages]
    assert any("The <Lighthouse>" in text and "mercy & salt" in text for text in texts)
