"""SQL files of named blocks: `-- name: insert_session` and the statement below it, with `%(parameter)s`.

Lines of comment stay in the file: psycopg looks for the parameters of a statement of more than 4,096 bytes anew each
time it is run.
"""

import re
from functools import cache
from importlib.resources import files

_BLOCK = re.compile(r"^-- name: (\w+)[ \t]*$", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*--.*\n", re.MULTILINE)


class SqlFileError(Exception):
    """A block that is missing, empty or there twice; the message names file and block."""


@cache
def read_sql(package: str, file_name: str) -> dict[str, bytes]:
    """The blocks of a file beside the module `package`, by name; read once."""
    text = files(package).joinpath(file_name).read_text(encoding="utf-8")
    pieces = _BLOCK.split(text)
    blocks: dict[str, bytes] = {}
    for name, body in zip(pieces[1::2], pieces[2::2], strict=True):
        statement = _COMMENT.sub("", body + "\n").strip().removesuffix(";")
        if name in blocks or not statement:
            raise SqlFileError(f"{package}/{file_name}: block {name} is {'empty' if not statement else 'there twice'}")
        blocks[name] = statement.encode()
    return blocks
