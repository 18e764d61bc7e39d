"""Read models made anew are the same rows in the same tables, and nobody sees how it is done."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

import psycopg
import pytest

from services.runtime.rebuilding.errors import RebuildError
from services.runtime.rebuilding.rebuilder import Phase, Progress, Rebuilder
from services.runtime.rebuilding.record import State
from tests.kit.histories import Story, write_histories
from tests.kit.recording import Happened, query, store
from tests.runtime.rebuilding.sight import (
    CONTEXTS_NAME,
    TABLES,
    change,
    description,
    project,
    redrive,
    rows,
    schemas_set_aside,
    table_ids,
)


def _rebuilder(database_url: str, told: list[Progress] | None = None) -> Rebuilder:
    return Rebuilder(database_url, CONTEXTS_NAME, workers=1, tell=(told if told is not None else []).append)


def test_rebuilt_tables_take_the_place_of_the_live_ones_with_the_same_rows(told: str) -> None:
    before, tables = rows(told), table_ids(told)
    progress: list[Progress] = []
    outcome = _rebuilder(told, progress).run([])

    assert all(before[table] for table in TABLES), "the history has rows of every table"
    assert [one.differing for one in outcome.comparisons] == [0] * len(TABLES)
    assert sum(one.rebuilt_rows for one in outcome.comparisons) == sum(map(len, before.values()))
    assert rows(told) == before
    assert all(table_ids(told)[table] != tables[table] for table in TABLES)
    assert list(dict.fromkeys(one.phase for one in progress)) == list(Phase)
    [full] = {one.total for one in progress if one.phase is Phase.FILLING}
    assert full == query(told, "SELECT count(*) AS events FROM domain_events")[0]["events"]


def test_keys_indexes_policies_grants_and_views_are_as_they_were(told: str) -> None:
    change(told, "COMMENT ON TABLE novels IS 'What is being written'")
    change(told, "ALTER TABLE novels SET (fillfactor = 90)")
    change(told, "GRANT SELECT ON characters TO studio_reader WITH GRANT OPTION")
    change(told, "CREATE TRIGGER novels_touch BEFORE UPDATE ON novels FOR EACH ROW EXECUTE FUNCTION touch_updated_at()")
    before = description(told)
    _rebuilder(told).run([])
    assert description(told) == before
    _rebuilder(told).undo()
    assert description(told) == before
    _rebuilder(told).run([])
    _rebuilder(told).drop()
    assert description(told) == before
    assert schemas_set_aside(told) == []


def test_truncated_tables_come_back_once_their_difference_is_accepted(told: str) -> None:
    before = rows(told)
    change(told, f"TRUNCATE {', '.join(TABLES)} CASCADE")
    outcome = _rebuilder(told).run([])
    assert not outcome.swapped
    assert all(not there for there in rows(told).values())

    assert _rebuilder(told).run([], accept_differences=True).swapped
    assert rows(told) == before


def test_rows_that_differ_are_shown_and_stop_the_swap(told: str) -> None:
    [first, second, *_] = query(told, "SELECT id::TEXT, title FROM novels ORDER BY id::TEXT")
    change(told, "UPDATE novels SET title = 'Something else' WHERE id = %s", first["id"])
    change(told, "DELETE FROM characters WHERE novel_id = %s", second["id"])
    before = rows(told)
    found = {one.table: one for one in _rebuilder(told).run([]).comparisons}

    assert {name: one.differing for name, one in found.items() if one.differing} == {"novels": 1, "characters": 2}
    [novel] = found["novels"].shown
    assert novel.live is not None
    assert novel.rebuilt is not None
    assert (first["id"] in novel.key, novel.columns()) == (True, ["title"])
    assert (novel.live["title"], novel.rebuilt["title"]) == ("Something else", first["title"])
    assert [one.live for one in found["characters"].shown] == [None, None]
    assert rows(told) == before


def test_a_rebuild_that_is_cancelled_leaves_nothing_behind(told: str) -> None:
    change(told, "UPDATE novels SET title = 'Something else'")
    before, tables = rows(told), table_ids(told)
    assert not _rebuilder(told).run([]).swapped
    assert schemas_set_aside(told) == ["rebuild_1"]
    _rebuilder(told).cancel()

    assert schemas_set_aside(told) == []
    assert (rows(told), table_ids(told)) == (before, tables)
    assert _rebuilder(told).status() is None
    with pytest.raises(RebuildError, match="There is no rebuild"):
        _rebuilder(told).cancel()


def test_undoing_brings_the_old_tables_back_with_what_has_happened_since(told: str, story: Story) -> None:
    tables = table_ids(told)
    _rebuilder(told).run([])
    write_histories(told, story, scopes=3, seed=9)
    project(told)
    since = rows(told)
    _rebuilder(told).undo()

    assert rows(told) == since
    assert table_ids(told) == tables
    assert schemas_set_aside(told) == []
    write_histories(told, story, scopes=1, seed=10)
    project(told)
    assert len(rows(told)["novels"]) == len(since["novels"]) + 1


def test_the_next_rebuild_waits_until_the_old_tables_are_dropped(told: str) -> None:
    _rebuilder(told).run([])
    with pytest.raises(RebuildError, match="--drop"):
        _rebuilder(told).run([])
    _rebuilder(told).drop()
    with pytest.raises(RebuildError, match="There is no rebuild"):
        _rebuilder(told).undo()
    assert _rebuilder(told).run([]).rebuild.state is State.SWAPPED


def test_an_open_rebuild_is_not_mistaken_for_another(told: str) -> None:
    change(told, "UPDATE novels SET title = 'Something else'")
    _rebuilder(told).run(["novels"])
    with pytest.raises(RebuildError, match="A rebuild of novels has begun"):
        _rebuilder(told).run(["sessions"])
    assert _rebuilder(told).run([], accept_differences=True).rebuild.projections == ("novels",)


def test_one_projection_alone_leaves_the_others_where_they_are(told: str, story: Story) -> None:
    before, tables, catalogue = rows(told), table_ids(told), description(told)
    _rebuilder(told).run(["novels"])

    moved = {table for table in TABLES if table_ids(told)[table] != tables[table]}
    assert moved == {"novels", "characters", "character_relations", "worldview_entries", "story_arcs"}
    assert (rows(told), description(told)) == (before, catalogue)
    # The flows of a deleted novel go with it, though they refer to another table than before.
    change(told, "DELETE FROM novels")
    assert rows(told)["genesis_flows"] == []


def test_what_a_projection_refers_to_is_rebuilt_with_it(told: str) -> None:
    choice = _rebuilder(told).choice(["flows"])
    assert (choice.projections, choice.brought_along) == (("flows", "novels", "sessions"), ("novels", "sessions"))


def test_an_unknown_projection_is_refused_with_those_that_there_are(told: str) -> None:
    with pytest.raises(RebuildError, match=r"There is no projection novel in .* There are: flows, novels, sessions"):
        _rebuilder(told).run(["novel"])


def test_a_parked_event_is_left_out_as_it_is_live_and_stays_parked(told: str, story: Story) -> None:
    position = _write_poison(told)
    write_histories(told, story, scopes=1, seed=11)
    project(told)
    before = rows(told)

    assert _rebuilder(told).run([]).swapped
    assert rows(told) == before
    assert [row["position"] for row in query(told, "SELECT position FROM dead_letters")] == [position]


def test_an_event_that_was_given_up_is_left_out_for_ever(told: str) -> None:
    position = _write_poison(told)
    project(told)
    change(told, "INSERT INTO given_up_events (consumer, position) SELECT consumer, position FROM dead_letters")
    change(told, "DELETE FROM dead_letters")
    change(told, "UPDATE novels SET title = 'Something else'")
    assert not _rebuilder(told).run([]).swapped
    assert _rebuilder(told).run([], accept_differences=True).swapped
    _rebuilder(told).undo()
    assert query(told, "SELECT position FROM left_out_events") == [{"position": position}]


def test_an_event_that_cannot_be_applied_and_is_not_parked_fails_the_rebuild_by_name(told: str) -> None:
    position = _write_poison(told)
    project(told)
    change(told, "DELETE FROM dead_letters")
    before, tables = rows(told), table_ids(told)
    for _ in range(2):
        with pytest.raises(RebuildError, match=rf"at position {position} \(Novel.Created, scope .*too long"):
            _rebuilder(told).run([])
    assert (rows(told), table_ids(told)) == (before, tables)
    _rebuilder(told).cancel()


def test_what_was_parked_and_is_applied_meanwhile_comes_in_its_turn(told: str, story: Story) -> None:
    write_histories(told, story, scopes=1, seed=12)
    [parked] = query(
        told, "SELECT scope_id, payload FROM domain_events WHERE event_type = 'Novel.Created' ORDER BY id DESC LIMIT 1"
    )
    in_the_way = (
        "INSERT INTO novels (id, user_id, title, created_at, updated_at) VALUES (%s, %s, 'In the way', now(), now())"
    )
    change(told, in_the_way, parked["scope_id"], uuid4())
    project(told)
    assert len(query(told, "SELECT position FROM dead_letters")) == story.length
    assert not _rebuilder(told).run([]).swapped

    change(told, "DELETE FROM novels WHERE title = 'In the way'")
    assert redrive(told, parked["scope_id"]) == story.length
    outcome = _rebuilder(told).run([])
    assert outcome.swapped
    assert [one.differing for one in outcome.comparisons] == [0] * len(TABLES)


def test_what_is_parked_while_a_rebuild_stands_still_is_left_out_too(told: str) -> None:
    change(told, "UPDATE novels SET title = 'Something else'")
    assert not _rebuilder(told).run([]).swapped
    position = _write_poison(told)
    project(told)
    change(told, "UPDATE novels SET title = '盐与灯塔'")

    assert _rebuilder(told).run([]).swapped
    _rebuilder(told).undo()
    assert [row["position"] for row in query(told, "SELECT position FROM dead_letters")] == [position]


def test_a_table_that_numbers_its_rows_is_refused(told: str) -> None:
    change(told, "ALTER TABLE novels ADD COLUMN number BIGSERIAL")
    with pytest.raises(RebuildError, match=r"the default of novels\.number is not a constant"):
        _rebuilder(told).run(["novels"])
    assert schemas_set_aside(told) == []


def test_nothing_is_swapped_while_somebody_else_rebuilds(told: str) -> None:
    with _busy(told), pytest.raises(RebuildError, match="A rebuild is running already"):
        _rebuilder(told).run([])


def test_an_empty_history_makes_empty_tables(migrated: str) -> None:
    outcome = _rebuilder(migrated).run([])
    assert (outcome.swapped, sum(one.rebuilt_rows for one in outcome.comparisons)) == (True, 0)


@contextmanager
def _busy(database_url: str) -> Iterator[None]:
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(7410005)")
        yield


def _write_poison(database_url: str) -> int:
    """A novel whose title no column has room for; its position."""
    novel_id = str(uuid4())
    payload = {
        "novel_id": novel_id, "user_id": str(UUID(int=5)), "title": "too long" * 99, "target_chapters": 0,
    }  # fmt: skip
    [position] = store(database_url, [Happened(novel_id, payload, type="Novel.Created")], topic="unused", outbox=False)
    return position
