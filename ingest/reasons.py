"""Every reason code of ingest with its level and one sentence in Chinese and English (GUARANTEES 4)."""

from enum import StrEnum


class Level(StrEnum):
    """What a code does: the file waits, the row waits, it loads with a flag, or is counted apart."""

    FILE = "file"
    ROW = "row"
    FLAG = "flag"
    APART = "apart"


class Reason(StrEnum):
    """The codes; a new one needs both sentences and a test."""

    NOT_A_FILE = "NOT_A_FILE"
    EMPTY_FILE = "EMPTY_FILE"
    TOO_LARGE = "TOO_LARGE"
    FILE_CHANGED = "FILE_CHANGED"
    UNKNOWN_FORMAT = "UNKNOWN_FORMAT"
    ENCRYPTED = "ENCRYPTED"
    ARCHIVE_UNSAFE = "ARCHIVE_UNSAFE"
    XML_UNSAFE = "XML_UNSAFE"
    SHEET_BOUNDS = "SHEET_BOUNDS"
    PARSER_KILLED = "PARSER_KILLED"
    UNDECODABLE = "UNDECODABLE"
    MIXED_ENCODING = "MIXED_ENCODING"
    TRUNCATED = "TRUNCATED"
    HEADER_UNKNOWN = "HEADER_UNKNOWN"
    HEADER_AMBIGUOUS = "HEADER_AMBIGUOUS"
    COUNT_DIFFERS = "COUNT_DIFFERS"

    PRECISION_LOST = "PRECISION_LOST"
    SCIENTIFIC_TEXT = "SCIENTIFIC_TEXT"
    FIELD_COUNT = "FIELD_COUNT"
    QUOTE_UNCLOSED = "QUOTE_UNCLOSED"
    BAD_CHARACTER = "BAD_CHARACTER"
    TEXT_TOO_LONG = "TEXT_TOO_LONG"
    CELL_ERROR = "CELL_ERROR"
    BAD_IDENTIFIER = "BAD_IDENTIFIER"
    MISSING_KEY = "MISSING_KEY"
    BAD_TIME = "BAD_TIME"
    BAD_AMOUNT = "BAD_AMOUNT"
    DIRECTION_UNCLEAR = "DIRECTION_UNCLEAR"
    AMOUNTS_DIFFER = "AMOUNTS_DIFFER"
    MOJIBAKE = "MOJIBAKE"

    NUMERIC_CELL = "NUMERIC_CELL"
    SUSPECT_15_DIGIT = "SUSPECT_15_DIGIT"
    CHECK_DIGIT = "CHECK_DIGIT"
    OLD_ID = "OLD_ID"
    NORMALISED = "NORMALISED"
    PRIVATE_USE = "PRIVATE_USE"
    PLACEHOLDER = "PLACEHOLDER"
    CLOCK_CHANGE = "CLOCK_CHANGE"
    DAY_ONLY = "DAY_ONLY"
    MASKED = "MASKED"
    UNKNOWN_SHAPE = "UNKNOWN_SHAPE"
    PRIVACY_NUMBER = "PRIVACY_NUMBER"
    TYPE_MISMATCH = "TYPE_MISMATCH"
    ACTIVE_CONTENT = "ACTIVE_CONTENT"
    HIDDEN_PART = "HIDDEN_PART"

    LAYOUT_ROW = "LAYOUT_ROW"
    REPEATED_ROW = "REPEATED_ROW"

    @property
    def level(self) -> Level:
        """What the code does to its file or row."""
        return _TEXTS[self][0]

    @property
    def zh(self) -> str:
        """The Chinese sentence."""
        return _TEXTS[self][1]

    @property
    def en(self) -> str:
        """The English sentence."""
        return _TEXTS[self][2]


_TEXTS: dict[Reason, tuple[Level, str, str]] = {
    Reason.NOT_A_FILE: (
        Level.FILE,
        "这不是普通文件；请指定文件，或其所在的文件夹。",
        "This is not an ordinary file; name a file or the folder it is in.",
    ),
    Reason.EMPTY_FILE: (
        Level.FILE,
        "文件为空；请向提供单位重新调取。",
        "The file is empty; ask its sender for it again.",
    ),
    Reason.TOO_LARGE: (
        Level.FILE,
        "文件超过允许的大小；请拆分后再导入。",
        "The file is larger than allowed; split it and load the parts.",
    ),
    Reason.FILE_CHANGED: (
        Level.FILE,
        "读取过程中文件被改动；请等写入完成后重新导入。",
        "The file changed while it was read; load it again once nobody writes to it.",
    ),
    Reason.UNKNOWN_FORMAT: (
        Level.FILE,
        "文件内容既不是 CSV 也不是 XLSX、XLS；请另存为其中一种格式。",
        "The bytes are no CSV, XLSX or XLS; save the table as one of them.",
    ),
    Reason.ENCRYPTED: (
        Level.FILE,
        "工作簿设有密码；请向提供单位索取无密码的文件。",
        "The workbook has a password; ask its sender for a copy without one.",
    ),
    Reason.ARCHIVE_UNSAFE: (
        Level.FILE,
        "压缩包或工作簿不完整或不安全；请重新打包或另存，或向提供单位重新调取。",
        "The archive or workbook is incomplete or unsafe; save it anew or ask its sender for it again.",
    ),
    Reason.XML_UNSAFE: (
        Level.FILE,
        "工作簿的 XML 或网页的标记含有禁止的声明或已损坏；请另存为新文件。",
        "The workbook's XML or the page's markup is broken or holds forbidden declarations; save it anew.",
    ),
    Reason.SHEET_BOUNDS: (
        Level.FILE,
        "工作表的行列或工作表数超出上限；请删除多余的行列后再导入。",
        "Rows, columns or sheets are beyond the limit; delete the unused ones and load again.",
    ),
    Reason.PARSER_KILLED: (
        Level.FILE,
        "解析中途停止（超出上限、程序出错或被外部终止），未导入任何行；请再导入一次，仍不成功则拆分。",
        "Parsing was ended (by a limit, a crash or from outside); load it again, and if that fails split it.",
    ),
    Reason.UNDECODABLE: (
        Level.FILE,
        "无法确定文字编码；请另存为 UTF-8 后再导入。",
        "The text encoding can't be told for certain; save the file as UTF-8 and load it again.",
    ),
    Reason.MIXED_ENCODING: (
        Level.FILE,
        "同一文件混有两种编码；请向提供单位重新调取，或拆开后分别另存为 UTF-8。",
        "The file mixes two encodings; ask for it again or save its parts as UTF-8 one by one.",
    ),
    Reason.TRUNCATED: (
        Level.FILE,
        "文件在一个字符中间断开，没有传完；请重新复制或调取。",
        "The file ends inside a character, so it is incomplete; copy or request it again.",
    ),
    Reason.HEADER_UNKNOWN: (
        Level.FILE,
        "没有模板符合该表头；请在导入页指认各列，或运行 python -m ingest map 文件。",
        "No template fits the header; name its columns on the load screen or by `ingest map FILE`.",
    ),
    Reason.HEADER_AMBIGUOUS: (
        Level.FILE,
        "表头有重复列或符合多个模板；请改列名，或用 --template 指定模板。",
        "The header repeats a column or fits several templates; rename it or use --template.",
    ),
    Reason.COUNT_DIFFERS: (
        Level.FILE,
        "两次独立清点的行数不一致，未导入任何行；请另存为 CSV 后再导入。",
        "Two independent counts of its rows differ, so nothing was loaded; save it as CSV and load that.",
    ),
    Reason.PRECISION_LOST: (
        Level.ROW,
        "号码被存成数字而丢失了位数，无法恢复；请要求以文本格式重新提供。",
        "The number lost digits when stored as a float and can't be repaired; ask for it as text.",
    ),
    Reason.SCIENTIFIC_TEXT: (
        Level.ROW,
        "号码以科学计数法写成文本；请要求以文本格式重新提供。",
        "The number is text in E-notation; ask for it written out in full.",
    ),
    Reason.FIELD_COUNT: (
        Level.ROW,
        "该行的列数与表头不同；请改正后重新导入。",
        "The row has more or fewer fields than the header; correct and load it again.",
    ),
    Reason.QUOTE_UNCLOSED: (
        Level.ROW,
        "引号没有闭合；请改正该行后重新导入。",
        "A quote is opened and never closed; correct the row and load it again.",
    ),
    Reason.BAD_CHARACTER: (
        Level.ROW,
        "含有控制字符；请删除后重新导入。",
        "The row holds a control character; remove it and load the row again.",
    ),
    Reason.TEXT_TOO_LONG: (
        Level.ROW,
        "单元格文字过长；请缩短后重新导入。",
        "A cell's text is too long; shorten it and load the row again.",
    ),
    Reason.CELL_ERROR: (
        Level.ROW,
        "单元格是错误值或没有缓存结果的公式；请改成数值后重新导入。",
        "A cell is an error or a formula without a result; put the value in and load again.",
    ),
    Reason.BAD_IDENTIFIER: (
        Level.ROW,
        "号码中有不允许的字符；请核对原件后改正。",
        "An identifier holds characters it can't have; compare it with the original.",
    ),
    Reason.MISSING_KEY: (
        Level.ROW,
        "必填的列为空；请补全后重新导入。",
        "A required column is empty; fill it in and load the row again.",
    ),
    Reason.BAD_TIME: (
        Level.ROW,
        "时间不存在或格式未在模板中声明；请改正，或在模板中声明该格式。",
        "The time does not exist or its format is not declared; correct it or declare the format.",
    ),
    Reason.BAD_AMOUNT: (
        Level.ROW,
        "金额不是最多两位小数的数；请改正后重新导入。",
        "The amount is no number with at most two decimals; correct and load it again.",
    ),
    Reason.DIRECTION_UNCLEAR: (
        Level.ROW,
        "借贷方向不明，余额也无法判定；请补充方向列或余额列。",
        "The direction is unclear and no balance settles it; ask for a direction or balance column.",
    ),
    Reason.AMOUNTS_DIFFER: (
        Level.ROW,
        "该行的金额互相矛盾：借方与贷方都有数，或与交易金额、收付标志不符；请核对原件后改正。",
        "The row's amounts contradict each other (out, in, amount, direction); compare it with the original.",
    ),
    Reason.MOJIBAKE: (
        Level.ROW,
        "文字是乱码（曾用错误编码转存）；请向提供单位重新调取。",
        "The text was saved once through a wrong encoding; ask its sender for it again.",
    ),
    Reason.NUMERIC_CELL: (
        Level.FLAG,
        "号码存为数字单元格，位数完整，按原样读取。",
        "The identifier was stored as a number; all digits are there and were read as they are.",
    ),
    Reason.SUSPECT_15_DIGIT: (
        Level.FLAG,
        "第 15 位以后全为 0，可能已丢失位数；请核对原件。",
        "All digits after the 15th are 0, so digits may be lost; compare it with the original.",
    ),
    Reason.CHECK_DIGIT: (
        Level.FLAG,
        "校验位不符；单凭此号码不会合并人员。",
        "The check digit does not fit; this value alone never joins two persons.",
    ),
    Reason.OLD_ID: (
        Level.FLAG,
        "15 位旧身份证号，已换算为 18 位。",
        "A 15-digit id number was converted to 18 digits.",
    ),
    Reason.NORMALISED: (
        Level.FLAG,
        "去除了全角、空格、连字符或不可见字符。",
        "Full-width forms, blanks, hyphens or invisible characters were removed.",
    ),
    Reason.PRIVATE_USE: (
        Level.FLAG,
        "含有自造字，原样保留，不参与自动合并。",
        "The text holds a private-use character; it is kept and never merged automatically.",
    ),
    Reason.PLACEHOLDER: (
        Level.FLAG,
        "占位值，保留但不作为标识。",
        "A placeholder is kept but never identifies anybody.",
    ),
    Reason.CLOCK_CHANGE: (
        Level.FLAG,
        "处于 1986–1991 年夏令时期间，时间可能相差一小时。",
        "The time lies in the daylight saving of 1986-91 and may be an hour off.",
    ),
    Reason.DAY_ONLY: (
        Level.FLAG,
        "只有日期没有时刻，不参与依赖先后次序的规则。",
        "Only the day is known; rules that need the order leave the row out.",
    ),
    Reason.MASKED: (
        Level.FLAG,
        "号码被打码，永不匹配。",
        "The value is masked and never matches.",
    ),
    Reason.UNKNOWN_SHAPE: (
        Level.FLAG,
        "值的形式未知，原样保留。",
        "The value has an unknown shape and is kept as it is.",
    ),
    Reason.PRIVACY_NUMBER: (
        Level.FLAG,
        "带分机的隐私号，不作为标识。",
        "A privacy number with an extension never identifies anybody.",
    ),
    Reason.TYPE_MISMATCH: (
        Level.FLAG,
        "扩展名与内容不符，已按内容读取。",
        "The file name and the content differ in type; it was read by its content.",
    ),
    Reason.ACTIVE_CONTENT: (
        Level.FLAG,
        "含有宏、外部链接或对象，均未执行也未访问。",
        "The file holds macros, links or objects; none was run or followed.",
    ),
    Reason.HIDDEN_PART: (
        Level.FLAG,
        "含有隐藏的行、列或工作表，已一并读取。",
        "The file has hidden rows, columns or sheets; they were read too.",
    ),
    Reason.LAYOUT_ROW: (
        Level.APART,
        "空行、合计行、重复表头或表尾说明，单独计数。",
        "A blank, total or repeated header row, or a note under the table, is counted apart.",
    ),
    Reason.REPEATED_ROW: (
        Level.APART,
        "与已有行完全相同，计为重复。",
        "The row equals one already loaded and counts as a duplicate.",
    ),
}
