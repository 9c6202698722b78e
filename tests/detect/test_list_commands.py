"""The commands that print lists of cards, over the sample: JSON, masked, the same each time."""

import json
from pathlib import Path

import pytest

from detect.__main__ import main
from detect.list_report import LISTS
from graph.lake.home import LakeHome


@pytest.mark.parametrize("what", LISTS)
def test_a_list_prints_masked_json_the_same_each_time(
    what: str, sample_home: LakeHome, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = []
    for _ in range(2):
        assert main([what, "--json", "--lake", str(sample_home.root)]) == 0
        printed.append(capsys.readouterr().out)
    assert printed[0] == printed[1]
    entries = json.loads(printed[0])
    assert entries
    for entry in entries:
        assert "*" in str(entry.get("card", entry.get("person")))
        assert entry.get("state", "proposal") == "proposal"
    assert main([what, "--lake", str(sample_home.root)]) == 0
    assert "Proposals" in capsys.readouterr().out


def test_without_detection_there_is_no_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["reverify", "--lake", str(tmp_path)]) == 1
    assert "run `python -m detect` first" in capsys.readouterr().err
