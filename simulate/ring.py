"""What a ring is made of: members with roles, cards with levels, phones, devices, addresses of the house."""

from dataclasses import dataclass, field

from simulate.clock import DAY

ROLES_NEEDED = {
    "financier": (1, 1),
    "den_manager": (1, 1),
    "caller": (4, 6),
    "traffic_puller": (1, 1),
    "tech_keeper": (1, 1),
    "card_dealer": (2, 2),
    "card_runner": (1, 2),
    "laundry_house": (3, 4),
    "score_platform": (1, 1),
    "score_runner": (6, 8),
    "cash_crew": (3, 4),
    "card_provider": (21, 26),
}  # fewest and most members of each role of DOMAIN.md 6


@dataclass(slots=True)
class RingCard:
    """One account lent to or worked for a ring."""

    account: int
    holder: int
    controller: int  # the person who works it; the holder where it never left the holder's hands
    role: str
    level: int  # planned layer; 0 for pools and score-runners
    wave: int
    ready_at: int  # first local second at which the ring may use it
    fresh: bool  # opened for the ring
    mixed: bool  # the holder goes on with ordinary life on it
    dormant: bool = False  # silent for more than half a year before
    dealer: int = -1


@dataclass(slots=True)
class Wave:
    """One batch of cards and the days in which it is worked."""

    number: int
    first_at: int
    last_at: int
    layers: dict[int, list[RingCard]] = field(default_factory=dict)


@dataclass(slots=True)
class Ring:
    """One ring: who, with which cards, from where."""

    index: int
    den_city: int
    house_city: int
    members: dict[str, list[int]]
    waves: list[Wave] = field(default_factory=list)
    cards: list[RingCard] = field(default_factory=list)
    phones: dict[int, list[int]] = field(default_factory=dict)  # laundry worker: devices, oldest first
    house_ips: list[int] = field(default_factory=list)
    den_ip: int = -1
    device_life_days: int = 30
    dealer_numbers: dict[int, list[int]] = field(
        default_factory=dict
    )  # dealer: SIM numbers kept for openings
    merchants: list[int] = field(
        default_factory=list
    )  # honest shops where cards are tried and gold is bought
    dealer_of: dict[int, int] = field(default_factory=dict)  # provider: dealer who recruited them

    @property
    def name(self) -> str:
        """Ring name in the truth files."""
        return f"R{self.index + 1:03d}"

    def everyone(self) -> list[tuple[int, str]]:
        """All members with role, in role order."""
        return [(person, role) for role, persons in self.members.items() for person in persons]

    def device_at(self, worker: int, at: int, start: int) -> int:
        """The work phone of a laundry worker at a time; phones are replaced as they wear out."""
        phones = self.phones[worker]
        return phones[min(len(phones) - 1, max(0, (at - start) // (self.device_life_days * DAY)))]

    def cards_of(self, role: str) -> list[RingCard]:
        """Cards of one role in a fixed order."""
        return [card for card in self.cards if card.role == role]
