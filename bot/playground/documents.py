"""Small real documents made from lines of text: PDF, DOCX, RTF and plain text."""

import io
import textwrap
import zipfile
from collections.abc import Iterator, Sequence
from html import escape

Line = tuple[str, str]  # style ("title", "heading" or "text") and what it says

_FONTS = {"title": ("F2", 20), "heading": ("F2", 12), "text": ("F1", 10.5)}
_COLUMNS = {"title": 42, "heading": 70, "text": 88}
_TOP, _LEFT, _BOTTOM = 780, 60, 60


def fits_pdf(lines: Sequence[Line]) -> bool:
    """Whether the PDF fonts have all its letters."""
    try:
        "".join(text for _style, text in lines).encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def pdf(lines: Sequence[Line]) -> bytes:
    """A PDF 1.4 file on A4. Its fonts are the standard ones, so the text must be Western European."""
    pages = _pages(lines)
    kids = " ".join(f"{5 + 2 * i} 0 R" for i in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
    ]
    for index, content in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] "
            b"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> "
            b"/Contents %d 0 R >>" % (6 + 2 * index)
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    return _pdf_file(objects)


def _pages(lines: Sequence[Line]) -> list[bytes]:
    pages: list[list[bytes]] = [[]]
    y = float(_TOP)
    for style, text in _wrapped(lines):
        font, size = _FONTS[style]
        y -= size * (2.0 if style == "heading" else 1.45)
        if y < _BOTTOM:
            pages.append([])
            y = _TOP - size * 1.45
        shown = text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        pages[-1].append(b"BT /%s %g Tf %d %g Td (%s) Tj ET" % (font.encode(), size, _LEFT, y, shown))
    return [b"\n".join(page) for page in pages]


def _wrapped(lines: Sequence[Line]) -> Iterator[Line]:
    for style, text in lines:
        for part in textwrap.wrap(text, _COLUMNS[style]) or [""]:
            yield style, part


def _pdf_file(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)


_DOCX_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_DOCX_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
_DOCX_SIZES = {"title": "<w:b/><w:sz w:val='40'/>", "heading": "<w:b/><w:sz w:val='24'/>", "text": ""}


def docx(lines: Sequence[Line]) -> bytes:
    """A Word file; any script."""
    paragraphs = "".join(
        f"<w:p><w:r><w:rPr>{_DOCX_SIZES[style]}</w:rPr>"
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
        for style, text in lines
    )
    document = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"<w:body>{paragraphs}</w:body></w:document>"
    )
    parts = {
        "[Content_Types].xml": _DOCX_TYPES,
        "_rels/.rels": _DOCX_RELATIONS,
        "word/document.xml": document,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            # A fixed date, so that the same text is the same file.
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), text)
    return out.getvalue()


def rtf(lines: Sequence[Line]) -> bytes:
    """A rich text file; any script."""
    sizes = {"title": r"\b\fs40 ", "heading": r"\b\fs24 ", "text": r"\b0\fs21 "}
    body = "".join(rf"{{\pard{sizes[style]}{_rtf_text(text)}\par}}" + "\n" for style, text in lines)
    return ("{\\rtf1\\ansi\\ansicpg1252\\deff0{\\fonttbl{\\f0 Helvetica;}}\n" + body + "}\n").encode("ascii")


def _rtf_text(text: str) -> str:
    units = memoryview(text.encode("utf-16-le")).cast("H")
    return "".join(_rtf_unit(unit) for unit in units)


def _rtf_unit(unit: int) -> str:
    if unit > 126:
        return rf"\u{unit - 65536 if unit > 32767 else unit}?"
    return "\\" + chr(unit) if chr(unit) in "\\{}" else chr(unit)


def txt(lines: Sequence[Line]) -> bytes:
    """Plain text in UTF-8."""
    return "".join(f"\n{text}\n" if style == "heading" else f"{text}\n" for style, text in lines).encode()
