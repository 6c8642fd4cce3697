"""A Party paper as a Word file that people go on writing in: the same layout data as the PDF (HD 36, HD 05)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from documents.chart_image import png_of
from documents.papers.base import Letterhead, Signature
from documents.papers.layouts import Layout, recipient_lines
from documents.papers.progress_report import ProgressReport

FONT = "Times New Roman"
CENTRE, JUSTIFIED, LEFT = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY, WD_ALIGN_PARAGRAPH.LEFT
TEXT_WIDTH = 165
TOGETHER = 5
"""The first and the last rows of a table that no page parts."""


def word_of(paper: ProgressReport, layout: Layout) -> bytes:
    """The .docx of a progress report; the same data give the same bytes."""
    out = Writer(layout)
    out.letterhead(paper.letterhead)
    out.title(paper.title, paper.subject_parts)
    if paper.addressee:
        out.paragraph(f"{layout.submission_salutation}: {paper.addressee}", align=CENTRE, first_line=0)
    out.paragraph(paper.opening)
    out.heading("I. Kết quả")
    out.paragraph(paper.result)
    out.table(("Bước", "Số chi bộ", "Tỷ lệ"), paper.steps, widths=(95, 35, 35))
    if (curve := paper.curve()) is not None:
        out.paragraph("Số chi bộ đã đại hội so với kế hoạch", align=CENTRE, first_line=0, italic=True)
        out.picture(png_of(curve), about=paper.status_line)
        if paper.outlook:
            out.paragraph(paper.outlook, align=CENTRE, first_line=0, italic=True)
    if len(paper.committees) > 1:
        out.paragraph("Kết quả của từng đảng bộ:")
        heads = ("STT", "Đảng bộ", "Số chi bộ", "Đã đại hội", "Đã chuẩn y", "Quá hạn")
        out.table(heads, paper.committee_rows, widths=(12, 61, 23, 23, 23, 23), left=(1,))
    for number, (title, rows) in enumerate(paper.structure_rows):
        if number == 0:
            out.paragraph(f"{paper.structure_title}:", keep_with_next=True)
        out.table((title or "Cơ cấu", "Số đồng chí", "Tỷ lệ"), rows, widths=(95, 35, 35))
        out.paragraph("", before=0)
    out.heading("II. Những nơi chậm")
    out.paragraph(paper.late_sentence)
    for one in paper.exceptions:
        out.paragraph(f"- {one.sentence}")
    if paper.unnamed:
        out.paragraph(f"- {paper.unnamed}")
    for label, parts in paper.judgements:
        out.heading(label)
        for part in parts:
            out.paragraph(part)
    out.carry_with_what_follows()
    out.paragraph(paper.closing, keep_with_next=True)
    out.closing(recipient_lines(paper.recipients, layout), paper.signature)
    return out.finish(subject=f"{paper.title} {paper.subject}")


class Writer:
    """A Word document in the layout of Party papers; lengths in millimetres, sizes in points."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.file = Document()
        section = self.file.sections[0]
        section.page_width, section.page_height = Mm(layout.page_width), Mm(layout.page_height)
        section.top_margin, section.bottom_margin = Mm(layout.margin_top), Mm(layout.margin_bottom)
        section.left_margin, section.right_margin = Mm(layout.margin_left), Mm(layout.margin_right)
        section.header_distance = Mm(layout.page_number_from_top)
        section.different_first_page_header_footer = True
        self._number_pages(section.header.paragraphs[0])
        style = self.file.styles["Normal"]
        style.font.name, style.font.size = FONT, Pt(layout.body_size)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
        style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.space_before = Pt(0)
        style.paragraph_format.line_spacing = Pt(layout.line_spacing)

    def letterhead(self, head: Letterhead) -> None:
        table = self._plain_table(1, (77, TEXT_WIDTH - 77))
        left, right = table.rows[0].cells
        lines = [(line, False, self.layout.superior_size) for line in head.superior_shown]
        lines += [(line, True, self.layout.issuer_size) for line in head.issuer_shown]
        lines += [("*", False, self.layout.issuer_size), (head.number, False, self.layout.number_size)]
        for number, (text, bold, size) in enumerate(lines):
            self._line(left, text, first=number == 0, bold=bold, size=size)
        self._line(right, "ĐẢNG CỘNG SẢN VIỆT NAM", first=True, bold=True, size=self.layout.party_title_size)
        _underline(right.paragraphs[0])
        for _ in range(len(lines) - 2):
            self._line(right, "", first=False, size=self.layout.number_size)
        place = f"{head.place_shown}{head.day_shown}"
        self._line(right, place, first=False, italic=True, size=self.layout.place_date_size)

    def title(self, title: str, subject: Iterable[str]) -> None:
        self.paragraph(title, align=CENTRE, first_line=0, bold=True, size=self.layout.title_size, before=20)
        for part in subject:
            self.paragraph(part, align=CENTRE, first_line=0, bold=True, size=self.layout.subject_size, before=0)
        self.paragraph("-----", align=CENTRE, first_line=0, bold=True, before=0)

    def heading(self, text: str) -> None:
        self.paragraph(text, bold=True, align=LEFT, before=10, keep_with_next=True)

    def paragraph(
        self,
        text: str,
        *,
        align: Any = JUSTIFIED,
        first_line: int | None = None,
        bold: bool = False,
        italic: bool = False,
        size: int | None = None,
        before: int | None = None,
        keep_with_next: bool = False,
    ) -> None:
        made = self.file.add_paragraph()
        made.alignment = align
        made.paragraph_format.first_line_indent = Mm(self.layout.first_line if first_line is None else first_line)
        made.paragraph_format.space_before = Pt(self.layout.paragraph_gap if before is None else before)
        made.paragraph_format.keep_with_next = keep_with_next
        run = made.add_run(text)
        run.bold, run.italic, run.font.size = bold, italic, Pt(size or self.layout.body_size)

    def table(
        self,
        heads: Sequence[str],
        rows: Sequence[Sequence[str]],
        *,
        widths: Sequence[int],
        left: Sequence[int] = (0,),
    ) -> None:
        """``left``: the columns whose text stands left; the head is repeated on every page."""
        table = self.file.add_table(rows=1, cols=len(heads))
        table.style, table.alignment, table.autofit = "Table Grid", WD_TABLE_ALIGNMENT.CENTER, False
        for number, text in enumerate(heads):
            self._cell(table.rows[0].cells[number], text, width=widths[number], bold=True)
        _repeat(table.rows[0])
        for cell in table.rows[0].cells:
            cell.paragraphs[0].paragraph_format.keep_with_next = True
        for place, row in enumerate(rows):
            made = table.add_row()
            cells = made.cells
            _keep_whole(made)
            for number, text in enumerate(row):
                align = LEFT if number in left else CENTRE
                self._cell(cells[number], text, width=widths[number], align=align)
            if place < TOGETHER - 1 or len(rows) - TOGETHER <= place < len(rows) - 1:
                for cell in cells:
                    cell.paragraphs[0].paragraph_format.keep_with_next = True

    def picture(self, content: bytes, *, about: str) -> None:
        made = self.file.add_paragraph()
        made.alignment = CENTRE
        made.paragraph_format.line_spacing = 1.0
        shape = made.add_run().add_picture(io.BytesIO(content), width=Mm(145))
        shape._inline.docPr.set("descr", about)

    def carry_with_what_follows(self) -> None:
        """The last paragraph so far goes to the next page with what comes after it, two lines of it at least."""
        last = self.file.paragraphs[-1].paragraph_format
        last.keep_with_next, last.widow_control = True, True

    def closing(self, recipients: Iterable[str], signature: Signature) -> None:
        self.paragraph("", before=8, keep_with_next=True)
        left, right = self._plain_table(1, (TEXT_WIDTH // 2, TEXT_WIDTH - TEXT_WIDTH // 2)).rows[0].cells
        self._line(left, "Nơi nhận:", first=True, size=self.layout.recipients_label_size, align=LEFT)
        left.paragraphs[0].runs[0].underline = True
        for text in recipients:
            self._line(left, text, first=False, size=self.layout.recipients_size, align=LEFT)
        lines = [(signature.authority.upper(), True), (signature.post.upper(), False)]
        lines += [("", False)] * 4 + [(signature.name, True)]
        for number, (text, bold) in enumerate(line for line in lines if line[0] or not line[1]):
            self._line(right, text, first=number == 0, bold=bold, size=self.layout.signature_size)

    def finish(self, *, subject: str) -> bytes:
        """The file; its own dates are left at one day, so that nothing but the data makes it differ."""
        known = self.file.core_properties
        known.title, known.author, known.language = subject[:250], "", "vi-VN"
        known.created = known.modified = datetime(2000, 1, 1, tzinfo=UTC)
        kept = io.BytesIO()
        self.file.save(kept)
        return _undated(kept)

    def _plain_table(self, rows: int, widths: Sequence[int]) -> Any:
        table = self.file.add_table(rows=rows, cols=len(widths))
        table.autofit = False
        for row in table.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Mm(width)
        return table

    def _line(
        self,
        cell: Any,
        text: str,
        *,
        first: bool,
        bold: bool = False,
        italic: bool = False,
        size: int,
        align: Any = CENTRE,
    ) -> None:
        made = cell.paragraphs[0] if first else cell.add_paragraph()
        made.alignment = align
        run = made.add_run(text)
        run.bold, run.italic, run.font.size = bold, italic, Pt(size)

    def _cell(self, cell: Any, text: str, *, width: int, bold: bool = False, align: Any = CENTRE) -> None:
        cell.width = Mm(width)
        self._line(cell, text, first=True, bold=bold, size=12, align=align)
        cell.paragraphs[0].paragraph_format.line_spacing = 1.0

    def _number_pages(self, paragraph: Any) -> None:
        paragraph.alignment = CENTRE
        run = paragraph.add_run()
        run.font.size = Pt(self.layout.page_number_size)
        for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
            element = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                element.set(qn("w:fldCharType"), kind)
            else:
                element.text = text
            run._r.append(element)


def _undated(written: io.BytesIO) -> bytes:
    """The same archive, whose members carry no time of their writing."""
    kept = io.BytesIO()
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED)
    return kept.getvalue()


def _repeat(row: Any) -> None:
    """The head of a table on each of its pages."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _keep_whole(row: Any) -> None:
    """A row is not torn apart."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _underline(paragraph: Any) -> None:
    """The rule below the Party's name, as long as the words."""
    paragraph.runs[0].underline = True
