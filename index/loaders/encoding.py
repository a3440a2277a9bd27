"""Bytes to text. What is certain is read so; whatever else is a guess, and told as one.

Certain are a byte order mark and valid UTF-8. Other bytes do not say what they mean: the same ones
are `ñ` in windows-1252 and `ń` in windows-1250. What they were meant for is guessed by how they
stand among ASCII letters, by the language that the text is in, and, where both say nothing, by
charset_normalizer. A guess may be wrong, in a text of a few words above all.
"""

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from index.errors import LoadError
from index.language import detect

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

WESTERN = "cp1252"
"""What Windows writes in Western Europe and the Americas; Latin-1 is a part of it."""

CODE_PAGES = {
    **dict.fromkeys(("cs", "hr", "hu", "pl", "ro", "sk", "sl"), "cp1250"),
    **dict.fromkeys(("et", "lt", "lv"), "cp1257"),
    "tr": "cp1254",
}
"""What Windows writes for languages in Latin letters that WESTERN lacks some of. The language shows
in the letters without accents, which all code pages share."""

NOT_ASCII = re.compile(rb"[\x80-\xff]+")
REPEATED = re.compile(rb"([\x80-\xff])\1+")
NO_UTF8 = re.compile("[\udc80-\udcff]")
UTF8_LEAD = 3
"""Characters beyond ASCII for each byte that is none of UTF-8, from which the file is UTF-8 all the
same, with a few words pasted from elsewhere."""

CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")

LATIN_RUN = 2.0
"""Bytes beyond ASCII in a row, on average, from which a text is not in Latin letters. Measured on
sentences and paragraphs: mostly 1 to 1.2 in Latin letters, 4 and more in Cyrillic, Greek, Hebrew,
Arabic, Thai, Chinese, Japanese and Korean ones."""

WITHIN_WORDS = re.compile(r"(?<=[a-z])[^\x00-\x7f](?=[a-z])")
JOINS_WORDS = "’‘–—…·\u00ad"
"""Signs that stand between small letters without being one."""

LETTERS_WITHIN_WORDS = 2 / 3
"""Part of the signs within words that are small letters in a code page that may be meant. Those of
DOS and old Macs turn into others: `Größe` into `Gr”áe`."""

OTHERS = """
    cp1251 koi8_r koi8_u cp866 iso8859_5 cp1253 iso8859_7 cp1255 iso8859_8 cp1256 iso8859_6 cp932
    euc_jp gb18030 big5 cp949 cp1252 cp1250 cp850 mac_roman
""".split()  # noqa: SIM905  # reads better
"""What charset_normalizer may take bytes for: encodings that people's files are in, and none of the
rare ones that it otherwise finds as likely."""

THAI = "cp874"
"""Tried after OTHERS, for most bytes can be read as some Thai."""

DOUBTFUL = 0.1
"""Share of odd neighbours, as charset_normalizer measures it, from which Thai is tried."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file. `guessed` is the encoding it was read in, None where that is certain."""

    text: str
    guessed: str | None = None


def decode(data: bytes) -> Decoded:
    """Text of `data`, line ends as a single line feed, all other characters untouched.

    Raises LoadError for binary data and for bytes that no encoding explains.
    """
    found = _decode(data)
    if "\0" in found.text:
        raise LoadError("it holds binary data, not text")
    return Decoded(found.text.replace("\r\n", "\n").replace("\r", "\n"), found.guessed)


def _decode(data: bytes) -> Decoded:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return Decoded(_strictly(data[len(mark) :], encoding))
    try:
        return Decoded(data.decode("utf-8"))
    except UnicodeDecodeError:
        return _mostly_utf8(data) or _guessed(data)


def _mostly_utf8(data: bytes) -> Decoded | None:
    """The text of what is UTF-8 but for a few bytes, which are read as windows-1252; or None."""
    text = data.decode("utf-8", "surrogateescape")  # each such byte is half a character
    odd = NO_UTF8.findall(text)
    others = sum(not sign.isascii() for sign in text) - len(odd)
    if others < UTF8_LEAD * len(odd):
        return None
    try:
        mended = NO_UTF8.sub(lambda found: _byte(found[0]).decode(WESTERN), text)
    except UnicodeDecodeError:
        return None
    return Decoded(mended, "utf-8")


def _byte(surrogate: str) -> bytes:
    return surrogate.encode("utf-8", "surrogateescape")


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise LoadError(f"it is marked as {encoding} but is not: {error.reason}") from error


def _guessed(data: bytes) -> Decoded:
    if b"\0" in data:
        raise LoadError("it holds binary data, not text")
    if _in_latin_letters(data):
        language = detect(data.decode(WESTERN, "replace"))
        for page in (CODE_PAGES.get(language or "", WESTERN), WESTERN):
            if text := _read_in(page, data):
                return Decoded(text, _name(page))
    return _by_statistics(data)


def _in_latin_letters(data: bytes) -> bool:
    """Whether what is not ASCII stands among ASCII letters, as accented letters and quotes do."""
    runs = NOT_ASCII.findall(REPEATED.sub(rb"\1", data))  # a line of dashes is no word
    return not CONTROL.search(data) and sum(map(len, runs)) / len(runs) < LATIN_RUN


def _read_in(page: str, data: bytes) -> str | None:
    """The text in a code page; None if it has no such bytes, or no letters where some must be."""
    try:
        text = data.decode(page)
    except UnicodeDecodeError:
        return None
    within = WITHIN_WORDS.findall(text)
    letters = sum(sign.islower() or sign in JOINS_WORDS for sign in within)
    return text if letters >= LETTERS_WITHIN_WORDS * len(within) else None


def _by_statistics(data: bytes) -> Decoded:
    best = from_bytes(data, cp_isolation=OTHERS).best()
    if best is None or best.chaos > DOUBTFUL:
        best = from_bytes(data, cp_isolation=[THAI]).best() or best
    if best is None:
        raise LoadError("its text encoding is unknown; save it as UTF-8")
    return Decoded(str(best), _name(best.encoding))


def _name(encoding: str) -> str:
    """As people know it: Python's cp1252 is windows-1252."""
    return re.sub(r"^cp(125\d)$", r"windows-\1", encoding)
