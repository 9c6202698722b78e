"""What speaks for and against two records being one, each with its sentence in both languages."""

from enum import StrEnum


class Sign(StrEnum):
    """One outcome of a comparison that people are told of, in the order they are told."""

    SAME_NUMBER = "same_number"
    NUMBER_SLIP = "number_slip"
    OTHER_NUMBER = "other_number"
    OTHER_PAPER = "other_paper"
    SAME_ACCOUNT = "same_account"
    SAME_PHONE = "same_phone"
    OTHER_PHONE = "other_phone"
    SAME_ADDRESS = "same_address"
    OTHER_ADDRESS = "other_address"
    SAME_NAME = "same_name"
    SAME_SOUND = "same_sound"
    NEAR_NAME = "near_name"
    OTHER_NAME = "other_name"
    COMMON_NAME = "common_name"
    SAME_BIRTH = "same_birth"
    NEAR_BIRTH = "near_birth"
    OTHER_BIRTH = "other_birth"
    OTHER_SEX = "other_sex"
    SAME_WORDS = "same_words"
    PART_OF_WORDS = "part_of_words"
    NEAR_WORDS = "near_words"
    OTHER_WORDS = "other_words"
    SAME_NUMBERS = "same_numbers"
    SHARED_PHONE = "shared_phone"
    SHARED_RESIDENT = "shared_resident"
    SAME_DEVICE_TEXT = "same_device_text"
    SAME_MAC = "same_mac"
    OTHER_MODEL = "other_model"


_S = Sign
AGAINST: frozenset[Sign] = frozenset(
    {
        _S.OTHER_NUMBER, _S.OTHER_PAPER, _S.OTHER_PHONE, _S.OTHER_ADDRESS, _S.OTHER_NAME, _S.COMMON_NAME,
        _S.OTHER_BIRTH, _S.OTHER_SEX, _S.OTHER_WORDS, _S.OTHER_MODEL, _S.NEAR_NAME, _S.NEAR_BIRTH,
        _S.NEAR_WORDS,
    }
)  # fmt: skip
"""Signs that speak against; a near miss stands on both sides: a slip of the pen, or somebody else."""
FOR: frozenset[Sign] = (frozenset(Sign) - AGAINST) | {_S.NEAR_NAME, _S.NEAR_BIRTH, _S.NEAR_WORDS}

SENTENCES: dict[Sign, tuple[str, str]] = {
    _S.SAME_NUMBER: (
        "两条记录写的是同一证件号码（校验位不符，只作线索）",
        "both give the same certificate number (its check digit is wrong, so it is a lead only)",
    ),
    _S.NUMBER_SLIP: (
        "证件号码只差一位或相邻两位颠倒，且至少一个校验位不符",
        "the certificate numbers differ by one slip, and one of them fails its check digit",
    ),
    _S.OTHER_NUMBER: ("证件号码相差不止一位", "the certificate numbers differ by more than a slip"),
    _S.OTHER_PAPER: (
        "证件种类不同，号码无法比对",
        "the papers are of different kinds, so the numbers can't be compared",
    ),
    _S.SAME_ACCOUNT: ("登记为同一账户的持有人", "registers name both as holder of the same account"),
    _S.SAME_PHONE: (
        "登记、预留或名下的手机号相同",
        "the same phone number: stated, reserved with a bank or held",
    ),
    _S.OTHER_PHONE: ("没有相同的手机号", "no phone number in common"),
    _S.SAME_ADDRESS: ("住址规范写法后相同", "the same address once its spelling is made even"),
    _S.OTHER_ADDRESS: ("没有相同的住址", "no address in common"),
    _S.SAME_NAME: ("名称相同", "the same name"),
    _S.SAME_SOUND: ("名称读音相同、写法不同", "the names sound the same and are written differently"),
    _S.NEAR_NAME: (
        "名称只差一个字：可能写错，也可能是亲属",
        "the names differ by one character: a slip, or a relative",
    ),
    _S.OTHER_NAME: ("名称不同", "different names"),
    _S.COMMON_NAME: ("同名者较多", "many records bear this name"),
    _S.SAME_BIRTH: ("出生日期相同", "the same date of birth"),
    _S.NEAR_BIRTH: ("出生日期只差一位", "the dates of birth differ by one digit"),
    _S.OTHER_BIRTH: ("出生日期不同", "different dates of birth"),
    _S.OTHER_SEX: ("性别不同", "different sex"),
    _S.SAME_WORDS: ("地址文字规范写法后相同", "the same words once their spelling is made even"),
    _S.PART_OF_WORDS: ("一个地址少写了省市区等部分", "one address leaves out a part, such as the city"),
    _S.NEAR_WORDS: ("地址文字只差一个字", "the words differ by one character"),
    _S.OTHER_WORDS: ("地址文字不同", "different words"),
    _S.SAME_NUMBERS: ("门牌、楼栋、房号全部相同", "all numbers agree: house, building, room"),
    _S.SHARED_PHONE: (
        "同一手机号在两处收寄快件或居住",
        "the same phone number lives, sends or receives at both",
    ),
    _S.SHARED_RESIDENT: (
        "同名的人在两处收寄快件或居住",
        "a person of the same name lives, sends or receives at both",
    ),
    _S.SAME_DEVICE_TEXT: (
        "设备标识去掉空格、连字符和大小写后相同",
        "the same identifier apart from blanks, hyphens and capitals",
    ),
    _S.SAME_MAC: ("登录日志中带有相同的网卡地址", "logins of both carry the same hardware address"),
    _S.OTHER_MODEL: ("设备型号不同", "different models"),
}  # fmt: skip
