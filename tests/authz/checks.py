"""One cell of the matrix: ask, and hold the answer against it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from tests.authz.callers import OTHER
from tests.authz.house import House
from tests.authz.objects import ABSENT, absent, objects, shown, students_in, weight
from tests.authz.requests import NUMBERS, REACHED, prepared, request
from tests.authz.table import Row, reach


def check(house: House, row: Row, column: str, caller: str) -> None:
    """Raises AssertionError where the services say anything else than the table."""
    asking = Asking(house, row, column, caller)
    match row.cells[column], row.question:
        case "403", _:
            asking.is_refused_whatever_it_is()
        case "ok", _:
            asking.succeeds("")
        case _, "one":
            asking.reaches_just_these()
        case _, "list":
            asking.lists_just_these()
        case _, "count":
            asking.counts_just_these()
        case _:
            asking.does_it_for_just_these()


class Asking:
    """One caller with one question. `asked` counts the requests."""

    def __init__(self, house: House, row: Row, column: str, caller: str) -> None:
        self.house, self.row, self.column, self.caller = house, row, column, caller
        self.there = column == "dist'"
        self.administrator = OTHER if self.there else "district-administrator"
        self.letters = row.cells[column].strip("-")

    def is_refused_whatever_it_is(self) -> None:
        """Nobody in this role may: existing or not, theirs or not, the answer is one and the same."""
        refusals = [self._refused(each, 403) for each in self._all_objects()]
        assert refusals[0].json["code"] == "role-may-not"
        same(refusals)

    def reaches_just_these(self) -> None:
        for letter, ident in objects(self.house.world, self.row.kind).items():
            if letter in self.letters:
                answer = self.succeeds(ident)
                if self.row.kind in ("plan", "student"):
                    assert students_in(self.house.world, answer.text, self.there) <= {letter}
        strange = [ident for letter, ident in objects(self.house.world, self.row.kind).items() if letter not in self.letters]
        missing = absent(self.house.world, self.row.kind, self.there)
        # In a query or a body, an id that could be none may be told from one that is none.
        refusals = [self._refused(each, 404) for each in (*strange, *(missing[:1] if self.row.variant else missing))]
        assert refusals[0].json["code"] == "not-found"
        same(refusals)

    def lists_just_these(self) -> None:
        answer = self.succeeds("")
        assert shown(self.house.world, self.row.kind, answer.text, self.there) == set(self.letters)

    def counts_just_these(self) -> None:
        numbers = NUMBERS[self.row.operation, self.row.variant](self.succeeds("").json)
        assert numbers
        assert set(numbers) == {weight(self.letters)}

    def does_it_for_just_these(self) -> None:
        before = self.house.heads()
        results = {each["student"]: each["outcome"] for each in self.succeeds("").json["results"]}
        found = {letter for letter, ident in objects(self.house.world, "student").items() if results.pop(ident) != "not-found"}
        assert found == set(self.letters)
        assert results == {ABSENT: "not-found"}
        assert self.letters or self.house.heads() == before

    def succeeds(self, ident: str) -> Any:
        """The answer to what must succeed, once that can."""
        ident, version = prepared(self.house, self.row, ident, self.administrator)
        path, sent = request(self.house, self.row, ident, version)
        answer = self.house.ask(self.caller, self.row.method, path, column=self.column, **sent)
        assert answer.status_code in REACHED.get(self.row.operation, {200, 201, 202, 204}), f"{path}: {answer.text}"
        self._betrays_nobody(answer, sent)
        return answer

    def _all_objects(self) -> Iterable[str]:
        if not self.row.kind or self.row.question != "one":
            return ("",)
        return (*objects(self.house.world, self.row.kind).values(), absent(self.house.world, self.row.kind, self.there)[0])

    def _refused(self, ident: str, status: int) -> Any:
        before = self.house.heads()
        path, sent = request(self.house, self.row, ident)
        answer = self.house.ask(self.caller, self.row.method, path, column=self.column, **sent)
        assert answer.status_code == status, f"{path}: {answer.text}"
        assert answer.content_type == "application/problem+json"
        assert self.house.heads() == before, "a refusal wrote something"
        self._betrays_nobody(answer, sent)
        return answer

    def _betrays_nobody(self, answer: Any, sent: dict[str, object]) -> None:
        """No word of the other district, and no student beyond reach, wherever in the body."""
        world, body = self.house.world, answer.text
        # What the caller said themselves may be said back.
        other = world.words_of(world.here if self.there else world.there) - {word for word in world.ids("ACDX") if word in str(sent)}
        assert not {word for word in other if word in body}, f"{self.caller} reads of another district"
        reached = reach()[self.column].strip("-")
        beyond = "".join(letter for letter in "ACD" if letter not in reached) if not self.there else ""
        assert not {word for word in world.names(beyond) if word in body}, f"{self.caller} reads of students beyond reach"


def same(answers: Sequence[Any]) -> None:
    """Byte for byte, headers included."""
    assert len({(each.status_code, tuple(sorted(each.headers.items())), each.data) for each in answers}) == 1
