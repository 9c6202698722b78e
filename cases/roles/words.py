"""How the standing of a role is said in zh and en, wherever it is shown: screen, command, export."""

from cases.roles.standing import Change, RoleStanding, RoleState
from detect.role_words import role_label

STATES: dict[RoleState, tuple[str, str]] = {
    RoleState.PROPOSED: ("拟议，未确认", "proposed, not confirmed"),
    RoleState.CONFIRMED: ("已确认", "confirmed"),
    RoleState.REFUTED: ("已否定", "refuted"),
}
CHANGED: dict[RoleState, tuple[str, str]] = {
    RoleState.CONFIRMED: ("确认所据证据已变，须复核", "confirmed on evidence that has changed"),
    RoleState.REFUTED: ("否定所据证据已变，须复核", "refuted on evidence that has changed"),
}
CHANGES: dict[Change, tuple[str, str]] = {
    Change.NOT_PROPOSED: ("系统不再提出该角色", "the role is no longer proposed"),
    Change.ROWS_GONE: ("所据来源行已不在库中", "source rows it rests on are no longer in the lake"),
    Change.SIGN_GONE: ("所据迹象已不再出现", "a sign it rests on is no longer seen"),
    Change.SIGN_NEW: ("出现了与决定相反的迹象", "a sign against the decision has come up"),
}


def state_said(one: RoleStanding, language: str) -> str:
    """The state in words, which says so when the ground of a decision has changed."""
    pair = CHANGED[one.state] if one.changes else STATES[one.state]
    return pair[0 if language == "zh" else 1]


def changes_said(one: RoleStanding, language: str) -> str:
    """What has changed since the decision; empty when nothing has."""
    return ("；" if language == "zh" else "; ").join(
        CHANGES[change][0 if language == "zh" else 1] for change in one.changes
    )


def mark_said(one: RoleStanding, language: str) -> str:
    """The mark a role carries: its state, and who decided on which day (UTC) where somebody did."""
    parts = [state_said(one, language)]
    if one.act is not None:
        parts += [one.act.decided_by, f"{one.act.at:%Y-%m-%d} UTC"]
    return " · ".join(parts)


def role_said(one: RoleStanding, language: str) -> str:
    """A role as it may leave the system: never without its mark."""
    score = "" if one.score is None else f" {one.score:.2f}"
    return f"{role_label(one.role, language)}{score} [{mark_said(one, language)}]"
