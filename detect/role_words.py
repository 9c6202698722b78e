"""What roles and their signs are called in zh and en, and the character on a role's badge."""

# Role code -> (character on the badge, zh, en); DOMAIN 6.
ROLE_SIGNS: dict[str, tuple[str, str, str]] = {
    "financier": ("金", "金主", "financier"),
    "den_manager": ("窝", "窝点管理", "den manager"),
    "caller": ("话", "话务/键盘手", "caller"),
    "traffic_puller": ("流", "引流推广", "traffic puller"),
    "account_seller": ("号", "号商", "account seller"),
    "card_provider": ("卡", "卡农", "card provider"),
    "card_dealer": ("商", "卡商/卡头", "card dealer"),
    "card_runner": ("收", "收卡/带队", "card runner"),
    "score_runner": ("跑", "跑分用户/码商", "score runner"),
    "score_platform": ("台", "跑分平台", "score platform"),
    "laundry_house": ("水", "水房", "laundry house"),
    "cash_crew": ("车", "车手/车队", "cash crew"),
    "otc_dealer": ("兑", "U商/承兑商", "OTC dealer"),
    "tech_keeper": ("技", "技术/GoIP维护", "tech keeper"),
    "data_seller": ("信", "信息贩子", "data seller"),
    "guarantee_group": ("保", "担保", "guarantee group"),
}
# Sign of a role (queries/weights/roles.yml) -> (zh, en).
SIGN_WORDS: dict[str, tuple[str, str]] = {
    "at_house_cell": ("常在团伙落脚点基站", "often at the cell where the house meets"),
    "at_den_cell": ("通话在窝点基站", "calls from a den cell"),
    "calls_card_holders": ("联系持卡人", "calls card holders"),
    "calls_many_members": ("联系多名成员", "calls many members"),
    "cash_out": ("取现", "withdraws cash"),
    "deposit_first": ("先缴押金", "deposit first"),
    "few_contacts": ("联系人少", "few contacts"),
    "holds_dialler_sim": ("名下卡用于拨打", "holds a dialling SIM"),
    "holds_pool": ("持有汇聚账户", "holds a pool account"),
    "late_net_sink": ("资金末端沉淀", "late net sink"),
    "named_by_victims": ("受害人指认号码", "number named by victims"),
    "opened_in_party": ("结伴开户", "opened in a party"),
    "opens_for_others": ("代他人开户", "opens for others"),
    "own_device_runs_others": ("本人设备操作他人账户", "own device runs others' accounts"),
    "paid_by_victims": ("受害人直接付款", "paid by victims"),
    "pays_pool": ("向汇聚账户付款", "pays a pool account"),
    "phone_of_others_accounts": ("号码预留于他人账户", "phone reserved at others' accounts"),
    "receives_light_parcels": ("收取轻小快件", "receives light parcels"),
    "sends_light_parcels": ("寄出轻小快件", "sends light parcels"),
    "used_on_shared_device": ("账户在共用设备上登录", "account used on a shared device"),
    "victim_money_on_card": ("卡上过受害人资金", "victim money on the card"),
    "wage_like_pay": ("领取工资式款项", "wage-like pay"),
}


def role_label(role: str, language: str) -> str:
    """A role's name; an unknown code is shown as it is."""
    sign = ROLE_SIGNS.get(role)
    return role if sign is None else sign[1 if language == "zh" else 2]


def role_character(role: str) -> str:
    """The character on a role's badge; the first letter of a code without one."""
    return ROLE_SIGNS[role][0] if role in ROLE_SIGNS else role[:1].upper()


def sign_label(sign: str, language: str) -> str:
    """What a role's sign says; an unknown code is shown as it is."""
    pair = SIGN_WORDS.get(sign)
    return sign if pair is None else pair[0 if language == "zh" else 1]
