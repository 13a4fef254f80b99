"""What every keyring does."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor

import pytest

from waymark.events.keys import Keyring, Keys, PersonForgotten


class KeysContract:
    """Give `keys` (fresh) and `other_keys` (the same keyring seen by another process) as fixtures."""

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
