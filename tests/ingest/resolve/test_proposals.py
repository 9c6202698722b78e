from pathlib import Path
from typing import Any

import polars as pl
import pytest

from graph.lake.home import LakeHome, lake_home
from ingest.judgements import JUDGED_TYPES
from ingest.resolve.proposals import PROPOSAL_SCHEMA, proposals
from ingest.resolve.signs import AGAINST, FOR, SENTENCES, Sign
from tests.ingest.build import load, write_text
from tests.ingest.resolve.registers import (
    ANNA,
    BEN,
    CLEO,
    FAR,
    HOME,
    OTHER_PHONE,
    PHONE,
    local_key,
    person,
    registers,
)

BORN = "1990-03-07"


def _pairs(home: LakeHome, kind: str = "Person") -> list[dict[str, Any]]:
    return proposals(home, (kind,)).frame.to_dicts()


def _crowd(count: int) -> list[tuple[str, ...]]:
    """People without an id who share nothing, so that a lake is no handful of records."""
    return [
        person(
            f"{'王陈李赵'[i % 4]}虚{'文武双全'[i // 4 % 4]}",
            born=f"19{60 + i}-09-11",
            phone=f"1610000{i:04d}",
        )
        for i in range(count)
    ]


def test_an_empty_lake_has_nothing_to_judge(tmp_path: Path) -> None:
    found = proposals(lake_home(tmp_path))
    assert found.frame.height == 0 and found.frame.schema == pl.Schema(PROPOSAL_SCHEMA)


def test_the_same_phone_and_name_is_proposed_with_its_reasons(tmp_path: Path) -> None:
    home = registers(
        tmp_path, [person(number=ANNA, phone=PHONE, home=HOME)], [person(phone=PHONE, born=BORN), *_crowd(30)]
    )
    (pair,) = _pairs(home)
    assert {pair["key_a"], pair["key_b"]} == {
        ANNA,
        next(k for k in (pair["key_a"], pair["key_b"]) if k != ANNA),
    }
    assert {Sign.SAME_NAME, Sign.SAME_PHONE, Sign.SAME_BIRTH} <= set(pair["signs_for"])
    assert pair["signs_against"] == [] and pair["verdict"] is None


def test_name_alone_and_name_with_birthday_are_never_enough(tmp_path: Path) -> None:
    home = registers(
        tmp_path,
        [person(number=ANNA, phone=PHONE, home=HOME)],
        [person(born=BORN, sex="男", phone=OTHER_PHONE, home=FAR), person(), person(born=BORN), *_crowd(30)],
    )
    assert _pairs(home) == []


def test_two_valid_ids_are_two_persons_whatever_else_agrees(tmp_path: Path) -> None:
    twin = {"phone": PHONE, "home": HOME, "born": BORN, "sex": "男"}
    home = registers(tmp_path, [person(number=ANNA, **twin)], [person(number=BEN, **twin)])
    assert _pairs(home) == []


def test_a_slip_in_the_number_is_proposed_and_a_quite_different_number_is_not(tmp_path: Path) -> None:
    swapped = ANNA[:12] + ANNA[13] + ANNA[12] + ANNA[14:]
    home = registers(
        tmp_path, [person(number=ANNA)], [person(number=swapped), person(number=CLEO[:-1] + "3")]
    )
    (pair,) = _pairs(home)
    assert Sign.NUMBER_SLIP in pair["signs_for"]


def test_fifteen_digits_are_the_same_person_without_asking(tmp_path: Path) -> None:
    home = registers(tmp_path, [person(number=ANNA)], [person(number=ANNA[:6] + ANNA[8:17])])
    assert proposals(home, ("Person",)).records["Person"]["key"].to_list() == [ANNA]
    assert _pairs(home) == []


def test_a_name_that_sounds_the_same_at_the_same_address_is_proposed(tmp_path: Path) -> None:
    rows = [person("章样墙", home="样北市样光路12号3幢401房", born=BORN), *_crowd(30)]
    home = registers(tmp_path, [person("张样强", ANNA, home=HOME)], rows)
    (pair,) = _pairs(home)
    assert {Sign.SAME_SOUND, Sign.SAME_ADDRESS} <= set(pair["signs_for"])


@pytest.mark.parametrize("name", ["李虚敏", "张样刚"])
def test_relatives_in_one_home_are_not_proposed(tmp_path: Path, name: str) -> None:
    spouse = person(name, phone=PHONE, home=HOME, born="1993-08-19", sex="女")
    home = registers(tmp_path, [person(number=ANNA, phone=PHONE, home=HOME)], [spouse, *_crowd(30)])
    assert _pairs(home) == []


def test_a_phone_of_many_ties_nobody(tmp_path: Path) -> None:
    hotline = [person(f"王虚{sign}", phone=PHONE) for sign in "文武双全春夏秋冬东西南"]
    home = registers(tmp_path, [person(number=ANNA, phone=PHONE)], [person(phone=PHONE), *hotline])
    assert _pairs(home) == []


def test_a_passport_and_an_id_may_be_one_person_and_that_is_said(tmp_path: Path) -> None:
    abroad = person("ZHANG YANG QIANG", "E99000001", BORN, PHONE)
    home = registers(tmp_path, [person(number=ANNA, phone=PHONE)], [abroad, *_crowd(30)])
    pairs = _pairs(home)
    assert [{p["key_a"], p["key_b"]} for p in pairs] == [{ANNA, "E99000001"}]
    assert Sign.OTHER_PAPER in pairs[0]["signs_against"]


def test_the_same_lake_gives_the_same_proposals(tmp_path: Path) -> None:
    files = (
        [person(number=ANNA, phone=PHONE), person(number=CLEO, home=HOME)],
        [
            person(phone=PHONE),
            person(home=HOME),
            *_crowd(30),
        ],
    )
    first = registers(tmp_path / "1", *files)
    second = registers(tmp_path / "2", *files)
    assert proposals(first).frame.equals(proposals(second).frame)


def test_addresses_meet_by_spelling_and_never_with_another_number(tmp_path: Path) -> None:
    homes = [HOME, "样北市样光路12号3幢401房", "样北市样光路12号3栋402室", "样南市样光路12号3栋401室"]
    home = registers(tmp_path, [person(f"王虚{i}", home=text) for i, text in enumerate(homes)])
    (pair,) = _pairs(home, "Address")
    assert {pair["key_a"], pair["key_b"]} == set(homes[:2])
    assert {Sign.SAME_WORDS, Sign.SAME_NUMBERS} <= set(pair["signs_for"])


def test_an_address_without_its_city_needs_somebody_in_common(tmp_path: Path) -> None:
    short = HOME.removeprefix("样北市")
    apart = registers(
        tmp_path / "1", [person("王虚文", home=HOME), person("李虚武", home=short), *_crowd(30)]
    )
    tied = registers(
        tmp_path / "2",
        [person("王虚文", home=HOME, phone=PHONE), person("王虚文", home=short, phone=PHONE), *_crowd(30)],
    )
    assert _pairs(apart, "Address") == []
    (pair,) = _pairs(tied, "Address")
    assert {Sign.PART_OF_WORDS, Sign.SHARED_PHONE} <= set(pair["signs_for"])


def test_devices_meet_by_hardware_address_but_two_imei_stay_two(tmp_path: Path) -> None:
    header = ("平台", "账号", "登录时间", "IP", "MAC", "设备指纹", "型号")
    mac, dummy = "06:5E:04:E0:1B:9A", "02:00:00:00:00:00"
    rows = [
        ("样聊", "user1", "2024-03-04 08:00:00", "198.51.100.1", mac, "001017809581625", "样机A1"),
        ("样聊", "user2", "2024-03-04 09:00:00", "198.51.100.2", mac, "abc-def-0001", "样机A1"),
        ("样聊", "user3", "2024-03-04 10:00:00", "198.51.100.3", mac, "001017809999999", "样机A1"),
        ("样聊", "user4", "2024-03-04 11:00:00", "198.51.100.4", dummy, "ABCDEF0001", ""),
        ("样聊", "user5", "2024-03-04 12:00:00", "198.51.100.5", dummy, "fresh-0002", ""),
    ]
    load(tmp_path / "lake", write_text(tmp_path / "log.csv", header, rows))
    found = {(p["key_a"], p["key_b"]): p["signs_for"] for p in _pairs(lake_home(tmp_path / "lake"), "Device")}
    assert found == {
        ("fp:abc-def-0001", "imei:00101780958162"): [Sign.SAME_MAC],
        ("fp:abc-def-0001", "imei:00101780999999"): [Sign.SAME_MAC],
        ("fp:ABCDEF0001", "fp:abc-def-0001"): [Sign.SAME_DEVICE_TEXT],
    }


def test_units_are_proposed_by_a_slip_in_the_code_and_their_name(tmp_path: Path) -> None:
    code = "919901011000000013"
    header = ("账号", "户名", "证件号码", "开户时间", "预留手机")
    names = (
        "样北市虚拟第一号贸易有限公司",
        "样北市虚拟第一号贸易有限责任公司",
        "样北市虚拟第二号贸易有限公司",
    )
    codes = ("91990101100000008W", "91990101100000080W", code)
    rows = [
        (f"8801000100000000{i}", name, number, "2020-01-01 10:00:00", f"1540000000{i}")
        for i, (name, number) in enumerate(zip(names, codes, strict=True))
    ]
    load(tmp_path / "lake", write_text(tmp_path / "accounts.csv", header, rows))
    (pair,) = _pairs(lake_home(tmp_path / "lake"), "Organization")
    assert {Sign.SAME_NAME, Sign.NUMBER_SLIP} <= set(pair["signs_for"])
    assert codes[0] in (pair["key_a"], pair["key_b"])


def test_every_sign_has_a_sentence_in_both_languages_and_a_side() -> None:
    assert set(SENTENCES) == set(Sign)
    assert all(zh and en for zh, en in SENTENCES.values())
    assert set(Sign) == FOR | AGAINST
    assert set(JUDGED_TYPES) == {"Person", "Organization", "Address", "Device"}


def test_a_local_key_is_found(tmp_path: Path) -> None:
    assert local_key(registers(tmp_path, [person()])).startswith("local:")
