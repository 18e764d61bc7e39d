"""`studio rebuild` as its operator reads it."""

from typer.testing import CliRunner

from services.studio.main import app
from tests.kit.recording import query
from tests.runtime.rebuilding.sight import change


def _rebuild(database_url: str, *arguments: str) -> tuple[int, str]:
    """Exit code and output, in a terminal so wide that nothing is folded."""
    runner = CliRunner(env={"COLUMNS": "300"})
    answer = runner.invoke(app, ["rebuild", "--database-url", database_url, "--workers", "1", *arguments])
    return answer.exit_code, answer.output


def test_an_operator_is_shown_what_differs_and_how_to_go_on(told: str) -> None:
    [novel] = query(told, "SELECT id::TEXT AS id, title FROM novels ORDER BY id LIMIT 1")
    change(told, "UPDATE novels SET title = '别的' WHERE id = %s", novel["id"])

    code, output = _rebuild(told, "novels")
    [line] = [line for line in output.splitlines() if novel["id"] in line]
    assert (code, line.split()[1:]) == (1, ["title", '"别的"', f'"{novel["title"]}"'])
    assert "novels: 1 rows differ (6 live, 6 rebuilt)" in output
    assert "characters: 12 rows, all the same" in output
    assert "studio rebuild --accept-differences" in output

    assert "Rebuild 1 of novels is following." in _rebuild(told, "--status")[1]
    code, output = _rebuild(told, "--accept-differences")
    assert (code, "studio rebuild --undo" in output) == (0, True)
    assert "The old tables are back" in _rebuild(told, "--undo")[1]
    assert "There is no rebuild." in _rebuild(told, "--status")[1]


def test_what_comes_along_is_announced(told: str) -> None:
    code, output = _rebuild(told, "flows")
    assert "novels, sessions will be rebuilt too: what is deleted there takes rows of flows with it." in output
    assert code == 0
    assert "The old tables are dropped." in _rebuild(told, "--drop")[1]


def test_two_steps_at_once_are_refused(told: str) -> None:
    code, output = _rebuild(told, "--undo", "--drop")
    assert (code, "--undo and --drop can't be had together." in output) == (1, True)
