"""The prompts that text models are given: which there are, in which version, and what they say."""

from difflib import get_close_matches

from rich.console import Console
from rich.table import Table

from services.contexts.genesis.prompting import prompt_files
from services.studio.errors import StudioError

SHA_LENGTH_SHOWN = 12


def list_prompts(console: Console) -> None:
    """A line for each."""
    table = Table("name", "version", "sha", "what it is for", box=None, pad_edge=False)
    for name, file in prompt_files().items():
        table.add_row(name, file.version, file.sha[:SHA_LENGTH_SHOWN], file.purpose)
    console.print(table)


def show_prompt(name: str, console: Console) -> None:
    """One of them, as it is written. Raises StudioError."""
    files = prompt_files()
    if name not in files:
        near = ", ".join(get_close_matches(name, files, n=3)) or "any that `studio prompts` lists"
        raise StudioError(f"There is no prompt {name}.", remedy=f"Try {near}.")
    console.print(files[name].text, end="", markup=False, highlight=False, soft_wrap=True)
