"""Recorded acts on the tree, the rolls and the rights."""

from organizations.services.accounts import (
    deactivate_account,
    end_sessions,
    open_account,
    reactivate_account,
    reset_password,
    reset_second_factor,
)
from organizations.services.acts import (
    close,
    close_organization,
    consolidate,
    convert,
    merge,
    move,
    rename,
    set_ordinal_basis,
    split,
)
from organizations.services.links import (
    make_link,
    revoke_link,
)
from organizations.services.members import (
    correct_post,
    end_posts,
    end_standing,
    enroll_member,
    give_post,
    record_post,
    set_standing,
    transfer_member,
    update_member,
)
from organizations.services.rights import (
    grant_role,
    hand_over,
    revoke_role,
)
from organizations.services.tree import (
    Ground,
    NewBody,
    found_organization,
    record_split,
)

__all__ = [
    "Ground",
    "NewBody",
    "close",
    "close_organization",
    "consolidate",
    "convert",
    "correct_post",
    "deactivate_account",
    "end_posts",
    "end_sessions",
    "end_standing",
    "enroll_member",
    "found_organization",
    "give_post",
    "grant_role",
    "hand_over",
    "make_link",
    "merge",
    "move",
    "open_account",
    "reactivate_account",
    "record_post",
    "record_split",
    "rename",
    "reset_password",
    "reset_second_factor",
    "revoke_link",
    "revoke_role",
    "set_ordinal_basis",
    "set_standing",
    "split",
    "transfer_member",
    "update_member",
]
