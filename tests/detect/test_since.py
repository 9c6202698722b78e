"""A run that goes on from an earlier one gives what a run over all gives, and runs only what it must."""

import json
import random
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from detect import run as run_module
from detect.__main__ import main
from detect.exceptions import CONDITIONS, InnocentExplanation, load_exceptions
from detect.excuses import unmarked
from detect.facts import Facts
from detect.pipeline import run_detection, stored_run
from detect.results import Detection
from detect.rule import Rule, load_rules
from detect.run import RulesRun, Runs, run_rules
from detect.since.basis import Basis, Step, code_digest
from detect.since.changed import MONEY, OF_ACCOUNTS, UNREAD, Changed, changed_since
from detect.since.earlier import Choice, Earlier, earlier_run
from detect.since.explained import explanations
from detect.since.news import news
from detect.since.part import Part
from detect.store import open_basis, open_findings, write_detection
from detect.worlds import tiny_world
from graph.lake.home import LakeHome
from graph.lake.layers import Change, write_changes
from graph.lake.tables import LakeTables, open_tables, write_tables
from graph.lake.watched import with_tables
from graph.parameters import parameter_values

RING = (
    "A HOLDS K1",
    "B HOLDS K2",
    "V1 TRANSFER K1 at=2024-03-01T09:00 amount=10000",
    "K1 TRANSFER K2 at=2024-03-01T09:20 amount=10000 from_balance_fen=0",
)
RULES = load_rules()
RUN = [rule for rule in RULES if rule.form != "query"]
LOCAL = [rule for rule in RUN if rule.reach == "account"]
LOCAL_EXPLANATIONS = [one for one in load_exceptions() if one.reach == "account"]


@pytest.fixture(scope="module")
def sample(sample_home: LakeHome) -> LakeTables:
    """The simulated sample, which holds rings."""
    return open_tables(sample_home)


@pytest.fixture(scope="module")
def whole(sample: LakeTables) -> RulesRun:
    """All rules over all of the sample."""
    return run_rules(sample, RULES)


def _some_accounts(tables: LakeTables, seed: int, count: int) -> list[str]:
    keys = tables.scan("Account").select("key").collect()["key"].sort().to_list()
    return sorted(random.Random(seed).sample(keys, count))


def _rows_of(tables: LakeTables, accounts: list[str], seed: int) -> dict[str, Change]:
    """Half of the money rows of these accounts, as rows that leave."""
    among = pl.col("from_key").is_in(accounts) | pl.col("to_key").is_in(accounts)
    frames = {name: tables.scan(name).filter(among).collect() for name in MONEY}
    return {
        name: Change(frame.sample(fraction=0.5, seed=seed), frame.clear()) for name, frame in frames.items()
    }


def _without_openings(tables: LakeTables, accounts: list[str]) -> Change:
    """The rows of these accounts as they are stored, and with no opening and no kind of holder."""
    rows = tables.frame("Account").filter(pl.col("key").is_in(accounts))
    unknown = [pl.when(False).then(pl.col(name)).alias(name) for name in ("opened_at", "corporate")]
    return Change(rows, rows.with_columns(unknown))


def _copied(tables: LakeTables, home: LakeHome) -> LakeTables:
    return write_tables(home, {name: tables.frame(name) for name, rows in tables.rows.items() if rows})


def _earlier(tables: LakeTables, rules: list[Rule] | None = None) -> tuple[Basis, RulesRun]:
    facts = Facts(tables)
    run = run_rules(tables, rules or RULES, facts=facts)
    steps, held = explanations(facts)
    return Basis(tables.parts, code_digest(), {**run.steps, **steps}, held), run


@pytest.mark.parametrize("seed", [1, 2])
def test_rows_that_come_and_go_give_what_a_run_over_all_gives(
    sample: LakeTables, whole: RulesRun, tmp_path: Path, seed: int
) -> None:
    home = LakeHome(tmp_path)
    every = _copied(sample, home)
    changes = _rows_of(every, _some_accounts(every, seed, 40), seed)
    changes["Account"] = _without_openings(every, _some_accounts(every, seed + 50, 20))
    fewer = write_changes(home, every, changes)
    basis, run = _earlier(fewer)
    assert run.findings != whole.findings
    again = write_changes(home, fewer, {name: change.undone() for name, change in changes.items()})
    earlier = earlier_run(basis, lambda: map(unmarked, run.findings), again)
    assert earlier is not None and earlier.changed.tables == OF_ACCOUNTS
    later = run_rules(again, RULES, earlier=earlier)
    assert later.findings == whole.findings
    assert (later.truncated, later.unfed) == (whole.truncated, whole.unfed)


@pytest.mark.parametrize("rule", LOCAL, ids=lambda rule: rule.id)
def test_a_rule_of_reach_account_needs_only_the_rows_of_an_account(
    sample: LakeTables, whole: RulesRun, rule: Rule
) -> None:
    subjects = sorted({one.subject.key for one in whole.findings if one.rule == rule.id})
    chosen = [*subjects[::2], *_some_accounts(sample, 5, 100)]
    facts = Facts(sample)
    part = Part(facts, pl.Series("account", sorted(set(chosen)), dtype=pl.String()))
    found = run_rules(part.facts.tables, [rule], facts=part.facts).findings
    mine = [unmarked(one) for one in found if one.subject.key in part.keys]
    asked = [unmarked(one) for one in whole.findings if one.rule == rule.id and one.subject.key in part.keys]
    assert {one.subject.type for one in asked} <= {"Account"}
    assert sorted(mine, key=lambda one: one.finding_id) == sorted(asked, key=lambda one: one.finding_id)


@pytest.mark.parametrize("one", LOCAL_EXPLANATIONS, ids=lambda one: one.name)
def test_an_explanation_of_reach_account_needs_only_the_rows_of_an_account(
    sample: LakeTables, one: InnocentExplanation
) -> None:
    values = parameter_values(one.parameters, {})
    facts = Facts(sample)
    held = CONDITIONS[one.name](facts, values)["account"].cast(pl.String).sort().to_list()
    chosen = sorted({*held[::2], *_some_accounts(sample, 7, 100)})
    part = Part(facts, pl.Series("account", chosen, dtype=pl.String()))
    among = pl.col("account").is_in(part.accounts.implode())
    by_part, by_all = (
        CONDITIONS[one.name](each, values)
        .with_columns(pl.col("account").cast(pl.String))
        .filter(among)
        .sort("account")
        for each in (part.facts, facts)
    )
    assert by_part.equals(by_all) and bool(by_all.height) == bool(held)


def test_no_rule_reads_the_columns_that_count_as_unread(sample: LakeTables, whole: RulesRun) -> None:
    blind = {
        name: sample.frame(name).with_columns(pl.when(False).then(pl.col(c)).alias(c) for c in gone)
        for name, gone in UNREAD.items()
    }
    assert run_rules(with_tables(sample, blind), RULES).findings == whole.findings


def test_nothing_is_run_again_while_nothing_changed(
    sample: LakeTables, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = [rule for rule in RUN if rule.id in ("F03", "F19", "C04", "S01")]
    basis, run = _earlier(sample, rules)

    def never(*given: object) -> None:
        raise AssertionError("a rule was run")

    monkeypatch.setattr(run_module, "run_rule", never)
    later = run_rules(sample, rules, earlier=earlier_run(basis, lambda: map(unmarked, run.findings), sample))
    assert later.findings == run.findings and run.findings


def test_a_changed_value_runs_its_rule_anew_and_no_other(sample: LakeTables) -> None:
    rules = [rule for rule in RUN if rule.id in ("F03", "F19")]
    basis, run = _earlier(sample, rules)
    earlier = earlier_run(basis, lambda: map(unmarked, run.findings), sample)
    values = {rule.id: rule.parameter_values() for rule in rules}
    with Runs(Facts(sample), earlier) as runs:
        by_id = {rule.id: rule for rule in rules}
        _, kept = runs.run(by_id["F19"], values["F19"])
        found, other = runs.run(by_id["F03"], values["F03"] | {"floor": 10**12})
    assert kept is basis.steps["F19"]
    assert other.digest != basis.steps["F03"].digest and not found


def test_other_tables_than_money_run_what_reads_them_anew() -> None:
    rule = LOCAL[0]
    changed = replace(_no_change(), tables=frozenset({"HOLDS"}))
    assert _choice(rule, {"TRANSFER", "HOLDS"}, changed) is Choice.ANEW
    changed = replace(_no_change(), tables=frozenset({"TRANSFER", "Account"}))
    assert _choice(rule, {"TRANSFER", "HOLDS", "Account"}, changed) is Choice.PART
    assert _choice(rule, {"CALLED"}, changed) is Choice.KEEP
    assert _choice(rule, {"TRANSFER"}, changed, ("a search was cut.",)) is Choice.ANEW


def _no_change() -> Changed:
    found = changed_since((), open_tables(LakeHome(Path("nowhere"))))
    assert found is not None
    return found


def _choice(rule: Rule, reads: set[str], changed: Changed, truncated: tuple[str, ...] = ()) -> Choice:
    earlier = Earlier({rule.id: Step("d", frozenset(reads), truncated)}, {}, pl.DataFrame(), changed)
    return earlier.choice(rule.id, "d", rule.reach)


def test_tables_written_whole_are_no_basis(sample: LakeTables, tmp_path: Path) -> None:
    home = LakeHome(tmp_path)
    tables = _copied(sample, home)
    gone = tables.scan("TRANSFER").select("event_key").head(5).collect()
    frames = {name: tables.frame(name) for name, rows in tables.rows.items() if rows}
    frames["TRANSFER"] = frames["TRANSFER"].join(gone, on="event_key", how="anti")
    other = write_tables(home, frames)
    assert changed_since(tables.parts, other) is None
    assert changed_since(other.parts, other) is not None


@pytest.fixture(scope="module")
def home(sample: LakeTables, tmp_path_factory: pytest.TempPathFactory) -> LakeHome:
    """The sample with stored results."""
    home = LakeHome(tmp_path_factory.mktemp("since"))
    _copied(sample, home)
    run_detection(home)
    return home


class TestStored:
    """What is stored with a detection, and what a second run makes of it."""

    def test_a_second_detection_is_the_same_as_one_anew(self, home: LakeHome) -> None:
        tables = open_tables(home)
        write_changes(home, tables, _rows_of(tables, _some_accounts(tables, 11, 30), 11))
        assert stored_run(home, open_tables(home)) is not None
        followed: Detection = run_detection(home)
        assert run_detection(home, anew=True) == followed

    def test_the_basis_comes_back_as_it_was_written(self, home: LakeHome) -> None:
        basis = open_basis(home)
        assert basis is not None and basis.explained.height and basis.parts == open_tables(home).parts
        assert {rule.id for rule in RUN if rule.status != "draft"} <= set(basis.steps)
        assert all(basis.steps[rule.id].reads for rule in RUN)

    def test_a_damaged_basis_is_no_basis(self, home: LakeHome) -> None:
        path = next(home.findings.glob("*/explained.parquet"))
        good = path.read_bytes()
        path.write_bytes(good[:-8] + b"\0" * 8)
        try:
            assert stored_run(home, open_tables(home)) is None
        finally:
            path.write_bytes(good)

    def test_results_without_a_basis_are_no_basis(self, home: LakeHome, tmp_path: Path) -> None:
        other = LakeHome(tmp_path)
        write_detection(other, Detection("", "", open_findings(home)[:3], (), ()))
        assert open_basis(other) is None and stored_run(other, open_tables(other)) is None

    def test_other_code_is_no_basis(self, home: LakeHome, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("detect.since.earlier.code_digest", lambda: "other")
        assert stored_run(home, open_tables(home)) is None


class TestNew:
    """`detect new`: what loaded rows bring, against the stored results."""

    @pytest.fixture
    def grown(self, tmp_path: Path) -> tuple[LakeHome, LakeTables, LakeTables]:
        """A home with results of a small ring's first half, and the tables of both states."""
        home = LakeHome(tmp_path)
        first = write_tables(home, tiny_world(RING[:3]))
        run_detection(home)
        return home, first, write_tables(home, tiny_world(RING))

    def test_new_findings_are_said_in_both_languages_with_masked_keys(
        self, grown: tuple[LakeHome, LakeTables, LakeTables], capsys: pytest.CaptureFixture[str]
    ) -> None:
        home, *_ = grown
        assert main(["new", "--lake", str(home.root), "--json"]) == 0
        said = json.loads(capsys.readouterr().out)
        assert {one["rule"] for one in said["new"]} >= {"F03"} and not said["gone"]
        assert all(set(one["message"]) == {"zh", "en"} and one["rows"] for one in said["new"])
        keys = set(open_tables(home).frame("Account")["key"])
        assert not keys & {one["subject"]["key"] for one in said["new"]}
        assert main(["new", "--lake", str(home.root)]) == 0
        assert "new findings" in capsys.readouterr().out

    def test_it_stores_nothing(
        self, grown: tuple[LakeHome, LakeTables, LakeTables], capsys: pytest.CaptureFixture[str]
    ) -> None:
        home, *_ = grown
        before = open_findings(home)
        assert main(["new", "--lake", str(home.root)]) == 0 and open_findings(home) == before
        run_detection(home)
        capsys.readouterr()
        assert main(["new", "--lake", str(home.root), "--json"]) == 0
        assert json.loads(capsys.readouterr().out) == {"new": [], "other": [], "gone": [], "revised": []}

    def test_a_revised_rule_is_named(self, whole: RulesRun) -> None:
        older = [replace(one, revision=one.revision - 1) for one in whole.findings if one.rule == "F03"]
        assert news(older, whole.findings).revised == ("F03",)

    def test_without_results_it_says_what_to_do(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert main(["new", "--lake", str(tmp_path)]) == 1
        assert "run `python -m detect` first" in capsys.readouterr().err
