"""The query gate's lexer: admits Cypher that only reads, by lists of what is allowed (GUARANTEES 8)."""

import re
import unicodedata
from dataclasses import dataclass

from graph.errors import UnsafeQuery
from graph.schema.catalog import STORED_NODES, STORED_RELATIONS

LONGEST = 20_000
_LONGEST_RANGE = 100_000
_FIRST = frozenset({"MATCH", "OPTIONAL", "WITH", "UNWIND", "RETURN"})
_LABELS = frozenset({*STORED_NODES, *STORED_RELATIONS})

# Words that ask for more than reading, or that the gate can't follow. CALL is admitted before `(` only.
_REFUSED = frozenset(
    """CREATE MERGE INSERT DELETE DETACH NODETACH SET REMOVE FOREACH LOAD CSV YIELD USE USING EXPLAIN PROFILE
    CYPHER SHOW TERMINATE DROP ALTER GRANT DENY REVOKE RENAME START STOP ENABLE DRYRUN DEALLOCATE REALLOCATE
    TRANSACTION TRANSACTIONS CONCURRENT CONSTRAINT INDEX PERIODIC COMMIT FINISH FILTER LET NEXT""".split()
)
_BEFORE_PAREN = frozenset(
    """MATCH OPTIONAL WHERE WITH RETURN UNWIND CALL AND OR XOR NOT IN AS BY DISTINCT CASE WHEN THEN ELSE WITH
    SHORTEST ANY ALL GROUP GROUPS PATH PATHS ON SKIP LIMIT OFFSET DESC ASC IS""".split()
)
_BEFORE_SUBQUERY = frozenset({"EXISTS", "COUNT", "COLLECT", "CALL"})
# After one of these a word is an expression's first, so a refused word there is a mere variable.
_BEFORE_NAME = frozenset(
    "AS WITH RETURN UNWIND BY WHERE AND OR XOR NOT IN DISTINCT WHEN THEN ELSE CASE CONTAINS".split()
) | frozenset("([,=<>/^")
# Nothing a reader would call a variable, and `IN TRANSACTIONS` stands where a variable may.
_ALWAYS = frozenset({"TRANSACTION", "TRANSACTIONS", "CONCURRENT", "YIELD"})
FUNCTIONS = frozenset(
    """abs acos all allshortestpaths any asin atan atan2 avg btrim ceil char_length character_length coalesce
    collect cos cot count date date.truncate datetime datetime.fromepoch datetime.fromepochmillis
    datetime.truncate degrees distinct duration duration.between duration.indays duration.inmonths
    duration.inseconds e elementid endnode exists exp floor haversin head isempty isnan keys labels last left
    length localdatetime localdatetime.truncate localtime log log10 lower ltrim max min nodes none normalize
    nullif percentilecont percentiledisc pi point.distance properties radians range reduce relationships
    replace reverse right round rtrim shortestpath sign sin single size split sqrt startnode stdev stdevp
    substring sum tail tan time toboolean tobooleanornull tofloat tofloatornull tointeger tointegerornull
    tolower tostring tostringornull toupper trim type upper valuetype""".split()
)

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r\n]+|//[^\r\n]*|/\*.*?\*/)
    |(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    |(?P<quoted>`[^`]*`)
    |(?P<parameter>\$[A-Za-z_]\w*)
    |(?P<number>0[xo][0-9A-Fa-f_]+|(?:\d[\d_]*)(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)
    |(?P<word>[^\W\d]\w*)
    |(?P<sign>[-+*/%^=<>(){}\[\],.:|&!])""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a query: its kind (text, quoted, parameter, number, word, sign), text and place."""

    kind: str
    text: str
    at: int

    @property
    def upper(self) -> str:
        """The keyword it may be; "" for anything that is no plain word."""
        return self.text.upper() if self.kind == "word" else ""


def check(text: str) -> None:
    """Refuse (UnsafeQuery) all but one plain reading query over the catalog's types; says where."""
    _check_characters(text)
    tokens = tokenise(text)
    if not tokens or tokens[0].upper not in _FIRST:
        raise _refused("it must begin with MATCH, OPTIONAL MATCH, WITH, UNWIND or RETURN", 0)
    labels = _label_places(tokens)
    for place, token in enumerate(tokens):
        before = tokens[place - 1] if place else None
        after = tokens[place + 1] if place + 1 < len(tokens) else None
        if place in labels:
            if token.text not in _LABELS:
                raise _refused("a label or relation type is not in the catalog", token.at)
        elif token.kind == "quoted":
            called = _called_name(tokens, place) is not None
            if called or (before is not None and before.text in (":", "|", "&", "!", ".")):
                raise _refused("a quoted name may only name a column", token.at)
        elif token.kind == "word":
            _check_word(tokens, place, before, after)


def tokenise(text: str) -> list[Token]:
    """The tokens of a query without blanks and comments; UnsafeQuery at the first piece that is none."""
    tokens: list[Token] = []
    place = 0
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None:
            raise _refused("a character has no place in a reading query", place)
        if found.lastgroup != "space":
            tokens.append(Token(found.lastgroup or "", found.group(), place))
        place = found.end()
    return tokens


def _check_characters(text: str) -> None:
    if len(text) > LONGEST:
        raise _refused(f"it is longer than {LONGEST} characters", LONGEST)
    for place, letter in enumerate(text):
        if letter not in "\t\r\n" and unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"):
            raise _refused("it holds a control or invisible character", place)
    # Neo4j replaces these escapes before it reads the text: `CRE\u0041TE` is CREATE.
    found = re.search(r"\\u", text, re.IGNORECASE)
    if found:
        raise _refused("it holds an escaped character", found.start())


def _check_word(tokens: list[Token], place: int, before: Token | None, after: Token | None) -> None:
    token = tokens[place]
    if before is not None and before.text == "." and _is_property(tokens, place):
        return  # or the last part of a dotted name that is checked with its first
    if after is not None and after.text == ":" and before is not None and before.text in ("{", ","):
        return  # a map's key, or a variable before a label
    called = _called_name(tokens, place)
    if called is not None:
        _check_call(tokens, place, called)
        return
    first = before is not None and (before.upper in _BEFORE_NAME or before.text in _BEFORE_NAME)
    if token.upper == "CALL" or token.upper in _ALWAYS or (token.upper in _REFUSED and not first):
        raise _refused(f"{token.upper} asks for more than reading", token.at)


def _is_property(tokens: list[Token], place: int) -> bool:
    """Whether the dot before `place` follows a value, or begins an entry of a map projection."""
    first = place
    while first >= 2 and tokens[first - 1].text == "." and tokens[first - 2].kind == "word":
        first -= 2
    if _called_name(tokens, place) is not None and tokens[first - 1].text == ".":
        raise _refused("a value has no functions", tokens[place].at)
    owner = tokens[place - 2] if place >= 2 else tokens[place]
    return owner.kind in ("word", "quoted", "parameter") or owner.text in (")", "]", "}", "{", ",")


def _check_call(tokens: list[Token], place: int, called: str) -> None:
    token = tokens[place]
    if called.upper() == "CALL":
        close = _closing(tokens, place + 1)
        if close + 1 >= len(tokens) or tokens[close + 1].text != "{":
            raise _refused("CALL may only open a subquery", token.at)
    elif called.upper() in _REFUSED:
        raise _refused(f"{called.upper()} asks for more than reading", token.at)
    elif called.upper() not in _BEFORE_PAREN and called.lower() not in FUNCTIONS:
        raise _refused("a function is not on the list of docs/reference", token.at)
    elif called.lower() == "range":
        _check_range(tokens, place)


def _check_range(tokens: list[Token], place: int) -> None:
    """`range` takes whole numbers as written: no other way to make rows out of nothing is known."""
    inside = tokens[place + 2 : _closing(tokens, place + 1)]
    numbers = [t.text for t in inside if t.kind == "number"]
    plain = all(t.kind == "number" or t.text in (",", "-") for t in inside)
    if not plain or any(not n.isdigit() or int(n) > _LONGEST_RANGE for n in numbers):
        raise _refused(f"range takes written whole numbers up to {_LONGEST_RANGE}", tokens[place].at)


def _called_name(tokens: list[Token], place: int) -> str | None:
    """The dotted name that starts here and stands before `(`, None when it is no call."""
    name, here = tokens[place].text, place + 1
    while here + 1 < len(tokens) and tokens[here].text == "." and tokens[here + 1].kind in ("word", "quoted"):
        name += "." + tokens[here + 1].text
        here += 2
    return name if here < len(tokens) and tokens[here].text == "(" else None


def _closing(tokens: list[Token], opened: int) -> int:
    """The place of the bracket that closes the one at `opened`."""
    depth = 0
    for place in range(opened, len(tokens)):
        depth += (tokens[place].text in ("(", "[", "{")) - (tokens[place].text in (")", "]", "}"))
        if depth == 0:
            return place
    raise _refused("a bracket is not closed", tokens[opened].at)


def _label_places(tokens: list[Token]) -> set[int]:
    """Places of words that are labels or relation types: what follows a colon that is no map key's."""
    places: set[int] = set()
    inside = _enclosing(tokens)
    for colon, token in enumerate(tokens):
        if token.text != ":" or (inside[colon] == "map" and tokens[colon - 2].text in ("{", ",")):
            continue
        here = colon + 1
        while here < len(tokens) and tokens[here].text in ("!", "("):
            here += 1
        while here < len(tokens) and tokens[here].kind == "word":
            places.add(here)
            joined = here + 1
            # In `[n IN list WHERE n:Device | n.key]` the bar ends the label.
            if inside[colon] == "comprehension" and joined < len(tokens) and tokens[joined].text == "|":
                break
            while joined < len(tokens) and tokens[joined].text in ("|", "&", ":", "!", "("):
                joined += 1
            if joined == here + 1:
                break
            here = joined
    return places


def _enclosing(tokens: list[Token]) -> list[str]:
    """For each token what is around it: "(", "[", "comprehension", "map", "query" (a subquery) or ""."""
    kinds: list[str] = []
    opened: list[str] = []
    for place, token in enumerate(tokens):
        if token.text in (")", "]", "}") and opened:
            opened.pop()
        kinds.append(opened[-1] if opened else "")
        if token.text in ("(", "["):
            of_list = token.text == "[" and len(tokens) > place + 2 and tokens[place + 2].upper == "IN"
            opened.append("comprehension" if of_list else token.text)
        elif token.text == "{":
            before = tokens[place - 1] if place else None
            subquery = before is not None and (before.upper in _BEFORE_SUBQUERY or before.text == ")")
            opened.append("query" if subquery else "map")
    return kinds


def _refused(reason: str, at: int) -> UnsafeQuery:
    return UnsafeQuery(
        f"The query is refused at character {at + 1}: {reason}; change it and try again.", at=at
    )
