"""Each kind of violation, planted in a history in which all is well, is found, and by the guarantee that it breaks."""

from uuid import uuid4

import pytest

from services.studio.chaos.evidence import Difference, PublishedEvent, ReadModels
from services.studio.chaos.told import Answer, Command, Heard, Listened, Told
from tests.chaos.histories import NOVELS, USER, History, add_command, published, whole_history


@pytest.fixture
def history() -> History:
    """A history in which every guarantee holds."""
    return whole_history()


def test_a_whole_history_has_nothing_to_find(history: History) -> None:
    assert history.findings() == []


# 1: acknowledged commands


def test_an_acknowledged_command_that_is_not_in_the_inbox_is_lost(history: History) -> None:
    history.inbox.pop()
    assert (1, "lost") in history.found()


def test_an_acknowledged_command_without_the_event_it_was_told_of_is_lost(history: History) -> None:
    told = history.told[0]
    told.answers = [Answer(201, told.answers[0].body, told.key, position=7)]
    history.events = [event for event in history.events if event.position != 7]
    assert (1, "lost") in history.found()


def test_a_command_that_is_in_the_inbox_twice_is_doubled(history: History) -> None:
    history.inbox.append(history.inbox[0]._replace(command_id=uuid4()))
    assert (1, "doubled") in history.found()


def test_an_event_that_is_in_the_store_twice_is_doubled(history: History) -> None:
    again = history.events[-1]._replace(position=9, aggregate_version=5)
    history.events.append(again)
    assert (1, "doubled") in history.found()


def test_another_answer_in_the_inbox_than_the_client_got_is_a_contradiction(history: History) -> None:
    history.inbox[0] = history.inbox[0]._replace(answer={"id": "another"})
    assert (1, "contradicted") in history.found()


def test_an_unanswered_command_may_be_there_wholly_or_not_at_all(history: History) -> None:
    history.told[0].answers, history.told[0].abandoned = [], True
    history.told.append(Told(USER, uuid4(), Command("POST", "/novels", {}), sent=3, abandoned=True))
    assert history.findings() == []


def test_an_unanswered_command_with_events_and_no_inbox_row_is_half_done(history: History) -> None:
    history.told[0].answers = []
    history.inbox.pop(0)
    assert (1, "half done") in history.found()


# 2: keys


def test_two_different_answers_to_one_key_are_a_contradiction(history: History) -> None:
    told = history.told[0]
    told.answers.append(Answer(201, {"id": "novel-9"}, told.key, 2))
    assert history.found() == {(2, "contradicted")}


def test_the_same_answer_again_and_answers_that_say_nothing_are_none(history: History) -> None:
    told = history.told[0]
    told.answers = [Answer(503, None), Answer(409, {"code": "COMMAND_IN_FLIGHT"}), *2 * told.answers]
    assert history.findings() == []


def test_events_of_a_command_that_no_inbox_row_names_come_from_nowhere(history: History) -> None:
    history.events[-1] = history.events[-1]._replace(correlation_id=uuid4())
    assert (2, "from nowhere") in history.found()


# 3: refusals


def test_a_refused_command_with_events_is_found(history: History) -> None:
    told = history.told[0]
    told.answers = [Answer(409, {"code": "STAGE_BUSY"}, told.key)]
    history.inbox[0] = history.inbox[0]._replace(status="FAILED", http_status=409)
    assert (3, "from nowhere") in history.found()


def test_a_refusal_that_the_inbox_remembers_as_accepted_is_a_contradiction(history: History) -> None:
    told = add_command(history, 5)
    told.answers = [Answer(409, {"code": "STAGE_BUSY"}, told.key)]
    del history.events[-2:]
    assert (3, "contradicted") in history.found()


def test_a_refusal_that_is_remembered_as_one_or_forgotten_is_well(history: History) -> None:
    for number in (5, 6):
        told = add_command(history, number)
        told.answers = [Answer(409, {"code": "STAGE_BUSY"}, told.key)]
        del history.events[-2:]
        assert history.published is not None
        del history.published[-2:]
    history.inbox[-2] = history.inbox[-2]._replace(status="FAILED", http_status=409)
    history.inbox.pop()
    assert history.findings() == []


# 4: versions


def test_a_missing_version_is_found(history: History) -> None:
    history.events[4] = history.events[4]._replace(aggregate_version=4)
    assert (4, "disordered") in history.found()


def test_a_position_that_comes_late_is_found(history: History) -> None:
    history.events[3], history.events[4] = history.events[4], history.events[3]
    assert (4, "disordered") in history.found()


# 5 and 6: the broker


def _messages(history: History) -> list[PublishedEvent]:
    assert history.published is not None
    return history.published


def test_a_stretch_that_a_relay_repeats_is_well(history: History) -> None:
    messages = _messages(history)
    messages[4:4] = messages[1:4]
    assert history.findings() == []


def test_two_messages_of_a_scope_in_the_wrong_order_are_found(history: History) -> None:
    messages = _messages(history)
    messages[0], messages[1] = messages[1], messages[0]
    assert (5, "disordered") in history.found()


def test_a_message_that_arrives_only_behind_a_later_one_of_its_scope_is_found(history: History) -> None:
    messages = _messages(history)
    messages.append(messages.pop(1))
    assert (5, "disordered") in history.found()


def test_a_position_with_another_event_id_is_a_contradiction(history: History) -> None:
    messages = _messages(history)
    messages.append(messages[0]._replace(event_id=uuid4()))
    assert (5, "contradicted") in history.found()


def test_a_message_of_no_stored_event_comes_from_nowhere(history: History) -> None:
    history.events.append(history.events[-1]._replace(position=20, event_id=uuid4(), aggregate_version=5))
    _messages(history).append(published(history.events[-1], 20)._replace(position=19))
    assert (5, "from nowhere") in history.found()


def test_a_scope_in_two_partitions_is_found(history: History) -> None:
    messages = _messages(history)
    messages[1] = messages[1]._replace(partition=3)
    assert (5, "disordered") in history.found()


def test_an_event_that_never_reached_the_broker_is_lost(history: History) -> None:
    _messages(history).pop()
    assert history.found() == {(6, "lost")}


def test_nothing_is_said_of_a_broker_that_has_lost_what_it_had(history: History) -> None:
    history.published = None
    assert history.findings() == []


# 7: read models


@pytest.mark.parametrize(
    ("difference", "trouble"),
    [
        (Difference(NOVELS, None, {"id": "novel-1"}), "lost"),
        (Difference(NOVELS, {"id": "novel-1"}, None), "doubled"),
        (Difference(NOVELS, {"id": "novel-1", "version": 2}, {"id": "novel-1", "version": 3}), "contradicted"),
    ],
)
def test_a_row_that_a_quiet_fold_makes_differently_is_found(
    difference: Difference, trouble: str, history: History
) -> None:
    history.read_models = ReadModels(history.read_models.rows, [difference])
    assert history.found() == {(7, trouble)}


def test_a_promised_row_that_is_not_shown_is_lost(history: History) -> None:
    history.shows(**{"novel-1": 1, "novel-2": 1, "novel-3": 1})
    assert history.found() == {(7, "lost")}


def test_a_promised_row_that_is_shown_twice_is_doubled(history: History) -> None:
    history.shows(**{"novel-1": 1, "novel-2": 2, "novel-3": 1, "novel-4": 1})
    assert history.found() == {(7, "doubled")}


def test_a_row_that_nobody_was_promised_comes_from_nowhere(history: History) -> None:
    history.shows(**{f"novel-{number}": 1 for number in range(1, 6)})
    assert history.found() == {(7, "from nowhere")}


def test_a_command_whose_answer_never_arrived_still_promises_what_the_inbox_says(history: History) -> None:
    history.told[0].answers, history.told[0].abandoned = [], True
    assert history.findings() == []
    history.shows(**{"novel-2": 1, "novel-3": 1, "novel-4": 1})
    assert history.found() == {(7, "lost")}


# 9: streams


def _client(history: History) -> Listened:
    return history.listened[0]


def test_an_event_that_a_client_never_heard_is_lost(history: History) -> None:
    _client(history).heard.pop(3)
    assert history.found() == {(9, "lost")}


def test_an_event_that_a_client_heard_twice_is_found(history: History) -> None:
    heard = _client(history).heard
    heard.insert(4, heard[3])
    assert history.found() == {(9, "disordered"), (9, "from nowhere")}


def test_events_that_a_client_heard_in_another_order_are_found(history: History) -> None:
    heard = _client(history).heard
    heard[2], heard[3] = heard[3], heard[2]
    assert (9, "disordered") in history.found()


def test_an_event_that_a_client_heard_and_nobody_stored_comes_from_nowhere(history: History) -> None:
    _client(history).heard[-1] = Heard(8, "Novel.Other")
    assert history.found() == {(9, "from nowhere")}


def test_a_client_is_due_nothing_before_it_began_nor_after_it_was_closed(history: History) -> None:
    heard = _client(history).heard
    history.listened = [Listened(USER, start=2, end=6, heard=heard[2:6])]
    assert history.findings() == []


def test_a_client_that_must_begin_again_has_lost_its_place(history: History) -> None:
    _client(history).resets.append("at 4")
    assert history.found() == {(9, "lost")}


# 10: nothing waits for a human


def test_a_command_that_never_gets_an_answer_waits_for_a_human(history: History) -> None:
    history.told[0].answers = [Answer(503, None)]
    assert history.found() == {(10, "stuck")}


def test_a_parked_event_waits_for_a_human(history: History) -> None:
    history.read_models = ReadModels(history.read_models.rows, parked=[("core", 3, "it cannot be applied")])
    assert history.found() == {(10, "stuck")}
