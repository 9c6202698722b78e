"""The one family of errors; facts are attributes, the message is one sentence with the next step.

DuanlianError
├── InputError            something a user gave can't be used
│   ├── UnreadableSource      a file can't be opened or parsed
│   ├── UnknownColumns        no template fits a file's columns
│   └── RowRejected           a row breaks a rule of its template
├── SchemaError           a table or name does not follow the catalog
├── StorageFailed         the disk is full or failing
├── RuleError
│   ├── InvalidRule           a rule file does not follow the format
│   └── UnsafeQuery           a query asks for more than reading
├── EngineError
│   ├── EngineUnavailable     a server is down, unreachable or refuses the login
│   ├── NotSupportedByEngine  the engine lacks this promise
│   └── QueryFailed           the engine refused or ended a query
└── CaseError
    ├── NotPermitted          an access decision said no
    └── EvidenceBroken        a cited row can't be found or differs
"""


class DuanlianError(Exception):
    """Root of the family; `facts` hold what a screen or `--json` shows beside the sentence."""

    code: str = "ERROR"
    retryable: bool = False

    def __init__(self, message: str, **facts: object) -> None:
        super().__init__(message)
        self.message = message
        self.facts = facts


class InputError(DuanlianError):
    """Something a user gave can't be used."""

    code = "INPUT"


class UnreadableSource(InputError):
    """A file can't be opened or parsed; `facts["code"]` is a reason code of the quarantine."""

    code = "UNREADABLE"


class UnknownColumns(InputError):
    """No template fits a file's columns, or more than one does."""

    code = "HEADER_UNKNOWN"


class RowRejected(InputError):
    """A row breaks a rule of its template; gathered per file, reported once."""

    code = "ROW_REJECTED"


class SchemaError(DuanlianError):
    """A table or a name does not follow the catalog."""

    code = "SCHEMA"


class StorageFailed(DuanlianError):
    """The disk refuses to keep what is written: full, failing or read-only."""

    code = "STORAGE"
    retryable = True


class RuleError(DuanlianError):
    """A rule or query can't be used."""

    code = "RULE"


class InvalidRule(RuleError):
    """A rule file does not follow the format."""

    code = "INVALID_RULE"


class UnsafeQuery(RuleError):
    """A query asks for more than reading."""

    code = "UNSAFE_QUERY"


class EngineError(DuanlianError):
    """An engine can't do what was asked."""

    code = "ENGINE"


class EngineUnavailable(EngineError):
    """A server is down, unreachable or refuses the login."""

    code = "ENGINE_UNAVAILABLE"
    retryable = True


class NotSupportedByEngine(EngineError):
    """The engine lacks a promise; the message names engine, ability and way out."""

    code = "NOT_SUPPORTED"

    def __init__(self, engine: str, promise: str, try_instead: str) -> None:
        super().__init__(
            f"The {engine} engine can't do {promise}; {try_instead}.",
            engine=engine,
            promise=promise,
            try_instead=try_instead,
        )


class QueryFailed(EngineError):
    """The engine refused or ended a query."""

    code = "QUERY_FAILED"


class CaseError(DuanlianError):
    """A case's rules forbid what was asked."""

    code = "CASE"


class NotPermitted(CaseError):
    """An access decision said no; `facts["reason"]` says why."""

    code = "NOT_PERMITTED"


class EvidenceBroken(CaseError):
    """A cited row can't be found or differs from what was stored."""

    code = "EVIDENCE_BROKEN"
