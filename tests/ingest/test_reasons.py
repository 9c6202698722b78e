"""Every reason code says what happened and what to do, in both languages."""

import pytest

from ingest.reasons import Level, Reason


@pytest.mark.parametrize("reason", list(Reason))
def test_every_code_has_a_sentence_in_both_languages(reason: Reason) -> None:
    assert reason.en.endswith(".")
    assert reason.en.count(".") == 1
    assert reason.zh.endswith("。")
    assert not reason.zh.isascii()


@pytest.mark.parametrize("reason", [r for r in Reason if r.level in (Level.FILE, Level.ROW)])
def test_every_refusal_names_the_next_step(reason: Reason) -> None:
    assert "；" in reason.zh or "，" in reason.zh
    assert ";" in reason.en or "," in reason.en
