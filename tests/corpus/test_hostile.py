"""Every hostile input, loaded for real through the guarded child, ends exactly as its entry says."""

import importlib
import pkgutil
from pathlib import Path

import pytest

from tests.corpus import hostile
from tests.corpus.hostile.case import Case, check

ENTRIES = sorted(m.name for m in pkgutil.iter_modules(hostile.__path__) if m.name.startswith("entry_"))


def cases(entry: str) -> tuple[Case, ...]:
    found: tuple[Case, ...] = importlib.import_module(f"{hostile.__name__}.{entry}").CASES
    return found


@pytest.mark.parametrize(
    "case",
    [pytest.param(case, id=f"{entry[6:8]}-{case.says}") for entry in ENTRIES for case in cases(entry)],
)
def test_a_hostile_file_ends_as_its_entry_says(case: Case, tmp_path: Path) -> None:
    check(case, tmp_path)
