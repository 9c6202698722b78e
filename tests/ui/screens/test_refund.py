"""The refund screen's words where something is missing or wrong, and whole values by the audited way."""

from datetime import date, time, timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from cases.audit import Audit, audit_path
from funds.known import last_instant
from graph.lake.home import LakeHome, lake_home
from graph.lake.tables import open_tables, write_tables
from graph.parameters import CHINA
from tests.export.requests.lake import FRAMES, A, B
from tests.ui.screens.screen import screen, texts
from ui.words import Words

EN = Words("en")


@pytest.fixture
def home(tmp_path: Path) -> LakeHome:
    found = lake_home(tmp_path / "home")
    write_tables(found, FRAMES)
    return found


def opened(home: LakeHome, language: str = "en") -> AppTest:
    """The screen as of a day on which account B is frozen."""
    app = screen("refund", home, language)
    app.date_input(key="refund_on").set_value(date(2024, 3, 4))
    app.time_input(key="refund_time").set_value(time(9))
    app.run()
    assert not app.exception
    return app


def test_one_press_goes_to_the_end_of_the_data_and_back_to_now(home: LakeHome) -> None:
    end = last_instant(open_tables(home))
    assert end is not None
    app = screen("refund", home)
    today = app.date_input(key="refund_on").value
    app.button(key="refund_at_end").click().run()
    here = (end + timedelta(seconds=59)).astimezone(CHINA)
    assert app.date_input(key="refund_on").value == here.date()
    assert app.time_input(key="refund_time").value == here.time().replace(second=0, microsecond=0)
    app.button(key="refund_present").click().run()
    assert not app.exception and app.date_input(key="refund_on").value >= today


def test_an_account_without_a_freeze_asks_for_its_amount(home: LakeHome) -> None:
    app = opened(home)
    app.text_input(key="refund_other").set_value(A).run()
    assert EN("refund.give_amount") in texts(app)
    app.text_input(key="refund_frozen").set_value("1.005").run()
    assert EN("refund.bad_amount") in texts(app)
    app.text_input(key="refund_frozen").set_value("2,000.00").run()
    assert not app.exception and not app.error
    shown = {metric.label: metric.value for metric in app.metric}
    assert shown[EN("refund.frozen")] == shown[EN("refund.refunds")] == "2,000.00"
    assert "given by the user" in texts(app).replace("\\", "")
    app.text_input(key="refund_other").set_value("none").run()
    assert "No movement in yuan" in texts(app)


def test_requests_are_masked_until_full_values_are_asked_for(home: LakeHome) -> None:
    app = opened(home)
    app.segmented_control(key="refund_view").set_value("requests").run()
    app.text_input(key="request_case").set_value("A0001").run()
    app.text_input(key="request_others").set_value(B).run()
    assert B not in str(app.dataframe[0].value)
    app.text_input(key="case_no_input").set_value("A0001")
    app.text_input(key="reason_input").set_value("victim waits").run()
    app.button(key="show-full").click().run()
    app.text_input(key="request_approver").set_value("chief-2").run()
    assert B in str(app.dataframe[0].value)
    app.button(key="request-make").click().run()
    assert not app.exception and [error.value for error in app.error] == [EN("frame.unmasked")]
    acts = [(row["action"], row["outcome"]) for row in Audit(audit_path(home)).rows()]
    assert ("export_full", "done") in acts


def test_a_request_that_can_not_be_filled_says_why(home: LakeHome) -> None:
    app = opened(home)
    app.segmented_control(key="refund_view").set_value("requests").run()
    assert EN("requests.case_first") in texts(app)
    app.text_input(key="request_case").set_value("none").run()
    assert "no report of this case" in texts(app)
    app.text_input(key="request_amount").set_value("x").run()
    assert EN("refund.bad_amount") in texts(app)
