"""Texts that an administrator adds as files: looked over carefully, because nobody reviews them like code."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from congress.rules.texts import Texts, texts_from

KINDS = ("election_regulation", "implementation", "election_guidance", "implementation_guidance", "charter")
REQUIRED = ("kind", "code", "title", "effective_from", "certainty", "articles")
CERTAINTY = re.compile(r"C[123]|INF|MEM|U-[0-9]{2}")
RULE = re.compile(r"E-[0-9]{2}[a-k]?")


class BadTexts(ValueError):
    """A file of texts cannot be used; the message is a Vietnamese sentence that names the file and the place."""


def read_added(file: Path, shipped: Texts) -> Texts:
    """The texts of one file, in the form of ``regimes.json``; raises BadTexts with everything wrong in it."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except json.JSONDecodeError as fault:
        where = f"dòng {fault.lineno}, cột {fault.colno} không đúng JSON"
        raise BadTexts(f"Không đọc được tệp quy chế {file.name}: {where}.") from fault
    except (OSError, UnicodeDecodeError) as fault:
        raise BadTexts(f"Không đọc được tệp quy chế {file.name}: không mở được hoặc không phải UTF-8.") from fault
    wrong = list(_wrong(data, shipped))
    if wrong:
        raise BadTexts(f"Tệp quy chế {file.name} chưa dùng được: {'; '.join(wrong)}.")
    return texts_from({"documents": [], "parameters": {}} | data)


def with_added(known: Texts, added: Texts) -> Texts:
    """Both together; an added text of the same kind and code takes the place of the one known."""
    replaced = {(text.kind, text.code) for text in added.rows}
    kept = tuple(text for text in known.rows if (text.kind, text.code) not in replaced)
    return Texts((*kept, *added.rows), {**known.parameters, **added.parameters})


def _wrong(data: Any, shipped: Texts) -> Iterator[str]:
    if not isinstance(data, dict):
        yield "phải là một đối tượng JSON"
        return
    documents = data.get("documents", [])
    if not isinstance(documents, list):
        yield "“documents” phải là một danh sách"
        return
    for number, row in enumerate(documents, start=1):
        yield from _wrong_row(f"văn bản {number}", row, shipped)
    yield from _wrong_parameters("chung", data.get("parameters", {}), shipped)


def _wrong_row(where: str, row: Any, shipped: Texts) -> Iterator[str]:
    if not isinstance(row, dict):
        yield f"{where} phải là một đối tượng"
        return
    missing = [name for name in REQUIRED if name not in row]
    if missing:
        yield f"{where} thiếu {', '.join(missing)}"
        return
    if row["kind"] not in KINDS:
        yield f"{where}: “kind” chỉ nhận {', '.join(KINDS)}"
    yield from _wrong_certainty(where, row["certainty"])
    for name in ("effective_from", "doubtful_from"):
        if name in row and not is_day(row[name]):
            yield f"{where}: “{name}” phải ghi dạng năm-tháng-ngày"
    if not isinstance(row["articles"], Mapping):
        yield f"{where}: “articles” phải là một đối tượng"
        return
    for rule, place in row["articles"].items():
        if not RULE.fullmatch(rule) or not isinstance(place, list) or len(place) != 2:
            yield f"{where}: điều khoản “{rule}” phải ghi dạng “E-13”: [nơi quy định, độ chắc chắn]"
        else:
            yield from _wrong_certainty(f"{where}, {rule}", place[1])
    yield from _wrong_parameters(where, row.get("parameters", {}), shipped)


def _wrong_certainty(where: str, value: Any) -> Iterator[str]:
    if not isinstance(value, str) or not CERTAINTY.fullmatch(value):
        yield f"{where}: độ chắc chắn chỉ nhận C1, C2, C3, INF, MEM hoặc U-xx"


def is_day(value: Any) -> bool:
    try:
        return bool(date.fromisoformat(value))
    except (TypeError, ValueError):
        return False


def _wrong_parameters(where: str, rows: Any, shipped: Texts) -> Iterator[str]:
    if not isinstance(rows, Mapping):
        yield f"{where}: “parameters” phải là một đối tượng"
        return
    known = parameters_of(shipped)
    for name, row in rows.items():
        if name not in known:
            yield f"{where}: không có tham số “{name}”"
        elif not isinstance(row, dict) or "value" not in row:
            yield f"{where}: tham số “{name}” phải có “value” và “certainty”"
        else:
            yield from _wrong_certainty(f"{where}, {name}", row.get("certainty"))
            yield from _wrong_value(f"{where}, {name}", row["value"], known[name])


def _wrong_value(where: str, value: Any, examples: tuple[Any, ...]) -> Iterator[str]:
    """A value must be of the form of those shipped, and one of the words where these are words."""
    words = dict.fromkeys(example for example in examples if isinstance(example, str))
    if words and value not in words:
        yield f"{where}: chỉ nhận {', '.join(words)}"
    elif not words and not any(same_form(value, example) for example in examples):
        yield f"{where}: giá trị không đúng dạng"


def same_form(value: Any, example: Any) -> bool:
    if isinstance(example, tuple):
        return isinstance(value, list) and len(value) == 2 and all(type(part) is int and part > 0 for part in value)
    if type(example) is int:
        return type(value) is int and value >= 0
    return type(value) is type(example)


def parameters_of(texts: Texts) -> dict[str, tuple[Any, ...]]:
    """Every parameter that the code asks for, with the values it may take."""
    known: dict[str, list[Any]] = {}
    for parameters in (texts.parameters, *(text.parameters for text in texts.rows)):
        for name, parameter in parameters.items():
            known.setdefault(name, []).extend((parameter.value, *parameter.one_of))
    return {name: tuple(values) for name, values in known.items()}
