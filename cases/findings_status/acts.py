"""What named people said about findings, oldest first; append-only, each row sealed."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, get_args

from cases.access import Action
from cases.chain import Chain, Values
from cases.sealed import Sealed
from detect.results import Finding, Row
from graph.contract import Ref
from graph.errors import InputError
from graph.lake.home import LakeHome

Kind = Literal["status", "assign", "comment", "due"]
KINDS: tuple[Kind, ...] = get_args(Kind)
_ROWS_KEPT = 300
_TABLE = {
    "at": "TEXT NOT NULL", "kind": "TEXT NOT NULL", "value": "TEXT NOT NULL", "text": "TEXT NOT NULL",
    "done_by": "TEXT NOT NULL", "desk_role": "TEXT NOT NULL", "lake_digest": "TEXT NOT NULL",
    "about": "TEXT NOT NULL",
}  # fmt: skip


class Status(StrEnum):
    """How far people are with a finding; whoever said nothing has left it new."""

    NEW = "new"
    REVIEW = "review"
    LEAD = "lead"
    DISMISSED = "dismissed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class About:
    """A finding as it was worked on. rows: the first 300 source rows; row_count, row_digest: of all."""

    finding_id: str
    rule: str
    revision: int
    subject: Ref
    score: float
    row_count: int
    row_digest: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class FindingAct:
    """One thing somebody said about one or more findings at once.

    value: a status, an assignee ("" for nobody), a day (ISO, "" for none). text: reason or comment.
    """

    kind: Kind
    value: str
    text: str
    done_by: str
    desk_role: str
    at: datetime
    about: tuple[About, ...]
    lake_digest: str = ""
    seq: int = 0


def finding_acts_path(home: LakeHome) -> Path:
    """Where an installation keeps what people said about findings."""
    return home.root / "finding_acts.sqlite"


def about(finding: Finding) -> About:
    """The finding as it is now, for the record."""
    rows = tuple(sorted(finding.rows))
    return About(
        finding.finding_id,
        finding.rule,
        finding.revision,
        finding.subject,
        finding.score,
        len(rows),
        row_digest(rows),
        rows[:_ROWS_KEPT],
    )


def row_digest(rows: Iterable[Row]) -> str:
    """A digest of source rows, whatever their order."""
    return hashlib.sha256(json.dumps(sorted(rows)).encode()).hexdigest()


class FindingActs:
    """The acts of one home; every reading checks every row, a damaged file is named and not believed."""

    def __init__(self, home: LakeHome) -> None:
        chain = Chain(finding_acts_path(home), "finding_acts", _TABLE)
        what = "what people said about findings"
        self._sealed = Sealed(home, chain, what, (Action.WORK_FINDING,), private=True)

    def add(self, act: FindingAct, seen: int | None = None) -> tuple[FindingAct, str]:
        """Store one for good; it and the head `seq:hash` of the file with it.

        seen: number of the newest act on these findings that the writer looked at, 0 for none; InputError
        when somebody acted on one of them since.
        """
        ids = {one.finding_id for one in act.about}

        def allow(rows: list[Values]) -> None:
            if seen is None:
                return
            for values in rows[seen:]:
                if ids & {one["id"] for one in json.loads(values["about"])}:
                    raise InputError(
                        "Somebody worked on one of these findings meanwhile; look at it again.",
                        zh="其中有命中刚被他人处理；请重新查看。",
                    )

        seq, head = self._sealed.append(_values(act), allow)
        return replace(act, seq=seq), head

    def history(self) -> list[FindingAct]:
        """Every act, oldest first; EvidenceBroken when the file can't be believed."""
        with self._sealed.readable():
            return [_act(values) for values in self._sealed.rows()]


def _values(act: FindingAct) -> Values:
    values: Values = {name: getattr(act, name) for name in _TABLE}
    values["at"] = act.at.astimezone(UTC).isoformat(timespec="microseconds")
    values["about"] = json.dumps([_plain(one) for one in act.about], ensure_ascii=False)
    return values


def _plain(one: About) -> dict[str, Any]:
    files = sorted({source for source, _ in one.rows})
    return {
        "id": one.finding_id,
        "rule": one.rule,
        "revision": one.revision,
        "subject": [one.subject.type, one.subject.key],
        "score": one.score,
        "row_count": one.row_count,
        "row_digest": one.row_digest,
        "files": files,
        "rows": [[files.index(source), row] for source, row in one.rows],
    }


def _about(raw: dict[str, Any]) -> About:
    rows = tuple((raw["files"][place], row) for place, row in raw["rows"])
    subject = Ref(*raw["subject"])
    counted = (raw["row_count"], raw["row_digest"])
    return About(raw["id"], raw["rule"], raw["revision"], subject, raw["score"], *counted, rows)


def _act(values: Values) -> FindingAct:
    given: dict[str, Any] = {name: values[name] for name in _TABLE} | {
        "at": datetime.fromisoformat(values["at"]),
        "kind": KINDS[KINDS.index(values["kind"])],
        "about": tuple(_about(raw) for raw in json.loads(values["about"])),
    }
    return FindingAct(**given, seq=values["seq"])
