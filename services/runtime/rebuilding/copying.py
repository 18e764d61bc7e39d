"""Rows as lines of COPY in its text form.

Written by hand: a column's type is looked at once, not again with each of a million values.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from services.runtime.read_tables import Column, ReadTable

Encode = Callable[[Any], str]

_SPECIAL = re.compile(r"[\\\n\r\t]")
_ESCAPES = {"\\": r"\\", "\n": r"\n", "\r": r"\r", "\t": r"\t"}


class LineWriter:
    """Rows of one table as lines of COPY, with their columns in the table's order."""

    def __init__(self, table: ReadTable) -> None:
        self._encoders = [(column.name, _encoder(column)) for column in table.columns.values()]

    def line(self, row: Mapping[str, Any]) -> str:
        """One row."""
        fields = [r"\N" if (value := row[name]) is None else encode(value) for name, encode in self._encoders]
        return "\t".join(fields) + "\n"


def _encoder(column: Column) -> Encode:
    if column.type.endswith("[]"):
        return _encode_array
    return _ENCODERS.get(column.type, str)


def _encode_uuid(value: Any) -> str:
    # PostgreSQL needs no hyphens, and Python takes twice as long to set them.
    return value if isinstance(value, str) else f"{value.int:032x}"


def _encode_json(value: Any) -> str:
    return orjson.dumps(value).decode().replace("\\", r"\\")


def _encode_text(value: Any) -> str:
    text = str(value)
    return _SPECIAL.sub(lambda found: _ESCAPES[found[0]], text) if _SPECIAL.search(text) else text


def _encode_array(values: Any) -> str:
    """A one-dimensional array in its literal form, which has escapes of its own within those of COPY."""
    elements = ("NULL" if value is None else '"' + _quoted(str(value)) + '"' for value in values)
    return _encode_text("{" + ",".join(elements) + "}")


def _quoted(text: str) -> str:
    return text.replace("\\", r"\\").replace('"', r"\"")


_ENCODERS: dict[str, Encode] = {
    "uuid": _encode_uuid,
    "json": _encode_json,
    "jsonb": _encode_json,
    "text": _encode_text,
    "character varying": _encode_text,
    "character": _encode_text,
}
