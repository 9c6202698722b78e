"""What one run of the simulation is asked for, and its independent random streams."""

import zlib
from dataclasses import dataclass

import numpy as np

from simulate.noise import LEVELS, Noise


@dataclass(frozen=True, slots=True)
class Settings:
    """Size, seed and noise of one world; the same values give the same bytes.

    swaps: whether numbers, devices and frozen accounts are replaced (simulate/swaps.py).
    """

    accounts: int = 20_000
    rings: int = 13
    days: int = 90
    seed: int = 1
    level: str = "MID"
    swaps: bool = False

    @property
    def noise(self) -> Noise:
        """The shares and delays of the noise level."""
        return LEVELS[self.level]

    @property
    def scale(self) -> float:
        """Transfers wanted, in units of one: ten an account in ninety days."""
        return 10.0 * self.accounts * self.days / 90

    def stream(self, name: str) -> np.random.Generator:
        """A generator that depends on seed and name only, so that one part never shifts another."""
        return np.random.default_rng([self.seed, zlib.crc32(name.encode())])


def default_rings(accounts: int) -> int:
    """One ring for each 1,500 accounts, at least one."""
    return max(1, round(accounts / 1_500))
