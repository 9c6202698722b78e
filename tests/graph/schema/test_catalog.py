from pathlib import Path

import polars as pl
import pytest

from graph.errors import SchemaError
from graph.schema import page
from graph.schema.catalog import (
    NODE_TYPES,
    RELATION_TYPES,
    STORED_RELATIONS,
    digest_columns,
    node_type,
    relation_type,
    stored_tables,
    table_columns,
)
from graph.schema.kinds import Mask, Privacy

ROOT = Path(__file__).parents[3]

DOMAIN_NODES = set(
    "Person Organization Account Card PayAccount Wallet Merchant Sim Device Ip Cell NetAccount Site Parcel "
    "Address Branch Teller Case Report ControlOrder ListEntry SourceFile Tip Gang".split()
)
DOMAIN_EDGES = set(
    "HOLDS CONTROLS CARD_OF BOUND_TO USED_IN RECRUITED VICTIM_OF SUSPECT_IN LIVES_AT LISTED_AS "
    "TRANSFERRED CO_LOCATED SAME_AS".split()
)


def test_every_type_of_the_domain_is_declared_once() -> None:
    assert set(NODE_TYPES) == DOMAIN_NODES
    assert DOMAIN_EDGES <= set(RELATION_TYPES)


@pytest.mark.parametrize("declared", [*NODE_TYPES.values(), *RELATION_TYPES.values()], ids=lambda d: d.name)
def test_every_type_and_property_has_both_languages(declared: object) -> None:
    for thing in (declared, *declared.properties):  # type: ignore[attr-defined]  # both kinds have properties
        assert thing.zh.strip() and thing.en.strip()


@pytest.mark.parametrize("relation", STORED_RELATIONS)
def test_relations_join_declared_stored_types(relation: str) -> None:
    for ends in relation_type(relation).ends:
        for end in ends:
            assert node_type(end).stored


def test_every_personal_value_has_a_mask() -> None:
    for declared in (*NODE_TYPES.values(), *RELATION_TYPES.values()):
        for prop in declared.properties:
            assert (prop.privacy is Privacy.PERSONAL) == (prop.mask is not Mask.NONE), (
                declared.name,
                prop.name,
            )
    for node in NODE_TYPES.values():
        if node.key_mask is not Mask.NONE:
            assert node.privacy in (Privacy.PERSONAL, Privacy.INTERNAL)


def test_the_digest_leaves_out_provenance_only() -> None:
    for name in stored_tables():
        left_out = set(table_columns(name)) - set(digest_columns(name))
        assert left_out <= {"source", "row", "other_source", "other_row"}
        assert {"source", "row"} <= left_out


def test_money_is_whole_fen_and_time_is_utc() -> None:
    for name in stored_tables():
        for column, dtype in table_columns(name).items():
            if column.endswith("_fen"):
                assert dtype == pl.Int64()
            if column.endswith("_at") or column == "at":
                assert dtype == pl.Datetime("us", "UTC")


def test_an_unknown_type_is_one_sentence() -> None:
    with pytest.raises(SchemaError, match=r"no node type 'Bank'; see docs/schema\.md"):
        node_type("Bank")


def test_the_schema_page_is_fresh() -> None:
    assert (ROOT / "docs/schema.md").read_text(encoding="utf-8") == page.render(), "run `make docs`"
