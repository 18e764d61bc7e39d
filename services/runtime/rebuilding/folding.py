"""Changes of rows made in memory, with the effect that they have in the database: what is left are the final rows.

Only for what is complete: all changes of a scope from its first event on, of all tables that its deletions reach.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.kernel.rows import Delete, Insert, Merge, RowChange, Update
from services.runtime.read_tables import ForeignKey, ReadTable

Row = dict[str, Any]
Key = tuple[Any, ...]


class NotApplicable(Exception):
    """A change that the database would refuse."""


class Fold:
    """The rows of one scope."""

    def __init__(self, tables: Mapping[str, ReadTable], defaults: Mapping[str, Mapping[str, Any]]) -> None:
        self._tables = {name: _Rows(table, defaults[name]) for name, table in tables.items()}
        for table in tables.values():
            for key in table.foreign_keys:
                if key.referenced in self._tables:
                    self._tables[key.referenced].referring.append((self._tables[table.name], key))

    def apply(self, changes: Iterable[RowChange]) -> None:
        """Makes the changes, in order. Raises NotApplicable."""
        for change in changes:
            table = self._tables[change.table]
            if isinstance(change, Insert):
                table.insert(change.row)
            elif isinstance(change, Update):
                table.update(change.where, change.changes)
            else:
                assert isinstance(change, Delete)
                table.delete(change.where)

    def take(self) -> Iterator[tuple[str, Iterable[Row]]]:
        """The final rows of each table that has some; the next scope begins with none."""
        for name, table in self._tables.items():
            if table.rows:
                yield name, table.rows.values()
                table.clear()


@dataclass(slots=True)
class _Rows:
    """One table's rows by primary key, and by the columns that changes have asked for."""

    shape: ReadTable
    defaults: Mapping[str, Any]
    referring: "list[tuple[_Rows, ForeignKey]]" = field(default_factory=list)
    rows: dict[Key, Row] = field(default_factory=dict)
    _groups: "dict[tuple[str, ...], dict[Key, dict[Key, Row]]]" = field(default_factory=dict)
    _uuids: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        self._uuids = frozenset(column.name for column in self.shape.columns.values() if column.type == "uuid")

    def insert(self, given: Mapping[str, Any]) -> None:
        row = {**self.defaults, **given}
        if len(row) != len(self.defaults):
            raise NotApplicable(f"{self.shape.name} has no column {', '.join(row.keys() - self.defaults.keys())}")
        key = self._values(row, self.shape.primary_key)
        if key in self.rows:
            raise NotApplicable(f"{self.shape.name} has the row {', '.join(map(str, key))} already")
        self.rows[key] = row
        for columns, group in self._groups.items():
            group.setdefault(self._values(row, columns), {})[key] = row

    def update(self, where: Mapping[str, Any], changes: Mapping[str, Any]) -> None:
        for key, row in self._find(where):
            new = {
                column: value.onto(row[column]) if isinstance(value, Merge) else value
                for column, value in changes.items()
            }
            if not new.keys().isdisjoint(self.shape.primary_key):
                self._remove(key)
                self.insert({**row, **new})
            else:
                self._change(key, row, new)

    def delete(self, where: Mapping[str, Any]) -> None:
        for key, row in self._find(where):
            self._remove(key)
            for other, foreign_key in self.referring:
                other.lose(foreign_key, self._values(row, foreign_key.referenced_columns))

    def lose(self, key: ForeignKey, values: Key) -> None:
        """A row that rows here may refer to is gone."""
        where = dict(zip(key.columns, values, strict=True))
        match key.on_delete:
            case "CASCADE":
                self.delete(where)
            case "SET NULL":
                self.update(where, dict.fromkeys(key.columns))
            case "SET DEFAULT":
                self.update(where, {column: self.defaults[column] for column in key.columns})
            case _:
                # Refused at the end if such rows are still there, when the foreign key is made.
                return

    def clear(self) -> None:
        self.rows = {}
        self._groups = {}

    def _find(self, where: Mapping[str, Any]) -> list[tuple[Key, Row]]:
        """The rows with these values, as a list of their own: whoever asks is about to change them."""
        try:
            key = self._values(where, self.shape.primary_key)
        except KeyError:
            columns = tuple(where)
            return list(self._group(columns).get(self._values(where, columns), {}).items())
        row = self.rows.get(key)
        if row is None:
            return []
        if len(where) > len(key) and self._values(row, where) != self._values(where, where):
            return []
        return [(key, row)]

    def _group(self, columns: tuple[str, ...]) -> dict[Key, dict[Key, Row]]:
        """All rows by these columns, made when it is first asked for and kept true from then on."""
        if (group := self._groups.get(columns)) is None:
            group = self._groups[columns] = {}
            for key, row in self.rows.items():
                group.setdefault(self._values(row, columns), {})[key] = row
        return group

    def _change(self, key: Key, row: Row, new: Row) -> None:
        if not self._groups:
            row.update(new)
            return
        moved = [columns for columns in self._groups if not new.keys().isdisjoint(columns)]
        for columns in moved:
            del self._groups[columns][self._values(row, columns)][key]
        row.update(new)
        for columns in moved:
            self._groups[columns].setdefault(self._values(row, columns), {})[key] = row

    def _remove(self, key: Key) -> None:
        row = self.rows.pop(key)
        for columns, group in self._groups.items():
            del group[self._values(row, columns)][key]

    def _values(self, row: Mapping[str, Any], columns: Iterable[str]) -> Key:
        """Values that can be compared: UUIDs come as such and as text."""
        uuids = self._uuids
        return tuple(
            [UUID(value) if type(value := row[column]) is str and column in uuids else value for column in columns]
        )
