"""The `studio` command: run the whole studio on this machine, look at it, and take part in it."""

# ruff: noqa: PLC0415  Each command imports what it needs: `studio token` in a script stays quick, and
# `studio doctor` still runs when a library that it is to report as missing is missing.

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from services.studio.errors import StudioError
from services.studio.installation import DEFAULT_DATA_DIRECTORY, Installation

CHAOS_SEEDS = 5
"""With which `studio chaos` does each fault when it is asked for nothing else."""

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, rich_markup_mode="markdown")
dead_letters = typer.Typer(help="Events and messages that could not be handled: see, try again, give up.")
app.add_typer(dead_letters, name="dead-letters", no_args_is_help=True)
users = typer.Typer(help="Who may use this studio: add, list, disable, enable, reset a password.")
app.add_typer(users, name="user", no_args_is_help=True)
prompts = typer.Typer(help="The prompts that text models are given.", invoke_without_command=True)
app.add_typer(prompts, name="prompts")

DataOption = Annotated[
    Path, typer.Option("--data", envvar="STUDIO_DATA_DIR", help="Directory that holds everything the studio keeps.")
]
DatabaseUrlOption = Annotated[
    str | None,
    typer.Option(envvar="STUDIO_DATABASE_URL", help="A PostgreSQL of your own; without it an embedded one is used."),
]
KafkaOption = Annotated[
    str | None,
    typer.Option(envvar="STUDIO_KAFKA_BOOTSTRAP", help="A Kafka of your own (host:port); without it an embedded one."),
]
UserOption = Annotated[str, typer.Option(help="Name of the user to act as.")]
NameArgument = Annotated[str, typer.Argument(help="The user's name, address or id.")]
ConsumerOption = Annotated[
    str, typer.Option(help="Who could not handle it: a projection group, or message-relay for a message to the broker.")
]
AnyConsumerOption = Annotated[str | None, typer.Option("--consumer", help="Only of this consumer; of all without it.")]
PositionArgument = Annotated[int, typer.Argument(min=1, help="Position of the event, as `list` shows it.")]


@app.command()
def up(
    data: DataOption = DEFAULT_DATA_DIRECTORY,
    command_port: Annotated[int, typer.Option(envvar="STUDIO_COMMAND_PORT", help="Port of the command API.")] = 8000,
    query_port: Annotated[int, typer.Option(envvar="STUDIO_QUERY_PORT", help="Port of the query API.")] = 8001,
    database_url: DatabaseUrlOption = None,
    kafka_bootstrap: KafkaOption = None,
    replicas: Annotated[
        list[str] | None, typer.Option(help="PROCESS=NUMBER, for example projector=2; may be repeated.")
    ] = None,
) -> None:
    """Run everything in the foreground until Ctrl-C: database, broker and our processes."""
    from services.studio.process_plan import parse_replicas
    from services.studio.supervisor import UpOptions, run_supervisor

    with _plain_errors():
        options = UpOptions(
            data_directory=data,
            command_port=command_port,
            query_port=query_port,
            database_url=database_url,
            kafka_bootstrap=kafka_bootstrap,
            replicas=parse_replicas(replicas or []),
        )
        run_supervisor(options)


@app.command()
def down(data: DataOption = DEFAULT_DATA_DIRECTORY) -> None:
    """Stop a `studio up` that runs in another terminal, and wait until everything has ended."""
    from services.studio.shutdown import shut_down

    with _plain_errors():
        typer.echo(shut_down(_installation(data)))


@app.command()
def status(data: DataOption = DEFAULT_DATA_DIRECTORY) -> None:
    """Show every process; exit code 0 only if all are ready."""
    from services.studio.status import show_status

    with _plain_errors():
        if not show_status(_installation(data), Console()):
            raise typer.Exit(1)


@app.command()
def logs(
    process: Annotated[str | None, typer.Argument(help="Only this process; all without it.")] = None,
    data: DataOption = DEFAULT_DATA_DIRECTORY,
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on showing what is written.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="How many of the last lines.")] = 50,
) -> None:
    """Show the log of one process or of all, merged by time."""
    from services.studio.log_reader import show_logs

    with _plain_errors():
        show_logs(_installation(data), Console(), process=process, follow=follow, lines=lines)


@app.command()
def doctor(
    data: DataOption = DEFAULT_DATA_DIRECTORY,
    command_port: Annotated[int, typer.Option(envvar="STUDIO_COMMAND_PORT")] = 8000,
    query_port: Annotated[int, typer.Option(envvar="STUDIO_QUERY_PORT")] = 8001,
) -> None:
    """Check this machine and this installation, and say how to fix what is wrong; exit code 1 if something is."""
    from services.studio.doctor import examine

    with _plain_errors():
        if not examine(_installation(data), command_port=command_port, query_port=query_port, console=Console()):
            raise typer.Exit(1)


@app.command()
def token(
    user: UserOption = "founder",
    data: DataOption = DEFAULT_DATA_DIRECTORY,
) -> None:
    """Print a bearer token of a user of the running studio, for a program; it counts for 30 days."""
    from services.studio.users import program_token

    with _plain_errors():
        typer.echo(program_token(_installation(data), user))


@app.command()
def demo(
    user: UserOption = "founder",
    data: DataOption = DEFAULT_DATA_DIRECTORY,
) -> None:
    """Tell two stories, English and 中文, from an idea to a finished foundation, and print every event."""
    from services.studio.demo import run_demo
    from services.studio.ports import LOOPBACK
    from services.studio.users import program_token

    with _plain_errors():
        installation = _installation(data)
        running = installation.require_running()
        token = program_token(installation, user)
        command_url, query_url = (f"http://{LOOPBACK}:{p}" for p in (running.command_port, running.query_port))
        run_demo(command_url, query_url, token, Console())


@app.command()
def run(
    process: Annotated[str, typer.Argument(help="command_api, query_api, message_relay, projector or task_worker.")],
    data: DataOption = DEFAULT_DATA_DIRECTORY,
) -> None:
    """Run one more process in the foreground, against the running studio or the STUDIO_ settings."""
    from services.studio.single_process import become_process

    with _plain_errors():
        become_process(process, _installation(data))


@prompts.callback()
def list_known_prompts(context: typer.Context) -> None:
    """List the prompts that text models are given, with version and checksum."""
    from services.studio.prompts import list_prompts

    if context.invoked_subcommand is None:
        list_prompts(Console())


@prompts.command("show")
def show_known_prompt(
    name: Annotated[str, typer.Argument(help="Name of the prompt, as `studio prompts` shows it.")],
) -> None:
    """Print one prompt as it is written."""
    from services.studio.prompts import show_prompt

    with _plain_errors():
        show_prompt(name, Console())


@app.command()
def migrate(data: DataOption = DEFAULT_DATA_DIRECTORY, database_url: DatabaseUrlOption = None) -> None:
    """Bring the database's tables up to date."""
    from services.studio.crash_point import arm_crash_point
    from services.studio.database import migrate_database, require_database

    with _plain_errors():
        arm_crash_point()
        url = database_url or _installation(data).require_running().database_url
        require_database(url)
        migrate_database(url)
        typer.echo("The database is up to date.")


@dead_letters.command("list")
def list_dead_letters(
    consumer: AnyConsumerOption = None,
    scope: Annotated[str | None, typer.Option(help="Only of this scope; of all without it.")] = None,
    user: UserOption = "founder",
    data: DataOption = DEFAULT_DATA_DIRECTORY,
) -> None:
    """Show each parked scope: what could not be handled, why, and how many wait behind it."""
    from services.studio.dead_letters import list_parked, operating

    with _plain_errors(), operating(_installation(data), user) as apis:
        list_parked(apis, Console(), consumer=consumer, scope_id=scope)


@dead_letters.command("show")
def show_dead_letter(
    position: PositionArgument,
    consumer: ConsumerOption = "core",
    user: UserOption = "founder",
    data: DataOption = DEFAULT_DATA_DIRECTORY,
) -> None:
    """Show a parked event in full, and what waits behind it."""
    from services.studio.dead_letters import operating, show_parked

    with _plain_errors(), operating(_installation(data), user) as apis:
        show_parked(apis, Console(), consumer, position)


@dead_letters.command("redrive")
def redrive_dead_letters(
    scope: Annotated[str | None, typer.Option(help="The scope to try again.")] = None,
    consumer: AnyConsumerOption = None,
    user: UserOption = "founder",
    data: DataOption = DEFAULT_DATA_DIRECTORY,
    *,
    every: Annotated[bool, typer.Option("--all", help="Try every parked scope again.")] = False,
) -> None:
    """Try again what could not be handled, and then what waits behind it; exit code 1 if something is still refused."""
    from services.studio.dead_letters import operating, redrive_scopes

    if (scope is None) != every:
        raise typer.BadParameter("Name a --scope, or say --all.")
    with _plain_errors(), operating(_installation(data), user) as apis:
        if not redrive_scopes(apis, Console(), consumer=consumer, scope_id=scope):
            raise typer.Exit(1)


@dead_letters.command("skip")
def skip_dead_letter(
    position: PositionArgument,
    consumer: ConsumerOption = "core",
    user: UserOption = "founder",
    data: DataOption = DEFAULT_DATA_DIRECTORY,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Don't ask.")] = False,
) -> None:
    """Give up the effect of an event on one consumer, and go on with what waits behind it."""
    from services.studio.dead_letters import operating, show_parked, skip_parked

    with _plain_errors(), operating(_installation(data), user) as apis:
        if not yes:
            show_parked(apis, Console(), consumer, position)
            typer.confirm(f"Shall {consumer} go on without this event for good?", abort=True)
        if not skip_parked(apis, Console(), consumer, position):
            raise typer.Exit(1)


@users.command("add")
def add_user(
    name: Annotated[str, typer.Argument(help="3 to 20 characters.")],
    email: Annotated[str, typer.Argument(help="What the user logs in with.")],
    data: DataOption = DEFAULT_DATA_DIRECTORY,
    *,
    admin: Annotated[bool, typer.Option("--admin", help="An admin also operates the studio.")] = False,
) -> None:
    """Add a user, and print the password that was made up for them; it is shown this once."""
    from services.studio.users import running_administration

    with _plain_errors(), running_administration(_installation(data)) as administration:
        typer.echo(administration.add(name, email, is_admin=admin)["password"])


@users.command("list")
def list_users(data: DataOption = DEFAULT_DATA_DIRECTORY) -> None:
    """Show every user."""
    from services.studio.users import running_administration, show_users

    with _plain_errors(), running_administration(_installation(data)) as administration:
        show_users(administration, Console())


@users.command("disable")
def disable_user(name: NameArgument, data: DataOption = DEFAULT_DATA_DIRECTORY) -> None:
    """Lock a user out: no login, and every session and stream ends within seconds."""
    _do_to_user(data, name, "disable")


@users.command("enable")
def enable_user(name: NameArgument, data: DataOption = DEFAULT_DATA_DIRECTORY) -> None:
    """Let a user log in again."""
    _do_to_user(data, name, "enable")


@users.command("reset")
def reset_user(name: NameArgument, data: DataOption = DEFAULT_DATA_DIRECTORY) -> None:
    """End a user's sessions, and print a new password; it is shown this once."""
    from services.studio.users import running_administration

    with _plain_errors(), running_administration(_installation(data)) as administration:
        typer.echo(administration.post(administration.find(name), "reset-password")["password"])


def _do_to_user(data: Path, name: str, action: str) -> None:
    from services.studio.users import running_administration

    with _plain_errors(), running_administration(_installation(data)) as administration:
        administration.post(administration.find(name), action)


@app.command()
def chaos(
    faults: Annotated[list[str] | None, typer.Argument(help="Which faults; all without any.")] = None,
    *,
    seeds: Annotated[int | None, typer.Option(min=1, help="With how many seeds, one after the other.")] = None,
    seed: Annotated[int | None, typer.Option(help="The first seed, 1 without it; on its own the only one.")] = None,
    report: Annotated[
        Path | None, typer.Option(help="The JSON to write, or to add to; the page faults.md is made beside it.")
    ] = None,
    workload: Annotated[
        str, typer.Option(help="What clients do meanwhile, package.module:name.")
    ] = "services.studio.chaos.genesis_work:WORKLOAD",
    minutes: Annotated[float, typer.Option(min=0.5, help="How long `soak` lasts.")] = 10.0,
    list_all: Annotated[bool, typer.Option("--list", help="Name every fault and end.")] = False,
) -> None:
    """Break a studio of its own in every known way, and check that nothing is lost or doubled; exit code 1 if it is."""
    from services.studio.chaos.command import break_studio, list_faults

    with _plain_errors():
        if list_all:
            list_faults(Console())
            return
        first, count = seed or 1, seeds or (CHAOS_SEEDS if seed is None else 1)
        if not break_studio(
            faults or [],
            seeds=range(first, first + count),
            workload_name=workload,
            soak_minutes=minutes,
            report_path=report,
            console=Console(),
        ):
            raise typer.Exit(1)


@app.command()
def rebuild(
    projections: Annotated[list[str] | None, typer.Argument(help="Only these; all without any.")] = None,
    data: DataOption = DEFAULT_DATA_DIRECTORY,
    database_url: DatabaseUrlOption = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes that fill; as many as cores without it.")
    ] = None,
    *,
    accept_differences: Annotated[
        bool, typer.Option("--accept-differences", help="Swap although rows differ from the live ones.")
    ] = False,
    status: Annotated[bool, typer.Option("--status", help="Only show how far a rebuild is.")] = False,
    pause: Annotated[bool, typer.Option("--pause", help="Stop a rebuild that runs in another terminal.")] = False,
    cancel: Annotated[bool, typer.Option("--cancel", help="Give a rebuild up and remove what it has made.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Put the tables back that the last rebuild replaced.")] = False,
    drop: Annotated[bool, typer.Option("--drop", help="Drop the tables that the last rebuild replaced.")] = False,
) -> None:
    """Make read models anew from the events, beside live traffic, compare them, and swap them in; Ctrl-C pauses."""
    from services.studio.crash_point import arm_crash_point
    from services.studio.database import require_database
    from services.studio.rebuild import run_rebuild, take_step

    with _plain_errors():
        arm_crash_point()
        url = database_url or _installation(data).require_running().database_url
        require_database(url)
        step = _only_one(status=status, pause=pause, cancel=cancel, undo=undo, drop=drop)
        if step is not None:
            take_step(url, Console(), step)
        elif not run_rebuild(
            url,
            Console(),
            projections or [],
            workers=workers or os.cpu_count() or 1,
            accept_differences=accept_differences,
        ):
            raise typer.Exit(1)


def _only_one(**asked: bool) -> str | None:
    """The one option that was given, if any was. Raises StudioError for several."""
    given = [name for name, is_given in asked.items() if is_given]
    if len(given) > 1:
        raise StudioError(
            f"--{' and --'.join(given)} can't be had together.", remedy="Give one of them, and see what it says."
        )
    return given[0] if given else None


def _installation(data: Path) -> Installation:
    return Installation(data.expanduser().resolve())


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except StudioError as error:
        _complain(error.sentence, error.remedy)
        raise typer.Exit(1) from None
    except OSError as error:
        _complain(f"The system refused: {error}.", "`studio doctor` checks disk, permissions and ports.")
        raise typer.Exit(1) from None


def _complain(sentence: str, remedy: str) -> None:
    Console(stderr=True).print(f"{sentence}\n→ {remedy}", style="red", markup=False, highlight=False)


if __name__ == "__main__":
    app()
