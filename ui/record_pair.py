"""Two records side by side with what speaks for and against their being one, masked as everywhere."""

import re
from collections.abc import Sequence
from typing import Any

import polars as pl
import streamlit as st

from graph.contract import Ref
from graph.schema.kinds import Mask
from graph.schema.masks import mask_value
from ingest.resolve.proposals import Proposals
from ingest.resolve.signs import SENTENCES, Sign
from ui.desk import Desk
from ui.details import value_text
from ui.source_rows import show_rows
from ui.tables import Row

# What resolution knows of a record beyond its node's own properties, and how each value is masked.
_FOUND: dict[str, tuple[str, Mask]] = {
    "number": ("same.written", Mask.ID_NUMBER),
    "phones": ("same.phones", Mask.PHONE),
    "accounts": ("same.accounts", Mask.CARD),
    "mac": ("same.mac", Mask.HANDLE),
}
_STARS = re.compile(r"\*{6,}")


def show_pair(desk: Desk, pair: dict[str, Any], found: Proposals) -> None:
    """Draw both records, the reasons, and the source rows they come from."""
    words = desk.words
    refs = (Ref(pair["type"], pair["key_a"]), Ref(pair["type"], pair["key_b"]))
    sides = [_facts(desk, ref, found.records[ref.type]) for ref in refs]
    names = list(dict.fromkeys([*sides[0], *sides[1]]))
    table = [
        {
            words("explore.property"): name,
            words("same.first"): sides[0].get(name, ""),
            words("same.second"): sides[1].get(name, ""),
        }
        for name in names
    ]
    st.dataframe(table, hide_index=True, key="pair-facts")
    why, against = st.columns(2)
    with why:
        _sentences(desk, words("same.why"), pair["signs_for"], ":material/add_circle:")
    with against:
        _sentences(desk, words("same.against"), pair["signs_against"], ":material/do_not_disturb_on:")
    with st.expander(words("same.rows")):
        for column, ref, side in zip(st.columns(2), refs, ("a", "b"), strict=True):
            with column:
                st.caption(short_key(desk, ref))
                show_rows(desk, _rows(found.records[ref.type], ref.key), key=f"pair-{side}")


def _sentences(desk: Desk, title: str, signs: Sequence[str], icon: str) -> None:
    st.markdown(f"**{title}**")
    if not signs:
        st.caption(desk.words("same.no_signs"))
    for sign in signs:
        st.markdown(f"{icon} {sign_text(desk, sign)}")


def sign_text(desk: Desk, sign: str) -> str:
    """One sign's sentence in the desk's language."""
    zh, en = SENTENCES[Sign(sign)]
    return zh if desk.words.language == "zh" else en


def short_key(desk: Desk, ref: Ref) -> str:
    """A record's key for a list: the long row of stars inside a masked local key is cut."""
    return _STARS.sub("…", desk.scope.key(ref)) if ref.key.startswith("local:") else desk.scope.key(ref)


def _facts(desk: Desk, ref: Ref, records: pl.DataFrame) -> dict[str, str]:
    """Label -> text of everything known of a record; nothing is left unmasked that its mark covers."""
    words = desk.words
    facts = {words("same.key"): short_key(desk, ref)}
    node = desk.tables.scan(ref.type).filter(pl.col("key") == ref.key).collect().row(0, named=True)
    stated = {name: value for name, value in node.items() if name not in ("key", "source", "row")}
    for name, value in desk.scope.properties(ref.type, stated).items():
        facts[words.property_label(ref.type, name)] = value_text(words, ref.type, name, value)
    record: Row = records.filter(pl.col("key") == ref.key).row(0, named=True)
    for name, (label, mask) in _FOUND.items():
        values = record.get(name) or []
        if values:
            facts[words(label)] = _masked(desk, [values] if isinstance(values, str) else values, mask)
    return facts


def _masked(desk: Desk, values: Sequence[str], mask: Mask) -> str:
    return "、".join(value if desk.scope.full else str(mask_value(value, mask)) for value in values)


def _rows(records: pl.DataFrame, key: str) -> list[tuple[str, int]]:
    cited = records.filter(pl.col("key") == key).select("source", "row").drop_nulls()
    return [(source, row) for source, row in cited.iter_rows()]
