"""Check digits over whole columns: Luhn (cards, IMEI), GB 11643 (id numbers), GB 32100 (credit codes)."""

import numpy as np
import numpy.typing as npt
import polars as pl

_ID_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_ID_CHECKS = pl.Series("sign", list("10X98765432"), dtype=pl.String)
_CREDIT_SIGNS = b"0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = np.array([3**i % 31 for i in range(17)])
_DOUBLED = np.array([0, 2, 4, 6, 8, 1, 3, 5, 7, 9], dtype=np.uint8)


def byte_matrix(texts: pl.Series, width: int) -> npt.NDArray[np.uint8]:
    """ASCII texts of exactly `width` characters as rows of bytes."""
    joined = "".join(texts.to_list()).encode("ascii")
    return np.frombuffer(joined, dtype=np.uint8).reshape(len(texts), width)


def luhn_ok(texts: pl.Series) -> pl.Series:
    """Whether each text of ASCII digits (up to 40) passes the Luhn check (ISO/IEC 7812-1); null fails."""
    usable = texts.str.contains(r"^[0-9]{2,40}$").fill_null(False)
    full = texts.filter(usable)
    width = int(str(full.str.len_bytes().max())) if len(full) else 1
    digits = byte_matrix(full.str.zfill(width), width) - 48
    total = np.zeros(len(full), dtype=np.int16)
    for place in range(width):  # from the last digit; zeros in front change nothing
        column = digits[:, width - 1 - place]
        total += _DOUBLED[column] if place % 2 else column
    return _spread(usable, total % 10 == 0)


def id_check_sign(stems: pl.Series) -> pl.Series:
    """The check sign of each 17-digit stem of an id number (GB 11643-1999)."""
    digits = byte_matrix(stems, 17).astype(np.int64) - 48
    return _ID_CHECKS.gather(pl.Series(digits @ _ID_WEIGHTS % 11, dtype=pl.UInt32))


def id_ok(texts: pl.Series) -> pl.Series:
    """Whether each text is 17 digits and the right check sign; others fail."""
    usable = texts.str.contains(r"^[0-9]{17}[0-9X]$").fill_null(False)
    full = texts.filter(usable)
    return _spread(usable, (id_check_sign(full.str.slice(0, 17)) == full.str.slice(17)).to_numpy())


def credit_code_ok(texts: pl.Series) -> pl.Series:
    """Whether each text is a unified social credit code with the right last sign (GB 32100-2015)."""
    usable = texts.str.contains(r"^[0-9A-HJ-NPQRTUWXY]{18}$").fill_null(False)
    table = np.zeros(256, dtype=np.int64)
    table[np.frombuffer(_CREDIT_SIGNS, dtype=np.uint8)] = np.arange(31)
    values = table[byte_matrix(texts.filter(usable), 18)]
    wanted = (31 - (values[:, :17] * _CREDIT_WEIGHTS).sum(axis=1) % 31) % 31
    return _spread(usable, wanted == values[:, 17])


def _spread(usable: pl.Series, passed: npt.NDArray[np.bool_]) -> pl.Series:
    result = np.zeros(len(usable), dtype=bool)
    result[usable.to_numpy()] = passed
    return pl.Series(result)
