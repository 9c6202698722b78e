"""`python -m export requests`: a file a bank, whole numbers only by --full, nothing dropped silently."""

import hashlib
import io
import json
import stat
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
from typer.testing import CliRunner, Result

from cases.access import Role, Subject
from cases.audit import Audit, audit_path
from cases.scope import MASKED, Scope
from detect.results import Detection, Finding
from detect.store import write_detection
from detect.worlds import build_world
from export.__main__ import APP
from export.delivery import Format
from export.orders import Order
from export.requests.docx_sheet import render_docx
from export.requests.items import Wanted
from export.requests.kinds import KINDS, RequestKind
from export.requests.making import make_requests
from export.table import Column, Table
from graph.contract import Ref
from graph.errors import InputError
from graph.lake.home import LakeHome, lake_home
from graph.lake.tables import open_tables, write_tables
from tests.export.payloads import ALL
from tests.export.requests.lake import FRAMES, HOLDER, LINES, NOW, WORLD, A, B, N
from tests.funds.controls.orders import local

RUN = CliRunner()


@pytest.fixture
def home(tmp_path: Path) -> LakeHome:
    found = lake_home(tmp_path / "home")
    write_tables(found, FRAMES)
    return found


def run(home: LakeHome, *words: str, now: str = NOW) -> Result:
    place = ["--out", str(home.root.parent / "usb"), "--lake", str(home.root)]
    return RUN.invoke(
        APP, ["requests", "--case", "A0001", *words, *place, "--now", now, "--as", "officer-7", "--json"]
    )


def asked(home: LakeHome, *words: str, now: str = NOW) -> tuple[dict[str, Any], dict[str, bytes]]:
    done = run(home, *words, now=now)
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    return said, {Path(name).name: Path(name).read_bytes() for name in said["files"]}


def cells(content: bytes) -> list[list[str]]:
    """Every row of every table of a document."""
    tables = docx.Document(io.BytesIO(content)).tables
    return [[cell.text for cell in row.cells] for table in tables for row in table.rows]


def values(content: bytes) -> list[tuple[Any, ...]]:
    """Every row of every sheet of a workbook."""
    return [row for sheet in openpyxl.load_workbook(io.BytesIO(content)) for row in sheet.values]


def texts(content: bytes) -> Iterator[str]:
    """The parts of a document or workbook, as stored."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            yield archive.read(name).decode("utf-8", "replace")


def test_each_bank_gets_a_file_of_its_own_accounts(home: LakeHome) -> None:
    three = ["--account", A, "--account", B, "--account", N]
    said, files = asked(home, "--kind", "freeze", *three, "--full", "--reason", "x")
    assert said["requested"] == {"开户行不明": 1, "样例银行": 1, "虚拟银行": 1}
    assert sorted(name for name in files if not name.endswith(".json")) == [
        f"freeze-{stem}.{ending}"
        for stem in ("01-unknown-bank", "02-样例银行", "03-虚拟银行", "internal")
        for ending in ("docx", "xlsx")
    ]
    for name, own, others in (("02-样例银行", A, (B, N)), ("03-虚拟银行", B, (A, N))):
        for ending in ("docx", "xlsx"):
            whole = "".join(texts(files[f"freeze-{name}.{ending}"]))
            assert own in whole and not [other for other in others if other in whole]
    manifest = json.loads(files["freeze-01-unknown-bank.docx.manifest.json"])
    assert manifest["mask_policy"] == "full" and manifest["lake_digest"] == open_tables(home).digest.digest
    for name, content in files.items():
        if not name.endswith(".json"):
            assert manifest["files"][name]["sha256"] == hashlib.sha256(content).hexdigest()
    assert all(stat.S_IMODE(Path(name).stat().st_mode) == 0o600 for name in said["files"])


def test_a_sheet_names_holder_amount_paper_reason_and_rows(home: LakeHome) -> None:
    words = ["--kind", "freeze", "--account", A, "--full", "--reason", "x", "--document", "虚公冻字1号"]
    _, files = asked(home, *words, "--approver", "chief-2", "--lang", "en")
    rows = cells(files["freeze-01-样例银行.docx"])
    facts = {row[0]: row[1] for row in rows if len(row) == 2}
    assert facts["legal document no."] == "虚公冻字1号" and facts["approved by"] == "chief-2"
    assert facts["case"] == "A0001" and "six months" in facts["legal basis"]
    assert set(facts["signature"]) == {"_"}
    assert ["1", A, "虚甲", HOLDER, "1,933.34", "01 up to the amount"] not in rows
    (line,) = [row for row in rows if row[:3] == ["1", A, "虚甲"]]
    assert line[3] == HOLDER and line[5] == "01 up to the amount"
    held = values(files["freeze-01-样例银行.xlsx"])
    assert any(row[:2] == (1, A) and isinstance(row[4], float) for row in held)
    assert line[4] == f"{next(r[4] for r in held if r[:4] == (1, A, '虚甲', HOLDER)):,.2f}"
    assert any(f"{WORLD.source[:12]}…" in row for row in rows)
    assert any("10,000.00 to 10,000.00 yuan" in cell for row in rows for cell in row)
    assert any(row[2:5] == ["2024-03-01 09:00:00", "10,000.00", "10,000.00"] for row in rows)


def test_the_amount_is_the_most_that_may_lie_there_unless_given(home: LakeHome) -> None:
    words = ["--kind", "stop", "--account", B]
    _, files = asked(home, *words)
    assert any("7,900.00" in row or "7,800.00" in row for row in cells(files["stop-01-虚拟银行.docx"]))
    _, files = asked(home, *words, "--amount-yuan", "12.34", "--mode", "receive_only")
    assert any(row[4:] == ["12.34", "02 只收不付"] for row in cells(files["stop-01-虚拟银行.docx"]))
    both = run(home, *words, "--account", N, "--amount-yuan", "12.34")
    assert both.exit_code == 1 and "one by one" in both.output
    for wrong in ("0", "x", "1.005"):
        assert run(home, *words, "--amount-yuan", wrong).exit_code == 2


def test_a_third_stop_is_not_requested_and_the_annex_says_why(home: LakeHome) -> None:
    said, files = asked(home, "--kind", "stop", "--account", A, "--account", B)
    assert [one["code"] for one in said["not_requested"]] == ["THIRD_STOP"]
    assert said["requested"] == {"虚拟银行": 1}
    annex = cells(files["stop-internal.docx"])
    assert any("THIRD_STOP" in row and "两次" in row[-1] for row in annex)
    assert any("THIRD_STOP" in row for row in values(files["stop-internal.xlsx"]))
    bank = "".join(texts(files["stop-01-虚拟银行.docx"]))
    assert "THIRD_STOP" not in bank and "样例银行" not in bank


@pytest.mark.parametrize(
    ("kind", "now", "codes"),
    [
        ("renewal", NOW, ["NOT_FROZEN"]),
        ("renewal", "2024-09-02T10:00", ["NOT_FROZEN", "LAPSED"]),
        ("lift", "2024-03-05T09:59", []),
        ("lift", "2024-10-01", ["NOTHING_TO_LIFT", "NOTHING_TO_LIFT"]),
    ],
)
def test_what_the_law_refuses_now_is_refused(home: LakeHome, kind: str, now: str, codes: list[str]) -> None:
    said, files = asked(home, "--kind", kind, "--account", A, "--account", B, now=now)
    assert sorted(one["code"] for one in said["not_requested"]) == sorted(codes)
    assert sum(said["requested"].values()) == 2 - len(codes)
    if kind == "renewal" and len(codes) == 1:
        row = next(row for row in cells(files["renewal-01-虚拟银行.docx"]) if len(row) == 9 and row[0] == "1")
        assert row[4:] == ["7,800.00", "02 只收不付", WORLD.names["K3"].key, "DK3", "2024-09-02 10:00:00"]


def test_evidence_asks_for_gaps_unseen_sheets_and_what_came_since(home: LakeHome) -> None:
    _, files = asked(home, "--kind", "evidence", "--account", B, "--account", N)
    sheets = [content for name, content in files.items() if name.endswith(".docx")]
    spans = [row for content in sheets for row in cells(content) if len(row) == 5]
    told = {(row[2], row[3], row[4].split("，")[0]) for row in spans if row[0] == "1"}
    assert told == {
        ("2024-03-01 09:20:00", "2024-03-01 09:30:00", "余额不连续"),
        ("2024-03-01 09:30:00", "2024-03-04 09:00:00", "现有明细之后"),
        ("2024-03-01 09:40:00", "2024-03-04 09:00:00", "没有该账户自己的明细"),
    }
    said, files = asked(home, "--kind", "evidence", "--account", A, now="2024-03-01T09:40")
    assert [one["code"] for one in said["not_requested"]] == ["NOTHING_MISSING"]
    assert [name for name in files if "docx" in name] == [
        "evidence-internal.docx",
        "evidence-internal.docx.manifest.json",
    ]
    said, files = asked(
        home, "--kind", "evidence", "--account", A, "--from", "2024-01-01", "--to", "2024-02-01"
    )
    assert any("2024-01-01 00:00:00" in row for row in cells(files["evidence-01-样例银行.docx"]))
    assert run(home, "--kind", "stop", "--account", B, "--from", "2024-01-01").exit_code == 2


def test_without_accounts_those_where_the_cases_money_is(home: LakeHome) -> None:
    said, _ = asked(home, "--kind", "freeze")
    assert said["requested"] == {"开户行不明": 1, "样例银行": 1, "虚拟银行": 1}  # N; X got B's own
    refused = run(home, "--kind", "freeze", "--case", "none")
    assert refused.exit_code == 1 and "--account" in refused.output


def test_another_cases_money_is_no_reason(home: LakeHome) -> None:
    _, files = asked(home, "--kind", "freeze", "--account", B, "--case", "other")
    rows = cells(files["freeze-01-虚拟银行.docx"])
    assert any("由办案单位填写" in cell for row in rows for cell in row)
    assert not any("7,800.00" in cell for row in rows for cell in row)


def test_a_draft_is_masked_and_says_so(home: LakeHome) -> None:
    _, files = asked(home, "--kind", "freeze", "--account", A, "--account", B, "--account", N)
    for content in (content for name, content in files.items() if not name.endswith(".json")):
        whole = "".join(texts(content))
        assert not [secret for secret in (A, B, N, HOLDER, "虚甲", "虚乙", "虚无") if secret in whole]
        assert "不得发出" in whole and "officer-7" in whole


def test_whole_numbers_go_the_way_of_every_full_export(home: LakeHome) -> None:
    words = ["--kind", "freeze", "--account", A, "--full"]
    refused = run(home, *words)
    assert refused.exit_code == 1 and "reason" in refused.output
    own = run(home, *words, "--reason", "x", "--approver", "officer-7")
    assert own.exit_code == 1 and not (home.root.parent / "usb").exists()
    assert run(home, *words, "--reason", "x", "--role", "analyst").exit_code == 1
    said, files = asked(home, *words, "--reason", "victim waits", "--approver", "chief-2")
    manifest = json.loads(next(content for name, content in files.items() if name.endswith("json")))
    assert (manifest["approver"], manifest["reason"], manifest["case"]) == (
        "chief-2",
        "victim waits",
        "A0001",
    )
    assert said["export_id"] == manifest["export_id"]
    assert said["export_id"] in "".join(texts(files["freeze-01-样例银行.docx"]))
    lines = [(row["action"], row["outcome"]) for row in Audit(audit_path(home)).rows()[::-1]]
    assert lines[-2:] == [("export_full", "intent"), ("export_full", "done")]
    assert A not in audit_path(home).read_bytes().decode("latin-1")


def order(home: LakeHome, **values: Any) -> Order:
    return Order(home, Subject("officer-7", Role.INVESTIGATOR, every_case=True),
                 datetime(2024, 3, 4, tzinfo=UTC), Format.XLSX, case="A0001", **values)  # fmt: skip


def test_the_same_request_gives_the_same_bytes(home: LakeHome, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for the export number, which the audit gives anew: here it is held still."""
    from export.manifest import Stamp

    monkeypatch.setattr(Stamp, "export_id", lambda self, content: content[:16])
    wanted = Wanted(RequestKind.FREEZE, (A, B), "A0001", local(NOW))
    first, second = (make_requests(order(home), wanted).files for _ in range(2))
    assert list(first) == list(second)
    assert all(first[name] == second[name] for name in first if not name.endswith(".json"))
    with zipfile.ZipFile(io.BytesIO(first["freeze-01-样例银行.docx"])) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"
        assert "仿宋" in archive.read("word/styles.xml").decode()


def test_hits_of_rules_are_reasons_only_while_they_fit_the_lake(home: LakeHome) -> None:
    hit = Finding("f1", "F09", 3, Ref("Account", A), 0.87, None, None, {}, {}, (), ((WORLD.source, 7),))
    write_detection(home, Detection(open_tables(home).digest.digest, "embedded", (hit,), (), ()))
    wanted = Wanted(RequestKind.FREEZE, (A,), "A0001", local(NOW))
    reasons = make_requests(order(home), wanted).request.items[0].reasons
    assert any("F09 r" in one.zh and one.rows == ((WORLD.source, 7),) for one in reasons)
    write_detection(home, Detection("0" * 64, "embedded", (hit,), (), ()))
    made = make_requests(order(home), wanted)
    assert made.request.findings == "stale" and len(made.request.items[0].reasons) == 1
    assert any("尚未研判" in cell for row in cells(made.files["freeze-internal.docx"]) for cell in row)


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    for number, text in enumerate(ALL):
        shown = text.replace("\0", "�")
        table = Table("t", "表", "t", (Column("a", "甲", "a"),), [[text]])
        content = render_docx(text, text, text, [table, table], "zh")
        assert docx.Document(io.BytesIO(content)).tables[0].cell(0, 0).text, (number, shown)
    lines = [line.replace("holder_name=虚乙", "holder_name==1+1") for line in LINES]
    world = build_world(lines)
    found = lake_home(tmp_path / "hostile")
    write_tables(found, world.frames)
    _, files = asked(found, "--kind", "freeze", "--account", B, "--full", "--reason", "x")
    book = openpyxl.load_workbook(io.BytesIO(files["freeze-01-虚拟银行.xlsx"]))
    cell = next(c for sheet in book for row in sheet.iter_rows() for c in row if "=1+1" in str(c.value))
    assert cell.data_type == "s" and cell.number_format == "@"


def test_what_can_not_be_is_one_sentence(home: LakeHome, tmp_path: Path) -> None:
    said, _ = asked(home, "--kind", "stop", "--account", "123")
    assert [one["code"] for one in said["not_requested"]] == ["UNKNOWN_ACCOUNT"] and said["requested"] == {}
    early = run(home, "--kind", "stop", "--account", B, now="2024-03-01T09:00")
    assert early.exit_code == 1 and "2024-03-01T09:40:00+08:00" in early.output
    with pytest.raises(InputError, match="no account"):
        make_requests(order(lake_home(tmp_path / "none")), Wanted(RequestKind.STOP, ("1",), "c", local(NOW)))
    assert run(home, "--kind", "stop", "--account", B, "--lang", "fr").exit_code == 2
    assert run(home, "--kind", "stop", "--account", B, now="x").exit_code == 2


def test_every_kind_has_words_in_both_languages() -> None:
    for words in KINDS.values():
        assert all(words.title) and all(words.asks)
    assert KINDS[RequestKind.EVIDENCE].basis == ("", "")  # DOMAIN.md states none: the officer fills it in
    assert MASKED.policy != Scope(full=True).policy
