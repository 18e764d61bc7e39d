"""Changes of rows, written in sets: the changes of a whole batch of events become a few statements.

What is done to one row again and again is folded into one change, as far as no constraint reads the columns. Each
change then has a turn: changes of a turn are written together, one statement for each shape they come in, and a turn
follows the one before. Order is kept within a scope and where it can matter: changes of the same row, changes that
find their rows by anything but the primary key, deletions with all that can go with them, and changes of what a
unique index compares, where the one frees what the other takes. Scopes share no rows, so all of them share the turns.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, NamedTuple
from uuid import UUID

import orjson
from psycopg.sql import SQL, Composed, Identifier

from services.kernel.rows import Delete, Insert, Merge, RowChange, Update
from services.runtime.read_tables import Column, ReadTable, ReadTableError, dependents
from services.runtime.sql_files import read_sql

_FRAMES = {name: SQL(text.decode()) for name, text in read_sql("services.runtime", "row_writes.sql").items()}

Key = tuple[Any, ...]
"""The values of a row's primary key."""


class Write(NamedTuple):
    """One statement to run."""

    sql: bytes
    parameters: Mapping[str, Any]


class RowWrites:
    """The statements for changes in some tables; their texts are made once for each shape."""

    def __init__(self, tables: Mapping[str, ReadTable]) -> None:
        self._tables = tables
        self._dependents = {name: dependents(tables, name) for name in tables}
        self._texts: dict[_Shape, bytes] = {}

    def statements(self, changes: Iterable[tuple[str, RowChange]]) -> list[Write]:
        """What to run, in order, for changes that come with their scope's id.

        Raises TypeError or ValueError for a value that is none of those that rows are made of.
        """
        turns: dict[tuple[int, _Shape], list[dict[str, Any]]] = {}
        for step in self._folded(changes):
            shape, row = step.written()
            turns.setdefault((step.turn, shape), []).append(row)
        ordered = sorted(turns.items(), key=lambda item: item[0][0])
        return [Write(self._text(shape), {"rows": _json(rows)}) for (_, shape), rows in ordered]

    def _folded(self, changes: Iterable[tuple[str, RowChange]]) -> "list[_Step]":
        steps: list[_Step] = []
        scopes: dict[str, _ScopeChanges] = {}
        for scope_id, change in changes:
            if (scope := scopes.get(scope_id)) is None:
                scope = scopes[scope_id] = _ScopeChanges(self._tables, self._dependents, steps)
            scope.add(change)
        return steps

    def _text(self, shape: "_Shape") -> bytes:
        if (text := self._texts.get(shape)) is None:
            text = self._texts[shape] = _statement(shape, self._tables[shape.table])
        return text


class _Shape(NamedTuple):
    """What changes must have in common to be written by one statement; names of columns."""

    kind: Literal["insert", "update", "delete"]
    table: str
    equal: tuple[str, ...] = ()
    null: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    merged: tuple[str, ...] = ()


@dataclass(slots=True)
class _Step:
    """A change, or several of one row folded together, with its turn."""

    turn: int
    kind: Literal["insert", "update", "delete"]
    table: str
    where: Mapping[str, Any]
    values: dict[str, Any]

    def written(self) -> tuple[_Shape, dict[str, Any]]:
        """The shape, and the row of the JSON parameter."""
        if self.kind == "insert":
            return _Shape("insert", self.table, plain=tuple(self.values)), self.values
        equal = {column: value for column, value in self.where.items() if value is not None}
        merges = {column: value for column, value in self.values.items() if isinstance(value, Merge)}
        plain = {column: value for column, value in self.values.items() if column not in merges}
        row = {f"w{number}": value for number, value in enumerate(equal.values())}
        row |= {f"c{number}": value for number, value in enumerate(plain.values())}
        for number, merge in enumerate(merges.values()):
            row |= {f"p{number}": merge.put, f"r{number}": sorted(merge.remove)}
        null = tuple(column for column in self.where if column not in equal)
        return _Shape(self.kind, self.table, tuple(equal), null, tuple(plain), tuple(merges)), row

    def takes(self, changes: Mapping[str, Any], columns: Mapping[str, Column]) -> bool:
        """Whether later changes of the row can be folded in.

        Not over a NULL that the table refuses, and not onto the default of a new row, which is not known here.
        """
        for name, new in changes.items():
            if name not in self.values:
                if self.kind == "insert" and isinstance(new, Merge):
                    return False
            elif self.values[name] is None and not columns[name].nullable:
                return False
        return True

    def fold(self, changes: Mapping[str, Any]) -> None:
        """Later changes of the row, on top."""
        for column, new in changes.items():
            self.values[column] = _later(self.values[column], new) if column in self.values else new


@dataclass(slots=True)
class _TableOrder:
    """The changes of one scope in one table since the last barrier, behind which everything later stands.

    A change claims when it gives values to columns of a unique index: it may need what another frees, or free it.
    """

    floor: int = 0
    reached: int = -1
    inserted: int = -1
    claimed: int = -1
    deleted: int | None = None
    rows: dict[Key, tuple[_Step, bool]] = field(default_factory=dict)
    """The last change of each row, and whether later ones can be folded into it."""

    def bar(self, turn: int) -> None:
        """Everything later comes after this turn."""
        self.floor, self.reached, self.inserted, self.claimed, self.deleted = turn + 1, turn, -1, -1, None
        self.rows.clear()

    def after(self, key: Key | None, turn: int) -> int:
        """The first turn after the given one and after the row's last change."""
        known = self.rows.get(key) if key is not None else None
        return max(self.floor, turn + 1, known[0].turn + 1 if known is not None else 0)

    def note(self, step: _Step, key: Key | None, *, foldable: bool) -> None:
        """A change has its turn."""
        self.reached = max(self.reached, step.turn)
        if key is not None:
            self.rows[key] = step, foldable


class _ScopeChanges:
    """Adds the changes of one scope to the steps of all, folded and with their turns."""

    def __init__(
        self, tables: Mapping[str, ReadTable], dependents_of: Mapping[str, frozenset[str]], steps: list[_Step]
    ) -> None:
        self._tables = tables
        self._dependents = dependents_of
        self._steps = steps
        self._orders: dict[str, _TableOrder] = {}

    def add(self, change: RowChange) -> None:
        """The next change."""
        if isinstance(change, Insert):
            self._insert(change)
        elif isinstance(change, Update):
            self._update(change)
        else:
            self._delete(change)

    def _insert(self, change: Insert) -> None:
        order = self._order(change.table)
        key = _key(self._tables[change.table], change.row)
        step = self._step(order.after(key, order.claimed), "insert", change.table, {}, change.row)
        order.inserted = max(order.inserted, step.turn)
        order.note(step, key, foldable=True)

    def _update(self, change: Update) -> None:
        table, order = self._tables[change.table], self._order(change.table)
        key = _key(table, change.where)
        if key is None or not change.changes.keys().isdisjoint(table.primary_key):
            turn = order.reached + 1
            self._step(turn, "update", change.table, change.where, change.changes)
            order.bar(turn)
            return
        exact = len(change.where) == len(table.primary_key)
        if exact and self._fold(table, order, key, change.changes):
            return
        claims = not table.unique.isdisjoint(change.changes)
        turn = order.after(key, max(order.claimed, order.inserted) if claims else -1)
        step = self._step(turn, "update", change.table, change.where, change.changes)
        if claims:
            order.claimed = turn
        order.note(step, key, foldable=exact)

    def _fold(self, table: ReadTable, order: _TableOrder, key: Key, changes: Mapping[str, Any]) -> bool:
        """Adds changes to the earlier change of the row, unless that would hide from a constraint what it must see."""
        step, foldable = order.rows.get(key, (None, False))
        if step is None or not foldable or not table.guarded.isdisjoint(changes):
            return False
        if not step.takes(changes, table.columns):
            return False
        step.fold(changes)
        return True

    def _delete(self, change: Delete) -> None:
        order = self._order(change.table)
        touched = [order, *(self._order(name) for name in self._dependents[change.table])]
        last = max(one.reached for one in touched)
        # Right behind another deletion in the table, it shares its turn.
        turn = last if order.deleted == last and change.table not in self._dependents[change.table] else last + 1
        self._step(turn, "delete", change.table, change.where, {})
        for one in touched:
            one.bar(turn)
        order.deleted = turn

    def _order(self, table: str) -> _TableOrder:
        if (order := self._orders.get(table)) is None:
            order = self._orders[table] = _TableOrder()
        return order

    def _step(
        self,
        turn: int,
        kind: Literal["insert", "update", "delete"],
        table: str,
        where: Mapping[str, Any],
        values: Mapping[str, Any],
    ) -> _Step:
        step = _Step(turn, kind, table, where, dict(values))
        self._steps.append(step)
        return step


def _key(table: ReadTable, values: Mapping[str, Any]) -> Key | None:
    """The primary key if the values name all of it, in one way of writing; UUIDs come as such and as text."""
    key = []
    for column in table.primary_key:
        value = values.get(column)
        if value is None:
            return None
        key.append(UUID(value) if isinstance(value, str) and table.columns[column].type == "uuid" else value)
    return tuple(key)


def _later(old: Any, new: Any) -> Any:
    if not isinstance(new, Merge):
        return new
    return new.after(old) if isinstance(old, Merge) else new.onto(old)


def _statement(shape: _Shape, table: ReadTable) -> bytes:
    """The text for a shape. Raises ReadTableError for a column that the table has not."""
    for column in (*shape.equal, *shape.null, *shape.plain, *shape.merged):
        if column not in table.columns:
            raise ReadTableError(f"{table.name} has no column {column}")
    if shape.kind == "insert":
        fields = [_field(column, table.columns[column].type) for column in shape.plain]
        columns = SQL(", ").join(map(Identifier, shape.plain))
        return _filled("insert", table=Identifier(table.name), columns=columns, fields=SQL(", ").join(fields))
    assert shape.equal, "a change names its rows by at least one value"
    return _filled(
        shape.kind,
        table=Identifier(table.name),
        fields=SQL(", ").join(_fields(shape, table)),
        matches=SQL(" AND ").join(_matches(shape)),
        assignments=SQL(", ").join(_assignments(shape)),
    )


def _fields(shape: _Shape, table: ReadTable) -> Iterable[Composed]:
    for letter, columns in (("w", shape.equal), ("c", shape.plain), ("p", shape.merged)):
        yield from (_field(f"{letter}{number}", table.columns[name].type) for number, name in enumerate(columns))
    yield from (_field(f"r{number}", "text[]") for number in range(len(shape.merged)))


def _matches(shape: _Shape) -> Iterable[Composed]:
    for number, column in enumerate(shape.equal):
        yield SQL("t.{} = r.{}").format(Identifier(column), Identifier(f"w{number}"))
    for column in shape.null:
        yield SQL("t.{} IS NULL").format(Identifier(column))


def _assignments(shape: _Shape) -> Iterable[Composed]:
    for number, column in enumerate(shape.plain):
        yield SQL("{} = r.{}").format(Identifier(column), Identifier(f"c{number}"))
    for number, column in enumerate(shape.merged):
        names = {"put": Identifier(f"p{number}"), "removed": Identifier(f"r{number}")}
        yield _FRAMES["merge"].format(column=Identifier(column), **names)


def _field(name: str, sql_type: str) -> Composed:
    return SQL("{} ").format(Identifier(name)) + SQL(sql_type)


def _filled(frame: str, **parts: Composed | Identifier) -> bytes:
    return _FRAMES[frame].format(**parts).as_bytes(None)


def _json(rows: Sequence[Mapping[str, Any]]) -> str:
    return orjson.dumps(rows, default=_decimal).decode()


def _decimal(value: Any) -> str:
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} is no value of a row")
