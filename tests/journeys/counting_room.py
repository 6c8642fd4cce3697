"""What tellers do at their screens from the ballots handed out to two equal sheets, in words of the pages."""

from __future__ import annotations

from collections.abc import Mapping

from tests.journeys.desks import Desk

BOXES = {"G. Số phiếu thu về": "returned", "H. Số phiếu hợp lệ": "valid", "K. Số phiếu không hợp lệ": "invalid"}


def keep_ledger(teller: Desk, papers: int) -> None:
    """One ballot for everybody, all of them back; closed, and the count begins. Ends on the page of the count."""
    teller.press("Ghi sổ phiếu")
    figures = {"S1. Số phiếu in": papers, "E. Số phiếu phát ra": papers, "S2. Số phiếu chưa dùng": 0}
    figures |= {"S3. Số phiếu hỏng": 0, "G. Số phiếu thu về": papers}
    note = {"Giải trình khi số phiếu in khác tệp phiếu đã lập": "Phiếu dự trữ của tệp chưa in (bịa)"}
    teller.write({label: str(figure) for label, figure in figures.items()} | note)
    teller.press("Đóng sổ phiếu")
    teller.is_told("Đã đóng sổ phiếu")
    teller.press("Bắt đầu kiểm phiếu")
    teller.press("Bắt đầu kiểm phiếu")
    teller.is_told("Đã bắt đầu kiểm phiếu")


def type_sheet(teller: Desk, votes: Mapping[str, int | tuple[int, int]], **papers: int) -> None:
    """From the page of the count: the sheet as this person counted it. Two figures for a paper without surplus."""
    teller.press("Nhập kết quả")
    fill_sheet(teller, votes, **papers)


def fill_sheet(teller: Desk, votes: Mapping[str, int | tuple[int, int]], **papers: int) -> None:
    teller.write({label: str(papers[name]) for label, name in BOXES.items()})
    for name, figure in votes.items():
        if isinstance(figure, tuple):
            agree, disagree = map(str, figure)
            teller.write({"Đồng ý": agree, "Không đồng ý": disagree}, within=f'fieldset.tally-name:has-text("{name}")')
        else:
            teller.main.get_by_label(name).first.fill(str(figure))
    teller.press("Gửi bản nhập")
