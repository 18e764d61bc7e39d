"""`make audit`: known vulnerabilities of every pinned package, against the exceptions that were granted.

Fails on a vulnerability without an exception and on an exception past its end. Where the vulnerability service does not
answer, or does not know the packages, that is said and nothing fails: whoever is offline has been told nothing new.
"""

import subprocess
import sys
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.lock", "requirements-dev.lock")
EXCEPTIONS = ROOT / "docs" / "audit_exceptions.toml"
SECONDS_MAX = 300

_Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Granted(BaseModel):
    """A vulnerability that is let pass until a day, that day included."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    package: _Text
    id: _Text
    reason: _Text
    until: date


class Exceptions(BaseModel):
    """The file of exceptions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    exceptions: tuple[Granted, ...]


class Vulnerability(BaseModel):
    """One that was found; `aliases` are its names elsewhere."""

    id: str
    aliases: tuple[str, ...] = ()
    fix_versions: tuple[str, ...] = ()


class Audited(BaseModel):
    """A package in pip-audit's report; with a `skip_reason` nobody has looked at it."""

    name: str
    version: str = ""
    skip_reason: str | None = None
    vulns: tuple[Vulnerability, ...] = ()


class Report(BaseModel):
    """What pip-audit says of a lock."""

    dependencies: tuple[Audited, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is wrong, and what else is to be known."""

    failures: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


class WrongExceptions(ValueError):
    """A file of exceptions that cannot be read; the text names the field."""


class Unanswered(Exception):
    """The audit could not be made; the text says why."""


def main() -> None:
    """Audits every lock; exits with 1 when something is wrong."""
    granted = read_exceptions(EXCEPTIONS.read_text())
    verdicts = [judge_exceptions(granted, datetime.now(UTC).date()), *(_audited(lock, granted) for lock in LOCKS)]
    for remark in _once(remark for verdict in verdicts for remark in verdict.remarks):
        print(remark)
    failures = _once(failure for verdict in verdicts for failure in verdict.failures)
    if failures:
        sys.exit("\n".join(failures))


def read_exceptions(text: str) -> tuple[Granted, ...]:
    """Raises WrongExceptions."""
    try:
        return Exceptions.model_validate(tomllib.loads(text)).exceptions
    except tomllib.TOMLDecodeError as error:
        raise WrongExceptions(str(error)) from None
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors()]
        raise WrongExceptions("; ".join(wrong)) from None


def judge_exceptions(granted: Iterable[Granted], today: date) -> Verdict:
    """Those past their end fail."""
    past = [f"{one.package}: the exception for {one.id} ended on {one.until}" for one in granted if one.until < today]
    return Verdict(failures=tuple(past))


def judge_report(lock: str, report: Report, granted: Iterable[Granted]) -> Verdict:
    """Vulnerabilities without an exception fail; that a package was not looked at is remarked."""
    known = {(one.package, one.id): one for one in granted}
    failures, remarks = [], []
    for package in report.dependencies:
        for found in package.vulns:
            names = (found.id, *found.aliases)
            exception = next((known[package.name, name] for name in names if (package.name, name) in known), None)
            said = f"{package.name} {package.version}: {found.id}"
            if exception is None:
                failures.append(f"{said}, mended in {', '.join(found.fix_versions) or 'no version yet'}")
            else:
                remarks.append(f"{said}, let pass until {exception.until}: {exception.reason}")
    return Verdict(tuple(failures), (*remarks, _coverage(lock, report)))


def _coverage(lock: str, report: Report) -> str:
    skipped = [package for package in report.dependencies if package.skip_reason is not None]
    total = len(report.dependencies)
    if not skipped:
        return f"{lock}: {total} packages audited."
    audited = f"{total - len(skipped)} of {total} packages audited"
    return f"{lock}: {audited}. NOT AUDITED are {len(skipped)}, for instance: {skipped[0].skip_reason}"


def _audited(lock: str, granted: Sequence[Granted]) -> Verdict:
    try:
        return judge_report(lock, _report(ROOT / lock), granted)
    except Unanswered as error:
        return Verdict(remarks=(f"{lock}: NOT AUDITED: {error}",))


def _report(lock: Path) -> Report:
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--requirement", str(lock)]
    try:
        ended = subprocess.run(
            [*command, "--format", "json", "--progress-spinner", "off"],
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS_MAX,
        )
        return Report.model_validate_json(ended.stdout)
    except subprocess.TimeoutExpired:
        raise Unanswered(f"no answer in {SECONDS_MAX} s") from None
    except ValidationError:
        # Its report is all or nothing: without one, the last line says what happened.
        raise Unanswered((ended.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1]) from None


def _once(lines: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(lines))


if __name__ == "__main__":
    main()
