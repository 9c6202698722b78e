"""Guided mapping of unknown layouts: proposes a template and fields with reasons; a person decides."""

from ingest.mapping.proposal import ColumnProposal, Proposal, propose
from ingest.unknown import UnknownTable, read_unknown

__all__ = ["ColumnProposal", "Proposal", "UnknownTable", "propose", "read_unknown"]
