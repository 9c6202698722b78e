"""One command runs everything, its JSON has the promised forms, and keys are masked unless asked for."""

import json
from pathlib import Path

import pytest

from detect.__main__ import main
from detect.pipeline import STAGES, chosen_rules, run_detection
from detect.results import Detection
from detect.rule import load_rules
from detect.store import open_detection
from graph.errors import InvalidRule
from graph.lake.home import LakeHome
from tests.detect.gang_world import honest, lake, ring


@pytest.fixture(scope="module")
def detected(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Detection]:
    folder = tmp_path_factory.mktemp("lake")
    lake(folder, ring() + honest())
    return folder, run_detection(LakeHome(folder))


def _json(capsys: pytest.CaptureFixture[str], *arguments: str) -> object:
    assert main([*arguments, "--json"]) == 0
    return json.loads(capsys.readouterr().out)


def test_a_run_finds_the_ring_and_stores_what_it_returns(detected: tuple[Path, Detection]) -> None:
    folder, detection = detected
    assert len(detection.gangs) == 1 and detection.findings
    assert open_detection(LakeHome(folder)) == detection


def test_the_same_lake_gives_the_same_bytes(detected: tuple[Path, Detection], tmp_path: Path) -> None:
    folder, detection = detected
    lake(tmp_path, ring() + honest(), shuffle=9)
    assert run_detection(LakeHome(tmp_path)) == detection
    stored = [sorted(p.name for p in (f / "findings").iterdir()) for f in (folder, tmp_path)]
    assert stored[0] == stored[1]


def test_every_stage_is_told_once_in_order(tmp_path: Path) -> None:
    told: list[str] = []
    run_detection(LakeHome(tmp_path), rules=["F03"], progress=told.append)
    assert tuple(told) == STAGES


def test_an_empty_lake_gives_an_empty_detection(tmp_path: Path) -> None:
    detection = run_detection(LakeHome(tmp_path))
    assert not detection.findings and not detection.gangs and not detection.mules


def test_an_unknown_rule_is_refused_by_name() -> None:
    with pytest.raises(InvalidRule, match="Z99"):
        chosen_rules(load_rules(), ["Z99"])


def test_the_run_prints_its_form(
    detected: tuple[Path, Detection], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    lake(tmp_path, ring())
    record = _json(capsys, "--lake", str(tmp_path), "--rule", "F19", "--rule", "F20")
    assert isinstance(record, dict)
    assert set(record) >= {"findings", "by_rule", "cpu_seconds", "truncated"}
    assert set(record["by_rule"]) == {"F19", "F20"} and record["findings"] > 0


def test_gangs_and_mules_have_their_forms(
    detected: tuple[Path, Detection], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, detection = detected
    gangs = _json(capsys, "gangs", "--lake", str(folder), "--show-keys")
    assert isinstance(gangs, list) and len(gangs) == 1
    assert set(gangs[0]) >= {"gang_id", "score", "stability", "members", "evidence"}
    assert all(set(m) >= {"type", "key", "roles"} for m in gangs[0]["members"])
    assert {m["key"] for m in gangs[0]["members"]} == {m.ref.key for m in detection.gangs[0].members}
    assert set(gangs[0]["fragility"]) == {"breaks", "cut", "families", "source", "row"}
    assert set(gangs[0]["doubt"]) == {"innocent", "guilty", "tested", "untested"}
    assert all(len(said) == 2 and all(said) for said in gangs[0]["said"].values())
    mules = _json(capsys, "mules", "--lake", str(folder), "--show-keys")
    assert isinstance(mules, list) and [m["account"] for m in mules] == [m.account for m in detection.mules]
    for mule in mules:
        assert set(mule) >= {"account", "score", "probability", "reasons"}
        assert all({"rule", "revision", "rows"} <= set(reason) for reason in mule["reasons"])
        assert all(len(row) == 2 for reason in mule["reasons"] for row in reason["rows"])


def test_keys_are_masked_unless_asked_for(
    detected: tuple[Path, Detection], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, detection = detected
    personal = {m.ref.key for g in detection.gangs for m in g.members if m.ref.type in ("Person", "Account")}
    for command in (["gangs"], ["mules"], ["explain", detection.findings[0].finding_id]):
        for form in ([], ["--json"]):
            assert main([*command, *form, "--lake", str(folder)]) == 0
            printed = capsys.readouterr().out
            assert printed and not any(key in printed for key in personal)


def test_a_finding_is_explained_in_both_languages_with_its_rows(
    detected: tuple[Path, Detection], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, detection = detected
    finding = detection.findings[0]
    record = _json(capsys, "explain", finding.finding_id, "--lake", str(folder), "--show-keys")
    assert isinstance(record, dict)
    assert record["subject"]["key"] == finding.subject.key
    assert record["message"]["zh"] and record["message"]["en"]
    assert [tuple(row) for row in record["rows"]] == list(finding.rows)


def test_rules_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    listed = _json(capsys, "rules")
    assert isinstance(listed, list) and [r["id"] for r in listed] == [r.id for r in load_rules()]


def test_refusals_are_one_sentence_and_code_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["gangs"], ["mules"], ["explain", "F03-x"], ["--rule", "Z99"], ["--engine", "nowhere"]):
        assert main([*arguments, "--lake", str(tmp_path)]) == 1
        said = capsys.readouterr()
        assert said.out == "" and said.err.count("\n") == 1


def test_wrong_usage_is_code_two(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (["nonsense"], ["explain"], ["gangs", "F03-x"]):
        with pytest.raises(SystemExit) as left:
            main(arguments)
        assert left.value.code == 2
