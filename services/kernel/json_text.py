"""JSON values as parameters of SQL statements."""

import json
from typing import Any


def json_text(value: Any) -> str | None:
    """A JSON value as text for a `jsonb` parameter; None stays NULL."""
    return None if value is None else json.dumps(value, ensure_ascii=False, separators=(",", ":"))
