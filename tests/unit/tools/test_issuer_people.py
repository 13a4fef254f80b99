"""The people file of the issuer that runs as a process of its own."""

from pathlib import Path

import pytest

from waymark.tools.issuer import DemoPerson, PeopleFile, PeopleUnreadable

ADA = '[{"sub": "t", "name": "Ada", "role": "teacher", "place": "Lincoln", "blurb": "b"}]'


def test_people_are_read_from_json(tmp_path: Path) -> None:
    path = tmp_path / "people.json"
    path.write_text(ADA)
    assert PeopleFile(path)() == [DemoPerson("t", "Ada", "teacher", "Lincoln", "b")]


def test_a_file_that_comes_later_is_taken_up(tmp_path: Path) -> None:
    path = tmp_path / "people.json"
    people = PeopleFile(path)
    assert people() == []
    path.write_text(ADA)
    assert [person.sub for person in people()] == ["t"]


def test_a_half_written_file_leaves_the_people_and_is_read_again_when_whole(tmp_path: Path) -> None:
    path = tmp_path / "people.json"
    path.write_text(ADA)
    people = PeopleFile(path)
    path.write_text(ADA[:20])
    assert [person.sub for person in people()] == ["t"]
    path.write_text(ADA.replace('"t"', '"u"'))
    assert [person.sub for person in people()] == ["u"]


@pytest.mark.parametrize(
    "text, reason",
    [
        ("", "truncated"),
        ("{}", "array"),
        ('[{"sub": "t"}]', "missing required field `name`"),
        (ADA.replace("blurb", "blurp"), "unknown field `blurp`"),
        (ADA.replace('"Ada"', "7"), r"\$\[0\]\.name"),
    ],
)
def test_an_unusable_file_is_refused_at_start_with_place_and_reason(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "people.json"
    path.write_text(text)
    with pytest.raises(PeopleUnreadable, match=rf"people\.json.*{reason}"):
        PeopleFile(path)
