"""Each screen with nothing loaded, with the sample, in both languages."""

from pathlib import Path

import pytest

from detect.gang_words import doubt_sentence
from detect.rule import open_library
from detect.store import open_detection
from funds.controls.reading import read_controls
from funds.known import last_instant
from graph.contract import Ref
from graph.lake.home import LakeHome, lake_home
from graph.lake.tables import open_tables
from graph.settings import Settings
from tests.ui.screens.screen import SCREENS, screen, texts
from ui.desk import desk
from ui.plain_text import as_text
from ui.signs import signs_of
from ui.words import Words


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_says_what_to_do_when_nothing_is_loaded(name: str, language: str, tmp_path: Path) -> None:
    app = screen(name, lake_home(tmp_path), language)
    words = Words(language)  # type: ignore[arg-type]  # one of the two literals
    assert app.header[0].value == words(f"nav.{name}")
    if name != "queries":
        assert words("empty.lake") in texts(app)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_shows_the_sample(name: str, language: str, sample_home: LakeHome) -> None:
    app = screen(name, sample_home, language)
    assert not app.error
    assert Words(language)("empty.lake") not in texts(app)  # type: ignore[arg-type]  # one of the two literals


def test_the_overview_counts_what_detection_found(sample_home: LakeHome) -> None:
    found = open_detection(sample_home)
    assert found is not None and found.gangs and found.mules
    figures = {metric.label: metric.value for metric in screen("overview", sample_home).metric}
    assert figures["gangs"] == str(len(found.gangs))
    assert figures["mules"] == str(len(found.mules))


def test_personal_values_are_masked_until_a_reason_is_given(sample_home: LakeHome) -> None:
    found = open_detection(sample_home)
    assert found is not None
    account = max(found.mules, key=lambda mule: (mule.probability, mule.account)).account
    app = screen("mules", sample_home)
    shown = str(app.dataframe[0].value)
    assert account not in shown and account[:6] in shown
    app.text_input(key="case_no_input").set_value("A990100000001")
    app.text_input(key="reason_input").set_value("test of the masks").run()
    app.button(key="show-full").click().run()
    assert not app.exception
    assert account in str(app.dataframe[0].value)
    assert Words("en")("frame.unmasked") in texts(app)
    app.button(key="mask-again").click().run()
    assert account not in str(app.dataframe[0].value)


def test_the_reason_must_be_given(sample_home: LakeHome) -> None:
    assert screen("overview", sample_home).button(key="show-full").disabled


def test_a_search_puts_a_node_on_the_chart_and_undo_takes_it_away(sample_home: LakeHome) -> None:
    found = open_detection(sample_home)
    assert found is not None
    member = next(m.ref for g in found.gangs for m in g.members if m.ref.type == "Account")
    app = screen("explore", sample_home)
    app.text_input(key="search_text").set_value(member.key).run()
    hit = next(button for button in app.button if str(button.key).startswith("hit-"))
    hit.click().run()
    assert app.session_state["history"].now.shown == (member,)
    app.button(key="undo").click().run()
    assert app.session_state["history"].now.shown == ()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_gang_says_what_it_hangs_by_and_how_else_it_reads(language: str, sample_home: LakeHome) -> None:
    found = open_detection(sample_home)
    assert found is not None
    app = screen("gangs", sample_home, language)
    said = [text.value for text in app.markdown]
    words = Words(language)  # type: ignore[arg-type]  # one of the two literals
    assert any(words("gangs.fragility") in text for text in said)
    doubt = as_text(doubt_sentence(found.gangs[0], language))
    assert any(words("gangs.doubt") in text and doubt in text for text in said)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_finding_is_explained_with_what_speaks_against_it(language: str, sample_home: LakeHome) -> None:
    app = screen("findings", sample_home, language)
    words = Words(language)  # type: ignore[arg-type]  # one of the two literals
    app.multiselect(key="findings_rules").set_value(["F03"]).run()
    assert not app.exception
    assert app.subheader[-1].value.startswith("F03 r")
    shown = texts(app)
    rule = next(rule for rule in open_library().rules if rule.id == "F03")
    for title in ("says", "against", "next", "mistaken", "limits", "answers"):
        assert f"**{words(f'findings.{title}')}**" in shown
    for text in (*rule.next_steps, *rule.false_positives, *rule.limits):
        assert as_text(text.said(language)) in shown
    found = open_detection(sample_home)
    assert found is not None
    accounts = {f.subject.key for f in found.findings if f.rule == "F03"}
    assert accounts and not any(account in shown for account in accounts)


def test_bounds_on_findings_narrow_the_list(sample_home: LakeHome) -> None:
    found = open_detection(sample_home)
    assert found is not None
    app = screen("findings", sample_home)
    app.slider(key="findings_least").set_value(1.0).run()
    best = sum(one.score >= 1.0 for one in found.findings)
    assert 0 < best < len(found.findings)
    assert Words("en")("findings.counts", n=f"{best:,}", shown=f"{min(best, 500):,}") in texts(app)


def test_a_gang_opens_on_the_chart(sample_home: LakeHome) -> None:
    found = open_detection(sample_home)
    assert found is not None
    app = screen("gangs", sample_home)
    app.button(key="open-gang").click().run()
    assert set(app.session_state["history"].now.shown) == {m.ref for m in found.gangs[0].members}


def test_a_query_without_neo4j_says_what_to_do_and_the_rest_works(sample_home: LakeHome) -> None:
    app = screen("queries", sample_home)
    run = next(button for button in app.button if str(button.key).startswith("run-"))
    run.click().run()
    assert not app.exception
    assert "neo4j start" in texts(app)


def test_a_broken_file_is_quarantined_on_screen_and_nothing_is_lost(
    tmp_path: Path, sample_files: Path
) -> None:
    home = lake_home(tmp_path / "home")
    good = next(sample_files.glob("person_register*.csv"))
    bad = tmp_path / "files" / "half.xlsx"
    bad.parent.mkdir()
    bad.write_bytes(b"PK\x03\x04 half written")
    (bad.parent / good.name).write_bytes(good.read_bytes())
    app = screen("load", home)
    app.text_input(key="load_folder").set_value(str(bad.parent)).run()
    app.button(key="load-start").click().run()
    assert not app.exception
    assert any("half.xlsx" in str(warning.value) for warning in app.warning)
    app = screen("overview", home)
    assert any("quarantine" in str(warning.value) for warning in app.warning)


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    app = screen("load", lake_home(tmp_path))
    app.text_input(key="load_folder").set_value(str(tmp_path / "nowhere")).run()
    app.button(key="load-start").click().run()
    assert [error.value for error in app.error] == [Words("en")("load.no_folder")]


def test_the_lists_of_cards_say_that_they_are_proposals_and_mask_keys(sample_home: LakeHome) -> None:
    app, words = screen("cards", sample_home), Words("en")
    table = app.dataframe[0].value
    assert words("cards.note") in texts(app) and words("cards.priority") in table.columns
    assert all("*" in key for key in table[words("cards.card")])
    for name in ("crackdown", "controllers"):
        app.session_state["cards_list"] = name
        app.run()
        assert not app.exception
        assert set(app.dataframe[0].value[words("cards.state")]) == {words("cards.proposal")}


def test_only_accounts_surely_under_an_order_are_ringed(sample_home: LakeHome) -> None:
    tables = open_tables(sample_home)
    end = last_instant(tables)
    assert end is not None
    readings = read_controls(tables, end)
    held = {key for key, reading in readings.items() if reading.sure_holds}
    named = {Ref("Account", key) for key in tables.frame("CONTROL")["to_key"].to_list()}
    signs = signs_of(desk(Settings(home=sample_home.root, language="zh")), None)
    ringed = {ref.key for ref in named if "frozen" in signs.rings(ref)}
    assert ringed == held and 0 < len(ringed) < len(named)
