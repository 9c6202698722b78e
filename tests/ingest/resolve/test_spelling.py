import polars as pl
import pytest

from ingest.resolve.spelling import (
    address_parts,
    device_form,
    firm_names,
    holes,
    plain_names,
    sounds,
    units_agree,
)


def _one(text: str) -> tuple[str, str, str]:
    row = address_parts(pl.Series([text])).row(0, named=True)
    return row["words"], row["city"], row["numbers"]


def test_names_that_sound_the_same_are_equal_and_others_not() -> None:
    spoken = sounds(pl.Series(["张样伟", "章样伟", "ZHANG YANG WEI", "李样伟", None])).to_list()
    assert spoken[0] == spoken[1] == spoken[2] == "zhangyangwei"
    assert spoken[3] != spoken[0] and spoken[4] is None


def test_dots_and_blanks_in_a_name_say_nothing() -> None:
    assert plain_names(pl.Series(["阿样·虚拟", "阿样 虚拟", "阿样．虚拟"])).unique().to_list() == ["阿样虚拟"]


def test_a_units_legal_form_is_no_part_of_its_name() -> None:
    assert (
        firm_names(pl.Series(["虚拟样例（样北）贸易有限公司", "虚拟样例样北贸易有限责任公司"])).n_unique()
        == 1
    )


def test_one_wrong_character_leaves_a_hole_in_common_and_two_do_not() -> None:
    forms = holes(pl.Series(["张样强", "张样刚", "李样刚", "张强"])).to_list()
    assert set(forms[0]) & set(forms[1])
    assert not set(forms[0]) & set(forms[2])
    assert forms[3] == []


@pytest.mark.parametrize(
    "other",
    [
        "样北市样光路12号3幢401室",
        "样北市样光路十二号3号楼401房",
        "样北市样光路12-3-401",
        "样北市，样光路 12号3座0401户",
    ],
)
def test_spellings_of_one_address_agree(other: str) -> None:
    assert _one("样北市样光路12号3栋401室") == _one(other) == ("样北市样光路", "样北市", "12,3,401")


@pytest.mark.parametrize(
    "other", ["样北市样光路12号4栋401室", "样北市样光路21号3栋401室", "样北市虚平街12号3栋401室"]
)
def test_another_house_or_street_does_not_agree(other: str) -> None:
    assert _one("样北市样光路12号3栋401室") != _one(other)


def test_a_numeral_inside_a_street_name_stays_a_word() -> None:
    assert _one("样北市三元路5号") == ("样北市三元路", "样北市", "5")


def test_a_building_is_not_a_unit_but_an_unknown_unit_fits_any() -> None:
    building, entrance, dashes = address_parts(
        pl.Series(["样光路1号2栋3室", "样光路1号2单元3室", "样光路1-2-3"])
    )["units"].to_list()
    assert not units_agree(building, entrance)
    assert units_agree(building, dashes) and units_agree(entrance, dashes)


def test_a_device_text_has_one_form() -> None:
    keys = pl.Series(
        ["fp:35-0000-1234-5678", "imei:35000012345678", "fp:AB cd-01", "fp:abcd01", "fp:06:5e:04:e0:1b:9a"]
    )
    assert device_form(keys).to_list() == [
        "imei:35000012345678", "imei:35000012345678", "fp:abcd01", "fp:abcd01", "mac:065e04e01b9a",
    ]  # fmt: skip
