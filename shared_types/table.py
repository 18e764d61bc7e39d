"""What every table model is."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

Json = dict[str, Any] | list[Any] | str | int | float | bool
"""A JSON column; SQL NULL is None."""


class Table(BaseModel):
    """A row of the table `TABLE`."""

    model_config = ConfigDict(frozen=True)

    TABLE: ClassVar[str]
