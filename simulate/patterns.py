"""Book of planted patterns: which rule, and the exact rows that a detector of that rule could cite."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Pattern:
    """One planted pattern; `rows` are event handles for kind `transfer`, else the text the kind names."""

    pattern_id: str
    rule_id: str
    rows: tuple[tuple[str, str], ...]  # (kind, serial); for transfers the serial is filled in at writing
    events: tuple[int, ...]


@dataclass(slots=True)
class PatternBook:
    """Collects patterns while the world is played; ids run in order of planting."""

    patterns: list[Pattern] = field(default_factory=list)

    def plant(self, rule_id: str, events: list[int]) -> str:
        """Record transfers by their event handles; gives the pattern's id."""
        return self._add(rule_id, (), tuple(events))

    def plant_if(self, rule_id: str, events: list[int]) -> None:
        """Record transfers only if there are any."""
        if events:
            self.plant(rule_id, events)

    def plant_rows(self, rule_id: str, rows: list[tuple[str, str]]) -> str:
        """Record rows that are no transfers: (kind, serial) with kind account, phone, device, sim
        or waybill."""
        return self._add(rule_id, tuple(rows), ())

    def _add(self, rule_id: str, rows: tuple[tuple[str, str], ...], events: tuple[int, ...]) -> str:
        name = f"{rule_id}-{len(self.patterns) + 1:06d}"
        self.patterns.append(Pattern(name, rule_id, rows, events))
        return name

    def drop(self, pattern_ids: set[str]) -> None:
        """Forget patterns that turned out not to hold, for example by the final balances."""
        self.patterns = [pattern for pattern in self.patterns if pattern.pattern_id not in pattern_ids]

    def by_event(self) -> dict[int, str]:
        """Pattern ids of each event handle, joined by ';'."""
        found: dict[int, list[str]] = {}
        for pattern in self.patterns:
            for event in pattern.events:
                found.setdefault(event, []).append(pattern.pattern_id)
        return {event: ";".join(ids) for event, ids in found.items()}
