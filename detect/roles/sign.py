"""Signs of roles: one row saying that a source row shows a sign at a person of a gang."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from detect.evidence import EvidenceGraph
from detect.results import Gang
from graph.lake.tables import LakeTables

SIGN: dict[str, pl.DataType] = {
    "gang": pl.String(),
    "person": pl.String(),
    "sign": pl.String(),
    "source": pl.String(),
    "row": pl.Int64(),
}


@dataclass(frozen=True, slots=True)
class Inside:
    """What lies inside the gangs, as frames.

    members: gang, type, key. accounts, sims: gang, key, person (registered holder, when a person of that
    gang). proof: gang, kind, a_type, a_key, b_type, b_key, part, source, row: claims with their actor inside.
    """

    tables: LakeTables
    evidence: EvidenceGraph
    members: pl.DataFrame
    accounts: pl.DataFrame
    sims: pl.DataFrame
    proof: pl.DataFrame

    def kind(self, *kinds: str) -> pl.DataFrame:
        """The claims of some kinds."""
        return self.proof.filter(pl.col("kind").is_in(kinds))


def inside(tables: LakeTables, evidence: EvidenceGraph, gangs: Sequence[Gang]) -> Inside:
    """Frames of the gangs' members and of the claims at them."""
    rows = [(g.gang_id, m.ref.type, m.ref.key) for g in gangs for m in g.members]
    schema = {"gang": pl.String(), "type": pl.String(), "key": pl.String()}
    members = pl.DataFrame(rows, schema=schema, orient="row")
    persons = members.filter(pl.col("type") == "Person").select("gang", person="key")
    held = members.join(evidence.holder_of, on=["type", "key"], how="left").join(
        persons, left_on=["gang", "holder"], right_on=["gang", "person"], how="left", coalesce=False
    )
    owned = held.select("gang", "type", "key", "person")
    nodes = evidence.nodes.select("id", "type", "key", "part")
    actors = nodes.filter(pl.col("part") == "").join(members, on=["type", "key"])
    proof = evidence.claims.join(actors.select("gang", a="id", a_type="type", a_key="key"), on="a").join(
        nodes.select(b="id", b_type="type", b_key="key", part="part"), on="b"
    )
    return Inside(
        tables,
        evidence,
        members,
        owned.filter(pl.col("type") == "Account").drop("type"),
        owned.filter(pl.col("type") == "Sim").drop("type"),
        proof.select("gang", "kind", "a_type", "a_key", "b_type", "b_key", "part", "source", "row"),
    )


def signs(frame: pl.DataFrame, sign: str) -> pl.DataFrame:
    """Rows of one sign out of gang, person, source, row; rows without a person are left out."""
    named = frame.filter(pl.col("person").is_not_null())
    return named.select("gang", "person", pl.lit(sign).alias("sign"), "source", "row").unique()
