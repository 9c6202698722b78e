"""Words: every role, sign and kind of evidence has a name in both languages."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from detect.role_words import ROLE_SIGNS, SIGN_WORDS, role_character, role_label, sign_label
from export.page_words import PAGE_WORDS
from export.signs import LINK_KINDS, Language, kind_label, local_text, short_total, total_text

WEIGHTS = Path(__file__).parents[2] / "queries" / "weights"


def test_every_role_sign_and_kind_of_evidence_has_words() -> None:
    roles = yaml.safe_load((WEIGHTS / "roles.yml").read_text(encoding="utf-8"))["roles"]
    signs = {s for role in roles.values() for side in role.values() for s in side or ()}
    kinds = set(yaml.safe_load((WEIGHTS / "evidence.yml").read_text(encoding="utf-8"))["kinds"])
    assert set(ROLE_SIGNS) == set(roles)
    assert signs - set(SIGN_WORDS) == set() and kinds - set(LINK_KINDS) == set()


def test_role_characters_differ_and_no_text_is_empty() -> None:
    characters = [sign[0] for sign in ROLE_SIGNS.values()]
    assert len(set(characters)) == len(characters) == 16
    pairs = [*PAGE_WORDS.values(), *LINK_KINDS.values(), *SIGN_WORDS.values()]
    assert all(zh.strip() and en.strip() for zh, en in pairs)
    assert all(any("\u4e00" <= c <= "\u9fff" for c in zh) for zh, _ in pairs if zh != "English")


@pytest.mark.parametrize(
    ("total", "measure", "language", "text"),
    [
        (1_234_567_89, "amount_fen", "zh", "¥1,234,567.89"),
        (-5, "amount_fen", "en", "¥-0.05"),
        (125, "duration_s", "zh", "2分05秒"),
        (125, "duration_s", "en", "2 min 05 s"),
        (3, "uses", "zh", "3 次"),
        (None, "amount_fen", "zh", ""),
        (3, None, "zh", ""),
    ],
)
def test_totals_read_as_people_write_them(
    total: int | None, measure: str | None, language: Language, text: str
) -> None:
    assert total_text(total, measure, language) == text


@pytest.mark.parametrize(
    ("fen", "zh", "en"),
    [(50_000_00, "5万", "¥50,000"), (10_000_00, "1万", "¥10,000"), (9_999_99, "¥10,000", "¥10,000"),
     (12_345_678_00, "1,234.57万", "¥12,345,678"), (100_000_00, "10万", "¥100,000"), (40, "¥0", "¥0")],
)  # fmt: skip
def test_short_sums(fen: int, zh: str, en: str) -> None:
    assert (short_total(fen, "zh"), short_total(fen, "en")) == (zh, en)


def test_unknown_codes_are_shown_as_they_are() -> None:
    assert (role_label("new_role", "zh"), role_character("new_role")) == ("new_role", "N")
    assert (kind_label("LINK:new", "zh"), sign_label("new", "en")) == ("new", "new")
    assert kind_label("LINK:device", "zh") == "同设备登录" and kind_label("TRANSFER", "en") == "Transfer"


def test_times_are_shown_in_utc_8() -> None:
    assert local_text(datetime(2024, 2, 29, 17, 5, tzinfo=UTC)) == "2024-03-01 01:05"
    assert local_text(None) == ""
