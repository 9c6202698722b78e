"""The screen of records that may be one: proposals, judgements, undo, masks and the audit."""

from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from cases.audit import Audit, audit_path
from graph.lake.home import LakeHome
from graph.lake.same import canonical_keys
from graph.lake.tables import open_tables
from ingest.judgements import Judgements
from ingest.resolve.judging import judge
from tests.ingest.resolve.registers import ANNA, CLEO, HOME, PHONE, person, registers
from tests.ui.screens.screen import screen, texts
from ui.words import Language, Words


def _home(root: Path) -> LakeHome:
    again = person(phone=PHONE, home=HOME)
    return registers(root, [person(number=ANNA, phone=PHONE), person("李虚武", CLEO)], [again])


def _cells(app: AppTest) -> str:
    """Every cell of every table; the short form that pandas prints would hide some."""
    return "".join(pd.DataFrame(table.value).to_csv() for table in app.dataframe)


def _judge(app: AppTest, verdict: str, reason: str = "核对过身份证 990101199003070015") -> AppTest:
    app.text_input(key="same_reason").set_value(reason).run()
    app.button(key=f"judge-{verdict}").click().run()
    assert not app.exception and not app.error
    return app


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_pair_is_shown_masked_with_its_reasons(tmp_path: Path, language: Language) -> None:
    app = screen("same", _home(tmp_path), language)
    words = Words(language)
    shown = texts(app) + _cells(app)
    assert ("手机号相同" if language == "zh" else "same phone number") in shown
    assert words("same.against") in shown and words("same.note") in shown
    assert ANNA not in shown and PHONE not in shown and "张样强" not in shown and HOME not in shown
    assert app.button(key="judge-same").disabled


def test_a_judgement_is_kept_audited_settled_and_taken_back(tmp_path: Path) -> None:
    home, words = _home(tmp_path), Words("en")
    app = _judge(screen("same", home), "same")
    (made,) = Judgements(home).history()
    assert (made.verdict, made.judged_by) == ("same", "analyst") and "核对" in made.reason
    assert words("empty.same") in texts(app) and words("same.waiting", n=1) in texts(app)
    assert ANNA not in _cells(app), "reasons are scrubbed too"
    assert canonical_keys(open_tables(home)).height == 0
    app.button(key="same-settle").click().run()
    assert canonical_keys(open_tables(home)).height == 2
    assert words("same.waiting", n=1) not in texts(app)
    entries = [(row["action"], row["outcome"]) for row in Audit(audit_path(home)).rows()]
    assert entries == [("judge", "done"), ("judge", "intent")]
    assert ANNA not in str(Audit(audit_path(home)).rows())
    app.text_input(key="undo_reason").set_value("看错了").run()
    app.button(key="same-undo").click().run()
    assert [made.verdict for made in Judgements(home).history()] == ["same", "unsure"]
    assert words("empty.same") not in texts(app)


def test_a_contradiction_is_shown_as_an_error(tmp_path: Path) -> None:
    home = _home(tmp_path)
    app = screen("same", home)
    again = next(k for k in open_tables(home).frame("Person")["key"].to_list() if k.startswith("local:"))
    _judge(app, "same")
    at = datetime(2024, 5, 6, tzinfo=UTC)
    judge(home, (again, CLEO), "same", "王样警官", "一", at)
    judge(home, (ANNA, CLEO), "different", "王样警官", "二", at)
    app = screen("same", home)
    assert any("joins nobody" in str(error.value) for error in app.error)
    assert ANNA not in texts(app)


def test_unmasked_values_are_whole(tmp_path: Path) -> None:
    app = screen("same", _home(tmp_path))
    app.text_input(key="case_no_input").set_value("A990100000001")
    app.text_input(key="reason_input").set_value("test of the masks").run()
    app.button(key="show-full").click().run()
    shown = _cells(app)
    assert ANNA in shown and PHONE in shown
