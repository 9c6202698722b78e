"""How much the rings of the invented world hide: one set of shares and delays for each noise level."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Noise:
    """Settings of one level; shares run from 0 to 1, the rest carry their unit in the name."""

    own_device_share: float  # ring accounts that only ever see the holder's own device
    nat_share: float  # ring logins that leave through a carrier NAT or a shared Wi-Fi
    mixed_life_share: float  # old ring accounts whose holder goes on with ordinary life
    old_account_share: float  # ring accounts with years of ordinary life before they were lent
    device_life_days: int  # days until a laundry phone is replaced
    hop_delay_min: float  # median minutes money rests on one ring account
    split_extra: int  # further parts a sum is split into
    call_share: float  # ring calls that went over phones instead of foreign apps
    cross_dealer_share: float  # providers a dealer sells to another ring
    missing_row_share: float  # sheet rows a bank failed to deliver (the other side's row is there)
    mailed_share: float  # cards that travel by courier rather than by hand
    dealer_phone_share: float  # ring accounts opened on a phone number of the dealer
    decoy_trade_share: float  # ring payments dressed as trade with honest shops
    teams: int  # groups of cards worked at the same time that never pay each other
    shared_exit_share: float  # money leaving through dealers abroad who serve several rings


LEVELS: dict[str, Noise] = {
    "LOW": Noise(0.05, 0.10, 0.10, 0.30, 60, 6.0, 0, 1.0, 0.0, 0.0005, 0.9, 0.6, 0.03, 1, 0.2),
    "MID": Noise(0.25, 0.40, 0.35, 0.50, 30, 14.0, 1, 0.7, 0.10, 0.002, 0.7, 0.4, 0.10, 2, 0.8),
    "HIGH": Noise(0.50, 0.70, 0.60, 0.65, 12, 60.0, 3, 0.4, 0.30, 0.010, 0.4, 0.2, 0.25, 3, 1.0),
}
