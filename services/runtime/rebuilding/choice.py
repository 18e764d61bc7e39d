"""Which projections a rebuild is about, and everything that has to come with them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

from services.kernel.context import Context, Projection
from services.runtime.read_tables import ReadTable
from services.runtime.rebuilding.errors import RebuildError
from services.runtime.registry import Registry


@dataclass(frozen=True, slots=True)
class Choice:
    """Projections of one group. `brought_along` are those that nobody named."""

    group: str
    projections: tuple[str, ...]
    tables: tuple[str, ...]
    brought_along: tuple[str, ...]


def load_contexts(name: str) -> Sequence[Context]:
    """The contexts that `package.module:NAME` is about: other processes of a rebuild are told them by this name."""
    module, _, attribute = name.partition(":")
    contexts: Sequence[Context] = getattr(import_module(module), attribute)
    return contexts


def choose(contexts: Sequence[Context], group: str, names: Sequence[str], tables: Mapping[str, ReadTable]) -> Choice:
    """The named projections, or all of the group, with those whose rows theirs refer to.

    A deletion there takes rows away here, so one can't be made anew without the other. Raises RebuildError.
    """
    projections = projections_of_group(contexts, group)
    unknown = sorted(set(names) - projections.keys())
    if unknown:
        raise RebuildError(
            f"There is no projection {', '.join(unknown)} in the group {group}.",
            remedy=f"There are: {', '.join(sorted(projections)) or 'none'}.",
        )
    named = set(names) or projections.keys()
    chosen = _with_referenced(named, projections, tables)
    return Choice(
        group,
        tuple(sorted(chosen)),
        tuple(sorted(table for name in chosen for table in projections[name].tables)),
        tuple(sorted(chosen - named)),
    )


def projections_of_group(contexts: Sequence[Context], group: str) -> dict[str, Projection]:
    """The group's projections by name."""
    return {name: one for name, one in Registry(contexts).projections.items() if one.group == group}


def _with_referenced(
    names: Iterable[str], projections: Mapping[str, Projection], tables: Mapping[str, ReadTable]
) -> set[str]:
    owner = {table: name for name, projection in projections.items() for table in projection.tables}
    found: set[str] = set()
    waiting = list(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            referenced = [key.referenced for table in projections[name].tables for key in tables[table].foreign_keys]
            waiting += [owner[table] for table in referenced if table in owner]
    return found
