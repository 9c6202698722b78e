"""Machine code of one state of the sources is never run by another."""

from pathlib import Path

import pytest

from graph.compiled import forget_older, machine_code_folder

KERNEL = "from funds.rates import DAYS\nfrom graph.compiled import njit\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A kernel, a file whose constant it holds, and one it knows nothing of."""
    for package in ("graph", "funds", "detect"):
        (tmp_path / package).mkdir()
    (tmp_path / "funds" / "kernel.py").write_text(KERNEL, encoding="utf-8")
    (tmp_path / "funds" / "rates.py").write_text("DAYS = 3\n", encoding="utf-8")
    (tmp_path / "detect" / "words.py").write_text("TITLE = 'a'\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("file", "text", "same"),
    [
        ("funds/rates.py", "DAYS = 4\n", False),
        ("funds/kernel.py", KERNEL + "MOST = 2\n", False),
        ("graph/other.py", KERNEL, False),
        ("detect/words.py", "TITLE = 'b'\n", True),
    ],
)
def test_the_folder_changes_with_what_is_compiled_in(
    checkout: Path, file: str, text: str, same: bool
) -> None:
    before = machine_code_folder(checkout)
    assert machine_code_folder(checkout) == before
    (checkout / file).write_text(text, encoding="utf-8")
    assert (machine_code_folder(checkout) == before) is same


def test_it_lies_where_the_environment_says(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(checkout / "kept"))
    assert machine_code_folder(checkout).parent == checkout / "kept"
    monkeypatch.delenv("NUMBA_CACHE_DIR")
    assert machine_code_folder(checkout).parent == checkout / ".cache" / "numba"


def test_only_the_present_code_stays(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(checkout / "kept"))
    present, older = machine_code_folder(checkout), checkout / "kept" / "loops-0123456789abcdef"
    parser = checkout / "kept" / "parser"
    for folder in (present, older, parser):
        folder.mkdir(parents=True)
    forget_older(checkout)
    assert present.is_dir() and parser.is_dir() and not older.exists()
