"""One whole run of detection over a home: rules, gangs, roles, mules, stored at the end."""

import logging
from collections.abc import Callable, Sequence

from detect.evidence import build_evidence
from detect.excuses import unmarked
from detect.facts import Facts
from detect.gangs import find_gangs
from detect.mules import score_mules
from detect.results import Detection
from detect.roles import with_roles
from detect.rule import Rule, open_library
from detect.run import run_rules
from detect.since.basis import Basis, code_digest
from detect.since.earlier import Earlier, earlier_run
from detect.since.explained import explanations
from detect.since.news import News, news
from detect.store import open_basis, open_findings, write_detection
from graph.connect import open_engine
from graph.errors import InvalidRule, UnreadableSource
from graph.lake.home import LakeHome
from graph.lake.tables import LakeTables, open_tables

_log = logging.getLogger(__name__)
STAGES = ("rules", "evidence", "gangs", "roles", "mules", "store")
Progress = Callable[[str], None]


def run_detection(
    home: LakeHome,
    engine_url: str = "embedded:",
    rules: Sequence[str] = (),
    seed: int = 0,
    progress: Progress | None = None,
    anew: bool = False,
) -> Detection:
    """Run the rules, find gangs, propose roles, score mules; store and return the results.

    engine_url: where communities are searched (graph.connect). rules: ids to run, all of queries/ when empty;
    InvalidRule for an id that no file has; a rule file that is refused is named in the results and the others
    run. progress: told each of STAGES as it starts. anew: run every rule again, also where the stored results
    still hold. An empty lake gives an empty detection. The same lake, rules and seed give the same results,
    whatever was stored before, on any engine up to its Leiden.
    """
    tell = progress or (lambda stage: None)
    tables = open_tables(home)
    facts = Facts(tables)
    library = open_library()
    chosen = chosen_rules(library.rules, rules)
    earlier = None if anew else stored_run(home, tables)
    with open_engine(engine_url, home) as engine:
        tell("rules")
        run = run_rules(
            tables, library.rules, only=[rule.id for rule in chosen], facts=facts, earlier=earlier
        )
        tell("evidence")
        evidence = build_evidence(tables)
        tell("gangs")
        gangs = find_gangs(tables, run.findings, engine, seed, evidence, facts=facts)
        engine_name = engine.name
    tell("roles")
    gangs = with_roles(tables, evidence, gangs)
    tell("mules")
    mules = score_mules(run.findings, tables, chosen, facts=facts)
    refused = (*(error.message for error in library.refused), *run.refused)
    detection = Detection(
        tables.digest.digest, engine_name, run.findings, gangs, mules, run.truncated, refused, run.unfed
    )
    tell("store")
    steps, held = explanations(facts)
    write_detection(home, detection, Basis(tables.parts, code_digest(), {**run.steps, **steps}, held))
    _log.info("detected %d findings, %d gangs, %d mules", len(run.findings), len(gangs), len(mules))
    return detection


def new_findings(home: LakeHome, known: Sequence[Rule], rules: Sequence[str] = ()) -> News:
    """What the rules find now and the stored results do not hold; nothing is stored.

    known: all rules; rules: ids to run, all when empty (findings of others are left out of the comparison).
    """
    tables = open_tables(home)
    chosen = {rule.id for rule in chosen_rules(known, rules)}
    run = run_rules(tables, known, only=chosen, earlier=stored_run(home, tables))
    return news([one for one in open_findings(home) if one.rule in chosen], run.findings)


def stored_run(home: LakeHome, tables: LakeTables) -> Earlier | None:
    """What the stored results are worth for `tables`; None when nothing, damaged ones included."""
    try:
        return earlier_run(open_basis(home), lambda: map(unmarked, open_findings(home)), tables)
    except UnreadableSource:
        return None


def chosen_rules(known: Sequence[Rule], wanted: Sequence[str]) -> tuple[Rule, ...]:
    """The rules of the wanted ids, in order of id; all when none are named."""
    ids = {rule.id for rule in known}
    for rule_id in wanted:
        if rule_id not in ids:
            raise InvalidRule(
                f"No rule has the id {rule_id[:20]!r}; `python -m detect rules` lists them.", rule=rule_id
            )
    return tuple(rule for rule in known if not wanted or rule.id in wanted)
