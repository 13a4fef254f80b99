"""A process killed at any named point harms nothing: what it promised stands, and a fresh process goes on to the same end.

`make test-faults` walks the named points on SQLite, and on MongoDB with Kafka, and on SQLite every single step besides;
WAYMARK_FAULTS=long walks every step on all of them.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.faults import work
from tests.faults.children import killed, run
from tests.faults.lengths import LONG
from tests.faults.places import MakePlace, Place
from tests.faults.points import POINTS, Point

READING = "fold-topic"
OF_TOPICS = {"relay", READING}
OWN = [name for name in work.PIECES if name not in OF_TOPICS]


def die_and_go_on(place: Place, piece: str, step: str, nth: int) -> bool:
    """Whether the step was reached; if it was, whoever comes after finds everything as it must be."""
    acknowledged = place.folder / "acknowledged"
    if not killed(run(work.first, place, piece, step, nth, acknowledged)):
        return False
    if run(work.then, place, piece, acknowledged):
        pytest.fail(f"killed {step} ({nth}) in {piece}:\n{(place.folder / 'failure.txt').read_text()}", pytrace=False)
    return True


@pytest.mark.parametrize("name", [each.name for each in POINTS.values() if each.sqlite])
def test_killed_at_a_named_point_on_sqlite(name: str, tmp_path: Path) -> None:
    point = POINTS[name]
    assert point.sqlite is not None
    assert die_and_go_on(Place(folder=tmp_path), point.piece, *point.sqlite), "nothing came by the point of this name"


@pytest.mark.mongodb
@pytest.mark.parametrize(
    "point",
    [
        pytest.param(each, id=each.name, marks=[pytest.mark.kafka] if each.topic else [])
        for each in POINTS.values()
        if each.mongodb and each.piece != READING
    ],
)
def test_killed_at_a_named_point_on_mongodb_with_kafka(point: Point, tmp_path: Path, on_the_engines: MakePlace) -> None:
    assert point.mongodb is not None
    assert die_and_go_on(on_the_engines(tmp_path, point.topic), point.piece, *point.mongodb), "nothing came by the point of this name"


@pytest.mark.mongodb
@pytest.mark.kafka
def test_killed_at_the_named_points_of_reading_a_topic(tmp_path: Path, on_the_engines: MakePlace) -> None:
    """All at once: after each death the group waits ten seconds for the dead member."""
    points = {each.name: each.mongodb for each in POINTS.values() if each.piece == READING}
    places = {name: on_the_engines(a_folder(tmp_path / name), True) for name in points}

    def reached(name: str) -> bool:
        at = points[name]
        assert at is not None
        return die_and_go_on(places[name], READING, *at)

    with ThreadPoolExecutor(len(points)) as pool:
        assert dict(zip(points, pool.map(reached, points), strict=True)) == dict.fromkeys(points, True)


def a_folder(path: Path) -> Path:
    path.mkdir()
    return path


@pytest.mark.parametrize(
    "piece,step,nth",
    [("append", "before BEGIN", 2), ("fold", "before INSERT roster_view_tales_1", 1), ("forget", "before INSERT people", 1)],
    ids=["promised before it is stored", "a checkpoint before its documents", "told before the key is gone"],
)
def test_the_walk_fails_where_the_order_is_wrong(piece: str, step: str, nth: int, tmp_path: Path) -> None:
    place, acknowledged = Place(folder=tmp_path), tmp_path / "acknowledged"
    assert killed(run(work.first, place, piece, step, nth, acknowledged, "broken"))
    assert run(work.then, place, piece, acknowledged) == 1
    assert "AssertionError" in (tmp_path / "failure.txt").read_text()


def steps_of(place: Place, piece: str) -> list[str]:
    assert run(work.first, place, piece, None, 1, place.folder / "acknowledged") == 0
    assert run(work.then, place, piece, place.folder / "acknowledged") == 0, "done twice it must be what it is done once"
    return json.loads((place.folder / "steps.json").read_text())


@pytest.mark.parametrize("piece", OWN)
def test_every_write_on_sqlite_has_a_named_point(piece: str, tmp_path: Path) -> None:
    named = {each.sqlite[0].partition(" ")[2] for each in POINTS.values() if each.sqlite}
    assert writes(steps_of(Place(folder=tmp_path), piece)) <= named


@pytest.mark.mongodb
@pytest.mark.kafka
@pytest.mark.parametrize("piece", work.PIECES)
def test_every_write_on_mongodb_and_kafka_has_a_named_point(piece: str, tmp_path: Path, on_the_engines: MakePlace) -> None:
    named = {each.mongodb[0].partition(" ")[2] for each in POINTS.values() if each.mongodb}
    assert writes(steps_of(on_the_engines(tmp_path, piece in OF_TOPICS), piece)) <= named


def writes(steps: list[str]) -> set[str]:
    changing = ("INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "insert", "update", "delete", "create", "drop", "send", "commit", "COMMIT")
    return {name for name in (each.partition(" ")[2] for each in steps) if name.startswith(changing)}


@pytest.mark.timeout(300)
@pytest.mark.parametrize("piece", OWN)
def test_killed_at_every_single_step_on_sqlite(piece: str, tmp_path: Path) -> None:
    walk(piece, tmp_path, lambda folder: Place(folder=folder))


if LONG:  # minutes; a skip would count as a failure where nothing may be skipped

    @pytest.mark.mongodb
    @pytest.mark.kafka
    @pytest.mark.timeout(3600)
    @pytest.mark.parametrize("piece", work.PIECES)
    def test_killed_at_every_single_step_on_mongodb_with_kafka(piece: str, tmp_path: Path, on_the_engines: MakePlace) -> None:
        walk(piece, tmp_path, lambda folder: on_the_engines(folder, piece in OF_TOPICS))


def walk(piece: str, folder: Path, make: Callable[[Path], Place]) -> None:
    def a_place(name: str) -> Place:
        return make(a_folder(folder / name))

    times = Counter(steps_of(a_place("whole"), piece))
    for at, (step, count) in enumerate(times.items()):
        for nth in range(1, count + 1):
            reached = die_and_go_on(a_place(f"{at}-{nth}"), piece, step, nth)
            # How often a worker polls until its group has formed is the broker's business.
            assert reached or step.endswith((" poll", " seek")), (step, nth)
