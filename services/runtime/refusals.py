"""The codes that rules may refuse with, read from the rules themselves: a code is written once, where it is raised.

Followed is whatever a rule names: functions, classes, tables of either. What it is handed is not known here, and so may
hold nothing that refuses. Rather a code too many than one too few: a branch that a rule never takes counts as well.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache, partial
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final

from services.runtime.problems import STATUS_BY_CODE

_OURS: Final = "services."

Rule = Callable[..., Any]


def refusals(rules: Iterable[Rule]) -> frozenset[str]:
    """Every code that one of the rules may come to."""
    codes: set[str] = set()
    seen: set[int] = set()
    waiting: list[object] = list(rules)
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            codes |= {value} & STATUS_BY_CODE.keys()
        elif id(value) not in seen:
            seen.add(id(value))
            waiting += _named(value)
    return frozenset(codes)


def names(rule: Rule, value: object) -> bool:
    """Whether the rule itself speaks of it."""
    return any(named is value for named in _named(rule))


def _named(value: object) -> Iterable[object]:
    match value:
        case FunctionType():
            return _named_in_function(value) if value.__module__.startswith(_OURS) else ()
        case partial():
            return (value.func, *value.args, *value.keywords.values())
        case property() | classmethod() | staticmethod():
            return (getattr(value, "fget", None) or getattr(value, "__func__", None),)
        case type():
            return vars(value).values() if value.__module__.startswith(_OURS) else ()
        case Mapping():
            return (*value.keys(), *value.values())
        case Collection() if not isinstance(value, bytes):
            return value
        case _ if is_dataclass(value):
            return [getattr(value, field.name) for field in fields(value)]
        case _:
            return ()


@cache
def _named_in_function(function: FunctionType) -> tuple[object, ...]:
    """Globals and constants of its code, defaults, what it encloses, and attributes of modules that it may read."""
    found: list[object] = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    found += [cell.cell_contents for cell in function.__closure__ or ()]
    words = {word for code in _codes(function.__code__) for word in code.co_names}
    known = [function.__globals__[word] for word in words if word in function.__globals__]
    modules = [value for value in known if isinstance(value, ModuleType) and value.__name__.startswith(_OURS)]
    found += [value for value in known if not isinstance(value, ModuleType)]
    found += [vars(module)[word] for module in modules for word in words if word in vars(module)]
    found += [constant for code in _codes(function.__code__) for constant in code.co_consts]
    return tuple(found)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """A function's own code and that of all that is written inside of it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)
