"""Synthetic keys for the names of an example world, from ranges that nobody is ever assigned.

* Identity numbers start with region 999999 (no such place), credit codes hold it too.
* Mobile numbers use the prefix 154, which no operator has; accounts start 88, cards 9990.
* IMEI use type allocation code 00 (test devices); addresses come from the documentation ranges of RFC 5737.
"""

from collections.abc import Callable

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_DOCUMENTATION = ("192.0.2", "198.51.100", "203.0.113")


def _person(n: int) -> str:
    year, order = 1970 + (n - 1) // 999, (n - 1) % 999 + 1
    stem = f"999999{year}0101{order:03d}"
    return stem + _CHECKS[sum(int(d) * w for d, w in zip(stem, _WEIGHTS, strict=True)) % 11]


def _with_luhn(stem: str) -> str:
    """`stem` and the digit that makes it pass the Luhn check (ISO/IEC 7812-1, annex B)."""
    doubled = [int(d) * (2 if i % 2 == 0 else 1) for i, d in enumerate(reversed(stem))]
    return stem + str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


def _ip(n: int) -> str:
    block, last = divmod(n - 1, 254)
    if block < len(_DOCUMENTATION):
        return f"{_DOCUMENTATION[block]}.{last + 1}"
    return f"2001:db8::{n:x}"  # RFC 3849


_MAKERS: dict[str, Callable[[int], str]] = {
    "Person": _person,
    "Organization": lambda n: f"91999999{n:09d}X",
    "Account": lambda n: f"8800{n:013d}",
    "Card": lambda n: _with_luhn(f"999000{n:012d}"),
    "PayAccount": lambda n: f"invented:{n:06d}",
    "Wallet": lambda n: f"invented:{n:06d}",
    "Merchant": lambda n: f"999{n:012d}",
    "Sim": lambda n: f"154{n:08d}",
    "Device": lambda n: f"imei:00{n:012d}",
    "Ip": _ip,
    "Cell": lambda n: f"99999-{n}",
    "NetAccount": lambda n: f"invented:{n:06d}",
    "Site": lambda n: f"site{n}.invalid",
    "Parcel": lambda n: f"invented:{n:012d}",
    "Address": lambda n: f"虚构省虚构市虚构路{n}号",
    "Branch": lambda n: f"99999{n:07d}",
    "Teller": lambda n: f"999990000001:{n:04d}",
    "Case": lambda n: f"A999999{n:010d}",
    "Report": lambda n: f"J999999{n:010d}",
    "ControlOrder": lambda n: f"K999999{n:010d}",
    "ListEntry": lambda n: f"invented:{n:04d}:{n:04d}",
    "Tip": lambda n: f"tip:{n:032x}",
}


def synthetic_key(type_name: str, n: int) -> str:
    """The key of the n-th (from 1) name of a stored node type; one to one, the same every time."""
    return _MAKERS[type_name](n)
