"""An event is the same whether it is read from the store or comes from the broker."""

from uuid import UUID, uuid4

import pytest

from services.runtime.database import Pool
from services.runtime.read_models import ReadModels
from services.runtime.recorded_events import EPOCH, PREVIOUS, NotAnEvent, incoming
from tests.kit import counters
from tests.kit.recording import USER_ID, Happened, outbox_rows, store

EVERYTHING = Happened(
    "scope-ä-漢-🙂",
    {"number": 7, "text": '漢字 \u0001 "quoted"', "nested": {"list": [1, None, True, 0.5]}},
    correlation_id=uuid4(),
    causation_id=uuid4(),
    traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
)
BARE = Happened("bare", {})


@pytest.mark.anyio
@pytest.mark.parametrize("happened", [EVERYTHING, BARE], ids=["with every field", "with nulls"])
async def test_an_event_comes_back_the_same_from_its_row_and_from_its_message(
    pool: Pool, database_url: str, topic: str, happened: Happened
) -> None:
    [position] = store(database_url, [happened], topic=topic)
    [row] = outbox_rows(database_url)
    headers = [(name, text.encode()) for name, text in row["headers"].items()]
    value = (await _payload_text(pool)).encode()

    message = incoming([*headers, (PREVIOUS, b"0"), (EPOCH, b"e")], value)
    [stored] = await ReadModels(counters.GROUP, [counters.CONTEXT], pool).missing({message.lane: 0}, 10)

    assert message.event() == stored.event()
    assert (message.lane, message.position, message.previous) == (stored.lane, position, 0)
    assert stored.event().payload == happened.payload
    assert stored.event().correlation_id == happened.correlation_id
    assert stored.event().user_id == USER_ID


@pytest.mark.parametrize("missing", ["ce_lane", "ce_position", PREVIOUS, EPOCH])
def test_a_message_without_its_place_in_the_order_is_none_of_ours(missing: str) -> None:
    headers = {"ce_lane": b"1", "ce_position": b"2", PREVIOUS: b"1", EPOCH: b"e"}
    del headers[missing]
    with pytest.raises(NotAnEvent, match=missing):
        incoming(headers.items(), b"{}")


@pytest.mark.parametrize(
    "change",
    [{"ce_id": b"no uuid"}, {"ce_time": b"yesterday"}, {"ce_dataversion": b"one"}, {"ce_metadata": b"{"}],
    ids=lambda change: next(iter(change)),
)
def test_a_message_that_cannot_be_read_says_so(change: dict[str, bytes]) -> None:
    good = {
        "ce_lane": b"1", "ce_position": b"2", PREVIOUS: b"1", EPOCH: b"e", "ce_id": str(UUID(int=1)).encode(),
        "ce_type": b"T", "ce_dataversion": b"1", "ce_aggregatetype": b"A", "ce_aggregateid": b"a",
        "ce_aggregateversion": b"1", "ce_scopetype": b"S", "ce_scopeid": b"s", "ce_actorid": b"x",
        "ce_time": b"2026-01-01T00:00:00+00:00", "ce_metadata": b"{}",
    }  # fmt: skip
    assert incoming(good.items(), b"{}").event().position == 2
    with pytest.raises(NotAnEvent):
        incoming((good | change).items(), b"{}").event()


def test_a_tombstone_is_no_event() -> None:
    with pytest.raises(NotAnEvent):
        incoming([], None)


async def _payload_text(pool: Pool) -> str:
    async with pool.connection() as connection:
        row = await (await connection.execute("SELECT payload::TEXT AS text FROM event_outbox")).fetchone()
    assert row is not None
    return str(row["text"])
