"""Invented names: persons carry 样, 虚 or 拟 as second character, everything else says 样例 or 虚拟."""

import numpy as np
import polars as pl

from simulate.identifiers import Ints

SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"
MARKERS = "样虚拟"
GIVEN = "文强敏静丽军磊洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅鑫波辉斌宇浩凯健俊帆雪琳晨阳嘉欣怡悦思雨子轩梓涵"

BANKS = (
    "样例商业银行",
    "虚拟农村信用社",
    "样江银行",
    "虚海发展银行",
    "拟山城市银行",
    "样湖村镇银行",
    "外地样本银行",
    "外地虚构银行",
    "境外拟名银行",
)
REPORTING_BANKS = 6
CITY_NAMES = (
    "样北市",
    "样南市",
    "样东市",
    "样西市",
    "虚江市",
    "虚河市",
    "虚湖市",
    "虚海市",
    "拟山市",
    "拟岭市",
    "拟关市",
    "拟港市",
)
STREETS = ("样光路", "虚平街", "拟安巷", "样福大道", "虚和路", "拟兴街")
OPERATORS = ("样例移动", "虚拟联通", "拟名电信")
COURIERS = ("样达快递", "虚通速运")
HUB_NAMES = (
    "样付通支付有限公司",
    "虚饿外卖平台有限公司",
    "拟淘电子商务有限公司",
    "样例水电燃气收费中心",
    "虚拟移动话费充值中心",
    "拟行出租与网约车平台",
    "样例医疗保险代收专户",
    "虚拟基金销售有限公司",
)
SHOP_KINDS = (
    "便利店",
    "餐馆",
    "药房",
    "服装店",
    "水果行",
    "五金店",
    "手机店",
    "理发店",
    "超市",
    "金店",
    "烟酒行",
    "建材行",
)
JOBS = ("职员", "工人", "学生", "退休", "个体", "司机", "农民", "教师", "外卖员", "会计")


def person_names(rng: np.random.Generator, count: int) -> pl.Series:
    """`count` invented names: surname, marker, one or two given characters; repeats happen as in life."""
    table = [pl.Series(list(part)) for part in (SURNAMES, MARKERS, GIVEN)]
    one = [part.gather(rng.integers(0, len(part), count)) for part in table]
    second = pl.concat([table[2], pl.Series([""] * 30)])
    return one[0] + one[1] + one[2] + second.gather(rng.integers(0, len(second), count))


def company_names(first: int, city: Ints) -> list[str]:
    """Company names numbered from `first`, each in its city."""
    return [f"{CITY_NAMES[c]}虚拟第{first + i}号公司" for i, c in enumerate(city.tolist())]


def shop_names(rng: np.random.Generator, city: Ints) -> list[str]:
    """Names of shops, each in its city and of a random kind."""
    kinds = rng.integers(0, len(SHOP_KINDS), len(city)).tolist()
    pairs = zip(city.tolist(), kinds, strict=True)
    return [f"{CITY_NAMES[c][:2]}样例{i}号{SHOP_KINDS[k]}" for i, (c, k) in enumerate(pairs)]


def branch_name(bank: int, city: int, number: int) -> str:
    """Name of one branch of a bank."""
    return f"{BANKS[bank]}{CITY_NAMES[city][:2]}第{number + 1}支行"
