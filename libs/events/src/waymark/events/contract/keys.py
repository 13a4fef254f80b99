"""What every keyring does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Protocol

import pytest

from waymark.events.keys import Keyring, Keys, PersonForgotten
from waymark.events.wrapping import MasterWrong


class KeysAt(Protocol):
    """Makes the fresh keyring as a process sees it whose clock and master key these are."""

    def __call__(self, clock: Callable[[], datetime], master: bytes = ..., /) -> Keys: ...


def on(*day: int) -> Callable[[], datetime]:
    """A clock that stands at noon."""
    at = datetime(day[0], day[1], day[2], 12, tzinfo=UTC)
    return lambda: at


def unwatched(_done: int, _of: int) -> None:
    pass


class Stopped(Exception):
    pass


class KeysContract:
    """Give `keys` (fresh), `other_keys` (the same keyring seen by another process) and `keys_at` (a KeysAt) as fixtures."""

    def test_a_key_is_made_once_and_kept(self, keys: Keys, other_keys: Keys) -> None:
        made = keys.create(["a", "b"])
        assert len(made["a"]) == 32
        assert made["a"] != made["b"]
        assert other_keys.create(["a", "b"]) == made
        assert other_keys.get(["a", "nobody"]) == {"a": made["a"]}

    def test_racing_services_agree_on_one_key(self, keys: Keys, other_keys: Keys) -> None:
        people = [f"p{n}" for n in range(40)]

        def create(number: int) -> Mapping[str, bytes]:
            return (keys, other_keys)[number % 2].create(people)

        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(create, range(8)))
        assert all(each == answers[0] for each in answers)

    def test_forgetting_leaves_a_tombstone_that_refuses_a_new_key(self, keys: Keys, other_keys: Keys) -> None:
        keys.create(["a", "b"])
        keys.forget("a")
        keys.forget("a")
        assert other_keys.get(["a", "b"]).keys() == {"b"}
        assert set(other_keys.forgotten(["a", "b", "c"])) == {"a"}
        with pytest.raises(PersonForgotten) as refused:
            other_keys.create(["a", "c"])
        assert refused.value.people == {"a"}

    def test_what_was_sealed_reads_as_redacted_after_forgetting(self, keys: Keys) -> None:
        keyring = Keyring(keys)
        sealed = keyring.seal("a", "name", "Zoë")
        assert b"Zo" not in sealed.box
        assert keyring.open(sealed, "name") == "Zoë"
        assert keyring.open(sealed, "another-field") is None
        keyring.forget("a")
        assert keyring.open(sealed, "name") is None
        with pytest.raises(PersonForgotten):
            keyring.seal("a", "name", "Zoë")

    def test_a_district_has_one_id_key(self, keys: Keys, other_keys: Keys) -> None:
        assert keys.district_key("d") == other_keys.district_key("d")
        assert keys.district_key("d") != keys.district_key("e")
        assert Keyring(keys).person_id("d", "stu-1") == Keyring(other_keys).person_id("d", "stu-1")

    # ---- rotation

    def test_rotation_changes_no_key_and_destroys_the_months_that_are_over(self, keys_at: KeysAt) -> None:
        september, october = keys_at(on(2026, 9, 4)), keys_at(on(2026, 10, 4))
        made = {**september.create(["a", "b"]), **october.create(["c"])}
        december = keys_at(on(2026, 12, 4))
        told: list[tuple[int, int]] = []
        rotated = december.rotate(lambda done, of: told.append((done, of)))
        assert (rotated.month, rotated.rewrapped, rotated.kept) == ("2026-12", 3, ())
        assert rotated.destroyed == ("2026-09", "2026-10")
        assert told[-1] == (3, 3)
        assert keys_at(on(2026, 12, 5)).get(["a", "b", "c"]) == made
        assert september.get(["a", "b", "c"]) == made  # whoever had opened the old months' keys
        again = december.rotate(unwatched)
        assert (again.rewrapped, again.destroyed, again.kept) == (0, (), ())

    def test_a_month_that_ended_less_than_a_day_ago_stays(self, keys_at: KeysAt) -> None:
        made = keys_at(on(2026, 10, 31)).create(["a"])
        midday = keys_at(on(2026, 11, 1)).rotate(unwatched)
        assert (midday.rewrapped, midday.destroyed, midday.kept) == (1, (), ("2026-10",))
        later = keys_at(on(2026, 11, 2)).rotate(unwatched)
        assert (later.rewrapped, later.destroyed, later.kept) == (0, ("2026-10",), ())
        assert keys_at(on(2026, 11, 2)).get(["a"]) == made

    def test_a_rotation_that_stopped_loses_nothing_and_goes_on(self, keys_at: KeysAt) -> None:
        people = [f"p{number:04}" for number in range(1100)]
        made = keys_at(on(2026, 9, 4)).create(people)
        later = keys_at(on(2026, 11, 4))

        def stop(_done: int, _of: int) -> None:
            raise Stopped

        with pytest.raises(Stopped):
            later.rotate(stop)
        assert keys_at(on(2026, 11, 4)).get(people) == made
        rotated = keys_at(on(2026, 11, 4)).rotate(unwatched)
        assert 0 < rotated.rewrapped < len(people), "what was done stays done"
        assert rotated.destroyed == ("2026-09",)
        assert keys_at(on(2026, 11, 4)).get(people) == made

    def test_who_is_forgotten_during_a_rotation_stays_forgotten(self, keys_at: KeysAt) -> None:
        people = [f"p{number:04}" for number in range(1100)]
        september, later = keys_at(on(2026, 9, 4)), keys_at(on(2026, 11, 4))
        made = september.create(people)
        september.forget(people[0])  # before, between and behind the batches
        gone = {people[0]}

        def forget(_done: int, _of: int) -> None:
            for each in (people[1], people[-1]):
                september.forget(each)
                gone.add(each)

        assert later.rotate(forget).destroyed == ("2026-09",)
        assert later.get(people) == {each: key for each, key in made.items() if each not in gone}
        assert set(later.forgotten(people)) == gone

    def test_a_key_made_under_an_old_month_during_a_rotation_keeps_that_month(self, keys_at: KeysAt) -> None:
        people = [f"p{number:04}" for number in range(1100)]
        september, later = keys_at(on(2026, 9, 4)), keys_at(on(2026, 11, 4))
        made = dict(september.create(people))
        rotated = later.rotate(lambda _done, _of: made.update(september.create(["a", "b"])))
        assert (rotated.destroyed, rotated.kept) == ((), ("2026-09",))
        assert later.get(made) == made
        last = later.rotate(unwatched)
        assert (last.rewrapped, last.destroyed) == (2, ("2026-09",))
        assert later.get(made) == made

    def test_a_clock_that_is_months_behind_wraps_under_the_newest_month(self, keys_at: KeysAt) -> None:
        september, november = keys_at(on(2026, 9, 4)), keys_at(on(2026, 11, 4))
        september.create(["a"])
        november.rotate(unwatched)
        made = september.create(["b"])
        assert november.get(["b"]) == made
        assert november.rotate(unwatched).kept == ()

    def test_rotations_beside_writers_and_forgetters_lose_no_key(self, keys_at: KeysAt) -> None:
        made = dict(keys_at(on(2026, 9, 4)).create([f"old-{number}" for number in range(600)]))
        gone = [f"old-{number}" for number in range(0, 600, 60)]

        def rotate(number: int) -> Mapping[str, bytes]:
            keys_at(on(2026, 11, 4)).rotate(unwatched)
            return {}

        def create(number: int) -> Mapping[str, bytes]:
            return keys_at(on(2026, 11, 4)).create([f"new-{number}-{each}" for each in range(40)])

        def forget(number: int) -> Mapping[str, bytes]:
            keys_at(on(2026, 9, 4)).forget(gone[number])
            return {}

        with ThreadPoolExecutor(6) as pool:
            running = [pool.submit(work, number) for number in range(10) for work in (create, forget, rotate)]
            for each in running:
                made |= each.result()
        keys = keys_at(on(2026, 11, 4))
        keys.rotate(unwatched)
        assert keys.get(made) == {each: key for each, key in made.items() if each not in gone}
        assert set(keys.forgotten(made)) == set(gone)

    # ---- another master key

    def test_under_another_master_key_everything_opens_and_the_old_one_opens_nothing(self, keys_at: KeysAt) -> None:
        old, new = b"m" * 32, b"n" * 32
        keys = keys_at(on(2026, 9, 4), old)
        made, district = keys.create(["a"]), keys.district_key("d")
        assert keys_at(on(2026, 9, 4), old).rewrap(new) == 2
        after = keys_at(on(2026, 9, 4), new)
        assert (after.get(["a"]), after.district_key("d")) == (made, district)
        behind = keys_at(on(2026, 9, 4), old)
        for asked in (lambda: behind.get(["a"]), lambda: behind.create(["b"]), lambda: behind.district_key("d")):
            with pytest.raises(MasterWrong):
                asked()
        assert behind.rewrap(new) == 0  # run again: everything was done
        assert behind.get(["a"]) == made
        with pytest.raises(MasterWrong):
            keys_at(on(2026, 9, 4), b"x" * 32).rewrap(b"y" * 32)
