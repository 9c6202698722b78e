"""The local server: start, stop, status, stale files, closed doors; against the real one."""

import json
import os
import socket
import stat
from pathlib import Path

import pytest

from graph.engines.neo4j_gds.home import Memory, neo4j_home, settings
from graph.engines.neo4j_gds.install import Runtime
from graph.engines.neo4j_gds.server import Server, start, status, stop
from graph.engines.neo4j_gds.session import can_log_in, connect
from graph.errors import EngineUnavailable
from graph.lake.home import LakeHome, lake_home
from tests.neo4j_server import TEST_MEMORY

GDS_PROCEDURES = "SHOW PROCEDURES YIELD name WHERE name STARTS WITH 'gds.' RETURN count(*) AS n"


def test_nothing_to_stop_is_no_error(tmp_path: Path) -> None:
    home = lake_home(tmp_path)
    assert stop(home) is False
    assert status(home)["state"] == "stopped"
    assert list(tmp_path.iterdir()) == []


def test_a_stale_pid_file_of_another_program_is_removed_and_nobody_is_harmed(tmp_path: Path) -> None:
    home = lake_home(tmp_path)
    home.neo4j.mkdir()
    neo4j_home(home).process_file.write_text(json.dumps({"pid": os.getpid(), "port": 7687}))
    assert status(home)["state"] == "stopped"
    assert stop(home) is False
    assert not neo4j_home(home).process_file.exists()


@pytest.mark.parametrize("text", ["", "{", '{"pid": "x"}', "[1]"])
def test_a_damaged_pid_file_counts_as_none(tmp_path: Path, text: str) -> None:
    home = lake_home(tmp_path)
    home.neo4j.mkdir()
    neo4j_home(home).process_file.write_text(text)
    assert status(home)["state"] == "stopped"
    assert stop(home) is False


def test_a_server_that_is_down_is_one_sentence_with_the_next_step() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(EngineUnavailable, match="python -m graph neo4j start"):
            connect(f"bolt://127.0.0.1:{taken.getsockname()[1]}", "neo4j", "any")


def test_the_settings_open_nothing_but_bolt_on_loopback() -> None:
    lines = settings(17687, Memory()).splitlines()
    addresses = [line.partition("=")[2] for line in lines if "_address=" in line]
    assert all(address.startswith("127.0.0.1") for address in addresses)
    assert {"server.http.enabled=false", "dbms.security.auth_enabled=true"} <= set(lines)


@pytest.mark.neo4j
def test_a_running_server_is_found_again_not_started_twice(
    neo4j_lake: LakeHome, neo4j_server: Server, neo4j_runtime: Runtime
) -> None:
    assert start(neo4j_lake, TEST_MEMORY, neo4j_runtime) == neo4j_server
    found = status(neo4j_lake)
    assert (found["state"], found["pid"], found["uri"]) == ("running", neo4j_server.pid, neo4j_server.uri)


@pytest.mark.neo4j
def test_the_password_is_this_installations_own_and_nobody_elses_to_read(
    neo4j_lake: LakeHome, neo4j_server: Server
) -> None:
    file = neo4j_home(neo4j_lake).password_file
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(neo4j_lake.neo4j.stat().st_mode) == 0o700
    assert len(neo4j_server.password) >= 32
    assert neo4j_server.password not in repr(neo4j_server)
    with pytest.raises(EngineUnavailable, match="refuses the login"):
        can_log_in(neo4j_server.uri, "neo4j", "neo4j")


@pytest.mark.neo4j
def test_gds_is_there_and_the_ways_out_are_closed(neo4j_server: Server, tmp_path: Path) -> None:
    from neo4j.exceptions import Neo4jError

    canary = tmp_path / "canary.csv"
    canary.write_text("secret\n")
    with connect(neo4j_server.uri, neo4j_server.user, neo4j_server.password) as driver:
        assert driver.execute_query(GDS_PROCEDURES).records[0]["n"] > 400
        for address in (canary.as_uri(), "http://127.0.0.1:9/leak", "http://[::1]:9/leak"):
            with pytest.raises(Neo4jError, match="ExternalResourceFailed"):
                driver.execute_query("LOAD CSV FROM $address AS row RETURN row", address=address)
