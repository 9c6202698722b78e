"""Identifiers of the invented world are valid in form and come from ranges nobody is assigned."""

import numpy as np

from simulate import identifiers
from tests.simulate.worlds import Written

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CREDIT = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def luhn(text: str) -> bool:
    total = 0
    for place, character in enumerate(reversed(text)):
        digit = int(character) * (1 + place % 2)
        total += digit - 9 * (digit > 9)
    return total % 10 == 0


def id_holds(text: str) -> bool:
    total = sum(int(c) * w for c, w in zip(text[:17], WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == text[17]


def credit_holds(text: str) -> bool:
    total = sum(CREDIT.index(c) * pow(3, i, 31) for i, c in enumerate(text[:17]))
    return CREDIT[(31 - total % 31) % 31] == text[17]


def test_identity_numbers_have_right_check_digits_and_no_real_province(written: Written) -> None:
    keys = [row["person_key"] for row in written.truth("persons")]
    assert len(set(keys)) == len(keys) > 1_000
    assert all(len(key) == 18 and key.startswith("99") and id_holds(key) for key in keys)


def test_cards_devices_and_sims_pass_luhn(written: Written) -> None:
    cards = {row["卡号"] for row in written.tables("account_register")} - {""}
    assert all(len(card) == 19 and card.startswith("99900") and luhn(card) for card in cards)
    devices = identifiers.imei(np.arange(5_000, dtype=np.int64)).to_list()
    assert len(set(devices)) == 5_000
    assert all(len(device) == 15 and device.startswith("00") and luhn(device) for device in devices)
    assert all(luhn(text) for text in identifiers.iccid(np.arange(300, dtype=np.int64)).to_list())


def test_phones_use_prefixes_no_operator_has(written: Written) -> None:
    numbers = [row["号码"] for row in written.tables("sim_register")]
    assert all(len(number) == 11 and number[:3] in {"154", "161", "164"} for number in numbers)


def test_credit_codes_of_companies_have_right_check_characters(written: Written) -> None:
    codes = {
        row["证件号码"] for row in written.tables("account_register") if row["证件号码"].startswith("91")
    }
    assert len(codes) > 50
    assert all(len(code) == 18 and credit_holds(code) for code in codes)


def test_names_carry_the_mark_of_invention(written: Written) -> None:
    assert all(row["姓名"][1] in "样虚拟" for row in written.tables("person_register"))


def test_no_values_give_no_identifiers() -> None:
    none = np.zeros(0, dtype=np.int64)
    assert identifiers.imei(none).to_list() == identifiers.macs(none).to_list() == []
    assert identifiers.ip_texts(np.array([-1])).to_list() == [""]
