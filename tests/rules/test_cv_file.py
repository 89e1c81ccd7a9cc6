"""Which files are taken as CVs: the name, the declared type and the bytes must agree."""

from __future__ import annotations

import base64
import io
import struct
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Invalid
from bot.models import CvFile
from bot.playground import documents
from bot.rules.cv_file import MAX_BYTES, MAX_FILENAME, check_cv, clean_filename, read_cv

OLE2 = bytes.fromhex("d0cf11e0a1b11ae1")
DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT_TYPE = "application/vnd.oasis.opendocument.text"
WORD = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"}
LINES = [("title", "Ana Novák"), ("text", "Site Engineer")]


def zipped(members: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP file of these members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def ole2(*streams: str) -> bytes:
    """The container of the old Office formats, with these streams in its directory."""
    entries = [name.encode("utf-16-le").ljust(64, b"\0") + bytes(64) for name in ("Root Entry", *streams)]
    return OLE2 + bytes(504) + b"".join(entries)


def faults(filename: str, content: bytes, content_type: str | None = None) -> dict[str, str]:
    """The faulty fields with their sentences, none for a CV that is taken."""
    try:
        check_cv(filename, content_type, content)
    except Invalid as error:
        return {fault.field: fault.message for fault in error.faults}
    return {}


ODT = zipped({"mimetype": ODT_TYPE.encode(), "content.xml": b"<x/>"}, zipfile.ZIP_STORED)
GOOD = {
    "pdf": (documents.pdf(LINES), "application/pdf"),
    "docx": (documents.docx(LINES), DOCX_TYPE),
    "rtf": (documents.rtf(LINES), "application/rtf"),
    "doc": (ole2("WordDocument", "1Table"), "application/msword"),
    "odt": (ODT, ODT_TYPE),
    "txt": ("Ana Novák\r\n\tSite Engineer\f".encode(), "text/plain"),
}


@pytest.mark.parametrize("extension", GOOD)
def test_every_allowed_kind_is_taken(extension: str) -> None:
    """With its own type, with the type of unknown bytes, and with none; the usual type is given back."""
    content, content_type = GOOD[extension]
    for declared in (
        content_type,
        content_type.upper() + "; charset=binary",
        "application/octet-stream",
        "",
        None,
    ):
        expected = CvFile(f"Ana.{extension}", content_type, len(content))
        assert check_cv(f"Ana.{extension}", declared, content) == expected


@pytest.mark.parametrize("named", GOOD)
@pytest.mark.parametrize("really", GOOD)
def test_no_kind_passes_for_another(named: str, really: str) -> None:
    """Only plain text is like other plain text."""
    if named == really or (named, really) == ("txt", "rtf"):
        return
    content = GOOD[really][0]
    if named == "txt" and really == "pdf":
        content += b"\x00\x01"  # the sample is small enough to be all text
    assert list(faults(f"cv.{named}", content)) == ["cv.content"]


@pytest.mark.parametrize(
    "content",
    [
        b"MZ\x90\x00\x03" + bytes(200),
        b"\x7fELF\x02\x01\x01" + bytes(200),
        b"\xca\xfe\xba\xbe" + bytes(200),
        b"#!/bin/sh\nrm -rf ~\n%PDF-1.7",
        b"<html><script>alert(1)</script></html>",
        b"MZ%PDF-1.7",
    ],
)
@pytest.mark.parametrize("extension", ["pdf", "doc", "docx", "odt", "rtf"])
def test_executables_and_pages_are_no_documents(extension: str, content: bytes) -> None:
    """Whatever they are named."""
    assert list(faults(f"cv.{extension}", content)) == ["cv.content"]


@pytest.mark.parametrize(
    "filename", ["cv.exe", "cv.pdf.exe", "cv.docm", "cv.html", "cv.zip", "cv", "", "pdf", "cv.p df"]
)
def test_other_extensions_are_refused(filename: str) -> None:
    """With the list of those that are taken."""
    assert faults(filename, GOOD["pdf"][0]) == {
        "cv.filename": "must end in one of .pdf, .doc, .docx, .odt, .rtf, .txt."
    }


def test_the_declared_type_must_fit_the_name() -> None:
    """A wrong type and wrong bytes are told together."""
    assert set(faults("cv.pdf", b"MZ", "image/png")) == {"cv.content_type", "cv.content"}
    assert faults("cv.pdf", GOOD["pdf"][0], "text/html") == {
        "cv.content_type": "must be application/pdf for a file that ends in .pdf."
    }


def test_the_size_has_a_floor_and_a_ceiling() -> None:
    """Not empty, and 10 MB at most."""
    assert faults("cv.txt", b" " * MAX_BYTES) == {}
    assert faults("cv.txt", b" " * (MAX_BYTES + 1)) == {"cv.content": "is larger than 10 MB."}
    assert list(faults("cv.txt", b"")) == ["cv.content"]


class TestZipFiles:
    """DOCX and ODT are ZIP files, which can be much more than they look."""

    def test_macros_are_refused(self) -> None:
        """In all three formats that can have them."""
        macro = zipped(WORD | {"word/vbaProject.bin": b"x"})
        basic = zipped({"mimetype": ODT_TYPE.encode(), "Basic/Standard/Module1.xml": b"x"})
        old = ole2("WordDocument", "_VBA_PROJECT")
        for filename, content in (("cv.docx", macro), ("cv.odt", basic), ("cv.doc", old)):
            assert faults(filename, content) == {"cv.content": "has macros; send it without."}

    def test_a_bomb_is_refused_unopened(self) -> None:
        """Declared sizes are enough to know."""
        bomb = zipped(WORD | {"word/media/a.xml": bytes(20 * 1024 * 1024)})
        assert len(bomb) < 100_000
        assert faults("cv.docx", bomb) == {"cv.content": "would be far too large once unpacked."}

    def test_members_that_share_bytes_are_refused(self) -> None:
        """More packed bytes than the file has."""
        content = bytearray(zipped({"word/document.xml": b"x" * 1000}, zipfile.ZIP_STORED))
        at = content.rfind(b"PK\x01\x02")
        struct.pack_into("<II", content, at + 20, 90_000, 90_000)
        assert list(faults("cv.docx", bytes(content))) == ["cv.content"]

    def test_too_many_members_are_refused(self) -> None:
        """Each costs memory, though it be empty."""
        crowd = zipped(WORD | {f"word/{number}.xml": b"" for number in range(2_000)})
        assert faults("cv.docx", crowd) == {"cv.content": "holds too many parts for a document."}

    def test_a_directory_that_belies_its_end_is_refused(self) -> None:
        """The end record says three members, the directory has three thousand."""
        content = bytearray(zipped(WORD | {f"word/{number}.xml": b"" for number in range(3_000)}))
        struct.pack_into("<HH", content, content.rfind(b"PK\x05\x06") + 8, 3, 3)
        assert list(faults("cv.docx", bytes(content))) == ["cv.content"]

    def test_encrypted_members_are_refused(self) -> None:
        """Nobody could read them; the sentence says so."""
        content = bytearray(zipped(WORD))
        content[content.rfind(b"PK\x01\x02") + 8] |= 1
        assert faults("cv.docx", bytes(content)) == {
            "cv.content": "is protected by a password; send it without."
        }
        assert "password" in faults("cv.doc", ole2("EncryptedPackage"))["cv.content"]

    @pytest.mark.parametrize(
        "name", ["run.exe", "word/a.zip", "../../etc/passwd", "/etc/passwd", "..\\a.xml", "a.JS"]
    )
    def test_parts_of_no_document_are_refused(self, name: str) -> None:
        """Programs, archives in archives, and names that lead out of the file."""
        assert list(faults("cv.docx", zipped(WORD | {name: b"x"}))) == ["cv.content"]

    def test_other_zip_files_are_no_documents(self) -> None:
        """A spreadsheet, a presentation and a plain archive."""
        for member in ("xl/workbook.xml", "ppt/presentation.xml", "holiday.jpg"):
            assert list(faults("cv.docx", zipped({member: b"x"}))) == ["cv.content"]
            assert list(faults("cv.odt", zipped({member: b"x"}))) == ["cv.content"]

    def test_a_program_before_the_zip_is_refused(self) -> None:
        """Self-extracting archives begin with one."""
        assert list(faults("cv.docx", b"MZ" + zipped(WORD))) == ["cv.content"]

    def test_a_cut_file_is_refused(self) -> None:
        """Wherever the connection broke."""
        whole = documents.docx(LINES)
        for end in range(4, len(whole), 97):
            assert list(faults("cv.docx", whole[:end])) == ["cv.content"]


@pytest.mark.parametrize("streams", [("Workbook",), ("PowerPoint Document",)])
def test_other_office_files_are_no_word_files(streams: tuple[str, ...]) -> None:
    """They come in the same container."""
    assert list(faults("cv.doc", ole2(*streams))) == ["cv.content"]


def test_an_installer_is_no_word_file() -> None:
    """Its container is Word's as well; its class id gives it away."""
    installer = OLE2 + bytes(504) + bytes.fromhex("84100c0000000000c000000000000046")
    assert list(faults("cv.doc", installer)) == ["cv.content"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_in_any_usual_encoding_is_taken(encoding: str) -> None:
    """As editors on any system write it."""
    assert faults("cv.txt", "Ana Nová – Site".encode(encoding)) == {}


@pytest.mark.parametrize(
    "content", [b"a\x00b", b"\x1b[31m", b"\xff\xfe\x00", b"\xff\xfe\x00\xd8a\x00", b"\x81\x8d"]
)
def test_bytes_that_are_no_text_are_refused(content: bytes) -> None:
    """Control characters, half UTF-16, and what no encoding knows."""
    assert list(faults("cv.txt", content)) == ["cv.content"]


@pytest.mark.parametrize(
    ("given_name", "cleaned"),
    [
        ("Ana Novák.PDF", "Ana Novák.PDF"),
        ("../../etc/cv.pdf", "cv.pdf"),
        ("C:\\Users\\ana\\cv.docx", "cv.docx"),
        ("c\x00v\x1f\n1.pdf", "cv 1.pdf"),
        ("exe.\u202efdp.pdf", "exe.fdp.pdf"),
        ("  two   spaces .pdf ", "two spaces.pdf"),
        (".pdf", "cv.pdf"),
        ("...pdf", "cv.pdf"),
        ("cv.pdf...", "cv.pdf"),
        ("履歴書.pdf", "履歴書.pdf"),
        ("x" * 300 + ".docx", "x" * 115 + ".docx"),
    ],
)
def test_the_name_is_made_harmless(given_name: str, cleaned: str) -> None:
    """No path, nothing hidden, not too long, and the extension stays."""
    assert clean_filename(given_name) == cleaned


@given(st.text(max_size=300))
def test_any_name_is_made_harmless(name: str) -> None:
    """Cleaning twice changes nothing more, and no name is too long."""
    cleaned = clean_filename(name)
    assert clean_filename(cleaned) == cleaned
    assert len(cleaned) <= MAX_FILENAME
    assert not set(cleaned) & set("/\\\x00\n\u202e")


@given(
    extension=st.sampled_from(list(GOOD)),
    cuts=st.lists(st.tuples(st.integers(0, 3000), st.binary(max_size=8)), max_size=4),
)
def test_damaged_files_are_taken_or_refused(extension: str, cuts: list[tuple[int, bytes]]) -> None:
    """Whatever is overwritten, the outcome is a verdict and never another error."""
    content = GOOD[extension][0]
    for at, overwriting in cuts:
        content = content[:at] + overwriting + content[at + len(overwriting) :]
    assert set(faults(f"cv.{extension}", content)) <= {"cv.content"}


def test_base64_may_be_broken_into_lines() -> None:
    """As mail programs do."""
    content = GOOD["pdf"][0]
    description, read = read_cv("cv.pdf", None, base64.encodebytes(content).decode())
    assert read == content
    assert description.size == len(content)


@pytest.mark.parametrize("encoded", ["", "  ", "%%%%", "YWJ", "data:;base64,YWJj", "äöü=", "A" * 15_000_000])
def test_what_is_no_base64_is_refused_with_the_name_checked_too(encoded: str) -> None:
    """Both fields in one answer."""
    with pytest.raises(Invalid) as caught:
        read_cv("cv.exe", None, encoded)
    assert [fault.field for fault in caught.value.faults] == ["cv.filename", "cv.content"]
