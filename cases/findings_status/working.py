"""Takes what a named person says about findings: allowed, audited, on the findings as they were seen."""

from collections.abc import Sequence
from datetime import date, datetime

from cases.access import Action, Context, Subject, Target
from cases.findings_status.acts import FindingAct, FindingActs, Kind, Status, about
from cases.reading import permitted
from detect.results import Finding
from graph.errors import InputError
from graph.lake.home import LakeHome

MOST_AT_ONCE, LONGEST_NAME, LONGEST_TEXT = 200, 80, 2_000


def set_status(
    home: LakeHome, who: Subject, findings: Sequence[Finding], status: Status, reason: str, at: datetime, *,
    lake_digest: str = "", seen: int | None = None, case: str | None = None,
) -> FindingAct:  # fmt: skip
    """Say how far people are with findings; InputError when one is dismissed without a reason."""
    if status is Status.DISMISSED and not reason.strip():
        raise InputError("A finding is dismissed with a reason; give one.", zh="排除命中需要理由，请填写。")
    return _store(home, who, findings, "status", status.value, reason, at, lake_digest, seen, case)


def assign(
    home: LakeHome, who: Subject, findings: Sequence[Finding], assignee: str, at: datetime, *,
    lake_digest: str = "", seen: int | None = None, case: str | None = None,
) -> FindingAct:  # fmt: skip
    """Give findings to somebody, to nobody for a blank name."""
    name = assignee.strip()
    if len(name) > LONGEST_NAME or not (name.isprintable() or not name):
        raise InputError(
            f"A name has at most {LONGEST_NAME} printable signs; check it.",
            zh=f"姓名最多 {LONGEST_NAME} 个可见字符，请核对。",
        )
    return _store(home, who, findings, "assign", name, "", at, lake_digest, seen, case)


def set_due(
    home: LakeHome, who: Subject, findings: Sequence[Finding], due: date | None, at: datetime, *,
    lake_digest: str = "", seen: int | None = None, case: str | None = None,
) -> FindingAct:  # fmt: skip
    """Say until which day (UTC+8) findings are to be looked at, None for no day."""
    value = due.isoformat() if due else ""
    return _store(home, who, findings, "due", value, "", at, lake_digest, seen, case)


def remark(
    home: LakeHome, who: Subject, findings: Sequence[Finding], text: str, at: datetime, *,
    lake_digest: str = "", case: str | None = None,
) -> FindingAct:  # fmt: skip
    """Say something about findings; it stands on no other remark, so none is refused for coming late."""
    if not text.strip():
        raise InputError("A comment needs a text; write one.", zh="批注不能为空，请填写。")
    return _store(home, who, findings, "comment", "", text, at, lake_digest, None, case)


def _store(
    home: LakeHome, who: Subject, findings: Sequence[Finding], kind: Kind, value: str, text: str,
    at: datetime, lake_digest: str, seen: int | None, case: str | None,
) -> FindingAct:  # fmt: skip
    if not 1 <= len(findings) <= MOST_AT_ONCE:
        raise InputError(
            f"Between 1 and {MOST_AT_ONCE} findings are worked on at once; choose fewer.",
            zh=f"一次处理 1 至 {MOST_AT_ONCE} 条命中，请减少所选。",
        )
    name, said = who.name.strip(), text.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise InputError(f"Work on findings needs a name, at most {LONGEST_NAME} printable signs; give it.")
    if len(said) > LONGEST_TEXT or any("\ud800" <= sign <= "\udfff" for sign in said):
        raise InputError(
            f"This text has at most {LONGEST_TEXT:,} signs, all of them text; shorten it.",
            zh=f"文字最多 {LONGEST_TEXT:,} 个字符，请缩短。",
        )
    act = FindingAct(
        kind, value, said, name, who.role.value, at, tuple(about(one) for one in findings), lake_digest
    )
    context = Context(case=case, purpose=f"finding {kind}" + (f" {value}" if kind == "status" else ""))
    refs = [one.subject for one in findings]
    with permitted(home, who, Action.WORK_FINDING, Target("finding"), context, at, refs) as permit:
        kept, permit.digest = FindingActs(home).add(act, seen)
        permit.rows = len(findings)
    return kept
