"""All five, and what stands above them."""

from __future__ import annotations

from datetime import date

from accounts import services as account_services
from accounts.roles import Role
from elections.stories import cuc_cong_thuong, lang_son, thai_binh, thanh_hoa, van_phong_2
from elections.stories.people import DEMO_PASSWORD
from elections.stories.player import ADMINISTRATOR, Player, Story, hour
from organizations import services as organization_services
from organizations.models import NodeType

TALES = (thanh_hoa.TALE, thai_binh.TALE, van_phong_2.TALE, lang_son.TALE, cuc_cong_thuong.TALE)
ROOT = "GOC"


def opening(player: Player) -> Story:
    """The root of the one tree and its administrator: the only acts without an actor."""
    yield hour(date(2019, 1, 2))
    player.found(
        None, code=ROOT, name="Đảng Cộng sản Việt Nam", symbol="TW", node_type=NodeType.CENTRAL, by=None,
        committee_name="Ban Chấp hành Trung ương", place="Hà Nội",
    )  # fmt: skip
    player.act(
        account_services.create_user,
        username=ADMINISTRATOR,
        full_name="Quản trị hệ thống (bịa)",
        password=DEMO_PASSWORD,
        can_sign_in=DEMO_PASSWORD is not None,
        by=None,
    )
    user, root = player.user(ADMINISTRATOR), player.organization(ROOT)
    player.act(organization_services.grant_role, user.pk, Role.SYSTEM_ADMINISTRATOR, root.pk, by=None)


def replay(until: date | None = None) -> None:
    """Tell the stories up to the end of that day; what the record of events already holds is not repeated."""
    player = Player(until)
    player.play([opening(player), *(story for tale in TALES for story in tale.stories(player))])
