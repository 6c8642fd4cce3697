"""``manage.py render_paper`` as scripts rely on it: outputs and exit codes."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import execute_from_command_line

ROOT = Path(__file__).parent.parent.parent
CASE = ROOT / "tests" / "papers" / "ratification_decision" / "full.json"


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """With a database address that leads nowhere: the command may not need one."""
    return subprocess.run(
        [sys.executable, "manage.py", "render_paper", *arguments],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": "postgres://nobody@127.0.0.1:1/none", "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def ran_here(capsys: pytest.CaptureFixture[str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The same in the process of the test, which gives no database to those that do not ask: seconds less."""

    def ran(*arguments: str) -> subprocess.CompletedProcess[str]:
        code: object = 0
        try:
            execute_from_command_line(["manage.py", "render_paper", *arguments])
        except SystemExit as left:
            code = left.code or 0
        said = capsys.readouterr()
        return subprocess.CompletedProcess(arguments, int(str(code)), said.out, said.err)

    return ran


def test_it_writes_the_file_and_says_its_hash(tmp_path):
    out = tmp_path / "quyet-dinh.pdf"

    done = run("F-18", str(CASE), str(out), "--layout", "HD36_2018")

    line = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert line["layout"] == "HD36_2018"
    assert line["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
    assert list(tmp_path.iterdir()) == [out]


def test_without_a_layout_the_papers_day_decides(tmp_path):
    data = json.loads(CASE.read_text())
    data["letterhead"]["date"] = "2026-05-26"
    (tmp_path / "case.json").write_text(json.dumps(data))

    done = run("F-18", str(tmp_path / "case.json"), str(tmp_path / "out.pdf"))

    assert json.loads(done.stdout)["layout"] == "HD36_2018"


def test_an_example_can_be_printed_as_it_is(tmp_path):
    example = run("F-17", "--example")
    (tmp_path / "case.json").write_text(example.stdout)

    done = run("F-17", str(tmp_path / "case.json"), str(tmp_path / "out.pdf"))

    assert (example.returncode, done.returncode) == (0, 0)


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"letterhead": 1}', "NaN", "[" * 100_000])
def test_data_that_are_refused_end_with_one_and_the_reason(ran_here, tmp_path, text):
    (tmp_path / "case.json").write_text(text)

    done = ran_here("F-18", str(tmp_path / "case.json"), str(tmp_path / "out.pdf"))

    assert done.returncode == 1
    assert json.loads(done.stdout)["reason"] != ""
    assert not (tmp_path / "out.pdf").exists()


@pytest.mark.parametrize(("arguments", "message"), [
    pytest.param(["F-01", "a.json", "b.pdf"], "Chưa có mẫu F-01. Các mẫu in được:", id="a paper not made here"),
    pytest.param(["F-99", "--example"], "Chưa có mẫu F-99", id="no such paper"),
    pytest.param(["F-18", "khong-co.json", "b.pdf"], "Không đọc được khong-co.json", id="no such file"),
    pytest.param(["F-18"], "Cần cả CASE.json và OUT.pdf", id="no files"),
    pytest.param(["F-18", str(CASE), "/khong/co/out.pdf"], "Không ghi được", id="nowhere to write"),
    pytest.param(["F-18", str(CASE), "b.pdf", "--layout", "HD99"], "Không có thể thức HD99", id="no such layout"),
    pytest.param([], "PAPER", id="nothing"),
])  # fmt: skip
def test_a_wrong_call_ends_with_two_and_a_message(ran_here, arguments, message):
    done = ran_here(*arguments)

    assert done.returncode == 2
    assert message in done.stderr
    assert done.stdout == ""
