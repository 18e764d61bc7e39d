"""Persistent maps, for states that grow by one entry at a time: adding one shares all others with the map before it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema
from rpds import HashTrieMap


class _AsPairs(NamedTuple):
    """How pydantic writes and reads a map: as pairs, because a key need not be text."""

    key: Any
    value: Any

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        pairs = handler.generate_schema(list[tuple[self.key, self.value]])  # type: ignore[name-defined]
        written = core_schema.plain_serializer_function_ser_schema(_pairs, return_schema=pairs)
        return core_schema.no_info_after_validator_function(HashTrieMap, pairs, serialization=written)


def _pairs(mapping: HashTrieMap[Any, Any]) -> list[tuple[Any, Any]]:
    return list(mapping.items())


if TYPE_CHECKING:
    Map = HashTrieMap
else:

    class Map:
        """A field's type: `Map[K, V]` is a HashTrieMap that pydantic can write and read. The library's own class takes
        no parameters when it runs.
        """

        def __class_getitem__(cls, types: tuple[Any, Any]) -> Any:
            return Annotated[HashTrieMap, _AsPairs(*types)]
