"""Carries out one export order: decides, audits, reads, renders, writes or pushes."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from cases.access import Action, Context, Subject, Target
from cases.reading import Permit, permitted
from cases.roles.standing import Decisions, open_decisions
from detect.results import Finding, Gang
from detect.rule import Rule, open_library
from detect.store import detection_state, open_detection
from detect.store import gang as stored_gang
from export.chart import MapData
from export.delivery import Format, finding_files, map_files, write_files
from export.finding_table import finding_group, finding_tables
from export.gang_map import gang_map
from export.manifest import Stamp
from export.signs import Language
from graph.contract import Ref
from graph.errors import InputError
from graph.lake.home import LakeHome
from graph.lake.tables import open_tables


@dataclass(frozen=True, slots=True)
class Order:
    """Who wants what taken out and where to; form None means a push to `url`."""

    home: LakeHome
    subject: Subject
    at: datetime
    form: Format | None
    out: Path | None = None
    url: str = ""
    user: str = "neo4j"
    password: str = field(default="", repr=False)
    dry_run: bool = False
    full: bool = False
    reason: str = ""
    case: str | None = None
    purpose: str = ""
    approver: str | None = None
    language: Language = "zh"

    @property
    def action(self) -> Action:
        """What the access decision is asked about."""
        if self.form is None:
            return Action.PUSH_FULL if self.full else Action.PUSH
        return Action.EXPORT_FULL if self.full else Action.EXPORT

    @property
    def context(self) -> Context:
        """The circumstances the decision weighs."""
        return Context(self.case, self.purpose, self.reason, self.approver, now=self.at)

    def stamp(self, permit: Permit) -> Stamp:
        """What the export carries of it."""
        return Stamp(
            exporter=self.subject.name,
            role=self.subject.role.value,
            made_at=self.at,
            purpose=self.purpose,
            reason=self.reason,
            case=self.case,
            approver=self.approver,
            audit_head=permit.audit_head,
        )


def export_gang(order: Order, gang_id: str) -> dict[str, Any]:
    """Export one gang's map; what was written or counted as plain values.

    NotPermitted when the decision says no, InputError when there is no such gang or its results are stale,
    EvidenceBroken when what people decided about roles can't be believed.
    """
    _fresh(order.home)
    name = Ref("Gang", gang_id)
    with permitted(
        order.home, order.subject, order.action, Target("gang"), order.context, order.at, [name]
    ) as permit:
        gang = stored_gang(order.home, gang_id)
        if gang is None:
            raise InputError("There is no such gang; `python -m detect gangs` lists them.", gang=gang_id)
        named = set(gang.findings)
        findings = tuple(f for f in _findings(order.home) if f.finding_id in named)
        decisions = open_decisions(order.home, open_tables(order.home))
        return _deliver(order, permit, gang, findings, decisions)


def export_query(order: Order, rule_id: str) -> dict[str, Any]:
    """Export what one rule found in the stored detection, as tables or as a drawn group.

    NotPermitted when the decision says no; InputError for an unknown rule, one that detection does not run,
    or stale results. A rule without hits gives empty tables.
    """
    rule = next((known for known in open_library().rules if known.id == rule_id), None)
    if rule is None:
        raise InputError("There is no such rule; `python -m detect rules` lists them.", rule=rule_id)
    if rule.query is not None:
        raise InputError(
            f"{rule_id} is a query that detection does not run; `python -m graph query` runs it.",
            rule=rule_id,
        )
    _fresh(order.home)
    with permitted(
        order.home,
        order.subject,
        order.action,
        Target("query"),
        order.context,
        order.at,
        query_digest=rule_id,
    ) as permit:
        findings = tuple(f for f in _findings(order.home) if f.rule == rule_id)
        if order.form is not None and order.form is not Format.PYVIS:
            return _deliver_tables(order, order.form, permit, rule, findings)
        # Hits of a rule say nothing of roles, so none that was decided elsewhere is drawn with them.
        return _deliver(order, permit, finding_group(rule, findings), findings, Decisions())


def _fresh(home: LakeHome) -> None:
    state = detection_state(home)
    if state == "none":
        raise InputError("Nothing was detected yet; run `python -m detect` first.")
    if state == "stale":
        raise InputError("The lake changed since the last detection; run `python -m detect` again.")


def _findings(home: LakeHome) -> tuple[Finding, ...]:
    detection = open_detection(home)
    return detection.findings if detection else ()


def _deliver(
    order: Order, permit: Permit, gang: Gang, findings: tuple[Finding, ...], decisions: Decisions
) -> dict[str, Any]:
    data = gang_map(gang, open_tables(order.home), permit.scope, permit.handles, decisions, findings)
    permit.rows, permit.objects = len(data.nodes), tuple(member.ref for member in gang.members)
    stamp = order.stamp(permit)
    if order.form is None:
        return _push(order, data, stamp)
    files = map_files(data, stamp, order.form, _target(order).name, order.language)
    return _written(order, files, stamp.export_id(data.digest), data.mask_policy)


def _deliver_tables(
    order: Order, form: Format, permit: Permit, rule: Rule, findings: tuple[Finding, ...]
) -> dict[str, Any]:
    tables = finding_tables(rule, findings, permit.scope, permit.handles, order.language)
    permit.rows, permit.objects = len(findings), tuple({f.subject: None for f in findings})
    lake = open_tables(order.home)
    stamp = order.stamp(permit)
    content = hashlib.sha256(repr([table.rows for table in tables]).encode()).hexdigest()
    facts = {
        "content_digest": content,
        "lake_digest": lake.digest.digest,
        "mask_policy": permit.scope.policy,
        "rules": ((rule.id, rule.revision),),
        "parameters": dict(findings[0].parameters) if findings else {},
    }
    files = finding_files(tables, stamp, form, _target(order).name, order.language, facts)
    return _written(order, files, stamp.export_id(content), permit.scope.policy)


def _push(order: Order, data: MapData, stamp: Stamp) -> dict[str, Any]:
    from export.push_py2neo import push_gang_map  # only a push pays for the client

    counts = push_gang_map(data, stamp, order.url, order.user, order.password, dry_run=order.dry_run)
    return {"mask_policy": data.mask_policy, **counts.as_dict()}


def _target(order: Order) -> Path:
    if order.out is None:
        raise InputError("Name the file to write.")
    return order.out


def _written(order: Order, files: dict[str, bytes], export_id: str, policy: str) -> dict[str, Any]:
    paths = write_files(_target(order).parent, files)
    return {"export_id": export_id, "mask_policy": policy, "files": [str(path) for path in paths]}
