"""Months of wrapping keys: which one a moment is in, and when one is over for everybody."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from waymark.events.wrapping import KEY_BYTES, master_key, month, over

MONTHS = [(year, number) for year in (2026, 2027) for number in range(1, 13)]


@pytest.mark.parametrize("year,number", MONTHS)
def test_a_month_is_over_a_day_after_the_next_one_has_begun(year: int, number: int) -> None:
    name = f"{year}-{number:02}"
    begun_next = datetime(*((year + 1, 1) if number == 12 else (year, number + 1)), day=1, tzinfo=UTC)
    assert not over(name, begun_next)
    assert not over(name, begun_next + timedelta(days=1))
    assert over(name, begun_next + timedelta(days=1, microseconds=1))


def test_a_moment_is_in_its_month_by_utc() -> None:
    west = timezone(timedelta(hours=-8))
    assert month(datetime(2026, 11, 30, 20, 0, tzinfo=west)) == "2026-12"
    assert month(datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)) == "2026-11"


def test_the_master_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master"
    with pytest.raises(FileNotFoundError):
        master_key(path, create=False)
    made = master_key(path, create=True)
    assert len(made) == KEY_BYTES
    assert path.stat().st_mode & 0o777 == 0o600
    assert master_key(path, create=True) == made == master_key(path, create=False)


@pytest.mark.parametrize("text", ["", "00" * (KEY_BYTES - 1), "00" * (KEY_BYTES + 1), "zz" * KEY_BYTES])
def test_a_file_that_holds_no_master_key_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "master"
    path.write_text(text)
    with pytest.raises(ValueError):
        master_key(path, create=True)
