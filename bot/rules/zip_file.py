"""What a ZIP file says of itself, read from its directory alone and within bounds: nothing is unpacked."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import PurePosixPath

_END = struct.Struct("<4s4H2LH")
_END_MARK = b"PK\x05\x06"
_MAX_COMMENT = 65_535
_MAX_MEMBERS = 2_000
_MAX_DIRECTORY = 512 * 1024
_MAX_UNPACKED = 100 * 1024 * 1024
_MAX_RATIO = 200
_RATIO_MATTERS_FROM = 5 * 1024 * 1024
_ENCRYPTED = 0x1
_NOT_FOR_DOCUMENTS = frozenset(
    {
        *(".7z", ".gz", ".jar", ".rar", ".tar", ".zip"),
        *(".bat", ".cmd", ".com", ".dll", ".exe", ".js", ".lnk", ".msi", ".ps1", ".scr", ".sh", ".vbs"),
    }
)
_UNREADABLE = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
    EOFError,
)


class FaultyZipError(ValueError):
    """The file is no ZIP a document could be; the message is the rest of a sentence about it."""


def members(content: bytes) -> list[zipfile.ZipInfo]:
    """The members of a document's ZIP file. Raises `FaultyZipError`."""
    _check_directory(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = archive.infolist()
    except _UNREADABLE:
        raise FaultyZipError(_NO_ZIP) from None
    _check_members(found, len(content))
    return found


def read_start(content: bytes, name: str, limit: int) -> bytes:
    """At most `limit` bytes of one member. Raises `FaultyZipError`."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(name) as member:
            return member.read(limit)
    except (*_UNREADABLE, KeyError):
        raise FaultyZipError(_NO_ZIP) from None


def _check_directory(content: bytes) -> None:
    # Bounded before the directory is parsed: each of its entries costs far more memory than it has bytes.
    if not content.startswith(b"PK\x03\x04"):
        raise FaultyZipError(_NO_ZIP)
    at = content.rfind(_END_MARK, max(0, len(content) - _END.size - _MAX_COMMENT))
    if at < 0 or at + _END.size > len(content):
        raise FaultyZipError(_NO_ZIP)
    _, disk, first_disk, here, in_all, size, _, comment = _END.unpack_from(content, at)
    if disk or first_disk or here != in_all or at + _END.size + comment != len(content):
        raise FaultyZipError(_NO_ZIP)
    if in_all > _MAX_MEMBERS or size > _MAX_DIRECTORY:
        raise FaultyZipError("holds too many parts for a document.")


def _check_members(found: list[zipfile.ZipInfo], packed: int) -> None:
    if len(found) > _MAX_MEMBERS:
        raise FaultyZipError("holds too many parts for a document.")
    if any(member.flag_bits & _ENCRYPTED for member in found):
        raise FaultyZipError("is protected by a password; send it without.")
    unpacked = sum(member.file_size for member in found)
    is_bomb = unpacked > _RATIO_MATTERS_FROM and unpacked > packed * _MAX_RATIO
    # Members that share bytes are how a small file claims to be a huge one.
    if unpacked > _MAX_UNPACKED or is_bomb or sum(member.compress_size for member in found) > packed:
        raise FaultyZipError("would be far too large once unpacked.")
    names = [member.filename for member in found]
    if len(set(names)) < len(names) or any(_is_odd(name) for name in names):
        raise FaultyZipError("holds parts that don't belong into a document.")


def _is_odd(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.is_absolute() or ".." in path.parts or path.suffix.lower() in _NOT_FOR_DOCUMENTS


_NO_ZIP = "is damaged, or not what its name says."
