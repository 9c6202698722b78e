"""Takes a named person's decision about a proposed role: allowed, audited, on the evidence of this lake."""

from dataclasses import dataclass
from datetime import datetime

from cases.access import Action, Context, Subject, Target
from cases.handles import open_handles
from cases.reading import permitted
from cases.roles.acts import Act, RoleActs, Verdict
from detect.results import Detection, RoleReason
from detect.store import open_detection
from graph.contract import Ref
from graph.errors import InputError
from graph.lake.home import LakeHome
from graph.lake.tables import open_tables

_LONGEST_NAME, _LONGEST_REASON = 80, 2_000
_LIST = "`python -m cases roles list` lists them"


@dataclass(frozen=True, slots=True)
class Proposal:
    """A role as detection proposes it and as the decider saw it; `lake_digest`: the data it was made from."""

    person: str
    role: str
    score: float
    reason: RoleReason
    gang_id: str
    lake_digest: str


def proposal_of(found: Detection, person: str, role: str) -> Proposal | None:
    """The proposal of one role for one person, of the best gang that has it; None when there is none."""
    for gang in found.gangs:
        for member in gang.members:
            if member.ref == Ref("Person", person) and role in member.roles:
                reason = member.reasons.get(role, RoleReason())
                return Proposal(person, role, member.roles[role], reason, gang.gang_id, found.lake_digest)
    return None


def named_person(home: LakeHome, name: str) -> str:
    """The key of the person that a key or a handle (as lists and exports show it) names.

    InputError when no proposed or decided role is about such a person.
    """
    found = open_detection(home)
    known = {m.ref.key for gang in found.gangs for m in gang.members if m.roles} if found else set()
    known |= {act.person for act in RoleActs(home).history()}
    handles = open_handles(home)
    for key in sorted(known):
        if name in (key, handles.of_ref(Ref("Person", key))):
            return key
    raise InputError(f"No proposed or decided role is about such a person; {_LIST}.")


def decide_role(
    home: LakeHome,
    who: Subject,
    proposal: Proposal,
    verdict: Verdict,
    reason: str,
    at: datetime,
    *,
    seen: int | None = None,
    case: str | None = None,
) -> Act:
    """Store that `who` confirms or refutes a proposal as seen; the audit says so before and after.

    seen: number of the decision that stood when `who` looked, 0 for none. NotPermitted when the desk's role
    may not, InputError without a name and a reason or when data or decision are others by now.
    """
    if verdict == "withdraw":
        raise InputError("A decision is confirm or refute; to take one back, withdraw it.")
    if not reason.strip():
        raise InputError("A decision about a role needs a reason; give one.")
    if proposal.lake_digest != open_tables(home).digest.digest:
        raise InputError("The lake changed since the last detection; run `python -m detect` and look again.")
    act = Act(
        proposal.person,
        proposal.role,
        verdict,
        _name(who.name),
        who.role.value,
        _reason(reason),
        at,
        proposal.gang_id,
        proposal.lake_digest,
        proposal.score,
        proposal.reason,
    )
    return _stored(home, who, act, seen, case)


def withdraw_role(
    home: LakeHome,
    who: Subject,
    person: str,
    role: str,
    reason: str,
    at: datetime,
    *,
    seen: int | None = None,
    case: str | None = None,
) -> Act:
    """Take back what is decided about a role: it is a proposal again; the record keeps both.

    Refused like `decide_role`, but needs no reason and no detection, so that anything can be taken back.
    """
    digest = open_tables(home).digest.digest
    act = Act(
        person, role, "withdraw", _name(who.name), who.role.value, _reason(reason), at, lake_digest=digest
    )
    return _stored(home, who, act, seen, case)


def _stored(home: LakeHome, who: Subject, act: Act, seen: int | None, case: str | None) -> Act:
    context = Context(case=case, purpose=f"{act.verdict} {act.role}", reason=act.reason)
    refs = [Ref("Person", act.person)]
    with permitted(home, who, Action.JUDGE_ROLE, Target("role"), context, act.at, refs) as permit:
        kept, permit.digest = RoleActs(home).add(act, seen)
        permit.rows = 1
    return kept


def _name(text: str) -> str:
    name = text.strip()
    if not name or len(name) > _LONGEST_NAME or not name.isprintable():
        raise InputError(
            f"A decision needs the name of who decides, at most {_LONGEST_NAME} printable signs; give it."
        )
    return name


def _reason(text: str) -> str:
    reason = text.strip()
    if len(reason) > _LONGEST_REASON or any("\ud800" <= sign <= "\udfff" for sign in reason):
        raise InputError(f"A reason has at most {_LONGEST_REASON:,} signs, all of them text; shorten it.")
    return reason
