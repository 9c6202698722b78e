"""Each way a parser's child can end has a sentence of its own in both languages, with a way to mend it."""

import errno

import pytest

from ingest.guard.endings import ending, kind_of
from ingest.limits import DEFAULT_LIMITS

ALLOWED = DEFAULT_LIMITS.allowance(0)


@pytest.mark.parametrize(
    ("why", "zh", "en"),
    [
        ("memory", "内存超过上限（2,048 MB）", "2,048 MB of memory"),
        ("failed: memory", "内存超过上限（2,048 MB）", "2,048 MB of memory"),
        ("cpu", "处理器时间超过上限（40 秒）", "40 s of processor time"),
        ("wall", "用时超过上限（55 秒）", "longer than its 55 s"),
        ("failed: disk", "写出的数据超过上限（512 MB）", "wrote more than its 512 MB"),
        ("signal 25", "写出的数据超过上限（512 MB）", "wrote more than its 512 MB"),
        ("signal 9", "被外部终止（signal 9）", "ended from outside (signal 9)"),
        ("signal 15", "被外部终止（signal 15）", "ended from outside (signal 15)"),
        ("signal 11", "崩溃（signal 11）", "crashed over it (signal 11)"),
        ("exit 1", "崩溃（exit 1）", "crashed over it (exit 1)"),
        ("failed: ValueError", "崩溃（failed: ValueError）", "crashed over it (failed: ValueError)"),
        ("not believed: the row account does not add up", "自相矛盾", "contradicted itself"),
    ],
)
def test_an_ending_says_what_happened_and_how_to_mend_it(why: str, zh: str, en: str) -> None:
    said = ending(why, ALLOWED)
    assert zh in said.zh and en in said.en
    assert "请" in said.zh and "未导入任何行" in said.zh
    assert "nothing was loaded" in said.en and "load" in said.en.rpartition(";")[2]


def test_a_failure_is_told_by_its_kind_and_never_by_its_text() -> None:
    assert kind_of(MemoryError("of 8801000100000001")) == "memory"
    assert kind_of(OSError(errno.EFBIG, "File too large")) == "disk"
    assert kind_of(RuntimeError("File too large (os error 27)")) == "disk"
    assert kind_of(ValueError("8801000100000001")) == "ValueError"
