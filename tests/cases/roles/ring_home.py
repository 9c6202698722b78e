"""A home with the invented ring, what detection found in it, and people who decide."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cases.access import Role, Subject
from cases.roles.acts import Act, Verdict
from cases.roles.deciding import Proposal, decide_role, proposal_of
from detect.results import Detection, Gang, Member
from detect.store import open_detection, write_detection
from graph.lake.home import LakeHome, lake_home
from tests.export.ring import findings, frames, gang, person, tables

AT = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
OFFICER = Subject("王样警官", Role.INVESTIGATOR, every_case=True)
CHIEF = Subject("赵样主管", Role.SUPERVISOR, every_case=True)
PROVIDER = person(3).key
"""Proposed as card_provider 0.73 and, weaker, as caller."""


def ring_home(root: Path) -> LakeHome:
    """The ring loaded and detected."""
    home = lake_home(root)
    detected(home)
    return home


def detected(home: LakeHome, given: Gang | None = None, lacking: tuple[str, ...] = ()) -> None:
    """Write the ring's tables less those `lacking`, and a detection of it that fits them."""
    kept = {name: frame for name, frame in frames().items() if name not in lacking}
    digest = tables(home.root, kept).digest.digest
    write_detection(home, Detection(digest, "embedded", findings(), (given or gang(),), ()))


def with_member(changed: Member) -> Gang:
    """The ring with one member in place of the one of the same key."""
    return replace(gang(), members=tuple(changed if m.ref == changed.ref else m for m in gang().members))


def member(n: int) -> Member:
    """The ring's n-th person as proposed."""
    return next(m for m in gang().members if m.ref == person(n))


def proposal(home: LakeHome, role: str = "card_provider", key: str = PROVIDER) -> Proposal:
    """A proposal of the last detection."""
    found = open_detection(home)
    assert found is not None
    made = proposal_of(found, key, role)
    assert made is not None
    return made


def decided(
    home: LakeHome,
    verdict: Verdict = "confirm",
    role: str = "card_provider",
    who: Subject = OFFICER,
    minute: int = 0,
    key: str = PROVIDER,
) -> Act:
    """One decision by a named person."""
    at = AT + timedelta(minutes=minute)
    return decide_role(home, who, proposal(home, role, key), verdict, "看过开户影像", at)
