"""How a role stands now: proposed, confirmed or refuted, and what has changed since somebody decided."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import polars as pl

from cases.roles.acts import Act, RoleActs, Subject
from detect.results import Gang, Member, RoleReason, Row
from graph.contract import Ref
from graph.lake.home import LakeHome
from graph.lake.tables import LakeTables
from graph.schema.catalog import table_columns


class RoleState(StrEnum):
    """What people have said of a role; without a word it is only proposed."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REFUTED = "refuted"


class Change(StrEnum):
    """What may take the ground from under a decision."""

    NOT_PROPOSED = "not_proposed"  # the role is not proposed for the person any more
    ROWS_GONE = "rows_gone"  # a source row it was decided on is not in the lake any more
    SIGN_GONE = "sign_gone"  # a sign that spoke for the decision is not seen any more
    SIGN_NEW = "sign_new"  # a sign that speaks against the decision was not there


@dataclass(frozen=True, slots=True)
class RoleStanding:
    """One role of one person as it stands. score: None when detection does not propose it (any more).

    reason: what speaks for and against it now. act: the decision in force, None while it is proposed.
    """

    person: str
    role: str
    state: RoleState
    score: float | None
    reason: RoleReason = field(default_factory=RoleReason)
    act: Act | None = None
    changes: tuple[Change, ...] = ()

    @property
    def is_label(self) -> bool:
        """Whether it may be said of the person without a mark: confirmed, on evidence that still stands."""
        return self.state is RoleState.CONFIRMED and not self.changes

    @property
    def seen(self) -> int:
        """The number of the act in force, 0 for none: what a new decision says it has looked at."""
        return self.act.seq if self.act else 0


@dataclass(frozen=True, slots=True)
class Decisions:
    """The acts in force of one home, and which of the rows they rest on the lake has no more."""

    acts: Mapping[Subject, Act] = field(default_factory=dict)
    gone: frozenset[Row] = frozenset()

    def of(self, member: Member) -> tuple[RoleStanding, ...]:
        """Every role of a member, proposed or decided: by score, then code; those without score last."""
        if member.ref.type != "Person":
            return ()
        decided = {role for person, role in self.acts if person == member.ref.key}
        found = [self._standing(member, role) for role in sorted(decided | set(member.roles))]
        return tuple(sorted(found, key=lambda one: (-(one.score or 0.0), one.role)))

    def outside(self, gangs: Iterable[Gang]) -> tuple[RoleStanding, ...]:
        """What was decided about persons whom no gang names any more, by key and role."""
        inside = {member.ref.key for gang in gangs for member in gang.members if member.ref.type == "Person"}
        others = sorted({person for person, _ in self.acts} - inside)
        return tuple(one for key in others for one in self.of(Member(Ref("Person", key), 0.0)))

    def _standing(self, member: Member, role: str) -> RoleStanding:
        score, reason = member.roles.get(role), member.reasons.get(role, RoleReason())
        act = self.acts.get((member.ref.key, role))
        if act is None:
            return RoleStanding(member.ref.key, role, RoleState.PROPOSED, score, reason)
        state = RoleState.CONFIRMED if act.verdict == "confirm" else RoleState.REFUTED
        changes = tuple(_changes(act, score, reason, self.gone))
        return RoleStanding(member.ref.key, role, state, score, reason, act, changes)


def open_decisions(home: LakeHome, tables: LakeTables) -> Decisions:
    """The decisions in force of a home over its tables; EvidenceBroken when they can't be believed."""
    acts = RoleActs(home).in_force()
    cited = {row for act in acts.values() for row in evidence_rows(act.evidence)}
    return Decisions(acts, frozenset(rows_gone(tables, cited)))


def evidence_rows(reason: RoleReason) -> frozenset[Row]:
    """Every source row for or against a role."""
    return frozenset(row for _, _, rows in (*reason.supporting, *reason.opposing) for row in rows)


def rows_gone(tables: LakeTables, rows: Collection[Row]) -> set[Row]:
    """Those of some source rows that no table cites; no rows give none."""
    left = set(rows)
    for name, count in tables.rows.items():
        columns = set(table_columns(name))
        for source, row in (("source", "row"), ("other_source", "other_row")):
            if left and count and source in columns:
                files = sorted({sha for sha, _ in left})
                cited = tables.scan(name).filter(pl.col(source).is_in(files)).select(source, row).unique()
                left -= set(cited.collect().iter_rows())
    return left


def _changes(act: Act, score: float | None, now: RoleReason, gone: frozenset[Row]) -> Iterable[Change]:
    """What changed since the decision; evidence that only strengthens it is no change."""
    then = act.evidence
    for_it, against = (then.supporting, then.opposing), (now.supporting, now.opposing)
    if act.verdict == "refute":
        for_it, against = for_it[::-1], against[::-1]
    if score is None:
        yield Change.NOT_PROPOSED
    if gone & evidence_rows(then):
        yield Change.ROWS_GONE
    if score is not None and _signs(for_it[0]) - _signs(against[0]):
        yield Change.SIGN_GONE
    if score is not None and _signs(against[1]) - _signs(for_it[1]):
        yield Change.SIGN_NEW


def _signs(items: Iterable[tuple[str, float, tuple[Row, ...]]]) -> set[str]:
    return {sign for sign, _, _ in items}
