"""Bytes to text without guessing quietly: byte order mark, then UTF-8, then a detected encoding."""

import codecs
import logging

from charset_normalizer import from_bytes

from index.errors import LoadError

log = logging.getLogger(__name__)

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def decode(data: bytes) -> str:
    """Text of `data`, line ends as a single line feed, all other characters untouched.

    Raises LoadError for binary data and for bytes that no encoding explains.
    """
    text = _decode(data)
    if "\0" in text:
        raise LoadError("it holds binary data, not text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes) -> str:
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _detected(data)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise LoadError(f"it is marked as {encoding} but is not: {error.reason}") from error


def _detected(data: bytes) -> str:
    if b"\0" in data:
        raise LoadError("it holds binary data, not text")
    best = from_bytes(data).best()
    if best is None:
        raise LoadError("its text encoding is unknown; save it as UTF-8")
    log.warning("encoding guessed=%s bytes=%d advice=save-as-utf-8", best.encoding, len(data))
    return str(best)
