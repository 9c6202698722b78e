"""Entry 18: a workbook with a password is an OLE container that says so."""

from tests.corpus.hostile.case import Case
from tests.corpus.hostile.sheets import raw

OLE = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(512)

CASES = (Case("a workbook with a password waits", raw("locked.xlsx", OLE), code="ENCRYPTED"),)
