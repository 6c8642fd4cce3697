"""What stands on the paper: read back from the PDF, not from the template."""

from __future__ import annotations

import io
import logging
import subprocess
import unicodedata
from collections.abc import Callable
from itertools import product

import pikepdf
import pytest
from lxml import etree
from pypdf import PdfReader

from documents import rendering
from documents.papers import layouts
from documents.papers.layouts import LAYOUTS
from elections.papers.ballot import Slip
from tests.papers.cases import ALL_CASES, case, pages, paper

Printed = Callable[..., bytes]

SENTENCES = {
    "tally_minutes/complete": [
        "ĐẢNG CỘNG SẢN VIỆT NAM",
        "BAN KIỂM PHIẾU",
        "Số 02-BB/ĐH",
        "Hạc Thành, ngày 05 tháng 6 năm 2026",
        "BIÊN BẢN KIỂM PHIẾU bầu chi ủy Chi bộ Văn phòng 2, nhiệm kỳ 2026 - 2028 -----",
        "Số phiếu không hợp lệ: 01 phiếu",
        "Lý do phiếu không hợp lệ: bầu quá số lượng cần bầu: 01 phiếu.",
        "3 Hoàng Minh Châu (bịa) 07 53,85 %",
        "1. Đồng chí Phạm Thị Ánh (bịa): 12/13 phiếu, đạt 92,31 %",
        "Đồng chí không trúng cử: - Đồng chí Trần Quốc Dũng (bịa) (sinh năm 1985): 05/13 phiếu, đạt 38,46 %",
        "T/M BAN KIỂM PHIẾU T/M ĐOÀN CHỦ TỊCH TRƯỞNG BAN",
        "PHỤ LỤC Cách tính kết quả bầu chi ủy Chi bộ Văn phòng 2, nhiệm kỳ 2026 - 2028",
        "(Căn cứ: Quy chế bầu cử trong Đảng, Điều 30 khoản 2.)",
    ],
    "tally_minutes/tie": [
        "Đồng chí có tên sau đây trúng cử chi ủy viên Chi bộ Văn phòng 2, nhiệm kỳ 2026 - 2028: "
        "Đồng chí Phạm Thị Ánh: 12/13 phiếu, đạt 92,31 %",
        "Các đồng chí Nguyễn Văn Bình, Hoàng Minh Châu và Trần Quốc Dũng có số phiếu bằng nhau (09/13 phiếu) "
        "trong khi chỉ còn cần bầu 02 đồng chí.",
        "để Đại hội bầu lại, lấy 02 đồng chí có số phiếu cao hơn.",
    ],
    "tally_minutes/tie_revote": [
        "nhiệm kỳ 2026 - 2028, lần thứ hai (bầu lại giữa những người có số phiếu bằng nhau)",
        "lập danh sách 03 đồng chí có số phiếu bằng nhau ở lần bầu trước để Đại hội bầu lại, lấy 02 đồng chí.",
    ],
    "tally_minutes/tie_again": [
        "Không có đồng chí nào đủ số phiếu trúng cử chi ủy viên Chi bộ Văn phòng 2.",
        "tiếp tục có số phiếu bằng nhau (06/12 phiếu) sau khi bầu lại; còn thiếu 01 đồng chí.",
    ],
    "tally_minutes/open_seat": [
        "còn thiếu 01 đồng chí. Ban kiểm phiếu báo cáo Đoàn Chủ tịch để Đại hội quyết định bầu tiếp hay không",
        "4 Trần Quốc Dũng 06 50,00 %",
    ],
    "tally_minutes/invalid_ballots": [
        "Lý do phiếu không hợp lệ: bầu quá số lượng cần bầu: 01 phiếu; không bầu cho ai trong danh sách nhiều người: "
        "01 phiếu; có chữ ký của người bầu: 01 phiếu.",
    ],
    "tally_minutes/paper_not_returned": ["Số phiếu không thu về: 01 phiếu."],
    "tally_minutes/agree_disagree_single": [
        "danh sách bầu cử gồm 01 đồng chí: 1. Phạm Bá Oai",
        "đánh dấu X vào ô đồng ý hoặc không đồng ý",
        "1 Phạm Bá Oai 06 0 100,00 %",
        "trúng cử bí thư Chi bộ Kế hoạch - Tài chính - Tổng hợp",
    ],
    "tally_minutes/agree_disagree_uncounted": ["1 Phạm Thị Ánh 08 0 02 80,00 %", "2 Nguyễn Văn Bình 07 03 0 70,00 %"],
    "tally_minutes/superior_appoints": [
        "lần thứ ba",
        "Đã bầu đến lần thứ ba mà không có đồng chí nào đủ số phiếu trúng cử bí thư Chi bộ Văn phòng 2.",
        "báo cáo cấp ủy cấp trên trực tiếp xem xét, chỉ định theo quy định.",
    ],
    "tally_minutes/twenty_four_names": ["24 Nguyễn Văn Vững 86 47,78 %", "Số đại biểu có mặt lúc bầu cử: 180 đồng chí"],
    "tally_minutes/long_names": ["Công Tằng Tôn Nữ Nguyễn Phước Thị Huyền Trân Ngọc Khuê"],
    "tally_minutes/deductions_and_namesakes": [
        "Không tính vào căn cứ: được miễn công tác và sinh hoạt đảng, vắng mặt: 01 đồng chí",
        "1 Phạm Thị Ánh (sinh năm 1979) 08 66,67 %",
        "2 Phạm Thị Ánh (sinh năm 1988) 04 33,33 %",
    ],
    "tally_minutes/annex": [
        "1. Căn cứ tính kết quả - Đảng viên chính thức được triệu tập: 14 đồng chí. - Trừ 01 đồng chí, vắng mặt suốt",
        "Lê Hữu Mạnh (bịa) (điều trị tại bệnh viện; Chi ủy Chi bộ Văn phòng 2 chấp nhận ngày 03/6/2026).",
        "Các điều, khoản nêu dưới đây là của Quy chế bầu cử trong Đảng ban hành kèm theo Quyết định số 190-QĐ/TW, "
        "ngày 10/10/2024 của Ban Chấp hành Trung ương.",
        "(Căn cứ: Quy chế bầu cử trong Đảng, Điều 30 khoản 2.)",
        "(Căn cứ: Quy chế bầu cử trong Đảng, Điều 30 (chưa kiểm chứng).)",
        "In 15 phiếu; phát ra 13 phiếu, không dùng 01 phiếu, hỏng đổi lại 01 phiếu; thu về 13 phiếu.",
        "Phiếu nghi vấn 1: Để lại 04 tên. Kết luận: không hợp lệ (bầu quá số lượng cần bầu). "
        "Lý do: Chỉ được để lại nhiều nhất 03 tên.",
        "Có 01 phiếu in hỏng phải đổi. Giải trình: Một đồng chí làm rách phiếu",
    ],
    "tally_minutes/recounted": [
        "(kiểm đếm lại)",
        "Ngày 06 tháng 6 năm 2026, Ban kiểm phiếu đã kiểm đếm lại phiếu bầu. Lý do: Hai phiếu dính nhau khi mở hòm "
        "phiếu. Biên bản này thay Biên bản kiểm phiếu số 02-BB/ĐH, ngày 05/6/2026.",
        "Việc kiểm đếm lại kết thúc hồi 08 giờ 40 phút, ngày 06 tháng 6 năm 2026.",
    ],
    "tally_minutes/annex_of_delegates": [
        "bầu đại biểu dự đại hội cấp trên của Đảng bộ Sở Công Thương",
        "trúng cử đại biểu dự đại hội cấp trên của Đảng bộ Sở Công Thương",
        "Lê Thị Mai thay Trần Văn Hòa, vắng mặt.",
    ],
    "opinion_minutes/one_joins": [
        "BIÊN BẢN KIỂM PHIẾU XIN Ý KIẾN về việc đưa người ứng cử, được đề cử vào danh sách bầu chi ủy",
        "đã lấy phiếu xin ý kiến về 03 đồng chí ngoài danh sách do cấp ủy chuẩn bị",
        "Số phiếu phát ra: 13; thu về: 13; hợp lệ: 12; không hợp lệ: 01.",
        "2 Đỗ Thị Huệ (bịa) Được đề cử 09 75,00 %",
        "Vào danh sách bầu cử, theo số phiếu từ cao xuống thấp: đồng chí Đỗ Thị Huệ (bịa).",
        "TỔ KIỂM PHIẾU T/M ĐOÀN CHỦ TỊCH TỔ TRƯỞNG",
    ],
    "opinion_minutes/tied": ["Cùng số phiếu ở chỗ cuối của danh sách: các đồng chí"],
    "corrigendum/five_changes": [
        "BIÊN BẢN ĐÍNH CHÍNH kết quả kiểm phiếu bầu chi ủy Chi bộ Văn phòng 2, nhiệm kỳ 2026 - 2028",
        "Lý do: Một đồng chí đề nghị kiểm đếm lại vì hai phiếu dính nhau khi mở hòm phiếu.",
        "Số phiếu hợp lệ 12 11",
        "Trúng cử (chỉ ghi người thay đổi)",
        "Số phiếu bầu đồng chí Hoàng Minh Châu (bịa) 7 6",
        "mã băm SHA-256 bắt đầu bằng 9f2c61d0a4b87e35.",
        "mã băm SHA-256 bắt đầu bằng 41ba07e9c3365fd2.",
        "Số liệu của Biên bản kiểm phiếu số 04-BB/ĐH, ngày 05/6/2026 nay đính chính như sau; "
        "các số liệu khác giữ nguyên:",
        "Từ nay lấy kết quả theo bản 2, Biên bản kiểm phiếu số 05-BB/ĐH, ngày 05/6/2026; bản 1 giữ nguyên trong hồ sơ.",
    ],
    "corrigendum/nothing_changed": ["Kết quả kiểm đếm lại không làm thay đổi số liệu nào đã công bố."],
    "tally_sheet/strike_out": ["PHIẾU KIỂM bầu chi ủy", "G Số phiếu thu về", "L4 Trần Quốc Dũng (bịa)", "NGƯỜI GHI"],
    "tally_sheet/agree_disagree": ["L1 Phạm Bá Oai", "Đồng ý", "Không đồng ý"],
    "congress_minutes/full": [
        "BIÊN BẢN Đại hội Chi bộ Văn phòng 2 lần thứ II, nhiệm kỳ 2026 - 2028",
        "Đại hội khai mạc hồi 07 giờ 30 phút, ngày 05 tháng 6 năm 2026",
        "Có mặt: 14 đồng chí (chính thức 13, dự bị 01), đạt 93,33 % số được triệu tập.",
        "I. Bầu các bộ phận điều hành và giúp việc Đại hội",
        "VI. Bầu cử",
        "Đại hội đề cử thêm: Vũ Đình Giang (bịa) (đồng chí Bùi Văn Khôi (bịa) đề cử; 06/13 người dự ủng hộ).",
        "Đồng chí Lê Thị Mai (bịa) được 03/13 người dự ủng hộ, chưa quá 30 %, không vào danh sách.",
        "Hủy lần phát phiếu thứ 1, đã phát 13 phiếu: phiếu in thiếu tên một đồng chí.",
        "Đồng chí Vũ Đình Giang (bịa) xin rút khỏi danh sách; Đại hội đồng ý cho rút",
        "tán thành 11/13 đồng chí, đạt 84,62 %; không tán thành 01/13 đồng chí, đạt 7,69 %",
        "VIII. Bế mạc",
        "THƯ KÝ ĐẠI HỘI T/M ĐOÀN CHỦ TỊCH",
    ],
    "congress_minutes/small_branch": ["II. Bầu cử", "Đồng chí Phạm Bá Oai đã trúng cử.", "CHỦ TỊCH ĐẠI HỘI"],
    "congress_minutes/nobody_elected": ["Không có đồng chí nào đủ số phiếu trúng cử."],
    "ratification_request/full": [
        "TỜ TRÌNH về việc đề nghị chuẩn y kết quả bầu cử chi ủy, bí thư và phó bí thư Chi bộ Văn phòng 2",
        "Kính trình: Đảng ủy Sở Công Thương",
        "từ ngày 04 tháng 6 năm 2026 đến ngày 05 tháng 6 năm 2026, có 13/14 đảng viên chính thức",
        "2. Bí thư Chi bộ Văn phòng 2: đồng chí Phạm Thị Ánh (bịa) (1979), Chánh Văn phòng, 13/13 phiếu, đạt 100,00 %.",
        "T/M CHI BỘ",
        "- Lưu Chi bộ.",
    ],
    "ratification_request/secretary_only": [
        "đề nghị chuẩn y kết quả bầu cử bí thư Chi bộ Kế hoạch - Tài chính - Tổng hợp",
        "Bí thư Chi bộ Kế hoạch - Tài chính - Tổng hợp: đồng chí Phạm Bá Oai, 06/06 phiếu, đạt 100,00 %.",
    ],
    "ratification_decision/full": [
        "QUYẾT ĐỊNH về việc chuẩn y kết quả bầu cử chi ủy, bí thư và phó bí thư Chi bộ Văn phòng 2, nhiệm kỳ",
        "- Xét Tờ trình số 01-TTr/CB, ngày 09/6/2026 của Chi bộ Văn phòng 2 và các biên bản bầu cử kèm theo,",
        "ĐẢNG ỦY SỞ CÔNG THƯƠNG QUYẾT ĐỊNH Điều 1.",
        "Chi ủy gồm 03 đồng chí có tên sau đây:",
        "- Đồng chí Phạm Thị Ánh (bịa) giữ chức bí thư chi bộ;",
        "- Đồng chí Nguyễn Văn Bình (bịa) giữ chức phó bí thư chi bộ.",
        "và các đồng chí có tên tại Điều 1 chịu trách nhiệm thi hành Quyết định này.",
    ],
    "ratification_decision/secretary_only": [
        "Chuẩn y kết quả bầu cử bí thư Chi bộ Văn phòng 2, nhiệm kỳ 2026 - 2028: "
        "đồng chí Phạm Bá Oai, giữ chức bí thư Chi bộ Văn phòng 2.",
        "Chi bộ Văn phòng 2 và đồng chí có tên tại Điều 1 chịu trách nhiệm",
    ],
    "ratification_decision/no_committee_with_deputy": [
        "cụ thể như sau: - Đồng chí Phạm Thị Ánh (bịa), sinh năm 1979, Chánh Văn phòng, giữ chức bí thư chi bộ;",
    ],
    "ratification_decision/seven_members": ["BAN THƯỜNG VỤ ĐẢNG ỦY SỞ CÔNG THƯƠNG QUYẾT ĐỊNH", "PHÓ BÍ THƯ"],
    "ratification_decision/committee_only": ["3. Đồng chí Hoàng Minh Châu (bịa), sinh năm 1990, Chuyên viên."],
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ALL_CASES)
def test_every_case_prints_without_a_remark_of_the_renderer(name, layout, printed: Printed, caplog):
    with caplog.at_level(logging.WARNING, logger="weasyprint"):
        pdf = printed(name, layout)

    assert pdf.startswith(b"%PDF-1.7")
    assert caplog.records == []


@pytest.mark.parametrize("name", SENTENCES)
def test_the_paper_says(name, printed: Printed):
    text = " ".join(pages(printed(name)))

    missing = [sentence for sentence in SENTENCES[name] if " ".join(sentence.split()) not in text]

    assert missing == []


@pytest.mark.parametrize("name", ALL_CASES)
def test_no_paper_has_anything_of_the_state_form(name, printed: Printed):
    text = " ".join(pages(printed(name)))

    found = [word for word in ("Độc lập - Tự do", "CỘNG HÒA", "Số:", "TM.", "./.", "Lưu: VT") if word in text]

    assert found == []


@pytest.mark.parametrize(("layout", "salutation", "first"), [
    ("HD36_2018", "Kính gửi: Đảng ủy Sở Công Thương", "- Như trên,"),
    ("HD05_2026", "Kính trình: Đảng ủy Sở Công Thương", "- Như trên;"),
])  # fmt: skip
def test_the_two_layouts_differ_in_salutation_and_separator(layout, salutation, first, printed: Printed):
    text = " ".join(pages(printed("ratification_request/full", layout)))

    assert salutation in text
    assert first in text
    assert "- Lưu Chi bộ." in text


def test_the_first_page_has_no_number_and_the_others_have(printed: Printed):
    tops = [
        page.strip().splitlines()[0].strip() for page in pages(printed("tally_minutes/twenty_four_names"), raw=True)
    ]

    assert "ĐẢNG CỘNG SẢN VIỆT NAM" in tops[0]
    assert tops[1:] == [str(number) for number in range(2, len(tops) + 1)]


def test_the_page_number_stands_centred_ten_millimetres_below_the_edge(printed: Printed):
    number = words(printed("tally_minutes/twenty_four_names"), page=2)[0]

    middle = (number.left + number.right) / 2
    assert number.text == "2"
    assert middle == pytest.approx(30 + 165 / 2, abs=1)
    assert number.top == pytest.approx(10, abs=1)


@pytest.mark.parametrize("name", ALL_CASES)
def test_text_stays_within_the_margins(name, printed: Printed):
    """Left 30, right 15, top and bottom 20 mm; page number and foot mark apart. Slips have margins of their own."""
    if isinstance(paper(name), Slip):
        return
    pdf = printed(name)
    outside = [
        word
        for page in range(1, len(pages(pdf)) + 1)
        for word in words(pdf, page=page)
        if word.left < 29.5 or word.right > 195.5 or (word.top < 19 and not word.text.isdigit()) or word.bottom > 278
    ]

    assert outside == []


def test_double_sided_printing_swaps_the_margins_of_even_pages():
    pdf = rendering.render(paper("congress_minutes/long_discussion"), "HD05_2026", double_sided=True)

    left = [min(word.left for word in words(pdf, page=page)) for page in (1, 2, 3)]

    assert left == [pytest.approx(30, abs=1), pytest.approx(15, abs=1), pytest.approx(30, abs=1)]


def test_the_rule_under_the_title_is_as_long_as_the_title(printed: Printed):
    pdf = printed("ratification_decision/full")
    title = [word for word in words(pdf, page=1) if word.left > 107 and word.top < 25]
    width = (max(w.right for w in title) - min(w.left for w in title)) / 25.4 * 72

    corners = [float(operands[0]) * 0.75 for operands, operator in operations(pdf) if operator in ("m", "l")][:4]

    assert max(corners) - min(corners) == pytest.approx(width, abs=0.5)


@pytest.mark.parametrize("name", ["tally_minutes/twenty_four_names", "congress_minutes/long_discussion"])
def test_signatures_are_never_alone_on_a_page(name, printed: Printed):
    last = next(page for page in reversed(pages(printed(name))) if "ĐOÀN CHỦ TỊCH" in page)

    assert "Biên bản này" in last


def test_a_result_table_that_goes_on_repeats_its_head(printed: Printed):
    heads = [page.count("STT") for page in pages(printed("tally_minutes/twenty_four_names"))]

    assert sum(heads) == 2


@pytest.mark.parametrize(("folder", "most"), [("opinion_minutes", 1), ("corrigendum", 1), ("tally_sheet", 2)])
def test_papers_of_a_page_stay_on_their_pages(folder, most, printed: Printed):
    counts = {name: len(pages(printed(name))) for name in ALL_CASES if name.startswith(f"{folder}/")}

    assert {name: number for name, number in counts.items() if number > most} == {}


@pytest.mark.parametrize("name", ALL_CASES)
def test_all_fonts_are_embedded_and_are_ours(name, printed: Printed):
    listing = subprocess.run(["pdffonts", "-"], input=printed(name), capture_output=True, check=True).stdout.decode()
    rows = [line.split() for line in listing.splitlines()[2:]]

    assert {row[0].split("+")[1].split("-")[0] for row in rows} == {"Tinos"}
    assert {tuple(row[-5:-2]) for row in rows} == {("yes", "yes", "yes")}  # embedded, subset, with a Unicode map


def test_every_vietnamese_letter_is_printed_and_can_be_copied(printed: Printed):
    vowels = "aăâeêioôơuưy"
    tones = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"]
    small = {unicodedata.normalize("NFC", vowel + tone) for vowel, tone in product(vowels, tones)} | {"đ"}
    letters = small | {letter.upper() for letter in small}

    text = set("".join(pages(printed("tally_minutes/every_letter"))))

    assert len(letters) == 146
    assert letters - text == set()


@pytest.mark.parametrize("name", ALL_CASES)
def test_the_pdf_is_tagged_in_vietnamese_and_knows_its_data(name, printed: Printed):
    with pikepdf.open(io.BytesIO(printed(name))) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked) is True
        assert str(pdf.Root.Lang) == "vi"
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle) is True
        assert "pdfuaid" in bytes(pdf.Root.Metadata.read_bytes()).decode()
        assert str(pdf.docinfo["/papercode"]) == paper(name).code
        assert str(pdf.docinfo["/datafingerprint"]) == paper(name).fingerprint()


def test_headings_and_table_heads_are_structure_not_looks(printed: Printed):
    with pikepdf.open(io.BytesIO(printed("tally_minutes/complete"))) as pdf:
        kinds = {str(item.S) for item in pdf.objects if isinstance(item, pikepdf.Dictionary) and "/S" in item}

    assert {"/H1", "/H2", "/P", "/Table", "/TR", "/TH", "/TD"} <= kinds


def test_words_of_a_user_are_printed_and_never_read_as_markup():
    data = case("ratification_decision/full")
    data["organization_name"] = 'Chi bộ <b>"A & B"</b> <img src=x>'

    kind = type(paper("ratification_decision/full"))
    text = " ".join(pages(rendering.render(kind.from_dict(data), "HD05_2026")))

    assert 'Chi bộ <b>"A & B"</b> <img src=x>' in text


def test_a_remark_of_the_renderer_is_heard_even_when_its_log_is_silenced():
    log = logging.getLogger("weasyprint")
    usual = log.level
    log.setLevel(logging.CRITICAL)
    log.disabled = True
    try:
        with pytest.raises(rendering.RenderingRefused, match="mẫu in"):
            rendering.html_to_pdf("<html lang=vi><p style='colour: x'>x</p></html>", layouts.HD05_2026, identifier="x")
    finally:
        log.setLevel(usual)
        log.disabled = False


def test_a_letter_outside_the_fonts_is_refused_by_name():
    data = case("ratification_decision/full")
    data["organization_name"] = "Chi bộ ☭"

    with pytest.raises(rendering.RenderingRefused, match="“☭”"):
        rendering.render(type(paper("ratification_decision/full")).from_dict(data), "HD05_2026")


def test_the_foot_mark_is_on_every_page_when_asked_for():
    data = case("tally_minutes/complete") | {"draft_mark": "Bản in để ký"}

    printed_pages = pages(rendering.render(type(paper("tally_minutes/complete")).from_dict(data), "HD05_2026"))

    assert all(page.endswith("Bản in để ký") for page in printed_pages)


def test_a_blank_number_and_date_leave_room_for_the_pen(printed: Printed):
    text = pages(printed("tally_minutes/undated_unnumbered"), raw=True)[0]

    assert "-BB/ĐH" in text
    assert "Hạc Thành, ngày" in " ".join(text.split())
    assert PdfReader(io.BytesIO(printed("tally_minutes/undated_unnumbered"))).metadata.creation_date is None


def test_sizes_of_the_layout_reach_the_stylesheet():
    rules = rendering.page_rules(layouts.HD05_2026)

    assert "margin: 20mm 15mm 20mm 30mm" in rules
    assert "--party-title: 15pt" in rules
    assert "--recipients: 12pt" in rules


class Word:
    """A word and its box on the page, in millimetres from the upper left corner."""

    def __init__(self, element: etree._Element) -> None:
        self.text = element.text or ""
        self.left, self.top, self.right, self.bottom = (
            float(element.get(side)) / 72 * 25.4 for side in ("xMin", "yMin", "xMax", "yMax")
        )

    def __repr__(self) -> str:
        return f"{self.text!r} {self.left:.1f}–{self.right:.1f} × {self.top:.1f}–{self.bottom:.1f}"


def words(pdf: bytes, *, page: int) -> list[Word]:
    command = ["pdftotext", "-bbox", "-f", str(page), "-l", str(page), "-", "-"]
    xml = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout
    return [Word(element) for element in etree.fromstring(xml).iter("{*}word")]


def operations(pdf: bytes) -> list[tuple[list[object], str]]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        stream = pikepdf.parse_content_stream(opened.pages[0])
        return [(list(step.operands), str(step.operator)) for step in stream]
