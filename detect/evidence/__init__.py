"""The fused, weighted evidence graph over persons, accounts, SIMs and devices; every link keeps its rows."""

from detect.evidence.graph import EvidenceGraph, build_evidence

__all__ = ["EvidenceGraph", "build_evidence"]
