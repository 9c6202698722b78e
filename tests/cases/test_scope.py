"""Scopes mask keys and properties and limit regions."""

from hypothesis import given
from hypothesis import strategies as st

from cases.scope import MASKED, Scope
from graph.contract import Ref


def test_a_masked_scope_shows_the_formats_of_the_catalog() -> None:
    assert MASKED.key(Ref("Account", "6222020000000000123")) == "622202*********0123"
    assert MASKED.key(Ref("Sim", "13800000000@2024-03-01")) == "138****0000@2024-03-01"
    assert MASKED.key(Ref("Cell", "4301-77")) == "4301-77"
    assert MASKED.properties("Person", {"name": "张某某", "sex": "男", "phone": None}) == {
        "name": "张**",
        "sex": "男",
    }


def test_a_full_scope_shows_all() -> None:
    full = Scope(full=True)
    assert full.key(Ref("Account", "6222020000000000123")) == "6222020000000000123"
    assert full.properties("Person", {"name": "张某某"}) == {"name": "张某某"}
    assert (MASKED.policy, full.policy) == ("catalog-masks-1", "full")


@given(st.text(min_size=1, max_size=40))
def test_a_masked_account_never_shows_more_than_ten_characters(key: str) -> None:
    shown = MASKED.key(Ref("Account", key))
    if ":" not in key and "@" not in key:
        assert len(shown) == len(key)
        assert sum(a == b and b != "*" for a, b in zip(key, shown, strict=True)) <= max(10, len(key) // 3)
        assert len(key) == 1 or shown != key or set(key) == {"*"} or "*" in key


def test_regions_are_prefixes_and_an_unknown_region_is_outside() -> None:
    scope = Scope(regions=("43", "4201"))
    assert scope.sees_region("430100") and scope.sees_region("420112")
    assert not scope.sees_region("420200") and not scope.sees_region(None)
    assert MASKED.sees_region(None)
