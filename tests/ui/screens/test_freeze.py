"""The freeze queue's screen: masked, adding up, with clocks in colour and word, rows behind each amount."""

from datetime import timedelta
from pathlib import Path

import pytest

from cases.audit import Audit, audit_path
from detect.worlds import build_world
from funds.freeze_now import queue_at
from funds.known import last_instant
from funds.queue_record import first_record, yuan
from graph.lake.home import LakeHome, lake_home
from graph.lake.tables import open_tables, write_tables
from tests.funds.test_freeze_now import PAID, SECOND, order
from tests.ui.screens.screen import screen, texts
from ui.words import Words

STOPPED = order("O1", "止付", "2024-02-28T13:00", "2024-03-01T13:00")
FROZEN = [one.replace(" A ", " B ") for one in order("O2", "冻结", "2024-02-28T13:00", mode="receive_only")]
WORLD = build_world([*PAID, *SECOND, *STOPPED, *FROZEN])


@pytest.fixture(scope="module")
def held_home(tmp_path_factory: pytest.TempPathFactory) -> LakeHome:
    """Two accounts with victims' money, one stopped until two hours after the last row, one frozen."""
    home = lake_home(Path(tmp_path_factory.mktemp("held")))
    write_tables(home, WORLD.frames)
    return home


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sum_of_the_first_is_the_queues(language: str, sample_home: LakeHome) -> None:
    tables = open_tables(sample_home)
    end = last_instant(tables)
    assert end is not None
    found, words = queue_at(tables, end), Words(language)  # type: ignore[arg-type]  # one of the two literals
    app = screen("freeze", sample_home, language)
    assert app.success[0].value == first_record(found, -(-len(found.lines) // 10))[language]
    assert words("freeze.end_of_data") in texts(app)
    frame = app.dataframe[0].value
    assert frame[words("freeze.expected")].to_list()[0] == yuan(found.lines[0].score.expected_fen)
    assert frame[words("freeze.cumulative")].to_list()[-1] == yuan(found.lines[-1].cumulative_fen)
    shown = frame.to_csv()
    assert found.lines[0].account not in shown and found.lines[0].account[:6] in shown
    app.number_input[0].set_value(2).run()
    assert app.success[0].value == first_record(found, 2)[language]


def test_an_earlier_instant_and_one_case_make_another_queue(sample_home: LakeHome) -> None:
    tables = open_tables(sample_home)
    end = last_instant(tables)
    assert end is not None
    app = screen("freeze", sample_home)
    app.text_input(key="freeze_now").set_value(
        (end + timedelta(hours=8 - 24 * 30)).strftime("%Y-%m-%d %H:%M")
    )
    app.run()
    assert not app.exception and Words("en")("freeze.as_known") in texts(app)
    early = app.success[0].value
    found = queue_at(tables, end)
    app.text_input(key="freeze_now").set_value((end + timedelta(hours=8)).strftime("%Y-%m-%d %H:%M"))
    app.selectbox(key="freeze_case").set_value(found.lines[0].shares[0].case).run()
    one = queue_at(tables, end, cases=[found.lines[0].shares[0].case])
    assert app.success[0].value == first_record(one, -(-len(one.lines) // 10))["en"] != early
    app.selectbox(key="freeze_method").set_value("libr").run()
    assert not app.exception and " · libr" in texts(app)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_term_about_to_end_is_said_in_a_word_and_in_colour(language: str, held_home: LakeHome) -> None:
    words = Words(language)  # type: ignore[arg-type]  # one of the two literals
    app = screen("freeze", held_home, language)
    frame = app.dataframe[0].value
    clocks = frame[words("freeze.clock")].to_list()
    assert f"{words('freeze.due')}: {words('freeze.hours_left', hours=2, minutes=0)}" in clocks
    assert words("freeze.days_left", days=180, hours=2) in clocks  # 28 August 13:00 less 1 March 11:00
    assert words("freeze.due") in clocks[0] and any(words("freeze.due") in one.value for one in app.warning)
    steps = next(f.value for f in app.dataframe if words("freeze.step") in f.value.columns)
    assert words("freeze.may") in steps[words("freeze.allowed")].to_list()


def test_money_rows_add_up_to_the_amount(held_home: LakeHome) -> None:
    words = Words("en")
    app = screen("freeze", held_home)
    rows = next(f.value for f in app.dataframe if words("freeze.of_victims") in f.value.columns)
    sums = [float(text.replace(",", "")) for text in rows[words("freeze.of_victims")]]
    signs = [1 if way == words("map.in") else -1 for way in rows[words("freeze.way")]]
    assert sum(sign * part for sign, part in zip(signs, sums, strict=True)) == 900.0


def test_what_can_not_be_read_is_one_sentence(sample_home: LakeHome) -> None:
    app = screen("freeze", sample_home)
    app.text_input(key="freeze_now").set_value("yesterday").run()
    assert not app.exception and [one.value for one in app.error] == [Words("en")("freeze.bad_now")]
    app.text_input(key="freeze_now").set_value("2020-01-01").run()
    assert Words("en")("empty.freeze") in texts(app)
    app.selectbox(key="freeze_case").set_value("A990100000001").run()
    assert not app.exception and Words("en")("empty.freeze") in texts(app)


def test_an_export_is_decided_and_audited_before_it_is_made(held_home: LakeHome) -> None:
    app = screen("freeze", held_home)
    audit = Audit(audit_path(held_home))
    before = len(audit.rows())
    app.button(key="make-freeze-csv").click().run()
    assert not app.exception and not app.error
    entries = sorted(audit.rows(), key=lambda row: row["seq"])[before:]
    assert [(row["action"], row["outcome"]) for row in entries] == [("export", "intent"), ("export", "done")]
    assert entries[-1]["rows"] == 2
    made = app.session_state["freeze-csv"][1].decode("utf-8-sig")
    assert all(WORLD.names[name].key not in made for name in "AB") and "900.00" in made
