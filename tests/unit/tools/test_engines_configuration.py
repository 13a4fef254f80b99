"""The files the engines are configured with."""

from pathlib import Path

from waymark.tools.engines import documentdb, kafka
from waymark.tools.engines.ports import KafkaPorts

PORTS = KafkaPorts(broker=29400, controller=29401)


def properties(text: str) -> dict[str, str]:
    return {name.strip(): value.strip() for name, _, value in (line.partition("=") for line in text.splitlines())}


def test_the_broker_listens_and_is_advertised_on_this_machine_only():
    written = properties(kafka.server_properties(PORTS, Path("/runs/one")))
    assert written["listeners"] == "PLAINTEXT://127.0.0.1:29400,CONTROLLER://127.0.0.1:29401"
    assert written["advertised.listeners"] == "PLAINTEXT://127.0.0.1:29400"
    assert written["controller.quorum.voters"] == "1@127.0.0.1:29401"
    assert "0.0.0.0" not in "".join(written.values())


def test_every_internal_topic_of_the_broker_lives_on_one_replica():
    written = properties(kafka.server_properties(PORTS, Path("/runs/one")))
    replicated = {name: value for name, value in written.items() if name.endswith(("replication.factor", "min.isr"))}
    assert len(replicated) == 6
    assert set(replicated.values()) == {"1"}


def test_the_broker_writes_below_the_folder_it_was_given_and_makes_no_topic_by_itself():
    written = properties(kafka.server_properties(PORTS, Path("/runs/one")))
    assert written["log.dirs"] == "/runs/one/log"
    assert written["auto.create.topics.enable"] == "false"


def test_postgresql_listens_on_this_machine_only_and_loads_what_the_extension_needs():
    written = properties(documentdb.postgresql_settings(29500, "/srv/one"))
    assert written["listen_addresses"] == "'127.0.0.1'"
    assert written["port"] == "29500"
    assert written["unix_socket_directories"] == "'/srv/one'"
    assert written["shared_preload_libraries"] == "'pg_cron,pg_documentdb_core,pg_documentdb'"


def test_a_changed_recipe_is_another_installation(monkeypatch, tmp_path: Path):
    from waymark.tools.engines import places

    monkeypatch.setenv("WAYMARK_CACHE", str(tmp_path))
    assert places.installation("kafka", "one") == places.installation("kafka", "one")
    assert places.installation("kafka", "one") != places.installation("kafka", "two")


def test_an_installation_that_breaks_off_does_not_count(tmp_path: Path):
    from waymark.tools.engines import places

    home = tmp_path / "kafka"
    try:
        with places.installing(home) as part:
            (part / "half").write_text("")
            raise OSError("no network")
    except OSError:
        pass
    assert not home.exists()
    with places.installing(home) as part:
        (part / "whole").write_text("")
    assert [file.name for file in home.iterdir()] == ["whole"]
