"""Documents on their way in and out: which are taken, what they are called, how they are named in headers."""

from pathlib import PurePosixPath
from urllib.parse import quote

from fastapi import UploadFile

from bot.playground.democrm.model import RefusedError
from bot.playground.democrm.problems import ProblemError

MAX_BYTES = 15 * 1024 * 1024
TYPES = {
    ".pdf": "application/pdf",
    ".doc": "application/msword",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".rtf": "application/rtf",
    ".txt": "text/plain; charset=utf-8",
}


def checked_upload(file: UploadFile) -> tuple[str, str, bytes]:
    """Name, type and bytes of a document that may be attached; the type comes from the name's ending."""
    name = clean_name(file.filename or "")
    content_type = TYPES.get(PurePosixPath(name).suffix.lower())
    if content_type is None:
        raise RefusedError("file", "file_type", f"Attach one of these: {', '.join(TYPES)}.")
    content = file.file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise ProblemError(413, "file_too_big", "A file may have 15 MB at most.")
    if not content:
        raise RefusedError("file", "file_empty", "The file is empty.")
    return name, content_type, content


def clean_name(name: str) -> str:
    """A file name without folders and control characters, 120 characters at most with its ending kept."""
    last = name.replace("\\", "/").rpartition("/")[2]
    path = PurePosixPath("".join(c for c in last if c.isprintable()).strip() or "file")
    return path.stem[: 120 - len(path.suffix)] + path.suffix


def disposition(how: str, name: str) -> str:
    """The Content-Disposition header for a name in any script."""
    plain = "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else "_" for c in name)
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
