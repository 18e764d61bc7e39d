"""`make audit`: known vulnerabilities of every pinned package, Python's and npm's, against the exceptions granted.

Fails on a vulnerability without an exception and on an exception past its end. Where the vulnerability service does not
answer, or does not know the packages, that is said and nothing fails: whoever is offline has been told nothing new.
"""

import argparse
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from tools.typescript import PACKAGE, npm

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
    """One that was found; `aliases` are its names elsewhere. Known is where it is mended, or which versions have it."""

    id: str
    aliases: tuple[str, ...] = ()
    fix_versions: tuple[str, ...] = ()
    versions: str = ""

    @property
    def cure(self) -> str:
        """Where there is none of it."""
        if self.versions:
            return f"of versions {self.versions}"
        return f"mended in {', '.join(self.fix_versions) or 'no version yet'}"


class Audited(BaseModel):
    """A package in a report; with a `skip_reason` nobody has looked at it."""

    name: str
    version: str = ""
    skip_reason: str | None = None
    vulns: tuple[Vulnerability, ...] = ()


class Report(BaseModel):
    """What is said of a lock: pip-audit's own form."""

    dependencies: tuple[Audited, ...]


class NpmPackage(BaseModel):
    """A package in npm's lock; the root has no version that counts."""

    version: str = ""


class NpmLock(BaseModel):
    """Packages by the folder that they are installed in."""

    packages: Mapping[str, NpmPackage]


class NpmAdvisory(BaseModel):
    """A vulnerability as npm reports it."""

    url: str
    range: str


class NpmVulnerable(BaseModel):
    """A package with vulnerabilities of its own, or by way of others, which are named."""

    nodes: tuple[str, ...]
    via: tuple[NpmAdvisory | str, ...]


class NpmReport(BaseModel):
    """What npm says of a lock."""

    vulnerabilities: Mapping[str, NpmVulnerable]


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
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds-max", type=float, default=SECONDS_MAX, help="how long to wait for an answer")
    seconds_max = parser.parse_args().seconds_max
    granted = read_exceptions(EXCEPTIONS.read_text())
    reports: dict[Path, Callable[[Path, float], Report]] = {ROOT / lock: python_report for lock in LOCKS}
    reports[PACKAGE / "package-lock.json"] = npm_report
    with ThreadPoolExecutor(len(reports)) as pool:
        audited = pool.map(lambda lock: audit(lock, reports[lock], granted, seconds_max), reports)
        verdicts = [judge_exceptions(granted, datetime.now(UTC).date()), *audited]
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
                failures.append(f"{said}, {found.cure}")
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


def audit(
    lock: Path, report: Callable[[Path, float], Report], granted: Sequence[Granted], seconds_max: float
) -> Verdict:
    """What is known of a lock."""
    try:
        return judge_report(lock.name, report(lock, seconds_max), granted)
    except subprocess.TimeoutExpired:
        return Verdict(remarks=(f"{lock.name}: NOT AUDITED: no answer in {seconds_max:g} s",))
    except Unanswered as error:
        return Verdict(remarks=(f"{lock.name}: NOT AUDITED: {error}",))


def python_report(lock: Path, seconds_max: float) -> Report:
    """Raises Unanswered or TimeoutExpired."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", "--requirement", str(lock)]
    ended = subprocess.run(
        [*command, "--format", "json", "--progress-spinner", "off"],
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds_max,
    )
    try:
        return Report.model_validate_json(ended.stdout)
    except ValidationError:
        # Its report is all or nothing: without one, the last line says what happened.
        raise Unanswered((ended.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1]) from None


def npm_report(lock: Path, seconds_max: float) -> Report:
    """Raises Unanswered or TimeoutExpired."""
    ended = npm(lock.parent, "audit", "--json", "--package-lock-only", seconds_max=seconds_max)
    try:
        found = NpmReport.model_validate_json(ended.stdout).vulnerabilities.values()
    except ValidationError:
        said = [line for line in ended.stderr.splitlines() if line.startswith("npm warn audit")]
        raise Unanswered((said or ["npm said nothing"])[0].removeprefix("npm warn ")) from None
    installed = NpmLock.model_validate_json(lock.read_text()).packages
    return Report(
        dependencies=tuple(
            Audited(
                name=folder.rpartition("node_modules/")[2],
                version=package.version,
                vulns=tuple(_advisories(one for one in found if folder in one.nodes)),
            )
            for folder, package in installed.items()
            if folder
        )
    )


def _advisories(found: Iterable[NpmVulnerable]) -> Iterable[Vulnerability]:
    """Each counts for the package that has it; that others come with that package says nothing new."""
    for vulnerable in found:
        for advisory in vulnerable.via:
            if isinstance(advisory, NpmAdvisory):
                yield Vulnerability(id=advisory.url.rpartition("/")[2], versions=advisory.range)


def _once(lines: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(lines))


if __name__ == "__main__":
    main()
