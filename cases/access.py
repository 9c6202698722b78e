"""Who may do what: one pure decision over role, scope, purpose and sensitivity; the default is no."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from cases.scope import Scope
from graph.schema.kinds import Privacy


class Role(StrEnum):
    """The six roles of an installation; nobody holds two of them."""

    UPLOADER = "uploader"
    ANALYST = "analyst"
    INVESTIGATOR = "investigator"
    SUPERVISOR = "supervisor"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Action(StrEnum):
    """Everything a person can ask of the system."""

    LOAD = "load"  # bring source files in
    COUNT = "count"  # see totals without any element
    VIEW = "view"  # look at nodes, edges, findings, gangs
    SEARCH = "search"
    QUERY = "query"  # run a shared query
    UNMASK = "unmask"  # see personal values whole
    EXPORT = "export"  # take a masked file away
    EXPORT_FULL = "export_full"  # take a file with whole personal values away
    PUSH = "push"  # write a masked gang map into a graph database outside
    PUSH_FULL = "push_full"
    APPROVE = "approve"  # agree to somebody else's request
    READ_AUDIT = "read_audit"
    MANAGE_ACCOUNTS = "manage_accounts"
    REVEAL_INFORMANT = "reveal_informant"
    JUDGE = "judge"  # say whether two records are one person, unit, address or device
    JUDGE_ROLE = "judge_role"  # confirm or refute what a person is proposed to be, or take that back
    OPEN_CHART = "open_chart"  # look at a saved chart, merge it into the own one, comment on it
    KEEP_CHART = "keep_chart"  # save a chart or a version of it, share it, withdraw it
    WORK_FINDING = "work_finding"  # set a finding's status, assign it, comment on it


class Effect(StrEnum):
    """What a decision says; `mask` allows the action on masked values only."""

    ALLOW = "allow"
    DENY = "deny"
    MASK = "mask"


@dataclass(frozen=True, slots=True)
class Subject:
    """Who asks. regions: region code prefixes, empty for all; cases: numbers of bound cases.

    every_case: a desk that keeps no case binding of its own (one installation, one team).
    """

    name: str
    role: Role
    regions: tuple[str, ...] = ()
    cases: frozenset[str] = frozenset()
    every_case: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """What is asked for: the strictest privacy class in it, its region and who requested it (for APPROVE).

    owner, case, shared: of a saved chart; one without an owner is nobody's to open.
    """

    kind: str
    privacy: Privacy = Privacy.PERSONAL
    region: str | None = None
    requested_by: str | None = None
    owner: str | None = None
    case: str | None = None
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Context:
    """Under which case and for what purpose; an expired purpose counts as none."""

    case: str | None = None
    purpose: str = ""
    reason: str = ""
    approver: str | None = None
    expires_at: datetime | None = None
    now: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """Allow, deny or mask with the reason in one sentence; `scope` is None exactly when denied."""

    effect: Effect
    reason: str
    scope: Scope | None = field(default=None)


_A, _I, _S = Role.ANALYST, Role.INVESTIGATOR, Role.SUPERVISOR
# What a role may do at all; everything else is denied. Admin sees no data, the auditor only the audit.
_MAY: Mapping[Action, frozenset[Role]] = {
    Action.LOAD: frozenset({Role.UPLOADER, _A, _I, _S}),
    Action.COUNT: frozenset({Role.UPLOADER, _A, _I, _S}),
    Action.VIEW: frozenset({_A, _I, _S}),
    Action.SEARCH: frozenset({_A, _I, _S}),
    Action.QUERY: frozenset({_A, _I, _S}),
    Action.UNMASK: frozenset({_I, _S}),
    Action.EXPORT: frozenset({_I, _S}),
    Action.EXPORT_FULL: frozenset({_I, _S}),
    Action.PUSH: frozenset({_I, _S}),
    Action.PUSH_FULL: frozenset({_I, _S}),
    Action.APPROVE: frozenset({_S}),
    Action.READ_AUDIT: frozenset({Role.AUDITOR}),
    Action.MANAGE_ACCOUNTS: frozenset({Role.ADMIN}),
    Action.REVEAL_INFORMANT: frozenset({_I, _S}),
    Action.JUDGE: frozenset({_A, _I, _S}),
    Action.JUDGE_ROLE: frozenset({_I, _S}),
    Action.OPEN_CHART: frozenset({_A, _I, _S}),
    Action.KEEP_CHART: frozenset({_A, _I, _S}),
    Action.WORK_FINDING: frozenset({_A, _I, _S}),
}
_MASKED = frozenset({Action.VIEW, Action.SEARCH, Action.QUERY, Action.EXPORT, Action.PUSH, Action.OPEN_CHART})
_OF_CHARTS = frozenset({Action.OPEN_CHART, Action.KEEP_CHART})
_FULL = frozenset({Action.UNMASK, Action.EXPORT_FULL, Action.PUSH_FULL, Action.REVEAL_INFORMANT})


def may(role: Role) -> frozenset[Action]:
    """What a role may ask for at all; region, case and purpose can still refuse it."""
    return frozenset(action for action, roles in _MAY.items() if role in roles)


def decide(subject: Subject, action: Action, target: Target, context: Context) -> Decision:
    """Whether `subject` may do `action` on `target` in `context`; reads no clock, no file, no setting.

    Role AND region AND case AND purpose AND sensitivity must agree; anything unknown is denied.
    `mask` is given for reading and for masked exports of personal values.
    """
    refusal = _refusal(subject, action, target, context)
    if refusal:
        return Decision(Effect.DENY, refusal)
    full = action in _FULL
    scope = Scope(regions=subject.regions, case=context.case, full=full)
    if action in _MASKED and target.privacy is Privacy.PERSONAL:
        return Decision(Effect.MASK, "Personal values are masked.", scope)
    return Decision(Effect.ALLOW, "Role, scope and purpose allow it.", scope)


def _refusal(subject: Subject, action: Action, target: Target, context: Context) -> str:
    """The first reason to deny, empty when there is none."""
    if subject.role not in _MAY.get(action, frozenset()):
        return f"The role {subject.role} may not do {action}; ask a person with another role."
    if target.region and subject.regions and not target.region.startswith(subject.regions):
        return "The object lies in another region; ask that region for it."
    if target.privacy is Privacy.INFORMANT and action is not Action.REVEAL_INFORMANT:
        return "Informant data stays in the vault; ask for a reveal with a second person."
    if action is Action.APPROVE and (not target.requested_by or target.requested_by == subject.name):
        return "Nobody approves the own request; ask another supervisor."
    if action in _OF_CHARTS:
        return _refusal_of_chart(subject, action, target)
    return _refusal_of_full(subject, action, context) if action in _FULL else ""


def _refusal_of_chart(subject: Subject, action: Action, target: Target) -> str:
    """A chart is its owner's; others open it once it is shared and they are bound to its case.

    The supervisor of its case opens it unshared too.
    """
    if target.owner is None:
        return "The chart has no owner; nobody may open it."
    if target.owner == subject.name:
        return ""
    if action is Action.KEEP_CHART:
        return "Only its owner changes a chart; save a copy of your own."
    bound = subject.every_case or target.case in subject.cases
    if target.case is not None and not bound:
        return "The chart belongs to a case that you are not bound to; ask for the case."
    if not target.shared and not (subject.role is _S and target.case is not None):
        return "The chart is not shared; ask its owner to share it."
    return ""


def _refusal_of_full(subject: Subject, action: Action, context: Context) -> str:
    """What whole personal values need beyond the role: a reason, a bound case, a purpose that still runs."""
    if not context.reason.strip():
        return "Whole personal values need a reason; give one."
    if not subject.every_case and (context.case is None or context.case not in subject.cases):
        return "Whole personal values need a case that you are bound to; name it."
    if context.expires_at is not None and (context.now is None or context.now > context.expires_at):
        return "The purpose has expired; have it renewed."
    if context.approver is not None and context.approver == subject.name:
        return "Nobody approves the own request; name a second person."
    if action is Action.REVEAL_INFORMANT and not context.approver:
        return "Revealing an informant needs a second person; name the approver."
    return ""
