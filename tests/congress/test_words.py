"""Sentences written for the congress of a chi bộ, read at a đảng bộ and in a committee meeting."""

from __future__ import annotations

import pytest

from accounts.roles import Role
from congress.models import AssemblyKind, Congress
from congress.rules.display import without_codes
from organizations.models import NodeType, Organization, RoleAssignment

SENTENCE = "Đại hội đã bế mạc. Bí thư chi bộ, thư ký chi bộ: mở trang đại hội. Chi bộ trình."


@pytest.mark.parametrize(
    ("kind", "node", "said"),
    [
        (AssemblyKind.MEMBERS, NodeType.BRANCH, SENTENCE),
        (
            AssemblyKind.DELEGATES,
            NodeType.GRASSROOTS,
            "Đại hội đã bế mạc. Bí thư đảng ủy, thư ký đảng bộ: mở trang đại hội. Đảng bộ trình.",
        ),
        (
            AssemblyKind.MEETING,
            NodeType.GRASSROOTS,
            "Hội nghị đã bế mạc. Bí thư đảng ủy, thư ký đảng bộ: mở trang hội nghị. Đảng bộ trình.",
        ),
    ],
)
def test_a_sentence_names_the_body_and_what_it_holds(kind, node, said):
    congress = Congress(kind=kind, organization=Organization(node_type=node))

    assert congress.said(SENTENCE) == said


@pytest.mark.parametrize(
    ("node", "named"),
    [(NodeType.BRANCH, "Bí thư chi bộ"), (NodeType.GRASSROOTS, "Bí thư đảng ủy"), (NodeType.BLOC, "Bí thư đảng ủy")],
)
def test_a_role_is_called_as_at_its_place(node, named):
    assert RoleAssignment(role=Role.SECRETARY, organization=Organization(node_type=node)).get_role_display() == named


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Chưa kiểm chứng (U-13).", "Chưa kiểm chứng."),
        ("Điều 32 khoản 4 – chưa kiểm chứng (U-12, E-53a)", "Điều 32 khoản 4 – chưa kiểm chứng"),
        ("Thu về 31 phiếu (ô G).", "Thu về 31 phiếu (ô G)."),
    ],
)
def test_codes_of_the_rulebook_are_left_to_the_reasoning(text, shown):
    assert without_codes(text) == shown
