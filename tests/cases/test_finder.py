"""Searches are decided, audited without their text, and take lists of hundreds."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from cases.access import Role, Subject
from cases.audit import audit_path
from cases.finder import MOST_CELLS, Asker, cells_of, find_list, find_one, ready
from graph.errors import InputError, NotPermitted
from graph.lake.home import LakeHome, lake_home
from graph.lake.tables import open_tables, write_tables
from graph.lookup.finder import How
from tests.frames import small_world

NOW = datetime(2024, 3, 1, tzinfo=UTC)
CARD = "6200000000000000003"


def asker(home: LakeHome, role: Role = Role.ANALYST) -> Asker:
    return Asker(home, open_tables(home), Subject("王样", role, every_case=True))


@pytest.fixture
def home(tmp_path: Path) -> LakeHome:
    """A home of its own: searches write an audit."""
    made = lake_home(tmp_path)
    write_tables(made, small_world())
    return made


def test_a_search_is_decided_and_leaves_no_text_in_the_audit(home: LakeHome) -> None:
    assert not ready(open_tables(home), home)
    found = find_one(asker(home), CARD, (), False, NOW)
    assert [(hit.ref.key, hit.how) for hit in found.hits] == [(CARD, How.EXACT)]
    assert ready(open_tables(home), home)
    content = b"".join(path.read_bytes() for path in home.root.glob("audit.sqlite*"))
    assert b"search" in content and CARD.encode() not in content
    assert audit_path(home).exists()


@pytest.mark.parametrize("role", [Role.ADMIN, Role.AUDITOR, Role.UPLOADER])
def test_who_may_not_search_gets_nothing(home: LakeHome, role: Role) -> None:
    for ask in (lambda: find_one(asker(home, role), CARD, (), False, NOW),
                lambda: find_list(asker(home, role), CARD, (), NOW)):  # fmt: skip
        with pytest.raises(NotPermitted):
            ask()
    assert not home.lookups.exists()


def test_a_list_mixes_kinds_repeats_and_masks(home: LakeHome) -> None:
    text = f'{CARD}\t10000000001\n"{CARD}"\r\n虚乙，nobody-1234\n6200***0004;***\n\n'
    cells = find_list(asker(home), text, (), NOW)
    said = {cell.text: (cell.lines, [hit.ref.type for hit in cell.hits], cell.problem) for cell in cells}
    assert said == {
        CARD: ((1, 2), ["Account"], ""),
        "10000000001": ((1,), ["Sim"], ""),
        "虚乙": ((3,), ["Person"], ""),
        "nobody-1234": ((3,), [], ""),
        "6200***0004": ((4,), ["Account"], ""),
        "***": ((4,), [], "mask"),
    }


def test_a_list_of_hundreds_is_taken_and_of_too_many_refused(home: LakeHome) -> None:
    many = "\n".join(f"62{n:017d}" for n in range(MOST_CELLS))
    assert len(find_list(asker(home), many, (), NOW)) == MOST_CELLS
    with pytest.raises(InputError, match="2,001 were given"):
        cells_of(many + "\n1")
    with pytest.raises(InputError, match="at most 400,000 characters"):
        cells_of("x" * 400_001)
    assert cells_of(" \n,;\t") == {}
    assert find_list(asker(home), " \n", (), NOW) == ()
