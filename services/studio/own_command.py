"""How to type another `studio` command so that it works in another terminal."""

import os
import shutil
import sys
from pathlib import Path

from services.studio.installation import DEFAULT_DATA_DIRECTORY


def own_command(subcommand: str, data_directory: Path) -> str:
    """`studio token`, with the path of the program and the data directory where they are not the usual ones."""
    usual = data_directory.resolve() == DEFAULT_DATA_DIRECTORY.resolve()
    return f"{_program()} {subcommand}" if usual else f"{_program()} {subcommand} --data {data_directory}"


def _program() -> str:
    beside_python = Path(sys.executable).with_name("studio")
    if shutil.which("studio") or not beside_python.exists():
        return "studio"
    # `make up` runs it from a virtual environment that the user's other terminal has not activated.
    return os.path.relpath(beside_python) if beside_python.is_relative_to(Path.cwd()) else str(beside_python)
