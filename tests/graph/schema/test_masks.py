import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.schema.kinds import Mask
from graph.schema.masks import mask_key, mask_properties, mask_value


@pytest.mark.parametrize(
    ("mask", "value", "shown"),
    [
        (Mask.ID_NUMBER, "990101199001010018", "990***********0018"),
        (Mask.CARD, "6222020000000000123", "622202*********0123"),
        (Mask.PHONE, "10000000001", "100****0001"),
        (Mask.NAME, "虚构名", "虚**"),
        (Mask.NAME, "虚", "*"),
        (Mask.CARD, "1234567890", "1*********"),
        (Mask.NONE, "open", "open"),
    ],
)  # fmt: skip
def test_masks_keep_what_the_domain_allows(mask: Mask, value: str, shown: str) -> None:
    assert mask_value(value, mask) == shown


@given(st.text(min_size=1, max_size=40), st.sampled_from([m for m in Mask if m is not Mask.NONE]))
def test_a_mask_never_shows_everything_and_keeps_the_length(value: str, mask: Mask) -> None:
    shown = mask_value(value, mask)
    assert shown is not None
    assert len(shown) == len(value)
    assert "*" in shown


def test_a_key_keeps_its_readable_parts() -> None:
    assert mask_key("Sim", "10000000001@2024-01-01") == "100****0001@2024-01-01"
    assert mask_key("Device", "imei:00000000000001") == "imei:00**********01"
    assert mask_key("Case", "A1") == "A1"


def test_personal_properties_are_masked_and_others_are_not() -> None:
    shown = mask_properties("Account", {"holder_name": "虚甲乙", "bank": "样例银行", "reserved_phone": None})
    assert shown == {"holder_name": "虚**", "bank": "样例银行", "reserved_phone": None}
