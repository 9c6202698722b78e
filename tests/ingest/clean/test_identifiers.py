"""Identifiers keep every digit, doubt is flagged, damage is refused, nothing is repaired."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ingest.clean.cleaning import clean, codes, value
from tests.ingest.steady import steady

CARD = "9990010100078924635"


@steady
@given(st.text("0123456789", min_size=5, max_size=30).filter(lambda t: t.strip("0")))
def test_digits_come_back_unchanged(text: str) -> None:
    assert value("account", text) in (text, None)
    assert value("account", text) == text or "refused SUSPECT_15_DIGIT" in codes("account", text)


@steady
@given(st.text("0123456789", min_size=9, max_size=19).filter(lambda t: t.strip("0")))
def test_dressed_up_numbers_are_the_same_number(text: str) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in text)
    split = f" {text[:4]}\u200b {text[4:8]}\u2011{text[8:]}\t"
    quoted = f"'{text}\u00a0"
    plain = clean("peer", text)[0][0]
    for dressed in (wide, split, quoted):
        assert clean("peer", dressed)[0][0] == plain


def test_leading_zeros_are_kept_and_zero_alone_is_empty() -> None:
    assert [v for v, _ in clean("peer", "00123", "010000", "0", "-", "无", "NULL", "")] == [
        "00123",
        "010000",
        *[None] * 5,
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("6.22202E+18", "SCIENTIFIC_TEXT"),
        ("\x016.2220212345678899E+18", "PRECISION_LOST"),
        ("\x011234567890123456.0", "PRECISION_LOST"),
        ("6222021234567O90", "BAD_IDENTIFIER"),
        ("٣٤٥٦٧٨٩", "BAD_IDENTIFIER"),
        ("①23456789", "BAD_IDENTIFIER"),
        ("\x02#REF!", "CELL_ERROR"),
    ],
)
def test_damaged_numbers_are_refused(text: str, code: str) -> None:
    assert code in codes("account", text)
    assert value("account", text) is None


def test_raw_digits_of_a_number_cell_are_exact() -> None:
    assert clean("account", f"\x01{CARD}") == [(CARD, {"NUMERIC_CELL"})]
    assert value("phone", "\x011.5400003268E10") == "15400003268"


def test_zeros_after_the_fifteenth_digit_are_suspicious() -> None:
    assert "refused SUSPECT_15_DIGIT" in codes("account", "6222021234567890000")
    passes = next(
        f"62220212345{i:04d}0000"
        for i in range(10_000)
        if "CHECK_DIGIT" not in codes("account", f"62220212345{i:04d}0000")
    )
    assert codes("account", passes) == {"SUSPECT_15_DIGIT"}


def test_masked_numbers_never_match() -> None:
    assert clean("peer", "6222****1234") == [(None, {"MASKED"})]
    assert clean("phone", "154****3268")[0][0] is None


def test_id_numbers_take_one_form() -> None:
    assert value("id", "99010519670310001x") == value("id", "９９０１０５１９６７０３１０００１Ｘ")
    assert clean("id", "110105491231002") == [("11010519491231002X", {"OLD_ID"})]
    assert codes("id", "990101199103199764") == set()
    assert codes("id", "990101199103199763") == {"CHECK_DIGIT"}


@pytest.mark.parametrize(
    "text",
    [
        "+8615400003268",
        "008615400003268",
        "1795115400003268",
        "154-0000-3268",
        "86 15400003268",
        "１５４００００３２６８",
    ],
)
def test_phone_prefixes_come_off(text: str) -> None:
    assert value("phone", text) == "15400003268"


def test_service_and_fixed_numbers_are_valid_and_extensions_identify_nobody() -> None:
    assert clean("phone", "95588", "400-888-8888", "0731-88888888") == [
        ("95588", set()),
        ("4008888888", {"NORMALISED"}),
        ("073188888888", {"NORMALISED"}),
    ]
    assert clean("phone", "16468442618-6798")[0][0] is None
    assert "PRIVACY_NUMBER" in codes("phone", "16468442618-6798")


def test_imei_of_any_length_compare_by_fourteen_digits() -> None:
    found = clean("imei", "001017675754280", "00101767575428", "0010176757542801")
    assert {v for v, _ in found} == {"00101767575428"}
    assert "PLACEHOLDER" in codes("imei", "000000000000000")


def test_device_keys_say_what_they_are() -> None:
    assert [v for v, _ in clean("device", "001017675754280", "06:5E:01:02:03:04", "abc-1")] == [
        "imei:00101767575428",
        "mac:065e01020304",
        "fp:abc-1",
    ]
    assert codes("device", "unknown") == codes("mac", "02:00:00:00:00:00") == {"PLACEHOLDER"}


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "127.0.0.1", "192.168.1.2", "172.16.0.1", "100.64.0.1", "::1", "fe80::1"]
)
def test_private_addresses_are_flagged(address: str) -> None:
    assert codes("ip", address) == {"PLACEHOLDER"}


def test_addresses_take_one_spelling() -> None:
    assert [
        v for v, _ in clean("ip", "198.51.100.7", "::ffff:198.51.100.7", "2001:DB8:0::1", "300.1.1.1")
    ] == [
        "198.51.100.7",
        "198.51.100.7",
        "2001:db8::1",
        None,
    ]
