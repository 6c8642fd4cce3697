"""What a password must be: long, not about the person, not one that everybody tries first."""

from __future__ import annotations

import re
import secrets
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher, get_hasher
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.crypto import salted_hmac

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that a person reading from paper takes for another
LIST = Path(__file__).parent / "data" / "common_passwords_vi.txt"
LOOK_ALIKES = str.maketrans({"@": "a", "4": "a", "0": "o", "1": "i", "!": "i", "3": "e", "$": "s", "5": "s", "7": "t"})


def one_time_password() -> str:
    """Three groups of four characters (about 59 bits), to be handed over and changed at the first sign-in."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


def derived_password(purpose: str, nonce: str) -> str:
    """The same for the same nonce under this installation's key, so that nothing but the nonce need be kept."""
    number = int.from_bytes(salted_hmac(purpose, nonce, algorithm="sha256").digest(), "big")
    signs = []
    for _ in range(12):
        number, rest = divmod(number, len(LETTERS))
        signs.append(LETTERS[rest])
    return "-".join("".join(signs[start : start + 4]) for start in (0, 4, 8))


class OneTimeArgon2(Argon2PasswordHasher):
    """For passwords that were drawn, not thought up (59 bits), and are changed at the first sign-in: 261 in seconds.

    A wrong one takes as long as for everybody else, so that nobody hears which accounts are new.
    """

    algorithm = "argon2_once"
    time_cost = 1
    memory_cost = 8 * 1024
    parallelism = 1

    def verify(self, password: str, encoded: str) -> bool:
        right: bool = super().verify(password, encoded)
        if not right:
            usual = get_hasher("default")
            usual.encode(password, usual.salt())
        return right


def plain(text: str) -> str:
    """Lower case without Vietnamese marks: “Đảng bộ” and “dangbo” are one word to a guesser."""
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def core(password: str) -> str:
    """The word a password is built on: no marks, no figures and signs at its ends, look-alikes undone."""
    bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain(password))
    return re.sub(r"[\W\d_]", "", bare.translate(LOOK_ALIKES))


@cache
def common_words() -> frozenset[str]:
    lines = (plain(line.strip()) for line in LIST.read_text(encoding="utf-8").splitlines())
    return frozenset(line.replace(" ", "") for line in lines if line and not line.startswith("#"))


@cache
def common_passwords() -> frozenset[str]:
    """The twenty thousand that Django ships."""
    return frozenset(CommonPasswordValidator().passwords)


class LongEnough:
    def __init__(self, min_length: int = 10) -> None:
        self.min_length = min_length

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) < self.min_length:
            raise ValidationError(
                f"Mật khẩu mới có {len(password)} ký tự, cần ít nhất {self.min_length} ký tự.", code="too_short"
            )
        if len(set(password)) < 5:
            raise ValidationError("Mật khẩu lặp lại quá ít ký tự. Dùng ít nhất 5 ký tự khác nhau.", code="too_plain")

    def get_help_text(self) -> str:
        return f"Ít nhất {self.min_length} ký tự; một câu ngắn dễ nhớ thì tốt hơn một từ khó."


class NotAboutThePerson:
    def validate(self, password: str, user: Any = None) -> None:
        if user is None:
            return
        text = plain(password).replace(" ", "")
        name = plain(user.full_name)
        about = [user.username, user.email.split("@")[0], user.phone, name.replace(" ", "")]
        if any(len(one) >= 4 and plain(one) in text for one in about):
            raise ValidationError(
                "Mật khẩu chứa tên đăng nhập, họ tên, số điện thoại hoặc thư điện tử của đồng chí. Chọn mật khẩu khác.",
                code="too_similar",
            )

    def get_help_text(self) -> str:
        return "Không chứa họ tên, tên đăng nhập hay số điện thoại của đồng chí."


class NotCommon:
    def validate(self, password: str, user: Any = None) -> None:
        word = core(password)
        if (
            password.lower() in common_passwords()
            or word in common_words()
            or (len(word) < 5 and not re.search(r"[a-z].*\d.*[a-z]", plain(password)))
            or self._is_only_common_words(word)
        ):
            raise ValidationError(
                "Mật khẩu này nằm trong danh sách hay bị thử đầu tiên. Chọn mật khẩu khác.", code="too_common"
            )

    def get_help_text(self) -> str:
        return "Không dùng từ quen thuộc như tên đơn vị, “matkhau”, “daihoi”, dãy số, ngày sinh."

    @staticmethod
    def _is_only_common_words(word: str) -> bool:
        """Whether the whole word is two common ones after another, such as “daihoi” + “chibo”."""
        words = common_words()
        return any(word[:cut] in words and word[cut:] in words for cut in range(3, len(word) - 2))
