"""What a user declares in the lake's home is laid over the built-in templates, and checked."""

from pathlib import Path

import pytest

from graph.errors import SchemaError, UnknownColumns
from graph.lake.home import lake_home
from ingest.clean.times import clean_time
from ingest.ledger import Ledger
from ingest.overlay import layouts_in
from ingest.recognise import recognise
from ingest.template import TIME_FORMATS, template
from tests.ingest.build import A, B, digest, load, only, write_text

HEADER = ("客户账号", "交易时间", "交易金额", "收付标志", "对方")
ROW = (A, "2024-03-04 10:00:00", "100.00", "1", B)
LAYOUT = """name: yang_bank
base: bank_sheet
title: {zh: 样例银行交易明细, en: Yang Bank sheet}
columns: {客户账号: own_account, 对方: peer_account, 收付标志: direction}
direction_codes: {"0": in, "1": out}
"""


def declare(root: Path, text: str, name: str = "aliases.yml") -> Path:
    folder = root / "templates"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return root


def refusal(root: Path, text: str, name: str = "aliases.yml") -> str:
    with pytest.raises(SchemaError) as caught:
        layouts_in(lake_home(declare(root, text, name)))
    assert caught.value.message.startswith(name) and caught.value.message.endswith(".")
    return caught.value.message


def test_an_alias_makes_a_file_known_and_its_rows_the_same(tmp_path: Path) -> None:
    plain = ("交易账号", "交易时间", "交易金额", "收付标志", "交易对手账卡号")
    row = (*ROW[:3], "出", B)
    load(tmp_path / "a", write_text(tmp_path / "plain.csv", plain, [row]))
    renamed = write_text(tmp_path / "renamed.csv", HEADER, [row])
    assert only(load(tmp_path / "b", renamed)).code == "HEADER_UNKNOWN"
    declare(tmp_path / "b", "bank_sheet:\n  columns: {own_account: [客户账号], peer_account: [对方]}\n")
    assert only(load(tmp_path / "b", renamed)).loaded == 1
    assert digest(tmp_path / "a") == digest(tmp_path / "b")


def test_a_layout_reads_its_own_codes_and_only_files_with_its_columns(tmp_path: Path) -> None:
    root = declare(tmp_path / "v", LAYOUT, "yang_bank.yml")
    known = layouts_in(lake_home(root))
    found = recognise(HEADER, "x.csv", None, known)
    assert (found.template.name, found.template.layout) == ("bank_sheet", "yang_bank")
    assert recognise(["姓名", "证件号码"], "x.csv", None, known).template.layout == "person_register"
    with pytest.raises(UnknownColumns):
        recognise([*HEADER[:-1], "别的"], "x.csv", None, known)
    record = only(load(root, write_text(tmp_path / "a.csv", HEADER, [ROW])))
    assert (record.template, record.loaded) == ("bank_sheet", 1)
    import polars as pl

    (batch,) = (root / "lake" / "batches" / "bank_sheet").glob("*.parquet")
    assert pl.read_parquet(batch)["direction"].to_list() == ["out"]


def test_a_layout_may_ask_for_file_names(tmp_path: Path) -> None:
    text = 'name: by_name\nbase: bank_sheet\nfiles: ["*样例*"]\nsuccess_codes: {"01": true, "02": false}\n'
    known = layouts_in(lake_home(declare(tmp_path, text, "by_name.yml")))
    header = ("交易账号", "交易时间", "交易金额", "收付标志")
    assert recognise(header, "样例银行.csv", None, known).template.layout == "by_name"
    assert recognise(header, "别的银行.csv", None, known).template.layout == "bank_sheet"
    assert recognise(header, "别的银行.csv", "by_name", known).template.success_codes == {
        "01": True,
        "02": False,
    }


def test_two_layouts_for_one_header_are_ambiguous(tmp_path: Path) -> None:
    declare(tmp_path, LAYOUT, "a.yml")
    known = layouts_in(lake_home(declare(tmp_path, LAYOUT.replace("yang_bank", "other_bank"), "b.yml")))
    with pytest.raises(UnknownColumns, match="yang_bank, other_bank"):
        recognise(HEADER, "x.csv", None, known)


def test_a_value_stays_traceable_to_the_mapping_that_read_it(tmp_path: Path) -> None:
    root = declare(tmp_path / "v", LAYOUT, "yang_bank.yml")
    record = only(load(root, write_text(tmp_path / "a.csv", HEADER, [ROW])))
    before = digest(root)
    (root / "templates" / "yang_bank.yml").unlink()
    load(root)
    assert digest(root) == before
    ledger = Ledger(lake_home(root))
    (sheet,) = ledger.sheets(record.sha256)
    body = ledger.layout_body(sheet.content)
    ledger.close()
    assert sheet.columns["own_account"] == (0, "客户账号")
    assert (sheet.layout, sheet.header, sheet.header_line) == ("yang_bank", HEADER, 1)
    assert body is not None and '"1": "out"' in body


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("bank_shet: {}\n", "did you mean 'bank_sheet'"),
        ("bank_sheet: {columns: {own_acount: [账]}}\n", "did you mean 'own_account'"),
        ("bank_sheet: {columns: {own_account: [交易金额]}}\n", "already means amount"),
        ("bank_sheet: {columns: {memo: [甲], remark: [甲]}}\n", "already means memo"),
        ("bank_sheet: {columns: {memo: 甲}}\n", "a list of texts"),
        ("bank_sheet: {columns: {memo: [12]}}\n", "quotes"),
        ("bank_sheet: {success_codes: {01: true}}\n", "without quotes"),
        ('bank_sheet: {success_codes: {"01": maybe}}\n', "write true or false"),
        ('bank_sheet: {direction_codes: {"1": up}}\n', "write in or out"),
        ('sim_register: {direction_codes: {"1": in}}\n', "no such column"),
        ("bank_sheet: {times: [roman]}\n", "unknown date format"),
        ("bank_sheet: {zone: Mars/Base}\n", "unknown time zone"),
        ("bank_sheet: {kolumns: {}}\n", "did you mean 'columns'"),
        ("bank_sheet: {}\nbank_sheet: {}\n", "more than once"),
        ("a: &x [1]\nb: *x\n", "anchor"),
        ("a: !!python/object/apply:os.system [x]\n", "no plain YAML"),
        ("- 1\n", "list of `name: value` lines"),
        ("bank_sheet: [\n", "no plain YAML"),
    ],
)
def test_a_bad_alias_file_is_one_sentence(tmp_path: Path, text: str, part: str) -> None:
    assert part in refusal(tmp_path, text)


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (("name: yang_bank", "name: a b"), "letters, digits"),
        (("base: bank_sheet", "base: nothing"), "unknown template 'nothing'"),
        (("name: yang_bank", "name: lists"), "like another template"),
        (("对方: peer_account", "对方: peer"), "did you mean 'peer"),
        (("columns:", "colums:"), "did you mean 'columns'"),
        (
            ("columns: {客户账号: own_account, 对方: peer_account, 收付标志: direction}", ""),
            "applies to no file",
        ),
    ],
)
def test_a_bad_layout_is_one_sentence(tmp_path: Path, change: tuple[str, str], part: str) -> None:
    assert part in refusal(tmp_path, LAYOUT.replace(*change), "mine.yml")


def test_every_declarable_date_format_is_read() -> None:
    import polars as pl

    texts = {
        "dash": "2021-06-09 01:02:03",
        "slash": "2021/06/09 01:02:03",
        "compact": "20210609010203",
        "hanzi": "2021年6月9日 01:02:03",
        "iso": "2021-06-09T01:02:03+08:00",
        "serial": "44356.0430902778",
    }
    assert set(texts) == set(TIME_FORMATS)
    for name, text in texts.items():
        (value,) = clean_time(pl.Series([text]), [name], "Asia/Shanghai").values
        assert value.isoformat() == "2021-06-08T17:02:03+00:00", name


def test_the_content_of_a_template_is_hashed() -> None:
    assert len({template(name).content for name in ("bank_sheet", "lists")}) == 2


def test_the_examples_of_the_how_to_are_accepted(tmp_path: Path) -> None:
    import re
    import textwrap

    text = (Path(__file__).parents[2] / "docs" / "how-to.md").read_text(encoding="utf-8")
    blocks = [textwrap.dedent(block) for block in re.findall(r"(?:^    .*\n)+", text, re.MULTILINE)]
    aliases = next(block for block in blocks if "success_codes" in block)
    layout = next(block for block in blocks if "name: yang_bank" in block)
    declare(tmp_path, aliases)
    known = layouts_in(lake_home(declare(tmp_path, layout, "yang_bank.yml")))
    assert known.named("bank_sheet").field_of("客户账号") == "own_account"
    assert known.named("yang_bank").field_of("内部号") is None
