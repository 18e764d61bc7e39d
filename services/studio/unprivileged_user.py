"""Running PostgreSQL when we are root: it refuses to, so it gets a system user of its own."""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypedDict

from services.studio.errors import StudioError

USER_NAME = "genesis-studio-postgres"


class SubprocessIdentity(TypedDict, total=False):
    """Keyword arguments for `subprocess` that choose whom a program runs as."""

    user: int
    group: int
    extra_groups: list[int]
    cwd: str


@dataclass(frozen=True, slots=True)
class UnprivilegedUser:
    """Whom to run a program as. Without an account (the usual case, we are not root) every method does nothing."""

    account: tuple[int, int] | None  # uid, gid

    @classmethod
    def needed_for_postgres(cls, cluster: Path) -> Self:
        """Whom to start PostgreSQL as: ourselves, or when we are root the cluster's owner or an account made for it."""
        if os.geteuid() != 0:
            return cls(None)
        if cluster.exists() and cluster.stat().st_uid != 0:
            return cls((cluster.stat().st_uid, cluster.stat().st_gid))
        account = _system_account()
        return cls((account.pw_uid, account.pw_gid))

    def for_subprocess(self) -> SubprocessIdentity:
        """What to add to a `subprocess` call."""
        if self.account is None:
            return {}
        # "/" because the new user may not be able to enter root's working directory.
        uid, gid = self.account
        return {"user": uid, "group": gid, "extra_groups": [], "cwd": "/"}

    def own(self, path: Path) -> None:
        """Give a directory to the user."""
        if self.account is not None:
            os.chown(path, *self.account)

    def open_path_to(self, path: Path) -> None:
        """Let the user pass through (not list) the directories above and at `path`."""
        if self.account is None:
            return
        for directory in [path, *path.parents]:
            mode = directory.stat().st_mode
            if not mode & stat.S_IXOTH:
                directory.chmod(stat.S_IMODE(mode) | stat.S_IXOTH)

    @contextmanager
    def readable_copy(self, path: Path) -> Iterator[Path]:
        """A private file's path that the user can read; for another user a short-lived copy that it owns."""
        if self.account is None:
            yield path
            return
        with tempfile.NamedTemporaryFile(dir=path.parent) as copy:
            copy.write(path.read_bytes())
            copy.flush()
            self.own(Path(copy.name))
            yield Path(copy.name)


def _system_account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(USER_NAME)
    except KeyError:
        _create_system_account()
        return pwd.getpwnam(USER_NAME)


def _create_system_account() -> None:
    useradd = shutil.which("useradd", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    command = [useradd, "--system", "--no-create-home", "--shell", "/bin/false", USER_NAME] if useradd else None
    if command is None or subprocess.run(command, capture_output=True, check=False).returncode not in {0, 9}:
        raise StudioError(
            "PostgreSQL refuses to run as root, and no system user could be made for it.",
            remedy="Run the studio as an ordinary user.",
        )
