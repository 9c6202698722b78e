"""Small person registers for the tests of resolution; numbers are from an unassigned region."""

from collections.abc import Sequence
from pathlib import Path

from graph.lake.home import LakeHome, lake_home
from graph.lake.tables import open_tables
from tests.ingest.build import load, write_text

HEADER = ("姓名", "证件号码", "性别", "出生日期", "手机号", "住址")
# Valid check digits, region 990101.
ANNA, BEN, CLEO = "990101199003070015", "990101199003070031", "990101198511120029"
HOME, FAR = "样北市样光路12号3栋401室", "虚海市虚平街77号1栋202室"
PHONE, OTHER_PHONE = "15400000001", "15400000002"
Person = tuple[str, str, str, str, str, str]


def person(
    name: str = "张样强", number: str = "", born: str = "", phone: str = "", home: str = "", sex: str = ""
) -> Person:
    """One row of a register in the order of HEADER."""
    return (name, number, sex, born, phone, home)


def registers(root: Path, *files: Sequence[Person]) -> LakeHome:
    """A lake of one person register a list of rows."""
    root.mkdir(parents=True, exist_ok=True)
    paths = [write_text(root / f"register{i}.csv", HEADER, rows) for i, rows in enumerate(files)]
    load(root / "lake", *paths, template="person_register")
    return lake_home(root / "lake")


def local_key(home: LakeHome, nth: int = 0) -> str:
    """The key of the nth record without a valid number, in order of keys."""
    keys = open_tables(home).frame("Person")["key"].to_list()
    return sorted(key for key in keys if key.startswith("local:"))[nth]
