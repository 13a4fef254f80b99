"""Views on SQLite: a table a view with a column for each declared field, one transaction a batch."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from waymark.events.envelope import district_of
from waymark.events.feed import Checkpoint
from waymark.events.sqlite.database import Database
from waymark.events.standing import Seen, Standing
from waymark.events.views import MAX_FOUND, Change, Found, Held, Parked, Scope, View, check_find, visible

D = TypeVar("D")
_marks = msgspec.msgpack.Decoder(dict[int, int])
_strings = msgspec.msgpack.Decoder(dict[str, int])
_folding = msgspec.msgpack.Decoder(dict[str, list[str]])
_encode = msgspec.msgpack.Encoder().encode
_CHUNK = 500  # ids a question
_HELD = "id, body, marks, parked, revision"


class SqliteViews:
    """`waymark.events.views.Views` in tables `<service>_view_...` of one file."""

    def __init__(self, database: Database, service: str) -> None:
        self._database, self._prefix = database, f"{service}_view_"
        self.seen = Seen(self.standing)
        self._prepared: set[str] = set()
        self._decoders: dict[type[Any], msgspec.msgpack.Decoder[Any]] = {}
        with database.write() as db:
            db.execute(
                f"""CREATE TABLE IF NOT EXISTS {self._prefix}standing (name TEXT PRIMARY KEY, live TEXT, candidate TEXT,
                    previous TEXT, building TEXT, flipped REAL NOT NULL,
                    builds INTEGER NOT NULL, stirred INTEGER NOT NULL)"""
            )
            db.execute(f"CREATE TABLE IF NOT EXISTS {self._prefix}workers (worker TEXT PRIMARY KEY, until REAL NOT NULL, folding BLOB)")
            db.execute(
                f"""CREATE TABLE IF NOT EXISTS {self._prefix}checkpoints (view TEXT, source TEXT, partition INTEGER,
                    sequence INTEGER, offset INTEGER, topic TEXT, at REAL, PRIMARY KEY (view, source, partition)) WITHOUT ROWID"""
            )
            db.execute(
                f"""CREATE TABLE IF NOT EXISTS {self._prefix}parked (view TEXT, stream TEXT, sequence INTEGER, record BLOB,
                    PRIMARY KEY (view, stream, sequence)) WITHOUT ROWID"""
            )

    # ---- a worker's

    def prepare(self, view: View[Any]) -> None:
        table = self._table(view.key)
        columns = "".join(f', "{field}"' for field in view.fields)
        with self._database.write() as db:
            db.execute(
                f"""CREATE TABLE IF NOT EXISTS {table} (id TEXT PRIMARY KEY, district TEXT NOT NULL, revision INTEGER NOT NULL,
                    marks BLOB NOT NULL, parked BLOB NOT NULL, newest INTEGER NOT NULL, body BLOB{columns}) WITHOUT ROWID"""
            )
            for index in view.indexes:
                named = ", ".join(f'"{field}"' for field in index)
                db.execute(f"CREATE INDEX IF NOT EXISTS {table}__{'_'.join(index)} ON {table} (district, {named}, id)")
        self._prepared.add(view.key)

    def standing(self, name: str) -> Standing:
        return self._standing(self._database.read(), name)

    def live(self, name: str) -> str | None:
        return self.standing(name).live

    def begin(self, view: View[Any]) -> str:
        return str(self._stands(view.name, lambda standing: standing.begun(view.unbuilt)).building)

    def announce(self, name: str, key: str | None) -> None:
        self._stands(name, lambda standing: standing.announced(key))

    def flip(self, name: str, key: str) -> None:
        self._stands(name, lambda standing: standing.flip(key, time.time()))

    def retire(self, name: str) -> None:
        self._stands(name, Standing.retired)

    def stir(self, name: str) -> None:
        self._stands(name, Standing.stirred_again)

    def built(self, name: str) -> Collection[str]:
        rows = self._database.read().execute(
            f"SELECT DISTINCT view FROM {self._prefix}checkpoints WHERE view >= ? AND view < ?", (f"{name}@", f"{name}A")
        )
        return {row[0] for row in rows}

    def drop(self, view: View[Any]) -> None:
        with self._database.write() as db:
            db.execute(f"DROP TABLE IF EXISTS {self._table(view.key)}")
            for table in ("checkpoints", "parked"):
                db.execute(f"DELETE FROM {self._prefix}{table} WHERE view = ?", (view.key,))
        self._prepared.discard(view.key)

    def attend(self, worker: str, folding: Mapping[str, Sequence[str]], seconds: float) -> None:
        now = time.time()
        with self._database.write() as db:
            db.execute(f"DELETE FROM {self._prefix}workers WHERE worker = ? OR until < ?", (worker, now))
            if folding:
                db.execute(f"INSERT INTO {self._prefix}workers VALUES (?, ?, ?)", (worker, now + seconds, _encode(folding)))

    def attending(self, name: str) -> Mapping[str, Sequence[str]]:
        rows = self._database.read().execute(f"SELECT worker, folding FROM {self._prefix}workers WHERE until >= ?", (time.time(),))
        folding = {worker: _folding.decode(views) for worker, views in rows}
        return {worker: views[name] for worker, views in folding.items() if name in views}

    def checkpoints(self, view: View[Any], source: str) -> Mapping[int, Checkpoint]:
        return self._checkpoints(view.key, source)

    def load(self, view: View[D], ids: Collection[str]) -> dict[str, Held[D]]:
        return {row[0]: self._held(view, row) for row in self._rows(self._table(view.key), _HELD, ids)}

    def scan(self, view: View[D], after: str, limit: int) -> Sequence[tuple[str, Held[D]]]:
        rows = self._database.read().execute(
            f"SELECT {_HELD} FROM {self._table(view.key)} WHERE id > ? ORDER BY id LIMIT ?", (after, limit)
        )
        return [(row[0], self._held(view, row)) for row in rows]

    def save(
        self, view: View[D], source: str, changes: Sequence[Change[D]], parked: Sequence[Parked], checkpoints: Mapping[int, Checkpoint]
    ) -> set[str]:
        try:
            with self._database.write() as db:
                self._save_documents(db, view, changes)
                for each in parked:
                    db.execute(
                        f"INSERT OR REPLACE INTO {self._prefix}parked VALUES (?, ?, ?, ?)",
                        (view.key, each.stream, each.sequence, _encode(each)),
                    )
                self._advance(db, view.key, source, checkpoints)
        except _Lost:
            stored = dict(self._rows(self._table(view.key), "id, revision", [each.id for each in changes]))
            return {each.id for each in changes if stored.get(each.id, 0) != each.revision}
        return set()

    def parked_streams(self, view: View[Any]) -> Mapping[str, int]:
        rows = self._database.read().execute(
            f"SELECT stream, count(*) FROM {self._prefix}parked WHERE view = ? GROUP BY stream", (view.key,)
        )
        return dict(rows.fetchall())

    def parked(self, view: View[Any], stream: str) -> Sequence[Parked]:
        rows = self._database.read().execute(
            f"SELECT record FROM {self._prefix}parked WHERE view = ? AND stream = ? ORDER BY sequence", (view.key, stream)
        )
        return [msgspec.msgpack.decode(row[0], type=Parked) for row in rows]

    def unpark(self, view: View[Any], stream: str, through: int) -> None:
        with self._database.write() as db:
            db.execute(f"DELETE FROM {self._prefix}parked WHERE view = ? AND stream = ? AND sequence <= ?", (view.key, stream, through))

    # ---- an API's

    def get(self, scope: Scope, view: View[D], ids: Collection[str]) -> dict[str, D]:
        table, decode = self._live_table(view), self._decoder(view.document)
        own = [each for each in ids if district_of(each) == scope.district]
        found = ((key, decode.decode(body)) for key, body in self._rows(table, "id, body", own) if body is not None)
        return {key: document for key, document in found if visible(scope, view, document)}

    def find(
        self, scope: Scope, view: View[D], equals: Mapping[str, str | int], order: str | None, after: str | None, limit: int
    ) -> Found[D]:
        check_find(view, equals, order, limit)
        # Without a question the ids' own order answers; the plus keeps SQLite from an index of the district, which it would sort anew.
        plus = "" if equals or order else "+"
        where, values = [f"{plus}district = ?", "body IS NOT NULL"], [scope.district, *equals.values()]
        where += [f'"{field}" = ?' for field in equals]
        sort = f'"{order}", id' if order else "id"
        if after is not None:
            cursor = msgspec.json.decode(after.encode(), type=list[str | int])
            where.append(f"({sort}) > ({', '.join('?' * len(cursor))})")
            values += cursor
        rows = (
            self._database.read()
            .execute(
                f"""SELECT id, body{f', "{order}"' if order else ""} FROM {self._live_table(view)}
                WHERE {" AND ".join(where)} ORDER BY {sort} LIMIT ?""",
                (*values, limit),
            )
            .fetchall()
        )
        decode = self._decoder(view.document)
        documents = [(row[0], decode.decode(row[1])) for row in rows]
        last = rows[-1] if len(rows) == limit else None
        return Found(
            documents=[(key, document) for key, document in documents if visible(scope, view, document)],
            after=None if last is None else msgspec.json.encode([*last[2:], last[0]]).decode(),
        )

    def newer(self, scope: Scope, view: View[D], equals: Mapping[str, str | int], partition: int, sequence: int) -> dict[str, D | None]:
        check_find(view, equals, None, MAX_FOUND)
        where = "".join(f' AND "{field}" = ?' for field in equals)
        rows = self._database.read().execute(
            f"SELECT id, body, marks FROM {self._readable(view)} WHERE district = ? AND newest > ?{where}",
            (scope.district, sequence, *equals.values()),
        )
        decode = self._decoder(view.document)
        found = {
            key: None if body is None else decode.decode(body)
            for key, body, marks in rows
            if _marks.decode(marks).get(partition, -1) > sequence
        }
        return {key: document for key, document in found.items() if document is None or visible(scope, view, document)}

    def reached(self, view: View[Any], source: str) -> Mapping[int, Checkpoint]:
        return self._checkpoints(self._live_key(view), source)

    # ---- inside

    def _table(self, key: str) -> str:
        return self._prefix + re.sub(r"\W", "_", key)

    def _decoder(self, document: type[D]) -> msgspec.msgpack.Decoder[D]:
        if document not in self._decoders:
            self._decoders[document] = msgspec.msgpack.Decoder(document)
        return self._decoders[document]

    def _held(self, view: View[D], row: Any) -> Held[D]:
        _, body, marks, parked, revision = row
        return Held(
            document=None if body is None else self._decoder(view.document).decode(body),
            marks=_marks.decode(marks),
            parked=_strings.decode(parked),
            revision=revision,
        )

    def _standing(self, db: sqlite3.Connection, name: str) -> Standing:
        fields = Standing.__struct_fields__
        row = db.execute(f"SELECT {', '.join(fields)} FROM {self._prefix}standing WHERE name = ?", (name,)).fetchone()
        return Standing(**dict(zip(fields, row, strict=True))) if row else Standing()

    def _stands(self, name: str, change: Callable[[Standing], Standing]) -> Standing:
        with self._database.write() as db:
            now = change(self._standing(db, name))
            columns = ", ".join(("name", *now.__struct_fields__))
            values = (name, *msgspec.structs.astuple(now))
            db.execute(f"INSERT OR REPLACE INTO {self._prefix}standing ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
        self.seen.forget(name)
        return now

    def _live_key(self, view: View[Any]) -> str:
        return self.seen(view.name).live or view.key

    def _live_table(self, view: View[Any]) -> str:
        live = self.seen(view.name).live
        return self._readable(view) if live is None else self._table(live)

    def _readable(self, view: View[Any]) -> str:
        """The view's table; made, where a reader comes before the first worker."""
        if view.key not in self._prepared and self.seen(view.name).live is None:
            self.prepare(view)
        return self._table(view.key)

    def _rows(self, table: str, columns: str, ids: Collection[str]) -> Iterable[Any]:
        wanted = list(ids)
        for start in range(0, len(wanted), _CHUNK):
            chunk = wanted[start : start + _CHUNK]
            yield from self._database.read().execute(f"SELECT {columns} FROM {table} WHERE id IN ({', '.join('?' * len(chunk))})", chunk)

    def _save_documents(self, db: sqlite3.Connection, view: View[D], changes: Sequence[Change[D]]) -> None:
        """Raises _Lost, and what is saved by then must be rolled back."""
        table = self._table(view.key)
        fields = [f'"{field}"' for field in view.fields]
        new = [(each.id, district_of(each.id), *_values(view, each)) for each in changes if not each.revision]
        old = [(*_values(view, each), each.id, each.revision) for each in changes if each.revision]
        columns = ", ".join(("id", "district", "revision", "marks", "parked", "newest", "body", *fields))
        insert = f"INSERT OR IGNORE INTO {table} ({columns}) VALUES ({', '.join('?' * (7 + len(fields)))})"
        settings = ", ".join(f"{each} = ?" for each in ("revision", "marks", "parked", "newest", "body", *fields))
        update = f"UPDATE {table} SET {settings} WHERE id = ? AND revision = ?"
        saved = sum(db.executemany(statement, rows).rowcount for statement, rows in ((insert, new), (update, old)) if rows)
        if saved != len(changes):
            raise _Lost

    def _checkpoints(self, key: str, source: str) -> Mapping[int, Checkpoint]:
        rows = self._database.read().execute(
            f"SELECT partition, sequence, offset, topic, at FROM {self._prefix}checkpoints WHERE view = ? AND source = ?", (key, source)
        )
        return {row[0]: Checkpoint(sequence=row[1], offset=row[2], topic=row[3], at=row[4]) for row in rows}

    def _advance(self, db: sqlite3.Connection, key: str, source: str, checkpoints: Mapping[int, Checkpoint]) -> None:
        db.executemany(
            f"""INSERT INTO {self._prefix}checkpoints VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (view, source, partition) DO UPDATE
                SET sequence = excluded.sequence, offset = excluded.offset, topic = excluded.topic, at = excluded.at
                WHERE excluded.sequence >= sequence""",
            [(key, source, part, each.sequence, each.offset, each.topic, each.at) for part, each in checkpoints.items()],
        )


def _values(view: View[Any], change: Change[Any]) -> tuple[Any, ...]:
    document = change.document
    return (
        change.revision + 1,
        _encode(change.marks),
        _encode(change.parked),
        max(change.marks.values(), default=0),
        None if document is None else _encode(document),
        *(None if document is None else getattr(document, field) for field in view.fields),
    )


class _Lost(Exception):
    """Somebody else saved one of the documents meanwhile."""
