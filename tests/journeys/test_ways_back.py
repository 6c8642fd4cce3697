"""The ways back, played through the pages: a tie voted again, results returned and sent up again, results refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from accounts import audit
from accounts.models import User
from documents.services.papers import render_paper
from elections.models import SealedResult
from tests.factories import PASSWORD, World, congress_at

pytestmark = pytest.mark.django_db


class Hand:
    """One person's requests: what is sent is accepted, what is read is the page that follows."""

    def __init__(self, user: User) -> None:
        self.client = Client()
        assert self.client.login(username=user.username, password=PASSWORD)

    def read(self, name: str, *args: Any) -> str:
        answer = self.client.get(reverse(name, args=args), follow=True)
        assert answer.status_code == 200, words_of(answer.content.decode())
        return answer.content.decode()

    def send(self, name: str, *args: Any, **values: Any) -> str:
        answer = self.client.post(reverse(name, args=args), values, follow=True)
        assert answer.redirect_chain and answer.status_code == 200, words_of(answer.content.decode())
        return answer.content.decode()


def words_of(page: str) -> str:
    """What a person would read of the page's own part."""
    main = page.partition("<main")[2].partition("</main>")[0] or page
    return " ".join(strip_tags(main).split())


def moment(minutes_ago: int = 0) -> dict[str, str]:
    """Day and time as the forms of opening and closing take them."""
    then = timezone.localtime() - timedelta(minutes=minutes_ago)
    return {"day": f"{then:%d/%m/%Y}", "clock": f"{then:%H:%M}"}


def fix_slate(world: World) -> str:
    return Hand(world.secretary).send(
        "elections:fix_slate", world.round.pk, in_favour=world.present(), against=0, abstained=0
    )


def count_and_seal(world: World, votes: list[int]) -> str:
    """The ledger, two equal sheets, the seal; the page of the sealed result."""
    figures, ballot = world.figures(votes=votes), world.round.pk
    typed: dict[str, Any] = {f"votes_{pk}": given for pk, given in figures["votes"].items() if isinstance(given, int)}
    for pk, given in figures["votes"].items():
        if isinstance(given, dict):
            typed |= {f"agree_{pk}": given["agree"], f"disagree_{pk}": given["disagree"]}
    typed |= {name: figures[name] for name in ("returned", "valid", "invalid")}
    Hand(world.teller).send("elections:ledger", ballot, close="1", **world.ledger())
    Hand(world.teller).send("elections:start_count", ballot, method="totals", teams=1)
    count = world.count.pk
    for person in world.typists:
        Hand(person).send("elections:entry", count, revision=1, **typed)
    return Hand(world.head_teller).send("elections:seal", ballot, sheet_number=1)


def test_a_tie_for_the_last_seat_is_voted_again_between_the_tied():
    world = congress_at("slate_fixed", members=10, committee_seats=3)
    secretary, committee, ballot = Hand(world.secretary), world.elections[0], world.round
    last_two = [member.full_name for member in world.slate()[2:]]

    page = count_and_seal(world, [9, 8, 6, 6])
    assert "Còn 1 chỗ nhưng" in page and "bằng phiếu nhau" in page
    assert "bầu chi ủy" in (home := words_of(secretary.read("home"))).lower(), home
    page = secretary.read("elections:proposal", ballot.pk)
    assert "không cần quá một nửa" in page
    page = secretary.send("elections:next_round", committee.pk)
    assert all(name in page for name in last_two)
    assert "Bầu lại giữa những người bằng phiếu nên không thêm người" in page
    fix_slate(world)
    winner = world.slate()[1].display_name
    page = count_and_seal(world, [3, 7])

    assert "1 đồng chí trúng cử" in page
    committee.refresh_from_db()
    assert committee.is_concluded
    chosen = secretary.read("elections:overview", world.congress_id)
    assert f"{winner} (7/10 phiếu)" in chosen, words_of(chosen)
    assert audit.verify_chain() == []


def test_returned_results_are_completed_sent_up_again_and_ratified():
    world = congress_at("reported")
    approver, secretary = Hand(world.approver), Hand(world.secretary)
    reasons = "Biên bản đại hội chưa ghi ý kiến thảo luận."

    page = approver.send("elections:return_results", world.congress_id, reasons=reasons)
    assert "Đang chờ" in page
    assert reasons in secretary.read("elections:ratification", world.congress_id)
    assert world.congress.organization.name in secretary.read("home")
    secretary.send(
        "congress:proceeding",
        world.congress_id,
        kind="discussion",
        person="Phạm Văn Cường",
        text="Nhất trí với báo cáo, đề nghị đổi mới sinh hoạt chi bộ.",
    )
    page = secretary.send("documents:minutes", world.congress_id)
    assert "lập lần 2" in page
    page = secretary.send("elections:report", world.congress_id, **world.enclosures())
    assert "02-TTr/CB" in page
    decision = {
        "issued_on": f"{timezone.localdate():%d/%m/%Y}",
        "number": "",
        "signer_post": "Bí thư",
        "signer_name": "Phạm Văn Duyệt",
    }
    page = approver.send("elections:ratify", world.congress_id, **decision)

    assert "Đã chuẩn y" in page
    assert [one.outcome for one in world.congress.ratifications.order_by("number")] == ["returned", "ratified"]
    minutes = world.congress.papers.filter(code="F-11").latest("edition")
    render_paper({"paper_id": minutes.pk}, None)
    minutes.refresh_from_db()
    assert minutes.sha256 and "đổi mới sinh hoạt" in str(minutes.data)


def test_a_refused_branch_sits_and_elects_again():
    world = congress_at("reported")
    approver, secretary, congress = Hand(world.approver), Hand(world.secretary), world.congress_id
    first = SealedResult.objects.get()
    reasons = "Kiểm phiếu khi còn đồng chí chưa bỏ phiếu."

    approver.send("elections:refuse_results", congress, reasons=reasons)
    page = secretary.read("elections:ratification", congress)
    assert "phải bầu lại" in page and reasons in page
    assert "Các cuộc bầu không được chuẩn y" in secretary.read("elections:overview", congress)
    assert "điểm danh" in secretary.read("home")
    secretary.send("congress:take_roll", congress, tat_ca="1")
    secretary.send("congress:open", congress, **moment(minutes_ago=2))
    seat_officers(secretary, world)
    fix_slate(world)
    page = count_and_seal(world, [6])
    assert "Bầu đủ số lượng" in page
    secretary.send("congress:card_vote", congress, subject="resolution", in_favour=6, against=0, abstained=0)
    secretary.send("congress:close", congress, **moment())
    secretary.send("documents:minutes", congress)
    world.sign_minutes()
    page = secretary.send("elections:report", congress, **world.enclosures())

    assert "trình đề nghị chuẩn y lần 2" in page
    assert world.congress.state == "reported"
    kept = SealedResult.objects.get(pk=first.pk)
    assert (kept.sha256, SealedResult.objects.count()) == (first.sha256, 2)
    assert audit.verify_chain() == []


def seat_officers(secretary: Hand, world: World) -> None:
    people = [member.pk for member in world.members]
    lists: tuple[dict[str, Any], ...] = (
        {"subject": "presidium", "chair": people[0]},
        {"subject": "clerk", "clerk": people[-3]},
        {"subject": "tellers", "head_teller": people[-1], "teller": people[-2]},
    )
    for chosen in lists:
        secretary.send("congress:officers", world.congress_id, **chosen, in_favour=6, against=0, abstained=0)
