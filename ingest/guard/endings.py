"""Says how a parser's child ended over a file, why, and what to do about it, in Chinese and English."""

import errno
import signal
from dataclasses import dataclass

from ingest.limits import MEGABYTE, Allowance

# Sent from outside: by a person, the system going down, or the kernel when the machine has no memory left.
_FROM_OUTSIDE = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)
_LIMITS = {
    "cpu": ("处理器时间超过上限（{cpu} 秒）", "took more than its {cpu} s of processor time"),
    "wall": ("用时超过上限（{wall} 秒）", "took longer than its {wall} s"),
    "memory": ("占用内存超过上限（{memory} MB）", "took more than its {memory} MB of memory"),
    "disk": ("写出的数据超过上限（{disk} MB）", "wrote more than its {disk} MB"),
}
# What a limit of the kernel's looks like from here.
_SIGNS = {
    f"signal {signal.SIGXFSZ.value}": "disk",
    "failed: disk": "disk",
    "failed: memory": "memory",
}


@dataclass(frozen=True, slots=True)
class Ending:
    """One sentence in each language: what happened and how to mend it."""

    zh: str
    en: str


def kind_of(error: BaseException) -> str:
    """What the child says of a failure: `memory`, `disk` (its limit on written bytes) or the error's class.

    Never its text, which may quote the file; libraries tell of the limit on written bytes in their text only.
    """
    if isinstance(error, MemoryError):
        return "memory"
    if getattr(error, "errno", None) == errno.EFBIG or f"os error {errno.EFBIG}" in str(error):
        return "disk"
    return type(error).__name__


def ending(why: str, allowance: Allowance) -> Ending:
    """why: as of `process.ChildEnded`, or `failed: …` and `not believed: …` for what the child answered."""
    limit = _SIGNS.get(why, why)
    if limit in _LIMITS:
        zh, en = (text.format_map(_figures(allowance)) for text in _LIMITS[limit])
        return Ending(
            f"解析该文件时{zh}，已被终止，未导入任何行；请拆分文件后再导入。",
            f"Parsing it {en} and was ended, nothing was loaded; split the file and load the parts.",
        )
    if any(why == f"signal {number.value}" for number in _FROM_OUTSIDE):
        return Ending(
            f"解析进程被外部终止（{why}），多因系统内存不足或有人结束了它，未导入任何行；"
            "请关闭其他程序后再导入一次。",
            f"The parser was ended from outside ({why}), by a person or for want of memory, and nothing was"
            " loaded; close other programs and load the file again.",
        )
    if why.startswith("not believed"):
        return Ending(
            "解析结果自相矛盾，未被采信，未导入任何行；请把文件另存为 CSV 或 XLSX 后再导入。",
            "The parser's answer contradicted itself and was not believed, so nothing was loaded;"
            " save the file as CSV or XLSX and load that.",
        )
    return Ending(
        f"解析程序在该文件上崩溃（{why}），未导入任何行；"
        "请把文件另存为 CSV 或 XLSX 后再导入，仍不成功则拆分。",
        f"The parser crashed over it ({why}), nothing was loaded; save the file as CSV or XLSX and load that,"
        " or split it.",
    )


def _figures(allowance: Allowance) -> dict[str, str]:
    return {
        "cpu": f"{allowance.cpu_s:,}",
        "wall": f"{allowance.wall_s:,.0f}",
        "memory": f"{allowance.memory_bytes // MEGABYTE:,}",
        "disk": f"{allowance.scratch_bytes // MEGABYTE:,}",
    }
