"""The tree of all gangs: each with its cells below it, and the gangs it works with."""

from detect.hierarchy_words import cell_title, chain_sentence, nodes_said
from detect.results import Gang
from ui.desk import Desk
from ui.source_rows import show_rows
from ui.tables import show_table

Lines = list[dict[str, object]]


def cell_lines(desk: Desk, gang: Gang) -> tuple[Lines, list[tuple[tuple[str, int], ...]]]:
    """A gang's cells, indented below it, then the gangs it works with, and the rows behind each line."""
    words, found = desk.words, gang.hierarchy
    if found is None:
        return [], []
    cells = [
        {
            words("gangs.part"): f"\u2003{cell_title(cell, words.language)}",
            words("explore.why"): nodes_said(cell.anchors, words.language, desk.scope.key),
            words("gangs.members"): len(cell.members),
            words("gangs.rows"): len(cell.rows),
        }
        for cell in found.cells
    ]
    chains = [
        {
            words("gangs.part"): f"\u2003{words('gangs.works_with')} {chain.gang_id}",
            words("explore.why"): chain_sentence(chain, gang, words.language, desk.scope.key),
            words("gangs.members"): len(chain.partners),
            words("gangs.rows"): len(chain.rows),
        }
        for chain in found.chains
    ]
    return [*cells, *chains], [*(cell.rows for cell in found.cells), *(chain.rows for chain in found.chains)]


def gang_tree(desk: Desk, gangs: tuple[Gang, ...]) -> None:
    """All gangs as one indented table; a chosen line shows its rows."""
    words = desk.words
    lines: Lines = []
    proof: list[tuple[tuple[str, int], ...]] = []
    for gang in gangs:
        below, rows = cell_lines(desk, gang)
        lines.append(
            {
                words("gangs.part"): gang.gang_id,
                words("explore.why"): words("gallery.score", score=f"{gang.score:.3f}"),
                words("gangs.members"): len(gang.members),
                words("gangs.rows"): gang.evidence,
            }
        )
        proof.append(tuple(sorted({row for link in gang.links for row in link.rows})))
        lines, proof = lines + below, proof + rows
    chosen = show_table(desk, lines, key="gang-tree", download="gang-tree", select=True)
    if chosen is not None:
        show_rows(desk, proof[chosen], key="gang-tree-rows")
