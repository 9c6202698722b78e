"""How people stand to each finding now, through new detections: what was said, and what changed since."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from cases.findings_status.acts import About, FindingAct, Status, row_digest
from detect.results import Finding


class Change(StrEnum):
    """What is other than it was when somebody last said something of a finding."""

    RULE = "rule"  # another revision of the rule
    ROWS = "rows"  # other source rows
    SCORE = "score"  # another score


@dataclass(frozen=True, slots=True)
class Standing:
    """One finding's work. acts: about it, oldest first; seen: number of the newest, 0 for none.

    changes: since the last act. finding: None when detection has it no more.
    """

    finding: Finding | None
    status: Status = Status.NEW
    assignee: str = ""
    due: date | None = None
    acts: tuple[FindingAct, ...] = ()
    changes: tuple[Change, ...] = ()
    last: About | None = None

    @property
    def seen(self) -> int:
        """What a new act says that it has looked at."""
        return self.acts[-1].seq if self.acts else 0

    @property
    def reason(self) -> str:
        """Why the status is what it is, as it was given with it."""
        return next((act.text for act in reversed(self.acts) if act.kind == "status"), "")


@dataclass(frozen=True, slots=True)
class Queue:
    """Every finding of a detection with its work, in their order, and work on findings that are gone."""

    standings: Mapping[str, Standing] = field(default_factory=dict)
    gone: tuple[Standing, ...] = ()

    def of(self, finding: Finding) -> Standing:
        """The work on a finding; new where nobody said anything."""
        return self.standings.get(finding.finding_id, Standing(finding))

    def counts(self) -> dict[Status, int]:
        """How many findings of the detection stand where."""
        found = dict.fromkeys(Status, 0)
        for one in self.standings.values():
            found[one.status] += 1
        return found


def queue(history: Iterable[FindingAct], findings: Sequence[Finding]) -> Queue:
    """Joins acts to findings: by id, else by rule, subject and a source row in common.

    A finding's id changes with the rule's revision or its first row, so after a new detection the work goes
    over to the one finding of that rule and subject that shares rows; where there are several, to the one
    that shares most (the first of these by id); where there is none it is kept as gone.
    """
    acts: dict[str, list[tuple[FindingAct, About]]] = {}
    for act in history:
        for one in act.about:
            acts.setdefault(one.finding_id, []).append((act, one))
    known = {one.finding_id: one for one in findings}
    taken = {name: name for name in acts if name in known}
    gone: list[Standing] = []
    by_subject: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        by_subject.setdefault((finding.rule, finding.subject), []).append(finding)
    for name, told in acts.items():
        if name in known:
            continue
        heir = _heir(told[-1][1], by_subject, set(taken.values()))
        if heir is None:
            gone.append(_standing(None, told))
        else:
            taken[name] = heir.finding_id
    joined: dict[str, list[tuple[FindingAct, About]]] = {}
    for name, finding_id in taken.items():
        joined.setdefault(finding_id, []).extend(acts[name])
    standings = {one.finding_id: Standing(one) for one in findings}
    for finding_id, told in joined.items():
        standings[finding_id] = _standing(known[finding_id], sorted(told, key=lambda pair: pair[0].seq))
    return Queue(standings, tuple(sorted(gone, key=lambda one: -one.seen)))


def _heir(
    last: About, by_subject: Mapping[tuple[object, ...], Sequence[Finding]], taken: set[str]
) -> Finding | None:
    """The finding of the same rule on the same subject that rests on most of the same rows."""
    here, mine = by_subject.get((last.rule, last.subject), ()), set(last.rows)
    shared = [(len(mine & set(one.rows)), one) for one in here if one.finding_id not in taken]
    best = sorted(((n, one) for n, one in shared if n), key=lambda pair: (-pair[0], pair[1].finding_id))
    return best[0][1] if best else None


def _standing(finding: Finding | None, told: Sequence[tuple[FindingAct, About]]) -> Standing:
    stand = Standing(finding)
    for act, _ in told:
        if act.kind == "status":
            stand = replace(stand, status=Status(act.value))
        elif act.kind == "assign":
            stand = replace(stand, assignee=act.value)
        elif act.kind == "due":
            stand = replace(stand, due=date.fromisoformat(act.value) if act.value else None)
    last = told[-1][1]
    changes = tuple(_changes(last, finding)) if finding is not None else ()
    return replace(stand, acts=tuple(act for act, _ in told), changes=changes, last=last)


def _changes(then: About, now: Finding) -> Iterable[Change]:
    if then.revision != now.revision:
        yield Change.RULE
    if then.row_count != len(now.rows) or then.row_digest != row_digest(now.rows):
        yield Change.ROWS
    if then.score != now.score:
        yield Change.SCORE
