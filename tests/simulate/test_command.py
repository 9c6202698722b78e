"""The command writes the same bytes for the same seed and refuses what it can't do."""

import hashlib
import json
from pathlib import Path

import pytest

from simulate.__main__ import main


def digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_same_seed_gives_same_bytes_and_another_seed_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, seed in (("one", "3"), ("two", "3"), ("other", "5")):
        wanted = [
            "--out",
            str(tmp_path / name),
            "--accounts",
            "1000",
            "--days",
            "30",
            "--seed",
            seed,
            "--json",
        ]
        assert main(wanted) == 0
        listed = json.loads(capsys.readouterr().out)
        assert {row["file"] for row in listed["files"]} <= {path.name for path in (tmp_path / name).iterdir()}
    one, two, other = (digests(tmp_path / name) for name in ("one", "two", "other"))
    assert any(name.endswith(".xlsx") for name in one)
    assert one == two
    changed = [name for name in one if one[name] != other[name]]
    assert len(changed) == len(one)


def test_a_folder_with_files_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "kept.txt").write_text("kept", encoding="utf-8")
    assert main(["--out", str(tmp_path)]) == 1
    assert "not empty" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


@pytest.mark.parametrize(
    "wrong",
    [
        ["--accounts", "10"],
        ["--days", "3"],
        ["--noise", "LOUD"],
        ["--accounts", "1000", "--rings", "9"],
        ["--seed", "-1"],
    ],
)
def test_wrong_usage_ends_with_two(tmp_path: Path, wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--out", str(tmp_path / "out"), *wrong])
    assert ended.value.code == 2
    assert not (tmp_path / "out").exists()


def test_the_folder_says_that_all_is_invented(tmp_path: Path) -> None:
    assert (
        main(["--out", str(tmp_path / "out"), "--accounts", "1000", "--days", "14", "--noise", "HIGH"]) == 0
    )
    text = (tmp_path / "out" / "README.txt").read_text(encoding="utf-8")
    assert "INVENTED" in text and "虚构" in text and "--noise HIGH" in text
