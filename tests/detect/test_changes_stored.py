"""Proposals stored and read back, printed with masked keys, and said in words."""

import json
from pathlib import Path

import pytest

from detect.__main__ import main
from detect.changes import Changes, find_changes
from detect.changes.said import KINDS, against_said, change_sentence, kind_said, unseen_sentence
from detect.changes.settings import load_settings
from detect.changes.store import MANIFEST, current_changes, open_changes, write_changes
from graph.contract import Ref
from graph.errors import InvalidRule, UnreadableSource
from graph.lake.home import LakeHome
from tests.detect.gang_world import lake
from tests.detect.test_changes import frozen, swapped


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> LakeHome:
    """A lake with a ring that swapped all and a frozen account that was replaced, detected."""
    folder = tmp_path_factory.mktemp("changes")
    lake(folder, swapped() + frozen())
    current_changes(LakeHome(folder))
    return LakeHome(folder)


def stored(home: LakeHome) -> Changes:
    """The stored proposals."""
    changes = open_changes(home)
    assert changes is not None and len(changes.changes) == 7
    return changes


def test_what_was_stored_is_read_back_whole(home: LakeHome, tmp_path: Path) -> None:
    _, tables = lake(tmp_path, swapped() + frozen())
    assert stored(home) == find_changes(tables)


def test_nothing_stored_is_nothing_found(tmp_path: Path) -> None:
    assert open_changes(LakeHome(tmp_path)) is None


def test_a_rewrite_leaves_one_file_and_the_same_bytes(home: LakeHome, tmp_path: Path) -> None:
    other = LakeHome(tmp_path)
    write_changes(other, Changes("0", (), ()))
    write_changes(other, stored(home))
    names = sorted(path.name for path in other.findings.iterdir())
    assert names == sorted(path.name for path in home.findings.glob("changes*"))
    for name in names:
        assert (other.findings / name).read_bytes() == (home.findings / name).read_bytes()


def test_damaged_proposals_are_refused(home: LakeHome, tmp_path: Path) -> None:
    other = LakeHome(tmp_path)
    write_changes(other, stored(home))
    file = next(other.findings.glob("changes-*.parquet"))
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    with pytest.raises(UnreadableSource, match="python -m detect"):
        open_changes(other)
    (other.findings / MANIFEST).write_text('{"changes": {}, "seal": "0"}')
    with pytest.raises(UnreadableSource, match="python -m detect"):
        open_changes(other)


def test_the_command_prints_masked_keys_unless_asked(
    home: LakeHome, capsys: pytest.CaptureFixture[str]
) -> None:
    key = next(c.old.key for c in stored(home).changes if c.old.type == "Sim")
    assert main(["changes", "--json", "--lake", str(home.root)]) == 0
    masked = capsys.readouterr().out
    assert key not in masked
    record = json.loads(masked)
    assert len(record["changes"]) == 7 and record["unseen"] == []
    assert all(sign["before_rows"] and sign["after_rows"] for c in record["changes"] for sign in c["signs"])
    assert main(["changes", "--lake", str(home.root)]) == 0
    assert key not in capsys.readouterr().out
    assert main(["changes", "--json", "--show-keys", "--lake", str(home.root)]) == 0
    assert key in capsys.readouterr().out


def test_the_command_looks_when_the_lake_has_changed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = LakeHome(tmp_path)
    for lines, count in (([], 0), (frozen(), 1)):
        lake(tmp_path, lines)
        assert main(["changes", "--json", "--lake", str(tmp_path)]) == 0
        record = json.loads(capsys.readouterr().out)
        assert len(record["changes"]) == count
        found = open_changes(home)
        assert found is not None and len(found.changes) == count
    assert record["unseen"] == ["Sim"]


def test_a_proposal_is_said_as_one_in_both_languages(home: LakeHome) -> None:
    for change in stored(home).changes:
        said = {lang: change_sentence(change, lang, lambda ref: f"<{ref.key}>") for lang in ("zh", "en")}
        assert "须由人确认" in said["zh"] and "A person confirms" in said["en"]
        for text in said.values():
            assert f"<{change.old.key}>" in text and f"<{change.new.key}>" in text
        for language in ("zh", "en"):
            assert all(against_said(point, language) for point in change.against)
            assert all(kind_said(sign.kind, language) for sign in change.signs)


def test_what_was_not_seen_is_said() -> None:
    changes = Changes("0", (), ("Device", "Sim"))
    assert "Device" in unseen_sentence(changes, "en") and "设备" in unseen_sentence(changes, "zh")
    assert unseen_sentence(Changes("0", (), ()), "en") == ""


def test_every_kind_of_neighbour_has_words() -> None:
    assert {kind for kinds in load_settings().kinds.values() for kind in kinds} == set(KINDS)


@pytest.mark.parametrize(("line", "other"), [("rounds: 40", ""), ("damping: 0.85", "damping: 1.0")])
def test_a_wrong_setting_is_named(line: str, other: str, tmp_path: Path) -> None:
    from detect.changes.settings import SETTINGS

    text = SETTINGS.read_text(encoding="utf-8")
    assert line in text
    path = tmp_path / "changes.yml"
    path.write_text(text.replace(line, other), encoding="utf-8")
    with pytest.raises(InvalidRule, match=r"changes\.yml"):
        load_settings(path)


def test_an_unknown_node_has_no_proposal(home: LakeHome) -> None:
    from detect.changes.store import changes_of

    assert changes_of(stored(home), [Ref("Device", "imei:00000000000099")]) == ()
