"""How work on a finding is said in zh and en, wherever it is shown."""

from cases.findings_status.acts import FindingAct, Status
from cases.findings_status.standing import Change, Standing

STATUSES: dict[Status, tuple[str, str]] = {
    Status.NEW: ("未处理", "new"),
    Status.REVIEW: ("核查中", "in review"),
    Status.LEAD: ("确认为线索", "confirmed lead"),
    Status.DISMISSED: ("已排除", "dismissed"),
    Status.DONE: ("已办结", "done"),
}
CHANGES: dict[Change, tuple[str, str]] = {
    Change.RULE: ("规则已修订", "the rule was revised"),
    Change.ROWS: ("来源行有变化", "it rests on other source rows"),
    Change.SCORE: ("分值有变化", "its score changed"),
}
KINDS: dict[str, tuple[str, str]] = {
    "status": ("状态", "status"),
    "assign": ("指派", "assigned"),
    "comment": ("批注", "comment"),
    "due": ("期限", "due"),
}


def status_said(status: Status, language: str) -> str:
    """A status in words."""
    return STATUSES[status][0 if language == "zh" else 1]


def changes_said(one: Standing, language: str) -> str:
    """What changed since somebody last worked on it; empty when nothing did."""
    texts = [CHANGES[change][0 if language == "zh" else 1] for change in one.changes]
    return ("；" if language == "zh" else "; ").join(texts)


def act_said(act: FindingAct, language: str) -> str:
    """What an act did, without its text."""
    kind = KINDS[act.kind][0 if language == "zh" else 1]
    value = status_said(Status(act.value), language) if act.kind == "status" else act.value
    if act.kind == "comment":
        return kind
    return f"{kind}: {value or '—'}"
