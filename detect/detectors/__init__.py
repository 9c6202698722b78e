"""Detectors: what rules need that SQL says badly or slowly; each a module of its own."""

from detect.detectors.by_name import DETECTORS

__all__ = ["DETECTORS"]
