"""`python -m cases`: exit codes and machine-readable output."""

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from typer.testing import CliRunner

from cases.__main__ import APP
from cases.audit import Audit, Entry

RUN = CliRunner()


def test_verify_says_0_then_1_and_names_the_row(tmp_path: Path) -> None:
    audit = Audit(tmp_path / "audit.sqlite")
    for _ in range(3):
        audit.append(Entry(datetime(2024, 3, 1, tzinfo=UTC), "officer", "analyst", "view", ("ab",)))
    fine = RUN.invoke(APP, ["audit", "verify", "--lake", str(tmp_path), "--json"])
    assert fine.exit_code == 0 and json.loads(fine.stdout)["rows"] == 3
    listed = RUN.invoke(APP, ["audit", "list", "--lake", str(tmp_path), "--limit", "2", "--json"])
    assert [row["seq"] for row in json.loads(listed.stdout)] == [3, 2]
    connection = sqlite3.connect(tmp_path / "audit.sqlite")
    connection.executescript("DROP TRIGGER audit_no_update; UPDATE audit SET actor = 'x' WHERE seq = 2;")
    connection.close()
    broken = RUN.invoke(APP, ["audit", "verify", "--lake", str(tmp_path), "--json"])
    assert broken.exit_code == 1 and json.loads(broken.stdout)["bad_seq"] == 2


def test_wrong_usage_is_2(tmp_path: Path) -> None:
    assert RUN.invoke(APP, ["audit", "verify", "--head", "nonsense"]).exit_code == 2
    assert RUN.invoke(APP, ["audit", "list", "--limit", "0"]).exit_code == 2
    assert RUN.invoke(APP, ["audit", "verify", "--help"]).stdout.count("python -m cases audit verify") == 1
