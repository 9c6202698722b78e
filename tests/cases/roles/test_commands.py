"""`python -m cases roles`: masked lists, decisions by handle, one-sentence refusals."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cases.__main__ import APP
from cases.audit import Audit, audit_path
from cases.handles import open_handles
from cases.roles.acts import acts_path
from graph.lake.home import LakeHome
from tests.cases.roles.ring_home import PROVIDER, decided, detected, ring_home
from tests.export.ring import frames, person, tables

RUN = CliRunner()


def run(home: LakeHome, *words: str) -> Result:
    return RUN.invoke(APP, ["roles", *words, "--lake", str(home.root)])


def listed(home: LakeHome, *words: str) -> list[dict[str, Any]]:
    done = run(home, "list", *words, "--json")
    assert done.exit_code == 0, done.output
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def handle(home: LakeHome, n: int = 3) -> str:
    return open_handles(home).of_ref(person(n))


def test_a_role_is_confirmed_refuted_and_withdrawn_by_the_handle_of_the_list(tmp_path: Path) -> None:
    home = ring_home(tmp_path)
    proposed = listed(home)
    # Eight persons: each their own role and caller; the eighth's own role is caller.
    assert len(proposed) == 15 and {one["state"] for one in proposed} == {"proposed"}
    mine = next(o for o in proposed if o["role"] == "card_provider" and o["handle"] == handle(home))
    words = (mine["handle"], "card_provider", "--by", "王样警官")
    assert run(home, "confirm", *words, "--reason", "看过影像 990101199001010003").exit_code == 0
    (made,) = listed(home, "--state", "confirmed")
    assert made["decision"]["decided_by"] == "王样警官" and made["decision"]["rows"] == 3
    assert made["said"]["en"].startswith("confirmed · 王样警官") and "看过影像" in made["decision"]["reason"]
    assert run(home, "refute", *words, "--reason", "另有其人").exit_code == 0
    assert listed(home, "--state", "confirmed") == [] and len(listed(home, "--state", "refuted")) == 1
    assert run(home, "withdraw", *words).exit_code == 0
    assert {one["state"] for one in listed(home)} == {"proposed"}
    history = json.loads(run(home, "history", "--json").stdout)
    assert [(one["seq"], one["verdict"]) for one in history] == [
        (1, "confirm"),
        (2, "refute"),
        (3, "withdraw"),
    ]


def test_nothing_is_printed_whole_unless_a_reason_is_given_and_audited(tmp_path: Path) -> None:
    home = ring_home(tmp_path)
    words = (PROVIDER, "card_provider", "--by", "王样警官", "--reason", f"核对 {PROVIDER}")
    printed = [run(home, "confirm", *words)]
    printed += [run(home, *w) for w in (("list",), ("list", "--json"), ("history",), ("history", "--json"))]
    printed.append(run(home, "list", "--lang", "en"))
    assert all(done.exit_code == 0 and PROVIDER not in done.output for done in printed)
    assert "已确认 · 王样警官" in printed[1].output and "confirmed · 王样警官" in printed[5].output
    assert "拟议，未确认" in printed[1].output and "proposed, not confirmed" in printed[5].output
    refused = run(home, "list", "--show-keys")
    assert refused.exit_code == 1 and "reason" in refused.stderr and refused.stdout == ""
    whole = listed(home, "--show-keys", "--reason", "核对卷宗", "--state", "confirmed")
    assert whole[0]["person"] == PROVIDER and PROVIDER in whole[0]["decision"]["reason"]
    assert [r["outcome"] for r in Audit(audit_path(home)).rows(3)] == ["done", "intent", "denied"]


def test_changed_evidence_is_listed(tmp_path: Path) -> None:
    home = ring_home(tmp_path)
    decided(home)
    assert listed(home, "--changed") == []
    detected(home, lacking=("TRANSFER",))
    assert [one["changes"] for one in listed(home, "--changed")] == [["rows_gone"]]
    line = run(home, "list", "--changed", "--lang", "en").stdout
    assert "confirmed on evidence that has changed" in line and "no longer in the lake" in line


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("confirm", "nobody", "caller", "--by", "王", "--reason", "x"), "roles list"),
        (("confirm", PROVIDER, "financier", "--by", "王", "--reason", "x"), "not proposed"),
        (("confirm", PROVIDER, "caller", "--by", " ", "--reason", "x"), "name of who decides"),
        (("confirm", PROVIDER, "caller", "--by", "王", "--reason", ""), "needs a reason"),
        (("refute", PROVIDER, "caller", "--by", "王", "--reason", "x", "--role", "analyst"), "may not"),
        (("withdraw", PROVIDER, "caller", "--by", "王"), "nothing to withdraw"),
    ],
)
def test_a_refusal_is_one_sentence_and_stores_nothing(
    tmp_path: Path, words: tuple[str, ...], sentence: str
) -> None:
    home = ring_home(tmp_path)
    done = run(home, *words)
    assert done.exit_code == 1 and sentence in done.stderr and done.stderr.count("\n") == 1
    assert PROVIDER not in done.output and not run(home, "history").stdout.startswith("   1")


def test_stale_results_and_a_damaged_record_are_refused(tmp_path: Path) -> None:
    home = ring_home(tmp_path)
    decided(home)
    words = (PROVIDER, "caller", "--by", "王", "--reason", "x")

    tables(home.root, {"Person": frames()["Person"]})
    assert "python -m detect" in run(home, "confirm", *words).stderr
    assert run(home, "withdraw", PROVIDER, "card_provider", "--by", "王").exit_code == 0
    detected(home)
    acts_path(home).write_bytes(b"")
    for path in tmp_path.glob("role_acts.sqlite-*"):
        path.unlink()
    for command in (("list",), ("history",), ("confirm", *words)):
        done = run(home, *command)
        assert done.exit_code == 1 and "role_acts.sqlite" in done.stderr and done.stdout == ""


def test_an_empty_home_says_what_would_bring_roles(tmp_path: Path) -> None:
    home = LakeHome(tmp_path)
    assert "python -m detect" in run(home, "list").stdout and listed(home) == []
    assert "Nobody" in run(home, "history").stdout
    assert run(home, "confirm", "a", "caller", "--by", "王", "--reason", "x").exit_code == 1


def test_wrong_usage_is_2(tmp_path: Path) -> None:
    home = LakeHome(tmp_path)
    for words in (("confirm",), ("confirm", "a", "caller", "--by", "x"), ("list", "--lang", "fr"),
                  ("list", "--state", "maybe")):  # fmt: skip
        assert run(home, *words).exit_code == 2
