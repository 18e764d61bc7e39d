"""What an event changes in the tables of a read model, as plain values.

A projection says which rows change and how; how that is written is not its business: in sets while events come in,
by COPY in a rebuild. So a change has no expressions: what it needs beyond the event must come from the event.

Values are JSON values, UUID, datetime and Decimal. A `jsonb` column takes a dict or a list, an array column a list;
None is NULL. `where` names the rows by equality, column for column, and None means IS NULL. A row belongs to one scope:
changes of one scope are made in their order, those of different scopes in any.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Insert:
    """A new row; a column that is left out has its default."""

    table: str
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Update:
    """New values for the rows found, of which there may be none. A new value can be a `Merge`."""

    table: str
    where: Mapping[str, Any]
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Delete:
    """The rows found, of which there may be none, go, with what the tables' foreign keys say goes with them."""

    table: str
    where: Mapping[str, Any]


RowChange = Insert | Update | Delete


@dataclass(frozen=True, slots=True)
class Merge:
    """The new value of a `jsonb` object: the old one without the keys `remove`, then with those of `put`.

    Only keys of the object itself are meant, not those of objects in it. NULL counts as an object without keys.
    """

    put: Mapping[str, Any] = field(default_factory=dict)
    remove: frozenset[str] = frozenset()

    def onto(self, value: Mapping[str, Any] | None) -> dict[str, Any]:
        """The new value."""
        kept = {key: part for key, part in (value or {}).items() if key not in self.remove}
        return {**kept, **self.put}

    def after(self, earlier: "Merge") -> "Merge":
        """Both as one: first the earlier, then this."""
        return Merge(self.onto(earlier.put), earlier.remove | self.remove)
