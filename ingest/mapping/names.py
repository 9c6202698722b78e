"""How close a column's name is to a field's names: same words, other words for it, pinyin initials."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from ingest.template import Column, simple_name

# Words of the trade that mean the same: the sign that is compared, and the words it stands for.
_WORDS = {
    "对": "交易对手 交易对方 对手方 对手 对方 对端 他方",
    "本": "本方 己方 我方 本端 本机 查询 客户 本人",
    "证": "证件号码 证件号 身份证号码 身份证号 身份证 证照号码",
    "名": "账户名称 开户名称 开户姓名 姓名 户名 名称",
    "账": "账卡号 卡账号 账号 账户号 账户",
    "卡": "卡号",
    "时": "记账时间 记账日期 入账时间 入账日期 时间 日期 时刻",
    "额": "金额 发生额 数额",
    "余": "余额 结余",
    "话": "手机号码 手机号 电话号码 手机 电话",
    "号": "号码",
    "向": "借方/贷方 收入/支出 借/贷 收/付 借贷标志 收付标志 借贷方向 收支标志 进出标志 借贷 收付 收支 进出",
    "摘": "摘要说明 摘要 用途 附言",
    "流": "流水号 流水 序列号",
    "行": "开户行 开户银行 银行",
    "址": "地址 住址",
    "寄": "寄件人 发件人 寄方",
    "收": "收件人 收方",
    "标": "标识 标志",
}
_ENGLISH_WORDS = {
    "account": "acct acc acctno",
    "amount": "amt",
    "balance": "bal",
    "transaction": "txn trans tran",
    "time": "dt date ts datetime timestamp",
    "peer": "opp other counterparty payee",
    "name": "nm",
    "phone": "tel mobile msisdn",
    "direction": "drcr dc inout",
    "currency": "ccy cur",
    "memo": "desc description summary",
    "id": "idno certno cert",
    "address": "addr",
    "own": "my self",
}
_IDLE = {"no", "number", "num", "of", "the", "code", "s"}
_OWN, _PEER = "本", "对"
_SPLIT = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_UNIT = re.compile(r"[(（][^)）]*[)）]|[0-9]+$")


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike (0 to 1) and to which of the field's names, as a sentence in both languages."""

    score: float
    zh: str = ""
    en: str = ""
    known: bool = False


def likeness(header: str, column: Column, known: bool) -> Likeness:
    """The closest of the field's names. known: the template already reads this header as this field."""
    if known:
        return Likeness(1.0, "列名已在模板中", "the template knows this name", True)
    best = Likeness(0.0)
    for name in (column.header, *column.aliases):
        score = _alike(header, name)
        if score > best.score:
            best = Likeness(
                score, f"列名与“{name}”相近（{score:.2f}）", f"the name is close to {name} ({score:.2f})"
            )
        if _is_pinyin(header, name) and best.score < 0.8:
            best = Likeness(0.8, f"列名是“{name}”的拼音", f"the name is the pinyin of {name}")
    words = _english(header)
    for label in (column.field.replace("_", " "), column.en):
        score = 0.9 * _dice(words, _english(label))
        if words and score > best.score:
            best = Likeness(
                score, f"英文名与“{label}”相近（{score:.2f}）", f"the name is close to {label} ({score:.2f})"
            )
    return best


def _is_pinyin(header: str, name: str) -> bool:
    """Whether a header in letters spells the name in pinyin, by initials (JYSJ) or in full."""
    letters = simple_name(header)
    if not (letters.isascii() and letters.isalpha() and len(letters) >= 2):
        return False
    return letters in _pinyin(simple_name(name))


@lru_cache(maxsize=4096)
def _pinyin(name: str) -> frozenset[str]:
    from pypinyin import lazy_pinyin  # here, because only headers in letters need its dictionary

    forms = set()
    for text in (name, name.replace("时间", "日期")):
        sounds = lazy_pinyin(text)
        forms |= {"".join(sounds), "".join(sound[:1] for sound in sounds)}
    return frozenset(forms)


def _alike(header: str, name: str) -> float:
    one, two = _units(header), _units(name)
    if not one or not two:
        return 0.0
    sides = [{_OWN, _PEER} & set(units) for units in (one, two)]
    if sides[0] != sides[1] and all(sides):
        return 0.0
    score = 0.95 * _dice(one, two)  # other words for a name are never quite the name
    # A name without a side is only half a reason for a counterparty's column, and the other way round.
    return 0.6 * score if _PEER in sides[0] ^ sides[1] else score


@cache
def _same() -> tuple[tuple[str, str], ...]:
    """Word and its sign, longest words first."""
    pairs = [(word, sign) for sign, words in _WORDS.items() for word in words.split()]
    return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair)))


@cache
def _same_english() -> dict[str, str]:
    return {word: sign for sign, words in _ENGLISH_WORDS.items() for word in words.split()}


@lru_cache(maxsize=4096)
def _units(text: str) -> list[str]:
    """A Chinese name as comparable signs; 交易 says nothing on a sheet of trades."""
    plain = simple_name(_UNIT.sub("", text)).replace("帐", "账")
    for word, sign in _same():
        plain = plain.replace(word, sign)
    signs = [sign for sign in plain if not sign.isascii()]
    lean = [sign for sign in signs if sign not in "交易的之"]
    return lean or signs


def _english(text: str) -> list[str]:
    words = [word.lower() for word in _SPLIT.findall(text)]
    said = [_same_english().get(word, word) for word in words]
    return [word for word in said if word not in _IDLE and not word.isdigit()]


def _dice(one: Sequence[str], two: Sequence[str]) -> float:
    if not one or not two:
        return 0.0
    common = sum((Counter(one) & Counter(two)).values())
    return 2 * common / (len(one) + len(two))
