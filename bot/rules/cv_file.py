"""Whether a file is a CV that may be stored: its name, its declared type and its bytes must agree."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from bot.errors import FieldFault, Invalid
from bot.models import CvFile
from bot.rules.zip_file import FaultyZipError, members, read_start

MAX_BYTES = 10 * 1024 * 1024
MAX_FILENAME = 120
_LONGEST_EXTENSION = 10

_OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
_MSI = bytes.fromhex("84100c0000000000c000000000000046")
_UNKNOWN_TYPES = frozenset({"application/octet-stream", "binary/octet-stream"})
_NO_TEXT = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


@dataclass(frozen=True)
class Kind:
    """A kind of document. `fault` gives what is wrong with the bytes, as the rest of a sentence, or None."""

    extension: str
    content_types: tuple[str, ...]
    fault: Callable[[bytes], str | None]


def check_cv(filename: str, content_type: str | None, content: bytes) -> CvFile:
    """The CV's description, its name cleaned and its type in the usual spelling.

    Raises `Invalid` with every fault, under `cv.filename`, `cv.content_type` and `cv.content`.
    No content type, or the one for unknown bytes, leaves it to the name.
    """
    kind, faults = _kind_of(filename, content_type)
    if kind is not None:
        faults += _content_faults(kind, content)
    if faults or kind is None:
        raise Invalid(faults)
    return CvFile(clean_filename(filename), kind.content_types[0], len(content))


def read_cv(filename: str, content_type: str | None, encoded: str) -> tuple[CvFile, bytes]:
    """A CV that was sent as base64, checked as `check_cv` does."""
    try:
        content = _decoded(encoded)
    except ValueError as error:
        kind_faults = _kind_of(filename, content_type)[1]
        raise Invalid([*kind_faults, FieldFault("cv.content", str(error))]) from None
    return check_cv(filename, content_type, content), content


def clean_filename(filename: str) -> str:
    """The name without path, control and direction characters, cut to `MAX_FILENAME`, its extension kept."""
    last = unicodedata.normalize("NFC", filename).replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(character for character in last if not _is_hidden(character))
    name = " ".join(shown.split()).rstrip(". ")
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension) > _LONGEST_EXTENSION:
        return name[:MAX_FILENAME]
    stem = stem.strip(". ")[: MAX_FILENAME - len(extension) - 1].rstrip(". ")
    return f"{stem or 'cv'}.{extension}"


def _is_hidden(character: str) -> bool:
    # Whitespace is made one space later; directions could make "fdp.exe" look like "exe.pdf".
    return unicodedata.category(character) in ("Cc", "Cf", "Cs") and not character.isspace()


def _decoded(encoded: str) -> bytes:
    compact = "".join(encoded.split())
    if not compact:
        raise ValueError("is empty; leave “cv” out where there is none.")
    if len(compact) > (MAX_BYTES + 2) * 4 // 3 + 4:
        raise ValueError(_TOO_LARGE)
    try:
        return base64.b64decode(compact, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("must be base64 of the file's bytes, without a “data:” prefix.") from None


def _kind_of(filename: str, content_type: str | None) -> tuple[Kind | None, list[FieldFault]]:
    _, dot, extension = clean_filename(filename).rpartition(".")
    kind = _BY_EXTENSION.get(extension.lower()) if dot else None
    declared = (content_type or "").partition(";")[0].strip().lower()
    if kind is None:
        return None, [FieldFault("cv.filename", f"must end in one of {_EXTENSIONS}.")]
    if declared and declared not in _UNKNOWN_TYPES and declared not in kind.content_types:
        message = f"must be {kind.content_types[0]} for a file that ends in .{kind.extension}."
        return kind, [FieldFault("cv.content_type", message)]
    return kind, []


def _content_faults(kind: Kind, content: bytes) -> list[FieldFault]:
    if not content:
        return [FieldFault("cv.content", "is empty; leave “cv” out where there is none.")]
    if len(content) > MAX_BYTES:
        return [FieldFault("cv.content", _TOO_LARGE)]
    fault = kind.fault(content)
    return [FieldFault("cv.content", fault)] if fault else []


def _pdf_fault(content: bytes) -> str | None:
    start = content[:1024].removeprefix(b"\xef\xbb\xbf").lstrip()
    return None if start.startswith(b"%PDF-") else "is not a PDF file, though its name says so."


def _rtf_fault(content: bytes) -> str | None:
    return (
        None
        if content[:64].lstrip().startswith(b"{\\rtf")
        else "is not an RTF file, though its name says so."
    )


def _doc_fault(content: bytes) -> str | None:
    if not content.startswith(_OLE2):
        return "is not a Word file, though its name says so."
    # Word's container is used by other programs too; what they put into it gives them away.
    if (
        any(_stream(name) in content for name in ("Workbook", "Book", "PowerPoint Document"))
        or _MSI in content
    ):
        return "is another program's file, though its name says Word."
    if _stream("EncryptedPackage") in content:
        return "is protected by a password; send it without."
    if _stream("_VBA_PROJECT") in content:
        return _MACROS
    return None


def _stream(name: str) -> bytes:
    # A directory entry: the name in UTF-16, ended by a zero. What precedes it ends another entry, in zeros.
    return b"\0\0" + f"{name}\0".encode("utf-16-le")


def _docx_fault(content: bytes) -> str | None:
    try:
        names = [member.filename.lower() for member in members(content)]
    except FaultyZipError as error:
        return str(error)
    if any(name.endswith("vbaproject.bin") for name in names):
        return _MACROS
    if "word/document.xml" not in names:
        return "is not a Word file, though its name says so."
    return None


def _odt_fault(content: bytes) -> str | None:
    try:
        names = {member.filename: member for member in members(content)}
        mimetype = read_start(content, "mimetype", 100) if "mimetype" in names else b""
    except FaultyZipError as error:
        return str(error)
    if mimetype.strip() != b"application/vnd.oasis.opendocument.text":
        return "is not an OpenDocument text, though its name says so."
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in names):
        return _MACROS
    return None


def _text_fault(content: bytes) -> str | None:
    try:
        text = _text(content)
    except UnicodeDecodeError:
        return "is not plain text, though its name says so; UTF-8 is the safest."
    if _NO_TEXT.search(text):
        return "is not plain text, though its name says so: it has control characters."
    return None


def _text(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252")


_MACROS = "has macros; send it without."
_TOO_LARGE = f"is larger than {MAX_BYTES // 1024 // 1024} MB."
_OPEN_XML = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_KINDS = (
    Kind("pdf", ("application/pdf", "application/x-pdf"), _pdf_fault),
    Kind("doc", ("application/msword", "application/vnd.ms-word", "application/doc"), _doc_fault),
    Kind("docx", (_OPEN_XML,), _docx_fault),
    Kind(
        "odt",
        ("application/vnd.oasis.opendocument.text", "application/x-vnd.oasis.opendocument.text"),
        _odt_fault,
    ),
    Kind("rtf", ("application/rtf", "text/rtf", "application/x-rtf", "text/richtext"), _rtf_fault),
    Kind("txt", ("text/plain",), _text_fault),
)
_BY_EXTENSION = {kind.extension: kind for kind in _KINDS}
_EXTENSIONS = ", ".join(f".{kind.extension}" for kind in _KINDS)
