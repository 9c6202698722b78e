"""What a reader may see: regions, case and mask policy as one value that every export works through."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graph.contract import Ref
from graph.schema.masks import mask_key, mask_properties

MASK_POLICY = "catalog-masks-1"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a decision gives. full: personal values whole. regions: event region prefixes, empty for all."""

    regions: tuple[str, ...] = ()
    case: str | None = None
    full: bool = False

    @property
    def policy(self) -> str:
        """The name of the mask policy in force, as manifests state it."""
        return "full" if self.full else MASK_POLICY

    def key(self, ref: Ref) -> str:
        """A node's key as this reader may see it."""
        return ref.key if self.full else mask_key(ref.type, ref.key)

    def properties(self, type_name: str, properties: Mapping[str, Any]) -> dict[str, Any]:
        """Properties of a node or relation as this reader may see them; nulls are left out."""
        known = {name: value for name, value in properties.items() if value is not None}
        return known if self.full else mask_properties(type_name, known)

    def sees_region(self, region: str | None) -> bool:
        """Whether an event of `region` is inside; an event without a region is seen only without a limit."""
        return not self.regions or bool(region and region.startswith(self.regions))


MASKED = Scope()
