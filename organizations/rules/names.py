"""Vietnamese full names: the order of lists and the form used for searching."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
SHAPED = {  # breve, circumflex and horn make another letter
    ("a", "\u0306"): "ă",
    ("a", "\u0302"): "â",
    ("e", "\u0302"): "ê",
    ("o", "\u0302"): "ô",
    ("o", "\u031b"): "ơ",
    ("u", "\u031b"): "ư",
}
TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}  # huyền, hỏi, ngã, sắc, nặng
LOOK_LIKE_D = str.maketrans("ðɖ", "đđ")
"""Letters of other languages that old keyboards give for đ (Ð U+00D0, Ɖ U+0189): kept as typed, recognised as đ."""
SORTED_BY, SEARCHED_BY = 500, 100
"""Length of the columns of a member."""
STRANGE_D = {"Ð": "U+00D0", "ð": "U+00F0", "Ɖ": "U+0189", "ɖ": "U+0256"}
RANKS = {letter: rank for rank, letter in enumerate(ALPHABET, start=1)}

WordKey = tuple[tuple[int, ...], tuple[int, ...]]
NameKey = tuple[WordKey, WordKey, tuple[WordKey, ...], str]


def sort_key(full_name: str) -> NameKey:
    """E-39 — Order of a list: given name, then surname, then middle names (a<ă<â, d<đ; tones after letters).

    NFC and NFD sort alike. The middle names as a second criterion are custom, not read in a text.
    """
    words = [_word_key(word) for word in _letters(full_name).split()]
    if not words:
        return ((), ()), ((), ()), (), ""
    surname = words[0] if len(words) > 1 else ((), ())
    return words[-1], surname, tuple(words[1:-1]), unicodedata.normalize("NFC", full_name)


@lru_cache(maxsize=4096)
def title_key(title: str) -> tuple[tuple[int, int, WordKey], ...]:
    """Order of the names of organizations: word by word from the first, numbers by value (Chi bộ 2, Chi bộ 10)."""
    words = _letters(title).split()
    return tuple((0, int(w), ((), ())) if w.isdecimal() else (1, 0, _word_key(w)) for w in words)


def fold(text: str) -> str:
    """Text for searching: lower case, without tone and letter marks, one space between words."""
    decomposed = _letters(text).replace("đ", "d")
    return " ".join("".join(sign for sign in decomposed if not unicodedata.combining(sign)).split())


def code_of_d(text: str) -> str:
    """ " (chữ Ð gõ bằng mã U+00D0)" for a name with another alphabet's letter in place of Đ; else nothing."""
    found = next((sign for sign in text if sign in STRANGE_D), "")
    return f" (chữ {found} gõ bằng mã {STRANGE_D[found]}, không phải Đ của tiếng Việt)" if found else ""


def same_spelling(text: str) -> str:
    """Equal for two texts that differ in case, spaces, NFC/NFD or the code of Đ alone: the marks still count."""
    return " ".join(unicodedata.normalize("NFC", _letters(text)).split())


def _letters(text: str) -> str:
    return unicodedata.normalize("NFD", text.casefold().translate(LOOK_LIKE_D))


def _word_key(word: str) -> WordKey:
    letters: list[str] = []
    tones: list[int] = []
    for sign in word:
        if sign in TONES and tones:
            tones[-1] = TONES[sign]
        elif letters and (letters[-1], sign) in SHAPED:
            letters[-1] = SHAPED[letters[-1], sign]
        else:
            letters.append(sign)
            tones.append(0)
    return tuple(RANKS.get(letter, 1000 + ord(letter)) for letter in letters), tuple(tones)


def sort_text(full_name: str) -> str:
    """``sort_key`` as text that sorts the same byte by byte: what a database column can order by."""
    given, surname, middle, _ = sort_key(full_name)
    return " ".join(_word_text(word) for word in (given, surname, *middle))


def columns(full_name: str) -> dict[str, str]:
    """What is stored beside a name, to sort and to find it by; cut to its column, as some signs become several."""
    return {"sort_name": sort_text(full_name)[:SORTED_BY], "search_name": fold(full_name)[:SEARCHED_BY]}


def _word_text(word: WordKey) -> str:
    letters, tones = word
    return "".join(f"{rank:02d}" if rank < 99 else f"99{rank:06d}" for rank in letters) + "." + "".join(map(str, tones))
