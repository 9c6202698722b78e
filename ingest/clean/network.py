"""Cleans IP addresses, MAC addresses and device identifiers, and knows which of them never identify."""

import ipaddress

import polars as pl

from ingest.clean.cleaned import Cleaned, half_width, only_set, prepare, whole_numbers
from ingest.reasons import Reason

_WORDS = ("unknown", "null", "none", "n/a", "na", "default", "undefined", "(null)", "test")
# Constants that many handsets and emulators report.
_COMMON_MACS = ("020000000000", "000000000000", "ffffffffffff", "020000000001")
_COMMON_DEVICES = ("fp:9774d56d682e549c", "fp:0123456789abcdef", "fp:00000000-0000-0000-0000-000000000000")
_OCTET = r"(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_IPV4 = rf"^{_OCTET}\.{_OCTET}\.{_OCTET}\.{_OCTET}$"
_PRIVATE = (
    r"^(10|127|0)\.|^192\.168\.|^172\.(1[6-9]|2[0-9]|3[01])\.|^169\.254\."
    r"|^100\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7])\.|^2(2[4-9]|[345][0-9])\."
)
_PRIVATE_V6 = r"^(::1?$|fe[89ab]|f[cd])"


def never_identifies_ip(address: pl.Expr) -> pl.Expr:
    """Private, loopback, link-local, carrier NAT, multicast; documentation ranges are ordinary."""
    return address.str.contains(_PRIVATE) | address.str.contains(_PRIVATE_V6)


def is_placeholder_device(key: pl.Expr) -> pl.Expr:
    """Whether a device key (`imei:`, `mac:`, `fp:`) is a value that many devices share."""
    value = key.str.replace(r"^[a-z]+:", "")
    repeated = value.str.contains(r"^(0+|1+|2+|3+|4+|5+|6+|7+|8+|9+|f+)$")
    return (
        repeated
        | value.is_in(_COMMON_MACS)
        | key.is_in(_COMMON_DEVICES)
        | value.str.to_lowercase().is_in(_WORDS)
    )


def clean_ip(texts: pl.Series) -> Cleaned:
    """One spelling an address; one that never identifies is kept and flagged, other text is not used."""
    prepared = prepare(texts)
    text = half_width(prepared.text).str.strip_chars("[]")
    four = text.str.contains(_IPV4).fill_null(False)
    rest = (text.is_not_null() & ~four).arg_true()
    if len(rest):
        text = text.scatter(rest, pl.Series([_ipv6(t) for t in text.gather(rest).to_list()], dtype=pl.String))
    hidden = pl.select(never_identifies_ip(pl.lit(text))).to_series().fill_null(False)
    codes = {
        Reason.PLACEHOLDER: hidden,
        Reason.UNKNOWN_SHAPE: prepared.text.is_not_null() & text.is_null(),
        Reason.CELL_ERROR: prepared.error,
    }
    return Cleaned(text, only_set(codes))


def _ipv6(text: str) -> str | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


def clean_mac(texts: pl.Series) -> Cleaned:
    """Twelve lower-case hexadecimal digits; dummies are kept and flagged."""
    prepared = prepare(texts)
    text = half_width(prepared.text).str.replace_all(r"[:\-. ]", "").str.to_lowercase()
    shape = text.str.contains(r"^[0-9a-f]{12}$").fill_null(False)
    value = text.set(~shape, None)
    dummy = pl.select(is_placeholder_device("mac:" + pl.lit(value))).to_series()
    codes = {
        Reason.PLACEHOLDER: dummy,
        Reason.UNKNOWN_SHAPE: text.is_not_null() & ~shape,
        Reason.CELL_ERROR: prepared.error,
    }
    return Cleaned(value, only_set(codes))


def clean_device(texts: pl.Series) -> Cleaned:
    """The key of a device: `imei:` and 14 digits, `mac:` and 12 digits, else `fp:` and the text."""
    text, codes = whole_numbers(prepare(texts))
    text = half_width(text)
    bare = text.str.replace_all(r"[ ]", "")
    imei = bare.str.contains(r"^[0-9]{14,16}$").fill_null(False)
    mac = bare.str.contains(r"^[0-9A-Fa-f]{2}([:-][0-9A-Fa-f]{2}){5}$").fill_null(False)
    key = pl.select(
        pl.when(pl.lit(imei))
        .then("imei:" + pl.lit(bare.str.slice(0, 14)))
        .when(pl.lit(mac))
        .then("mac:" + pl.lit(bare.str.replace_all(r"[:-]", "").str.to_lowercase()))
        .otherwise("fp:" + pl.lit(text))
    ).to_series()
    codes[Reason.PLACEHOLDER] = pl.select(is_placeholder_device(pl.lit(key))).to_series()
    return Cleaned(key, only_set(codes))
