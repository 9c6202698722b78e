"""Persons, numbers and devices are joined only by what really identifies them."""

from pathlib import Path

import polars as pl

from tests.ingest.build import A, B, C, load, table, write_text

ACCOUNTS = ("账号", "卡号", "户名", "证件号码", "开户时间", "预留手机")
SIMS = ("号码", "机主", "证件号码", "入网时间", "销户时间")
CALLS = ("本端号码", "对端号码", "通联类型", "开始时间", "时长", "IMEI", "LAC", "CI")
P1, P2 = "990101199103199764", "990101200707252322"


def holders(root: Path, kind: str = "Account") -> dict[str, list[str]]:
    held = table(root, "HOLDS").filter(to_type=kind).sort("to_key", "from_key")
    return {key: part["from_key"].to_list() for (key,), part in held.group_by("to_key", maintain_order=True)}


def test_holds_comes_from_the_register_by_id_number(tmp_path: Path) -> None:
    rows = [(A, "", "周拟甲", P1, "2020-01-01 09:00:00", ""), (B, "", "周拟甲", P1.lower(), "2021-01-01", "")]
    load(tmp_path, write_text(tmp_path / "a.csv", ACCOUNTS, rows))
    assert holders(tmp_path) == {A: [P1], B: [P1]}
    (person,) = table(tmp_path, "Person").to_dicts()
    assert (person["name"], str(person["birth_on"])) == ("周拟甲", "1991-03-19")


def test_a_wrong_check_digit_alone_never_joins_two_persons(tmp_path: Path) -> None:
    wrong = P1[:-1] + "5"
    rows = [
        (A, "", "周拟甲", wrong, "2020-01-01", ""),
        (B, "", "吴拟乙", wrong, "2020-01-01", ""),
        (C, "", "周拟甲", wrong, "2020-01-01", ""),
    ]
    load(tmp_path, write_text(tmp_path / "a.csv", ACCOUNTS, rows))
    held = holders(tmp_path)
    assert held[A] == held[C] != held[B]
    assert held[A][0].startswith("local:")


def test_persons_without_id_are_never_joined_by_name(tmp_path: Path) -> None:
    rows = [("周拟甲", "", "样街1号"), ("周拟甲", "", "样街2号")]
    load(tmp_path, write_text(tmp_path / "a.csv", ("姓名", "证件号码", "住址"), rows))
    assert table(tmp_path, "Person").height == 2


def test_units_are_organizations(tmp_path: Path) -> None:
    load(
        tmp_path,
        write_text(
            tmp_path / "a.csv", ACCOUNTS, [(A, "", "样例公司", "91110000600037341L", "2020-01-01", "")]
        ),
    )
    assert table(tmp_path, "Organization")["key"].to_list() == ["91110000600037341L"]
    assert table(tmp_path, "Account")["corporate"].to_list() == [True]


def test_a_reissued_number_belongs_to_the_holder_of_its_time(tmp_path: Path) -> None:
    sims = [
        ("15400003268", "周拟甲", P1, "2020-01-01", "2023-06-01 00:00:00"),
        ("15400003268", "吴拟乙", P2, "2024-01-05", ""),
    ]
    calls = [
        ("15400003268", "15400009999", "主叫", f"{day} 10:00:00", "30", "", "", "")
        for day in ("2019-05-01", "2021-05-01", "2023-08-01", "2024-05-01")
    ]
    load(tmp_path, write_text(tmp_path / "s.csv", SIMS, sims), write_text(tmp_path / "c.csv", CALLS, calls))
    callers = table(tmp_path, "CALLED").sort("at")["from_key"].to_list()
    assert callers == ["15400003268", "15400003268@2020-01-01", "15400003268", "15400003268@2024-01-05"]
    held = table(tmp_path, "HOLDS").sort("valid_from_at").select("from_key", "to_key").rows()
    assert held == [(P1, "15400003268@2020-01-01"), (P2, "15400003268@2024-01-05")]


def test_both_ends_records_of_a_call_are_one_event(tmp_path: Path) -> None:
    one = (
        "15400003268",
        "15400009999",
        "主叫",
        "2024-05-01 10:00:00",
        "30",
        "001017675754280",
        "4099",
        "20715",
    )
    two = (
        "15400009999",
        "15400003268",
        "被叫",
        "2024-05-01 10:00:03",
        "30",
        "001017527683240",
        "0x1004",
        "17",
    )
    load(tmp_path, write_text(tmp_path / "a.csv", CALLS, [one]), write_text(tmp_path / "b.csv", CALLS, [two]))
    (call,) = table(tmp_path, "CALLED").to_dicts()
    assert (call["from_device"], call["to_device"]) == ("imei:00101767575428", "imei:00101752768324")
    assert (call["from_cell"], call["to_cell"]) == ("4099-20715", "4100-17")
    assert table(tmp_path, "AT_CELL").height == 2
    assert table(tmp_path, "USED_IN")["uses"].to_list() == [1, 1]


def test_a_reserved_phone_goes_to_the_account_holders_own_holding(tmp_path: Path) -> None:
    sims = [("15400003268", "周拟甲", P1, "2022-01-01", ""), ("15400003268", "吴拟乙", P2, "2024-01-05", "")]
    accounts = [
        (A, "", "周拟甲", P1, "2020-01-01", "15400003268"),
        (B, "", "郑拟丙", "E12345678", "2020-01-01", "15400003268"),
    ]
    load(
        tmp_path,
        write_text(tmp_path / "s.csv", SIMS, sims),
        write_text(tmp_path / "a.csv", ACCOUNTS, accounts),
    )
    bound = dict(table(tmp_path, "BOUND_TO").select("from_key", "to_key").rows())
    assert bound == {A: "15400003268@2022-01-01", B: "15400003268"}


def test_placeholders_are_marked_and_never_identify(tmp_path: Path) -> None:
    header = ("平台", "账号", "登录时间", "IP", "设备指纹")
    rows = [("样聊", f"u{i}", "2024-05-01 10:00:00", "10.0.0.1", "000000000000000") for i in range(3)]
    load(
        tmp_path,
        write_text(
            tmp_path / "l.csv",
            header,
            [*rows, ("样聊", "u9", "2024-05-01 10:00:00", "198.51.100.7", "fp-77")],
        ),
    )
    devices = table(tmp_path, "Device").select("key", "placeholder").rows()
    assert sorted(devices) == [("fp:fp-77", False), ("imei:00000000000000", True)]
    assert sorted(table(tmp_path, "Ip").select("key", "identifying").rows()) == [
        ("10.0.0.1", False),
        ("198.51.100.7", True),
    ]


def test_a_login_by_a_known_card_is_the_bank_accounts(tmp_path: Path) -> None:
    accounts = [(A, "9990010100078924635", "周拟甲", P1, "2020-01-01", "")]
    rows = [
        ("样银行", "9990010100078924635", "2024-05-01 10:00:00", "198.51.100.7", "d1"),
        ("样聊", "15400003268", "2024-05-01 10:00:00", "198.51.100.7", "d1"),
    ]
    header = ("平台", "账号", "登录时间(UTC)", "IP", "设备指纹")
    load(
        tmp_path,
        write_text(tmp_path / "a.csv", ACCOUNTS, accounts),
        write_text(tmp_path / "l.csv", header, rows),
    )
    logins = table(tmp_path, "LOGGED_IN").sort("from_type")
    assert logins.select("from_type", "from_key").rows() == [
        ("Account", A),
        ("NetAccount", "样聊:15400003268"),
    ]
    assert {at.hour for at in logins["at"].to_list()} == {10}


def test_one_waybill_number_at_two_couriers_is_two_parcels(tmp_path: Path) -> None:
    header = ("运单号", "快递公司", "寄件手机", "收件手机", "收件地址", "揽收时间", "签收时间", "重量")
    rows = [
        ("YT1", c, "15400003268", "15400009999-1234", " 样北市　拟街1号", "2024-05-01 10:00:00", "", "0.364")
        for c in ("甲", "乙")
    ]
    load(tmp_path, write_text(tmp_path / "w.csv", header, rows))
    assert table(tmp_path, "Parcel")["key"].to_list() == ["乙:YT1", "甲:YT1"]
    assert table(tmp_path, "Parcel")["weight_g"].to_list() == [364, 364]
    assert table(tmp_path, "SENT").height == 2
    assert table(tmp_path, "RECEIVED").is_empty()  # a privacy number names nobody
    assert table(tmp_path, "Address")["key"].to_list() == ["样北市拟街1号"]


def test_every_end_exists_as_a_node(tmp_path: Path) -> None:
    header = (
        "案件编号",
        "区域",
        "警情号",
        "受害人",
        "证件",
        "付款账户",
        "收款账户",
        "金额",
        "转账时间",
        "来电",
        "网址/APP",
    )
    rows = [
        (
            "A1",
            "430102",
            "J1",
            "周拟甲",
            P1,
            A,
            B,
            "5.00",
            "2024-05-01 10:00:00",
            "15400003268",
            "https://app.example.invalid/x",
        )
    ]
    load(tmp_path, write_text(tmp_path / "c.csv", header, rows))
    for name, key in (
        ("Account", A),
        ("Account", B),
        ("Sim", "15400003268"),
        ("Site", "app.example.invalid"),
        ("Case", "A1"),
        ("Report", "J1"),
        ("Person", P1),
    ):
        assert key in table(tmp_path, name)["key"].to_list()
    assert table(tmp_path, "PAID_TO").select("from_key", "to_key", "amount_fen", "region").rows() == [
        ("J1", B, 500, "430100")
    ]
    assert table(tmp_path, "VICTIM_OF").select("from_key", "to_key").rows() == [(P1, "A1")]


def test_orders_and_lists_keep_their_terms(tmp_path: Path) -> None:
    orders = (
        "查控单号",
        "账号",
        "措施",
        "执行金额",
        "执行起始",
        "结束",
        "方式",
        "未能冻结原因",
        "在先冻结机关",
    )
    lists = ("对象类型", "标识", "名单类型", "认定机关", "文号", "起", "止", "申诉状态")
    load(
        tmp_path,
        write_text(
            tmp_path / "o.csv",
            orders,
            [
                ("K1", A, "冻结", "5.00", "2024-05-01 10:00:00", "2024-11-01 10:00:00", "02", "", ""),
                ("K2", A, "冻结", "", "", "2024-05-02", "01", "在先冻结", "样局"),
            ],
        ),
        write_text(
            tmp_path / "l.csv",
            lists,
            [("个人", P1, "惩戒名单", "样局", "1号", "2024-01-01", "2024-12-31", "无申诉")],
        ),
    )
    found = table(tmp_path, "ControlOrder").select("key", "mode", "executed_fen", "earlier_freezer").rows()
    assert found == [("K1", "receive_only", 500, None), ("K2", "limit", None, "样局")]
    (listed,) = table(tmp_path, "LISTED_AS").to_dicts()
    assert (listed["from_type"], listed["from_key"], listed["to_key"]) == ("Person", P1, f"样局:1号:{P1}")
    assert listed["valid_to_at"].isoformat() == "2024-12-31T16:00:00+00:00"  # the last day counts whole
    assert isinstance(found, list)
    assert pl
