"""Downloading pinned jars from Maven Central (or a mirror), several at a time, each verified before it is moved in."""

import os
import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeAlias

from jgo.maven import MavenContext, PythonResolver
from requests import RequestException
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from services.studio.errors import StudioError
from services.studio.kafka_jars import PinnedJar, cancelled_start, sha256_of

PARALLEL_DOWNLOADS: Final = 8
DOWNLOAD_ATTEMPTS: Final = 3
DOWNLOAD_TIMEOUT_SECONDS: Final = 30
UNFINISHED_PREFIX: Final = ".download-"
MIRROR_VARIABLE: Final = "STUDIO_MAVEN_REPOSITORY"

Advance: TypeAlias = Callable[[int], None]


def download_jars(jars: Sequence[PinnedJar], directory: Path, console: Console, cancelled: threading.Event) -> None:
    """Bring every jar into `directory`, whole and verified, with a progress bar on the console.

    Raises StudioError for the first that fails, or soon after `cancelled` is set.
    """
    for left_behind in directory.glob(f"{UNFINISHED_PREFIX}*"):  # by a process killed while downloading
        shutil.rmtree(left_behind)
    with _progress_bar(jars, console, cancelled) as advance, ThreadPoolExecutor(PARALLEL_DOWNLOADS) as threads:
        running = [threads.submit(_download, jar, directory, advance) for jar in jars]
        try:
            for download in running:
                download.result()
        except BaseException:
            threads.shutdown(cancel_futures=True)  # or the first failure would wait for all the others
            raise


@contextmanager
def _progress_bar(jars: Sequence[PinnedJar], console: Console, cancelled: threading.Event) -> Iterator[Advance]:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("Downloading Apache Kafka (once)", total=sum(jar.size for jar in jars))

        def advance(byte_count: int) -> None:
            if cancelled.is_set():
                raise cancelled_start()
            progress.advance(task, byte_count)

        yield advance


def _download(jar: PinnedJar, directory: Path, advance: Advance) -> None:
    # A repository directory for each attempt: the library would take a file cut short for a finished one.
    with tempfile.TemporaryDirectory(dir=directory, prefix=UNFINISHED_PREFIX) as unfinished:
        downloaded = _fetch_with_retries(jar, Path(unfinished), advance)
        found = sha256_of(downloaded)
        if found != jar.sha256:
            raise StudioError(
                f"The file received for {jar.coordinate} is not the pinned one (SHA-256 {found}); it was thrown away.",
                remedy=f"Try again; if it stays so, a proxy or mirror alters files (see {MIRROR_VARIABLE}).",
            )
        downloaded.replace(directory / jar.file_name)


def _fetch_with_retries(jar: PinnedJar, directory: Path, advance: Advance) -> Path:
    for attempt in range(1, DOWNLOAD_ATTEMPTS + 1):
        try:
            return _fetch(jar, directory / str(attempt), advance)
        except (RequestException, RuntimeError) as error:
            if attempt == DOWNLOAD_ATTEMPTS:
                raise StudioError(
                    f"{jar.coordinate} could not be downloaded: {error}.",
                    remedy="Check the network and proxy settings, name a mirror of Maven Central in "
                    f"{MIRROR_VARIABLE}, or use a Kafka of your own with --kafka-bootstrap.",
                ) from error
            time.sleep(attempt)
    raise AssertionError("unreachable: the last attempt returns or raises")


def _fetch(jar: PinnedJar, repository_directory: Path, advance: Advance) -> Path:
    mirror = os.environ.get(MIRROR_VARIABLE)
    context = MavenContext(
        resolver=PythonResolver(progress_callback=lambda _name, _size: _reporting_to(advance)),
        repo_cache=repository_directory,
        remote_repos={"mirror": mirror.rstrip("/")} if mirror else None,
        timeout=DOWNLOAD_TIMEOUT_SECONDS,
    )
    group, artifact, version = jar.coordinate.split(":")
    return Path(context.project(group, artifact).at_version(version).artifact().resolve())


@contextmanager
def _reporting_to(advance: Advance) -> Iterator[Advance]:
    yield advance
