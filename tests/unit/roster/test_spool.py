"""A spooled package reads as the file it was, at any place, and only with the district's key."""

import io
import os
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.events.keys import Keyring
from waymark.events.sqlite.database import Database
from waymark.events.sqlite.keys import SECURE, SqliteKeys
from waymark.roster.importing.package_id import digest_of, import_id
from waymark.roster.importing.spool import Spool

READS = st.lists(st.tuples(st.integers(0, 2), st.integers(-400, 400), st.integers(0, 300)), max_size=12)


@pytest.fixture(scope="module")
def spool(tmp_path_factory: pytest.TempPathFactory) -> Spool:
    folder = tmp_path_factory.mktemp("spool")
    return Spool(folder / "packages", Keyring(SqliteKeys(Database(folder / "keys.db", "NORMAL", SECURE), bytes(32))))


@given(content=st.binary(max_size=300), cut=st.integers(1, 100), reads=READS)
def test_it_reads_as_the_file_that_was_sent(spool: Spool, content: bytes, cut: int, reads: list[tuple[int, int, int]]) -> None:
    blocks = [content[at : at + cut] for at in range(0, len(content), cut)]
    spooled = spool.receive(blocks, "river", dry_run=False)
    assert (spooled.digest, spooled.size) == digest_of(io.BytesIO(content))
    with spool.open("river", spooled.id) as sealed:
        plain = io.BytesIO(content)
        assert sealed.read() == plain.read()
        for whence, offset, size in reads:
            origin = (0, plain.tell(), len(content))[whence]
            if origin + offset >= 0:
                assert sealed.seek(offset, whence) == plain.seek(origin + offset)
                assert sealed.read(size) == plain.read(size)


def test_a_dry_run_is_kept_apart_from_the_package_itself(spool: Spool) -> None:
    kept = {spool.receive([b"PK"], district, dry_run=dry).id for district in ("a", "b") for dry in (True, False)}
    assert len(kept) == 4
    assert import_id("a", spool.receive([b"PK"], "a", dry_run=False).digest, dry_run=False) in kept


def test_a_broken_upload_leaves_nothing(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "packages", Keyring(SqliteKeys(Database(tmp_path / "keys.db", "NORMAL", SECURE), bytes(32))))

    def broken():
        yield b"PK"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        spool.receive(broken(), "river", dry_run=False)
    assert spool.waiting() == []
    assert list((tmp_path / "packages" / "river").iterdir()) == []


def test_what_nobody_asked_for_in_days_is_removed(tmp_path: Path) -> None:
    spool = Spool(tmp_path / "packages", Keyring(SqliteKeys(Database(tmp_path / "keys.db", "NORMAL", SECURE), bytes(32))))
    old, new = (spool.receive([each], "river", dry_run=False).id for each in (b"PK1", b"PK2"))
    long_ago = time.time() - 8 * 86_400
    os.utime(tmp_path / "packages" / "river" / f"{old}.package", (long_ago, long_ago))
    assert spool.waiting() == [("river", new)]
    assert not spool.holds("river", old)
