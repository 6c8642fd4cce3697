"""The command: one line in, one line out, whatever the line is."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elections.rules.lines import decide_line, decide_stream
from elections.rules.reading import read_case
from tests.elections.rules.builders import line

ROOT = Path(__file__).parents[3]
GOOD = line([11, 10, 9, 4])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from("ABCD")
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


def written(*lines: object) -> bytes:
    return b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in lines)


def answers(data: bytes, processes: int = 1) -> list[dict]:
    out = io.BytesIO()
    decide_stream(io.BytesIO(data), out, processes=processes)
    return [json.loads(text) for text in out.getvalue().decode().splitlines()]


def command(data: bytes, *arguments: str) -> subprocess.CompletedProcess:
    environment = os.environ | {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "REDIS_URL": ""}
    return subprocess.run(
        [sys.executable, "manage.py", "decide_elections", *arguments],
        input=data,
        capture_output=True,
        cwd=ROOT,
        env=environment | {"DJANGO_SETTINGS_MODULE": "config.settings.test"},
        check=False,
    )


def test_the_answer_has_the_agreed_fields():
    (answer,) = answers(written(GOOD))

    assert list(answer) == [
        "id", "regime", "layout", "base", "needed", "status", "elected", "tied", "open_seats", "ballots", "votes",
        "findings", "reasoning",
    ]  # fmt: skip
    assert {key: answer[key] for key in list(answer)[:-1]} == {
        "id": "x1",
        "regime": "190-QĐ/TW",
        "layout": "strike_out",
        "base": 12,
        "needed": 7,
        "status": "complete",
        "elected": ["A", "B", "C"],
        "tied": [],
        "open_seats": 0,
        "ballots": {"issued": 12, "returned": 12, "valid": 12, "invalid": 0},
        "votes": {"A": 11, "B": 10, "C": 9, "D": 4},
        "findings": [],
    }
    assert all(set(step) == {"rule", "text", "citation", "certainty"} for step in answer["reasoning"])


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        pytest.param(b"", "F101", id="an empty line"),
        pytest.param(b"{", "F101", id="half an object"),
        pytest.param(b"\xff\xfe{}", "F101", id="not UTF-8"),
        pytest.param(b"[" * 100_000, "F101", id="nested a hundred thousand deep"),
        pytest.param(b'{"id": NaN}', "F101", id="NaN is not JSON"),
        pytest.param(b'{"id": 1' + b"0" * 5000 + b"}", "F101", id="a number of 5000 digits"),
        pytest.param(b"[1]", "F102", id="a list"),
        pytest.param(b"null", "F102", id="null"),
        pytest.param(b'{"id": "x", "id": "y"}', "F107", id="a key twice"),
    ],
)
def test_lines_that_cannot_be_read_are_rejected_and_the_rest_goes_on(raw, code):
    first, bad, last = answers(written(GOOD) + raw + b"\n" + written(GOOD))

    assert (first["status"], last["status"]) == ("complete", "complete")
    assert bad["status"] == "rejected"
    assert code in [finding["code"] for finding in bad["findings"]]


def test_a_rejected_line_keeps_its_id():
    (answer,) = answers(b'{"id": "k7"}\n')

    assert (answer["id"], answer["status"], answer["elected"]) == ("k7", "rejected", [])
    assert len([finding for finding in answer["findings"] if finding["code"] == "F103"]) == 8


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm():
    data = b"\xef\xbb\xbf" + written(GOOD).replace(b"\n", b"\r\n") + written(GOOD).rstrip()

    assert [answer["status"] for answer in answers(data)] == ["complete", "complete"]
    assert [answer["status"] for answer in answers(b"\xef\xbb\xbf" + written(GOOD).rstrip())] == ["complete"]
    assert answers(b"") == []


def test_a_lone_surrogate_comes_back_escaped():
    text, refused = decide_line(b'{"id": "\\ud800"}')

    assert refused
    assert json.loads(text)["id"] == "\ud800"


@given(JSON)
def test_any_json_gets_an_answer(value):
    text, _ = decide_line(json.dumps(value).encode())

    assert json.loads(text)["status"] == "rejected"


@given(st.sampled_from(sorted(GOOD)), JSON, st.binary(max_size=3), st.integers(0, 400))
def test_any_damage_gets_an_answer(field, value, noise, place):
    damaged = json.dumps(GOOD | {field: value}).encode()

    for raw in (damaged, damaged[:place] + noise + damaged[place:]):
        answer = json.loads(decide_line(raw)[0])
        assert answer["status"]
        if answer["status"] == "rejected":
            assert answer["elected"] == []
            assert any(finding["level"] == "error" for finding in answer["findings"])


@given(JSON, JSON)
def test_any_papers_and_votes_get_an_answer(papers, votes):
    by_papers = {key: value for key, value in GOOD.items() if key not in ("ballots", "votes")}
    for raw in (by_papers | {"papers": [papers], "issued": 12}, GOOD | {"votes": {"A": votes, "B": 3}}):
        assert json.loads(decide_line(json.dumps(raw).encode())[0])["status"] in ("rejected", "short")


def test_many_processes_answer_in_order():
    lines = [line([11, 10, 9, 4], id=number) if number % 7 else {"id": number} for number in range(3000)]

    alone, together = answers(written(*lines)), answers(written(*lines), processes=3)

    assert alone == together
    assert [answer["id"] for answer in together] == list(range(3000))


class Waiting:
    """Answers of a pool that takes its time: none is ready before it is asked for."""

    def __init__(self, pool, answer):
        self.pool, self.answer = pool, answer
        pool.waiting += 1
        pool.most = max(pool.most, pool.waiting)

    def ready(self):
        return self.pool.quick

    def get(self):
        self.pool.waiting -= 1
        return self.answer


class Pools:
    """Stands in for the processes of the machine: tells how many there were, and how much waited for them."""

    def __init__(self, quick=False):
        self.quick, self.waiting, self.most, self.sizes, self.ended = quick, 0, 0, [], []

    def Pool(self, processes):
        self.sizes.append(processes)
        return self

    def apply_async(self, act, arguments):
        return Waiting(self, act(*arguments))

    def terminate(self):
        self.ended.append("terminate")

    def join(self):
        self.ended.append("join")


@pytest.mark.parametrize(
    ("lines", "processes", "sizes", "most"),
    [
        pytest.param(400, 1, [], 0, id="one process needs no pool"),
        pytest.param(199, 2, [], 0, id="one line fewer than is worth a process"),
        pytest.param(200, 2, [2], 1, id="just worth a process"),
        pytest.param(400 * 5, 2, [2], 5, id="five blocks wait for two processes"),
        pytest.param(400 * 9, 2, [2], 5, id="never more than five"),
        pytest.param(400 + 1, 2, [2], 2, id="a small block keeps its turn behind a large one"),
    ],
)
def test_large_blocks_go_to_a_pool_that_is_not_flooded(monkeypatch, lines, processes, sizes, most):
    pools = Pools()
    monkeypatch.setattr("elections.rules.lines.multiprocessing.get_context", lambda method: pools)
    monkeypatch.setattr("elections.rules.lines.READ_BYTES", 1 << 30)

    found = answers(b"1\n" * lines, processes)

    assert len(found) == lines
    assert (pools.sizes, pools.most) == (sizes, most)
    assert pools.ended == ["terminate", "join"] * len(sizes)


def test_what_is_ready_leaves_at_once(monkeypatch):
    pools = Pools(quick=True)
    monkeypatch.setattr("elections.rules.lines.multiprocessing.get_context", lambda method: pools)

    assert len(answers(b"1\n" * 4000, 2)) == 4000
    assert pools.most == 1


def test_a_refused_line_is_told_whoever_answers_it(monkeypatch):
    for lines, quick in ((3, False), (400, True), (400 * 3, False)):
        monkeypatch.setattr("elections.rules.lines.multiprocessing.get_context", lambda method, q=quick: Pools(q))

        assert decide_stream(io.BytesIO(b"x\n" * lines), io.BytesIO(), processes=2) is True


def test_each_block_of_answers_leaves_at_once():
    class Out(io.BytesIO):
        flushes = 0

        def flush(self):
            self.flushes += 1

    out = Out()

    decide_stream(io.BytesIO(b"x\n" * 801), out)

    assert out.flushes == 3


def test_what_utf8_cannot_hold_is_written_escaped():
    (answer,) = answers(b'{"id": "\\ud800"}\n')

    assert answer["id"] == "\ud800"


def test_a_byte_order_mark_is_taken_off_the_first_line_only(monkeypatch):
    monkeypatch.setattr("elections.rules.lines.READ_BYTES", 64)
    marked_line = b"\xef\xbb\xbf" + written(GOOD)

    assert [answer["status"] for answer in answers(marked_line * 3)] == ["complete", "rejected", "rejected"]


@pytest.mark.parametrize("processes", [1, 2])
@pytest.mark.parametrize("place", [0, 300, 900])
def test_one_refused_line_among_many_is_told(processes, place):
    lines = [GOOD] * 1000
    data = written(*lines[:place], 3, *lines[place:])

    assert decide_stream(io.BytesIO(data), io.BytesIO(), processes=processes) is True
    assert decide_stream(io.BytesIO(written(*lines)), io.BytesIO(), processes=processes) is False


def test_the_command_needs_no_database_and_says_when_something_is_refused(tmp_path):
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_bytes(written(GOOD))
    bad.write_bytes(written(GOOD) + b"x\n")

    done, refused, absent = command(b"", str(good)), command(b"", str(bad)), command(b"", str(tmp_path / "none"))
    piped, wrong = command(written(GOOD)), command(b"", "--no-such-option")

    assert (done.returncode, len(done.stdout.splitlines()), done.stderr) == (0, 1, b"")
    assert (refused.returncode, len(refused.stdout.splitlines())) == (1, 2)
    assert (absent.returncode, absent.stdout) == (2, b"")
    assert "không có tệp này" in absent.stderr.decode() and "No such" not in absent.stderr.decode()
    assert (piped.returncode, piped.stdout) == (0, done.stdout)
    assert wrong.returncode == 2


@pytest.mark.rule("E-14")
def test_the_delegates_who_are_absent_may_be_given_and_may_be_left_out():
    given = {"convening_members_absent": 1, "unreplaced_absent": 2, "assembly": "delegates"}
    electorate = {**line()["electorate"], **given}

    case = read_case(line(electorate=electorate))

    assert case.faults == ()
    assert case.electorate.election_base == read_case(line()).electorate.election_base - 3
    assert case.electorate.base_rule == "E-14"
