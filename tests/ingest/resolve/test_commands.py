import json
from pathlib import Path

import pytest

from graph.lake.tables import open_tables
from ingest.__main__ import main
from tests.ingest.resolve.registers import ANNA, CLEO, HOME, PHONE, person, registers


def _run(capsys: pytest.CaptureFixture[str], home: Path, *words: str) -> tuple[int, str, str]:
    code = main([*words, "--lake", str(home)])
    said = capsys.readouterr()
    return code, said.out, said.err


def test_proposals_are_listed_masked_and_judged_by_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = registers(tmp_path, [person(number=ANNA, phone=PHONE)], [person(phone=PHONE)]).root
    code, out, _ = _run(capsys, home, "resolve", "--type", "Person")
    assert code == 0 and "same phone number" in out and "手机号相同" in out and ANNA not in out
    _, out, _ = _run(capsys, home, "resolve", "--type", "Person", "--json", "--show-keys")
    (pair,) = json.loads(out)
    assert ANNA in (pair["key_a"], pair["key_b"]) and "same_phone" in pair["signs_for"]
    judged = ("judge", pair["key_a"], pair["key_b"], "same", "--by", "王样警官", "--reason", "看过身份证")
    code, out, _ = _run(capsys, home, *judged, "--json")
    said = json.loads(out)
    assert code == 0 and said["in_force"]["same"] == 1 and ANNA not in out and "reason" not in said
    _, out, _ = _run(capsys, home, "resolve", "--judged", "--json", "--show-keys")
    assert [(j["verdict"], j["judged_by"], j["reason"]) for j in json.loads(out)] == [
        ("same", "王样警官", "看过身份证")
    ]
    code, out, _ = _run(
        capsys, home, "judge", "--undo", "1", "--by", "王样警官", "--reason", "看错", "--later"
    )
    assert code == 0 and "rebuild" in out


def test_a_torn_group_is_a_finding(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = [person(number=ANNA, phone=PHONE), person(number=CLEO)], [person(home=HOME)]
    lake = registers(tmp_path, *files)
    local = next(k for k in open_tables(lake).frame("Person")["key"].to_list() if k.startswith("local:"))
    by = ("--by", "王样警官", "--reason", "理由")
    assert _run(capsys, lake.root, "judge", ANNA, local, "same", *by, "--later")[0] == 0
    assert _run(capsys, lake.root, "judge", local, CLEO, "same", *by, "--later")[0] == 0
    code, _, err = _run(capsys, lake.root, "judge", ANNA, CLEO, "different", *by)
    assert code == 1 and "judged different" in err


def test_a_refusal_is_one_sentence_without_a_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = registers(tmp_path, [person(number=ANNA)]).root
    code, _, err = _run(capsys, home, "judge", ANNA, CLEO, "same", "--by", "王样警官", "--reason", "理由")
    assert code == 1 and ANNA not in err and CLEO not in err and err.count("\n") == 1
    with pytest.raises(SystemExit) as left:
        _run(capsys, home, "judge", ANNA, "--by", "王样警官", "--reason", "理由")
    assert left.value.code == 2
