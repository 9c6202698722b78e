"""Identifiers of the invented world: valid in form and check digit, drawn from ranges nobody is assigned.

* Identity numbers start with region code 99xxxx, credit codes hold it too: no such province exists.
* Mobile numbers use the prefixes 154, 161 and 164, which no operator has been given.
* Card numbers use the issuer prefix 9990xx, accounts the prefix 88; neither is issued.
* IMEI use type allocation codes starting 00 (test devices), IMSI the test network 001-01, ICCID issuer 89990.
* IP addresses come from the documentation ranges (gateways, schools), the test range 198.18.0.0/15
(homes, offices),
  the carrier NAT range 100.64.0.0/10 and private ranges (neither identifies anybody).
"""

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

PHONE_PREFIXES = (154, 161, 164)
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = np.array(list("10X98765432"))
_CREDIT_CHARS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def fixed_width(values: Ints, width: int) -> pl.Series:
    """Text of non-negative integers, padded with zeros to `width`; no values give an empty series."""
    return pl.Series(values).cast(pl.String).str.zfill(width)


def scatter(index: Ints, size: int, salt: int) -> Ints:
    """A fixed one-to-one spread of 0..size-1 (size a power of ten), so that neighbours don't look alike."""
    return (index * 7_368_787 + salt * 104_729 + 31) % size


def luhn_digit(stem: Ints) -> Ints:
    """The digit that makes `stem` followed by it pass the Luhn check (ISO/IEC 7812-1, annex B)."""
    rest, total, double = stem.copy(), np.zeros_like(stem), True
    while rest.any():
        digit = rest % 10
        if double:
            digit = digit * 2
            digit = digit - 9 * (digit > 9)
        total += digit
        rest //= 10
        double = not double
    return (10 - total % 10) % 10


def person_ids(region: Ints, birth: Ints, order: Ints) -> pl.Series:
    """Identity numbers (GB 11643) from region (six digits), birth (yyyymmdd) and order code (0 to 999)."""
    stem = region * 10**11 + birth * 10**3 + order
    total = np.zeros_like(stem)
    for place, weight in enumerate(_ID_WEIGHTS):
        total += weight * (stem // 10 ** (16 - place) % 10)
    check = pl.Series(_ID_CHECKS[total % 11].tolist(), dtype=pl.String)
    return fixed_width(stem, 17) + check


def credit_codes(region: Ints, serial: Ints) -> list[str]:
    """Credit codes (GB 32100) of invented organisations from region and an eight-digit serial."""
    codes = []
    for place, number in zip(region.tolist(), serial.tolist(), strict=True):
        body = f"{number:08d}"
        total = sum(int(c) * w for c, w in zip(body, (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
        stem = f"91{place}{body}" + "0123456789X0"[(11 - total % 11)]
        weighted = sum(_CREDIT_CHARS.index(c) * (3**i % 31) for i, c in enumerate(stem))
        codes.append(stem + _CREDIT_CHARS[(31 - weighted % 31) % 31])
    return codes


def card_numbers(bank: Ints, index: Ints) -> pl.Series:
    """Card numbers of 19 digits that pass Luhn; one for each (bank, index)."""
    stem = (999_001 + bank) * 10**12 + 10**10 + scatter(index, 10**10, 5)
    return fixed_width(stem * 1, 18) + fixed_width(luhn_digit(stem), 1)


def account_numbers(bank: Ints, branch: Ints, index: Ints) -> pl.Series:
    """Account numbers of 17 digits: 88, bank (2), branch (4), running number (9)."""
    return fixed_width((88 * 100 + bank + 1) * 10**13 + branch * 10**9 + scatter(index, 10**9, 3), 17)


def phone_numbers(index: Ints) -> Ints:
    """Eleven-digit mobile numbers, as integers, one for each index; the operator is `index % 3`."""
    return np.array(PHONE_PREFIXES, dtype=np.int64)[index % 3] * 10**8 + scatter(index, 10**8, 7)


def operator_of(phones: Ints) -> Ints:
    """Position in PHONE_PREFIXES of each number; service numbers belong to operator 0."""
    prefix = phones // 10**8
    return np.select([prefix == 161, prefix == 164], [1, 2], default=0).astype(np.int64)


def imei(device: Ints) -> pl.Series:
    """IMEI of 15 digits with Luhn digit for each device index."""
    stem = 1_017 * 10**8 + scatter(device, 10**8, 11)
    return fixed_width(stem, 14) + fixed_width(luhn_digit(stem), 1)


def imsi(sim: Ints) -> pl.Series:
    """IMSI of 15 digits in the test network 001-01 for each SIM index."""
    return "00101" + fixed_width(scatter(sim, 10**10, 13), 10)


def iccid(sim: Ints) -> pl.Series:
    """ICCID of 19 digits with Luhn digit for each SIM index."""
    stem = 89_990 * 10**13 + scatter(sim, 10**10, 17)
    return fixed_width(stem, 18) + fixed_width(luhn_digit(stem), 1)


def macs(device: Ints) -> pl.Series:
    """Locally administered hardware addresses (06:...) for each device index."""
    spread = scatter(device, 10**8, 19)
    parts = [(spread >> shift) & 255 for shift in (24, 16, 8, 0)]
    table = pl.Series([f"{byte:02X}" for byte in range(256)])
    text = pl.Series(["06:5E"]).gather(np.zeros(len(device), dtype=np.int64))
    for part in parts:
        text = text + ":" + table.gather(part)
    return text


def ip_texts(address: Ints) -> pl.Series:
    """Dotted text of IPv4 addresses given as integers; -1 gives empty text."""
    table = pl.Series([str(byte) for byte in range(256)])
    known = np.where(address < 0, 0, address)
    octets = [table.gather((known >> shift) & 255) for shift in (24, 16, 8, 0)]
    text = octets[0] + "." + octets[1] + "." + octets[2] + "." + octets[3]
    return pl.select(pl.when(pl.Series(address >= 0)).then(text).otherwise(pl.lit(""))).to_series()
