"""The rules of `make audit`: what fails, what is let pass and for how long, and what nobody has looked at."""

from datetime import date, timedelta
from typing import Any

import pytest

from tools.audit import (
    EXCEPTIONS,
    Granted,
    Report,
    WrongExceptions,
    judge_exceptions,
    judge_report,
    read_exceptions,
)

TODAY = date(2026, 6, 1)
GRANTED = Granted(package="salt", id="CVE-1", reason="It is not called.", until=TODAY)
LOCK = "some.lock"


def report(*packages: dict[str, Any]) -> Report:
    return Report.model_validate({"dependencies": packages, "fixes": []})


def vulnerable(*aliases: str, name: str = "salt") -> dict[str, Any]:
    found = {"id": "PYSEC-1", "aliases": aliases, "fix_versions": ["2.0"], "description": "long"}
    return {"name": name, "version": "1.0", "vulns": [found]}


def test_a_vulnerability_without_an_exception_fails_and_says_where_it_is_mended() -> None:
    verdict = judge_report(LOCK, report(vulnerable()), [])
    assert verdict.failures == ("salt 1.0: PYSEC-1, mended in 2.0",)


def test_an_exception_counts_by_any_name_of_the_vulnerability_and_is_remarked() -> None:
    verdict = judge_report(LOCK, report(vulnerable("GHSA-1", "CVE-1")), [GRANTED])
    assert verdict.failures == ()
    assert verdict.remarks[0] == "salt 1.0: PYSEC-1, let pass until 2026-06-01: It is not called."


def test_an_exception_is_for_one_package_and_one_vulnerability() -> None:
    assert judge_report(LOCK, report(vulnerable("CVE-1", name="sea")), [GRANTED]).failures
    assert judge_report(LOCK, report(vulnerable("CVE-2")), [GRANTED]).failures


@pytest.mark.parametrize(("days", "fails"), [(-1, False), (0, False), (1, True)])
def test_an_exception_ends_after_its_last_day_whether_or_not_it_is_needed(days: int, *, fails: bool) -> None:
    verdict = judge_exceptions([GRANTED], TODAY + timedelta(days=days))
    assert verdict.failures == (("salt: the exception for CVE-1 ended on 2026-06-01",) if fails else ())


def test_what_nobody_has_looked_at_is_not_called_audited() -> None:
    verdict = judge_report(LOCK, report({"name": "salt", "skip_reason": "not found"}, {"name": "sea"}), [])
    assert verdict.failures == ()
    assert verdict.remarks == ("some.lock: 1 of 2 packages audited. NOT AUDITED are 1, for instance: not found",)


def test_a_lock_that_was_audited_says_so() -> None:
    assert judge_report(LOCK, report({"name": "sea"}), []).remarks == ("some.lock: 1 packages audited.",)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("", "until"),
        ("until = 2026-06-01\nreason = ' '", "reason"),
        ("until = 'soon'", "until"),
        ("until = 2026-06-01\nforever = true", "forever"),
        ("until = ", "value"),
    ],
)
def test_an_exception_has_a_reason_and_an_end(line: str, named: str) -> None:
    reason = "" if "reason" in line else "reason = 'why'\n"
    with pytest.raises(WrongExceptions, match=named):
        read_exceptions(f"[[exceptions]]\npackage = 'salt'\nid = 'CVE-1'\n{reason}{line}")


def test_the_exceptions_that_are_granted_can_be_read() -> None:
    read_exceptions(EXCEPTIONS.read_text())
