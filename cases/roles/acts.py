"""What named people said of proposed roles: confirm, refute, withdraw; append-only, each row sealed."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from cases.access import Action
from cases.chain import Chain, Values
from cases.sealed import Sealed
from detect.results import RoleReason
from graph.errors import InputError
from graph.lake.home import LakeHome

Verdict = Literal["confirm", "refute", "withdraw"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
Subject = tuple[str, str]
"""What an act is about: the key of a person and the code of a role."""
_TABLE = {
    "at": "TEXT NOT NULL", "person": "TEXT NOT NULL", "role": "TEXT NOT NULL", "verdict": "TEXT NOT NULL",
    "decided_by": "TEXT NOT NULL", "desk_role": "TEXT NOT NULL", "reason": "TEXT NOT NULL",
    "gang_id": "TEXT NOT NULL", "lake_digest": "TEXT NOT NULL", "score": "REAL", "evidence": "TEXT NOT NULL",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """One decision about one role of one person. seq 0: not stored yet.

    score, evidence: the proposal as it was decided on, with its source rows, out of the lake `lake_digest`;
    None and empty for a withdrawal. desk_role: the access role of who decided.
    """

    person: str
    role: str
    verdict: Verdict
    decided_by: str
    desk_role: str
    reason: str
    at: datetime
    gang_id: str = ""
    lake_digest: str = ""
    score: float | None = None
    evidence: RoleReason = field(default_factory=RoleReason)
    seq: int = 0

    @property
    def subject(self) -> Subject:
        """What the act is about."""
        return (self.person, self.role)


def acts_path(home: LakeHome) -> Path:
    """Where an installation keeps what people decided about roles."""
    return home.root / "role_acts.sqlite"


def in_force(history: Iterable[Act]) -> dict[Subject, Act]:
    """The last confirmation or refutation of each role; what was withdrawn last is in force no more."""
    last = {act.subject: act for act in history}
    return {subject: last[subject] for subject in sorted(last) if last[subject].verdict != "withdraw"}


class RoleActs:
    """The acts of one home.

    Every reading checks every row, and that the newest row the audit knows is among them: a file that was
    changed, cut or removed is named and not believed (EvidenceBroken).
    """

    def __init__(self, home: LakeHome) -> None:
        chain = Chain(acts_path(home), "role_acts", _TABLE)
        self._sealed = Sealed(home, chain, "decisions about roles", (Action.JUDGE_ROLE,))

    def add(self, act: Act, seen: int | None = None) -> tuple[Act, str]:
        """Store one for good; it and the head `seq:hash` of the file with it.

        seen: number of the act in force that the decider looked at, 0 for none; InputError when another
        stands there by now, or when there is nothing to withdraw.
        """

        def allow(rows: list[Values]) -> None:
            stands = in_force(_act(values) for values in rows).get(act.subject)
            if seen is not None and seen != (stands.seq if stands else 0):
                raise InputError("Somebody decided about this role meanwhile; look at it again.")
            if act.verdict == "withdraw" and stands is None:
                raise InputError("Nothing is decided about this role; there is nothing to withdraw.")

        seq, head = self._sealed.append(_values(act), allow)
        return replace(act, seq=seq), head

    def history(self) -> list[Act]:
        """Every act, oldest first; none before the first."""
        with self._sealed.readable():
            return [_act(values) for values in self._sealed.rows()]

    def in_force(self) -> dict[Subject, Act]:
        """`in_force` of the history."""
        return in_force(self.history())


def _values(act: Act) -> Values:
    values: Values = {name: getattr(act, name) for name in _TABLE}
    values["at"] = act.at.astimezone(UTC).isoformat(timespec="microseconds")
    values["evidence"] = json.dumps([act.evidence.supporting, act.evidence.opposing])
    return values


def _act(values: Values) -> Act:
    supporting, opposing = json.loads(values["evidence"])
    given = {name: values[name] for name in _TABLE} | {
        "at": datetime.fromisoformat(values["at"]),
        "evidence": RoleReason(_items(supporting), _items(opposing)),
    }
    return Act(**given, seq=values["seq"])


def _items(raw: list[Any]) -> tuple[tuple[str, float, tuple[tuple[str, int], ...]], ...]:
    return tuple((sign, weight, tuple((source, row) for source, row in rows)) for sign, weight, rows in raw)
