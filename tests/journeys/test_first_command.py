"""The thinnest path: one command through every process to a stream."""

from tests.kit.studio import Client


def test_a_command_travels_from_http_to_the_stream_and_is_then_readable(user: Client) -> None:
    novel_id = user.new_novel()
    with user.stream() as stream:
        flow = user.created(f"/genesis/flows/{novel_id}", {})
        frames = stream.until(lambda frame: frame.event == "Genesis.Stage.Created")
    assert [frame.event for frame in frames if frame.id] == ["Genesis.Flow.Created", "Genesis.Stage.Created"]
    assert frames[-1].data["novel_id"] == novel_id
    assert user.get(f"/genesis/flows/{novel_id}").json() == flow
