"""Plain data in and out of a paper.

Strict on the way in: unknown or missing fields, wrong types and unprintable characters are all
collected and refused together, each in a sentence that names the field by its Vietnamese label
(``Annotated[str, "Họ và tên"]``) and its place in the data. Text is normalised to NFC here and nowhere else.
"""

from __future__ import annotations

import types
import unicodedata
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, time
from functools import cache
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

LONGEST_TEXT = 20_000
LONGEST_LIST = 5_000
LARGEST_NUMBER = 10_000_000
INVISIBLE = {0xF0B7: "•", 0x2028: "\n", 0x2029: "\n"}
"""What word processors leave in pasted text: their own bullet, their line ends."""

Faults = dict[str, list[str]]


class _Unreadable(Exception):
    """Internal: the value was refused and its fault is already noted."""


def read(kind: type, data: object, faults: Faults, *, path: str = "", label: str = "Dữ liệu") -> Any:
    """An instance of the dataclass ``kind``, or None with every reason noted in ``faults``."""
    try:
        return _dataclass(kind, data, faults, path, label)
    except _Unreadable:
        return None


def write(value: Any) -> Any:
    """The JSON form of what ``read`` accepts; every field is written, also those left at their default."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: write(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [write(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return tidy(value) if isinstance(value, str) else value


def tidy(text: str) -> str:
    """NFC, no invisible characters, no blanks at the ends of lines."""
    normal = unicodedata.normalize("NFC", text).translate(INVISIBLE).replace("\r\n", "\n").replace("\t", " ")
    normal = "".join(sign for sign in normal if unicodedata.category(sign) not in ("Cf", "Co"))
    return "\n".join(line.strip() for line in normal.strip().split("\n"))


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind, include_extras=True)


def _refuse(faults: Faults, path: str, label: str, reason: str) -> None:
    place = f" ({path})" if path else ""
    faults.setdefault(path, []).append(f"“{label}”{place} {reason}.")
    raise _Unreadable


def _dataclass(kind: type, data: object, faults: Faults, path: str, label: str) -> Any:
    if not isinstance(data, Mapping):
        _refuse(faults, path, label, f"phải là một nhóm trường, đang là {_shown(data)}")
    assert isinstance(data, Mapping)  # noqa: S101  (tells the type checker what _refuse made sure of)
    values: dict[str, Any] = {}
    complete = True
    known = {field.name: field for field in fields(kind)}
    for name in data:
        if name not in known:
            faults.setdefault(_join(path, str(name)), []).append(
                f"“{str(name)[:60]}” ({_join(path, str(name))[:120]}) không phải là trường của “{label}”. "
                f"Các trường dùng được: {', '.join(known)}."
            )
            complete = False
    for name, field in known.items():
        hint, field_label = _split(_hints(kind)[name], name)
        required = field.default is MISSING and field.default_factory is MISSING
        place = _join(path, name)
        try:
            if name not in data:
                if required:
                    _refuse(faults, place, field_label, "còn thiếu")
                continue
            values[name] = _value(hint, data[name], faults, place, field_label, required=required)
        except _Unreadable:
            complete = False
    if not complete:
        raise _Unreadable
    return kind(**values)


def _value(hint: Any, data: object, faults: Faults, path: str, label: str, *, required: bool) -> Any:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        if data is None:
            return None
        inner = next(option for option in get_args(hint) if option is not type(None))
        return _value(inner, data, faults, path, label, required=True)
    if origin is Literal:
        if data not in get_args(hint):
            _refuse(faults, path, label, f"phải là một trong {', '.join(get_args(hint))}, đang là {_shown(data)}")
        return data
    if origin is tuple:
        return _list(get_args(hint)[0], data, faults, path, label, required=required)
    if is_dataclass(hint):
        return _dataclass(hint, data, faults, path, label)  # type: ignore[arg-type]  # a dataclass type
    return _SCALARS[hint](data, faults, path, label, required)


def _list(hint: Any, data: object, faults: Faults, path: str, label: str, *, required: bool) -> tuple[Any, ...]:
    if not isinstance(data, list | tuple):
        _refuse(faults, path, label, f"phải là một danh sách, đang là {_shown(data)}")
    assert isinstance(data, list | tuple)  # noqa: S101  (tells the type checker what _refuse made sure of)
    if required and not data:
        _refuse(faults, path, label, "phải có ít nhất một dòng")
    if len(data) > LONGEST_LIST:
        _refuse(faults, path, label, f"dài quá {LONGEST_LIST} dòng")
    item, item_label = _split(hint, label)
    read_items = []
    for index, entry in enumerate(data):
        try:
            read_items.append(_value(item, entry, faults, f"{path}[{index}]", item_label, required=True))
        except _Unreadable:
            continue
    if len(read_items) != len(data):
        raise _Unreadable
    return tuple(read_items)


def _text(data: object, faults: Faults, path: str, label: str, required: bool) -> str:
    if not isinstance(data, str):
        _refuse(faults, path, label, f"phải là chữ, đang là {_shown(data)}")
    text = tidy(str(data))
    if required and not text:
        _refuse(faults, path, label, "không được để trống")
    if len(text) > LONGEST_TEXT:
        _refuse(faults, path, label, f"dài quá {LONGEST_TEXT} ký tự")
    if bad := next((sign for sign in text if sign != "\n" and unicodedata.category(sign)[0] == "C"), None):
        _refuse(faults, path, label, f"có ký tự điều khiển không in được (U+{ord(bad):04X})")
    return text


def _number(data: object, faults: Faults, path: str, label: str, required: bool) -> int:
    if isinstance(data, bool) or not isinstance(data, int):
        _refuse(faults, path, label, f"phải là số nguyên, đang là {_shown(data)}")
    assert isinstance(data, int)  # noqa: S101  (tells the type checker what _refuse made sure of)
    if not 0 <= data <= LARGEST_NUMBER:
        _refuse(faults, path, label, f"phải từ 0 đến {LARGEST_NUMBER}, đang là {_shown(data)}")
    return data


def _truth(data: object, faults: Faults, path: str, label: str, required: bool) -> bool:
    if not isinstance(data, bool):
        _refuse(faults, path, label, f"phải là true hoặc false, đang là {_shown(data)}")
    return bool(data)


def _date(data: object, faults: Faults, path: str, label: str, required: bool) -> date:
    try:
        return date.fromisoformat(data)  # type: ignore[arg-type]  # a wrong type is one of the refusals
    except (TypeError, ValueError):
        _refuse(faults, path, label, f"phải là một ngày dạng 2026-02-05, đang là {_shown(data)}")
        raise


def _time(data: object, faults: Faults, path: str, label: str, required: bool) -> time:
    try:
        return time.fromisoformat(data).replace(second=0, microsecond=0, tzinfo=None)  # type: ignore[arg-type]  # a wrong type is one of the refusals
    except (TypeError, ValueError):
        _refuse(faults, path, label, f"phải là giờ dạng 14:30, đang là {_shown(data)}")
        raise


_SCALARS: dict[Any, Any] = {str: _text, int: _number, bool: _truth, date: _date, time: _time}


def _split(hint: Any, label: str) -> tuple[Any, str]:
    if get_origin(hint) is Annotated:
        inner, name = get_args(hint)[:2]
        return inner, str(name)
    return hint, label


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _shown(data: object) -> str:
    text = "trống" if data is None else repr(data)
    return text if len(text) <= 60 else text[:57] + "…"
