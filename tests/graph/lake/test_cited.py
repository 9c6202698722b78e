"""A cited row leads to file name, sheet and line, as the load put it on record."""

from pathlib import Path

from graph.lake.cited import Cited, cited
from graph.lake.home import LakeHome, lake_home
from ingest.ledger import LOADED, Ledger
from ingest.load import find_files, load_files

SHEET = """查控单号,账号,措施,执行起始
K1,6200000000000000017,冻结,2024-03-01 09:00:00
K2,6200000000000000025,冻结,2024-03-02 09:00:00
"""


def loaded(folder: Path) -> LakeHome:
    files = folder / "data"
    files.mkdir()
    (files / "controls_查控.csv").write_text(SHEET, encoding="utf-8")
    home = lake_home(folder / "home")
    load_files(home, find_files([files]))
    return home


def test_a_row_leads_to_its_file_and_line(tmp_path: Path) -> None:
    home = loaded(tmp_path)
    ledger = Ledger(home)
    (record,) = [one for one in ledger.files() if one.state == LOADED]
    ledger.close()
    found = cited(home, [(record.sha256, 2), (record.sha256, 9), ("f" * 64, 1)])
    assert found[record.sha256, 2] == Cited("controls_查控.csv", "", 3)
    assert found[record.sha256, 9].line is None and found[record.sha256, 9].file == "controls_查控.csv"
    assert found["f" * 64, 1] == Cited("ffffffffffff…", "", None)


def test_a_lake_without_a_ledger_names_the_digest_and_makes_none(tmp_path: Path) -> None:
    home = lake_home(tmp_path / "empty")
    assert cited(home, [("a" * 64, 1)]) == {("a" * 64, 1): Cited("aaaaaaaaaaaa…", "", None)}
    assert not home.ledger.exists()
