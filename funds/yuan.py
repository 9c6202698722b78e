"""Yuan as people write them and the fen they are: exact both ways."""

from decimal import Decimal, InvalidOperation


def yuan_text(fen: int) -> str:
    """Fen as yuan with thousands marks and two decimals, exact: 1,234.05; below zero with a minus."""
    whole, part = divmod(abs(fen), 100)
    return f"{'-' if fen < 0 else ''}{whole:,}.{part:02d}"


def read_yuan(text: str) -> int:
    """Yuan with thousands marks or without as fen, not below zero. ValueError for anything else."""
    try:
        fen = Decimal(text.strip().replace(",", "").replace("，", "")).scaleb(2)
    except InvalidOperation:
        raise ValueError(text) from None
    if not fen.is_finite() or fen != fen.to_integral_value() or fen < 0:
        raise ValueError(text)
    return int(fen)
