"""Handles are keyed, stable and leave no identifier in free text."""

import stat
from pathlib import Path

from cases.handles import Handles, key_path, open_handles
from graph.contract import Ref
from graph.lake.home import LakeHome


def test_a_handle_is_stable_in_one_installation_and_differs_in_another(tmp_path: Path) -> None:
    one, other = LakeHome(tmp_path / "one"), LakeHome(tmp_path / "other")
    ref = Ref("Sim", "13800000000")
    assert open_handles(one).of_ref(ref) == open_handles(one).of_ref(ref)
    assert open_handles(one).of_ref(ref) != open_handles(other).of_ref(ref)


def test_the_key_is_readable_by_its_owner_only_and_not_in_a_representation(tmp_path: Path) -> None:
    home = LakeHome(tmp_path)
    handles = open_handles(home)
    assert stat.S_IMODE(key_path(home).stat().st_mode) == 0o600
    assert len(handles.key) == 32 and repr(handles.key)[2:-1] not in repr(handles)
    assert [p.name for p in key_path(home).parent.iterdir()] == ["handles.key"]


def test_kind_and_value_do_not_run_into_each_other() -> None:
    handles = Handles(b"k" * 32)
    assert handles.of("Sim", "1") != handles.of("Si", "m1")
    assert handles.of("Card", "1") != handles.of("Account", "1")


def test_scrubbing_takes_long_numbers_out_of_free_text() -> None:
    handles = Handles(b"k" * 32)
    clean = handles.scrub("查 13800000000 和 43000019000101123X, 2024-03-01, 3 个月")
    assert "13800000000" not in clean and "43000019000101123" not in clean
    assert "2024-03-01" in clean and "3 个月" in clean
