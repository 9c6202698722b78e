"""The model settings of resolution, all of them here: what is compared, with which weights, which pairs meet.

Fellegi and Sunter (1969), "A theory for record linkage": a comparison that comes out at a level adds
log2(m / u), m the share of true pairs at that level, u the share of other pairs. The numbers below are ours
(D); where a lake has enough records splink estimates u from random pairs, m by expectation maximisation.
"""

from dataclasses import dataclass

from ingest.resolve.signs import Sign

SEED = 20_240_304
SAMPLED_PAIRS = 300_000
# Below these numbers the estimates would be noise: the numbers of this file stand.
LEAST_RECORDS_FOR_U = 1_000
LEAST_PAIRS_FOR_M = 300
# No estimate makes a sign surer than this: a level unseen in training is rare, not impossible.
LEAST_M, LEAST_U = 0.02, 1e-7
# Share of records that have a double; with n records two random ones are one with odds of about share / n.
DOUBLES = 0.05
# Pairs below this weight (log2 of the odds that both are one) are not proposed: odds of 8 to 1.
THRESHOLD = 3.0


@dataclass(frozen=True, slots=True)
class Level:
    """One outcome of a comparison: SQL condition over both records, its sign (None says nothing), m, u."""

    sql: str
    sign: Sign | None
    m: float
    u: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared; `unknown` is the SQL condition under which nothing can be said.

    rare: column whose frequency sets the first level's weight: a rare name says more than a common one.
    """

    name: str
    unknown: str
    levels: tuple[Level, ...]
    rare: str | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """A blocking rule: only pairs for which its SQL holds are compared; `each`: a list column taken apart."""

    sql: str
    each: str | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """How one type is compared. never: SQL of pairs that must not even meet. training: pairs that teach m."""

    type: str
    columns: tuple[str, ...]
    comparisons: tuple[Comparison, ...]
    meetings: tuple[Meeting, ...]
    training: tuple[str, ...]
    never: str


def _either_null(column: str) -> str:
    return f"{column}_l IS NULL OR {column}_r IS NULL"


def _either_empty(column: str) -> str:
    return f"len({column}_l) = 0 OR len({column}_r) = 0"


def _listed(column: str, sign: Sign, other: Sign | None, m: float, u: float) -> Comparison:
    shared = Level(f"list_has_any({column}_l, {column}_r)", sign, m, u)
    return Comparison(column, _either_empty(column), (shared, Level("ELSE", other, 1 - m, 1 - u)))


_NAME = Comparison(
    "name",
    _either_null("name"),
    (
        Level("name_l = name_r", Sign.SAME_NAME, 0.80, 2e-4),
        Level("sound_l = sound_r", Sign.SAME_SOUND, 0.08, 2e-4),
        # DuckDB measures distances in bytes, of which a Chinese character has three: hence `spelling.holes`.
        Level(
            "list_has_any(holes_l, holes_r)",
            Sign.NEAR_NAME,
            0.07,
            5e-3,
        ),
        Level("ELSE", Sign.OTHER_NAME, 0.05, 0.9946),
    ),
    rare="name",
)
_NUMBER = Comparison(
    "number",
    f"{_either_null('number')} OR paper_l <> paper_r",
    (
        Level("number_l = number_r", Sign.SAME_NUMBER, 0.45, 1e-6),
        Level("damerau_levenshtein(number_l, number_r) <= 1", Sign.NUMBER_SLIP, 0.45, 1e-6),
        Level("ELSE", Sign.OTHER_NUMBER, 0.10, 1 - 2e-6),
    ),
)
_BIRTH = Comparison(
    "birth",
    _either_null("birth"),
    (
        Level("birth_l = birth_r", Sign.SAME_BIRTH, 0.93, 1e-4),
        Level("damerau_levenshtein(birth_l, birth_r) <= 1", Sign.NEAR_BIRTH, 0.05, 2e-3),
        Level("ELSE", Sign.OTHER_BIRTH, 0.02, 0.9979),
    ),
)
_SEX = Comparison(
    "sex",
    _either_null("sex"),
    (Level("sex_l = sex_r", None, 0.98, 0.5), Level("ELSE", Sign.OTHER_SEX, 0.02, 0.5)),
)
_PHONES = _listed("phones", Sign.SAME_PHONE, Sign.OTHER_PHONE, 0.70, 2e-4)
_HOMES = _listed("homes", Sign.SAME_ADDRESS, Sign.OTHER_ADDRESS, 0.60, 5e-4)
# Two registers rarely hold the same account, so that no account in common says next to nothing.
_ACCOUNTS = _listed("accounts", Sign.SAME_ACCOUNT, None, 0.20, 1e-6)
# The hard rule: two different valid numbers of one kind of paper are two persons, whatever else agrees.
_BOTH_VALID = "l.firm IS NOT NULL AND r.firm IS NOT NULL AND l.paper = r.paper"
_PARTY_MEETINGS = (
    Meeting("l.phones = r.phones", "phones"),
    Meeting("l.homes = r.homes", "homes"),
    Meeting("l.accounts = r.accounts", "accounts"),
    Meeting("l.sound = r.sound AND l.number IS NOT NULL AND r.number IS NOT NULL"),
)
_PARTY_COLUMNS = ("name", "holes", "sound", "firm", "paper", "number", "phones", "phone", "homes", "accounts")

PERSON = Model(
    "Person",
    (*_PARTY_COLUMNS, "near", "birth", "sex"),
    (_NAME, _NUMBER, _BIRTH, _SEX, _PHONES, _HOMES, _ACCOUNTS),
    (*_PARTY_MEETINGS, Meeting("l.near = r.near AND l.number IS NOT NULL AND r.number IS NOT NULL")),
    ("l.phone = r.phone", "l.sound = r.sound"),
    _BOTH_VALID,
)
ORGANIZATION = Model(
    "Organization",
    _PARTY_COLUMNS,
    (_NAME, _NUMBER, _PHONES, _HOMES, _ACCOUNTS),
    _PARTY_MEETINGS,
    ("l.phone = r.phone", "l.sound = r.sound"),
    _BOTH_VALID,
)
_PART_OF = "contains(words_l, words_r) OR contains(words_r, words_l)"
ADDRESS = Model(
    "Address",
    ("words", "holes", "numbers", "phones", "names"),
    (
        Comparison(
            "words",
            _either_null("words"),
            (
                Level("words_l = words_r", Sign.SAME_WORDS, 0.70, 5e-3),
                Level(_PART_OF, Sign.PART_OF_WORDS, 0.15, 5e-4),
                Level("list_has_any(holes_l, holes_r)", Sign.NEAR_WORDS, 0.10, 5e-3),
                Level("ELSE", Sign.OTHER_WORDS, 0.05, 0.9895),
            ),
        ),
        Comparison(
            "numbers",
            _either_null("numbers"),
            (
                Level("numbers_l = numbers_r", Sign.SAME_NUMBERS, 0.98, 2e-4),
                Level("ELSE", None, 0.02, 0.9998),
            ),
        ),
        _listed("phones", Sign.SHARED_PHONE, None, 0.30, 2e-4),
        _listed("names", Sign.SHARED_RESIDENT, None, 0.30, 4e-4),
    ),
    (
        Meeting("l.words = r.words AND l.numbers = r.numbers"),
        Meeting("l.phones = r.phones AND l.numbers = r.numbers", "phones"),
        Meeting("l.names = r.names AND l.numbers = r.numbers", "names"),
    ),
    (),
    # Another number is another house.
    "l.numbers <> r.numbers OR l.numbers = ''",
)  # fmt: skip
MODELS: tuple[Model, ...] = (PERSON, ORGANIZATION, ADDRESS)
