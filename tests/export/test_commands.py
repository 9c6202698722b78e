"""`python -m export`: files, manifests, refusals and the audit they leave."""

import csv
import hashlib
import io
import json
import stat
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from cases.audit import Audit, audit_path
from detect.results import Detection
from detect.store import write_detection
from export.__main__ import APP
from export.manifest import tool_version
from graph.lake.home import LakeHome, lake_home
from graph.lake.tables import open_tables
from tests.export.ring import account, findings, frames, gang, tables

RUN = CliRunner()
GANG = gang().gang_id


@pytest.fixture
def home(tmp_path: Path) -> LakeHome:
    """A lake with the ring and what detection found in it."""
    found = lake_home(tmp_path / "home")
    digest = tables(found.root).digest.digest
    write_detection(found, Detection(digest, "embedded", findings(), (gang(),), ()))
    return found


def run(home: LakeHome, *words: str) -> Result:
    return RUN.invoke(APP, [*words, "--lake", str(home.root), "--as", "officer-7", "--json"])


def outcomes(home: LakeHome) -> list[tuple[str, str]]:
    return [(row["action"], row["outcome"]) for row in Audit(audit_path(home)).rows()[::-1]]


@pytest.mark.parametrize(("form", "files"), [("pyvis", 1), ("csv", 3), ("xlsx", 1)])
def test_a_gang_is_written_masked_with_a_manifest_that_fits_the_files(
    home: LakeHome, tmp_path: Path, form: str, files: int
) -> None:
    out = tmp_path / "usb" / f"g.{form}"
    done = run(home, "gang", GANG, "--format", form, "--out", str(out), "--purpose", "样例")
    assert done.exit_code == 0, done.output
    written = [Path(name) for name in json.loads(done.stdout)["files"]]
    assert len(written) == files + 1 and written[0] == out
    manifest = json.loads(written[-1].read_text(encoding="utf-8"))
    assert written[-1].name == f"g.{form}.manifest.json" and len(manifest["files"]) == files
    for path in written[:-1]:
        content = path.read_bytes()
        assert manifest["files"][path.name]["sha256"] == hashlib.sha256(content).hexdigest()
        assert manifest["files"][path.name]["bytes"] == len(content)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert account(1).key.encode() not in content and "虚甲".encode() not in content
    assert manifest["mask_policy"] == "catalog-masks-1" and manifest["exporter"] == "officer-7"
    assert manifest["lake_digest"] == open_tables(home).digest.digest
    assert manifest["rules"] == [{"rule": "D01", "revision": 2}, {"rule": "F09", "revision": 1}]
    assert (manifest["purpose"], manifest["tool"]["version"]) == ("样例", tool_version())
    assert manifest["audit_head"].startswith("1:")
    assert outcomes(home) == [("export", "intent"), ("export", "done")]
    assert Audit(audit_path(home)).verify(manifest["audit_head"]).bad_seq is None


def test_whole_values_need_a_reason_and_leave_it_in_audit_and_manifest(
    home: LakeHome, tmp_path: Path
) -> None:
    out = tmp_path / "g.xlsx"
    words = ["gang", GANG, "--format", "xlsx", "--out", str(out), "--full"]
    refused = run(home, *words)
    assert refused.exit_code == 1 and "reason" in refused.output and not out.exists()
    own = run(home, *words, "--reason", "victim asks", "--approver", "officer-7")
    assert own.exit_code == 1 and not out.exists()
    done = run(home, *words, "--reason", "victim asks", "--approver", "chief-2", "--case", "A0001")
    assert done.exit_code == 0
    sheet = openpyxl.load_workbook(out).worksheets[0]
    assert account(1).key in {cell.value for row in sheet.iter_rows() for cell in row}
    manifest = json.loads((tmp_path / "g.xlsx.manifest.json").read_text(encoding="utf-8"))
    assert (manifest["mask_policy"], manifest["reason"]) == ("full", "victim asks")
    assert (manifest["approver"], manifest["case"]) == ("chief-2", "A0001")
    assert outcomes(home) == [("export_full", o) for o in ("denied", "denied", "intent", "done")]


@pytest.mark.parametrize("role", ["analyst", "admin", "auditor", "uploader"])
def test_other_roles_take_nothing_out(home: LakeHome, tmp_path: Path, role: str) -> None:
    done = run(home, "gang", GANG, "--out", str(tmp_path / "g.html"), "--role", role)
    assert done.exit_code == 1 and not (tmp_path / "g.html").exists()
    assert outcomes(home) == [("export", "denied")]


def test_a_rules_hits_are_written_as_tables_with_their_rows(home: LakeHome, tmp_path: Path) -> None:
    out = tmp_path / "f09.csv"
    done = run(home, "query", "F09", "--format", "csv", "--out", str(out), "--lang", "en")
    assert done.exit_code == 0, done.output
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"), newline="")))
    assert [(row["subject"], row["revision"]) for row in rows] == [("620000*********0003", "1")]
    assert rows[0]["finding"] != "f1", "a masked table does not carry the unkeyed id"
    proof = list(csv.reader(io.StringIO((tmp_path / "f09.rows.csv").read_text(encoding="utf-8-sig"))))
    assert [row[2] for row in proof[1:]] == ["4", "7"]
    everything = b"".join(path.read_bytes() for path in tmp_path.glob("f09*"))
    assert account(3).key.encode() not in everything and account(4).key.encode() not in everything


def test_a_rules_hits_are_drawn(home: LakeHome, tmp_path: Path) -> None:
    done = run(home, "query", "F09", "--format", "pyvis", "--out", str(tmp_path / "f.html"))
    assert done.exit_code == 0 and b"F09" in (tmp_path / "f.html").read_bytes()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["gang", "no-such"], "detect gangs"),
        (["query", "Z99"], "detect rules"),
        (["query", "Q01"], "graph query"),
    ],
)
def test_unknown_names_are_one_sentence(
    home: LakeHome, tmp_path: Path, words: list[str], sentence: str
) -> None:
    done = run(home, *words, "--out", str(tmp_path / "x.xlsx"))
    assert done.exit_code == 1 and sentence in done.stderr and done.stderr.count("\n") == 1


def test_results_older_than_the_lake_are_refused(home: LakeHome, tmp_path: Path) -> None:
    tables(home.root, {"Case": frames()["Case"]})
    done = run(home, "gang", GANG, "--out", str(tmp_path / "g.html"))
    assert done.exit_code == 1 and "python -m detect" in done.stderr
    empty = run(lake_home(tmp_path / "none"), "gang", GANG, "--out", str(tmp_path / "g.html"))
    assert empty.exit_code == 1 and "python -m detect" in empty.stderr


@pytest.mark.parametrize(
    "words",
    [["gang", GANG], ["gang", GANG, "--format", "neo4j"], ["gang", GANG, "--out", "x", "--dry-run"],
     ["gang", GANG, "--out", "x", "--lang", "fr"], ["gang", GANG, "--format", "pdf"], ["gang"]],
)  # fmt: skip
def test_wrong_usage_is_2(home: LakeHome, words: list[str]) -> None:
    assert run(home, *words).exit_code == 2


def test_a_place_that_can_not_be_written_is_one_sentence(home: LakeHome, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = run(home, "gang", GANG, "--out", str(tmp_path / "file" / "g.html"))
    assert done.exit_code == 1 and "--out" in done.stderr
    assert outcomes(home)[-1] == ("export", "failed")


def test_a_server_that_is_not_there_is_one_sentence_without_the_password(
    home: LakeHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUANLIAN_PUSH_PASSWORD", "canary-word")
    done = run(home, "gang", GANG, "--format", "neo4j", "--url", "neo4j://127.0.0.1:1", "--dry-run")
    assert done.exit_code == 1 and "DUANLIAN_PUSH_PASSWORD" in done.stderr
    assert "canary-word" not in done.output
    with_password = run(home, "gang", GANG, "--format", "neo4j", "--url", "neo4j://u:canary-word@h:1")
    assert with_password.exit_code == 1 and "canary-word" not in with_password.output
