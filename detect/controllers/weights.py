"""The file `queries/weights/controllers.yml`: signs of control with family and weight, and bounds."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from detect.clauses import EXCEPTIONS
from detect.rule_heads import QUERIES
from graph.checked_yaml import read_checked
from graph.parameters import Strict

FILE = QUERIES / "weights" / "controllers.yml"
_Share = Annotated[float, Field(gt=0, lt=1)]
_Count = Annotated[int, Field(ge=1)]


class SignWeight(Strict):
    """One sign: its family of evidence, its weight (0 to 1), and whether it points to a person."""

    family: str
    weight: _Share
    names: bool


class Behaviour(Strict):
    """Bounds of a break in behaviour (DOMAIN 5, *Break in behaviour*), days and rows."""

    before_days: _Count
    after_days: _Count
    factor: Annotated[float, Field(gt=1)]
    shift: _Share
    min_rows: _Count
    new_days: _Count


class ControlWeights(Strict):
    """All of the file; the formula stands at `detect.controllers.proposal.propose`."""

    proposed_from: _Share
    least_families: Annotated[int, Field(ge=2)]
    most_holders: _Count
    least_logins: _Count
    linking_holders: _Count
    many_holders: Annotated[int, Field(ge=2)]
    lead: Annotated[float, Field(ge=1)]
    signs: Mapping[str, SignWeight]
    exceptions: Mapping[str, _Share]
    behaviour: Behaviour
    parcel_days: _Count

    @model_validator(mode="after")
    def _one_family_never_proposes(self) -> "ControlWeights":
        """One sign stays below the bound, and every exception is a known one (L: 银发〔2016〕261号 annex)."""
        heavy = [name for name, sign in self.signs.items() if sign.weight >= self.proposed_from]
        unknown = sorted(set(self.exceptions) - EXCEPTIONS)
        if heavy or unknown:
            raise ValueError(f"too heavy alone, or unknown: {', '.join([*heavy, *unknown])}")
        return self


def load_control_weights(path: Path = FILE) -> ControlWeights:
    """The file's values; InvalidRule when it does not follow the format."""
    return read_checked(path, ControlWeights)
