"""Invented people of the stories: what is invented says so, and can call nobody."""

import re

from congress.wall import Contact
from elections.stories.people import invented_phone, roll


def test_an_invented_telephone_says_so_is_the_same_each_time_and_rings_nowhere():
    members = list(roll("LS-04-5", 3))
    phones = [one["phone"] for one in members]

    assert phones == [one["phone"] for one in roll("LS-04-5", 3)]
    assert len(set(phones)) == 3
    assert all(re.fullmatch(r"0100 \d{3} \d{3} \(bịa\)", phone) and len(phone) <= 20 for phone in phones)
    assert re.fullmatch(r"0100\d{6}", Contact("", invented_phone("chibo.bithu"), None).dial)
