"""Guards one act on data: decides, writes the intent, lets it happen, writes the outcome."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from cases.access import Action, Context, Decision, Subject, Target, decide
from cases.audit import Audit, Entry, audit_path
from cases.handles import Handles, open_handles
from cases.scope import Scope
from graph.contract import Ref
from graph.errors import NotPermitted
from graph.lake.home import LakeHome

LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Permit:
    """What the guarded block works with; it sets `rows` and `objects` to what it gave out.

    digest: set to have the outcome name what the block made, in place of the query that was asked.
    """

    decision: Decision
    scope: Scope
    handles: Handles
    intent_seq: int
    audit_head: str
    rows: int = 0
    objects: Sequence[Ref] = ()
    digest: str | None = None


@contextmanager
def permitted(
    home: LakeHome,
    subject: Subject,
    action: Action,
    target: Target,
    context: Context,
    at: datetime,
    objects: Sequence[Ref] = (),
    query_digest: str | None = None,
) -> Iterator[Permit]:
    """Run a block under a decision; no intent row, no read.

    The intent is on disk before the block starts; its end writes `done`, an exception `failed`, a denial
    `denied` and raises NotPermitted. Objects are stored as keyed handles, long numbers in texts too.
    """
    audit, handles = Audit(audit_path(home)), open_handles(home)
    decision = decide(subject, action, target, context)
    intent = Entry(
        at=at,
        actor=subject.name,
        role=subject.role.value,
        action=action.value,
        objects=tuple(handles.of_ref(ref) for ref in objects),
        case_no=context.case,
        purpose=handles.scrub(" · ".join(text for text in (context.purpose, context.reason) if text)),
        query_digest=query_digest,
    )
    if decision.scope is None:
        audit.append(replace(intent, outcome="denied"))
        LOG.info("denied %s", action.value)
        raise NotPermitted(decision.reason, reason=decision.reason)
    seq = audit.append(intent)
    permit = Permit(decision, decision.scope, handles, seq, audit.head())
    try:
        yield permit
    except BaseException:
        audit.append(replace(intent, intent_seq=seq, rows=permit.rows, outcome="failed"))
        raise
    given = tuple(handles.of_ref(ref) for ref in permit.objects) or intent.objects
    digest = permit.digest or query_digest
    outcome = replace(intent, intent_seq=seq, objects=given, rows=permit.rows, query_digest=digest)
    audit.append(replace(outcome, outcome="done"))
