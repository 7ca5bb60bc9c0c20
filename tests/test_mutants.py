"""Mutation testing is configured for existing files, and its result is read correctly."""

import contextlib
import json
import random
import shlex
import shutil
import sqlite3
import tomllib
from pathlib import Path

import pytest

from tests.mutants import NOT_COPIED, ROOT, TESTS, configuration, draw, survivors


@pytest.mark.parametrize("module", TESTS)
def test_modules_and_their_tests_are_there(module: str) -> None:
    config = tomllib.loads(configuration(module, "python"))["cosmic-ray"]
    named = [word for word in shlex.split(config["test-command"]) if word.endswith(".py")]
    assert named[0] == config["module-path"] == f"shopper_widgets/{module}"
    assert len(named) > 1
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_what_tests_read_is_copied() -> None:
    left_out = shutil.ignore_patterns(*NOT_COPIED)(str(ROOT), [path.name for path in ROOT.iterdir()])
    assert not {"data", "docs", "notebooks", "pyproject.toml", "shopper_widgets", "tests"} & set(left_out)


def test_what_no_test_saw_is_told() -> None:
    def change(line: int, outcome: str, worker: str = "normal") -> str:
        work = {"mutations": [{"start_pos": [line, 0], "operator_name": "core/NumberReplacer"}]}
        result = {"worker_outcome": worker, "test_outcome": outcome, "diff": f"-{line}"}
        return json.dumps([work, result])

    waiting = json.dumps([{"mutations": []}, None])
    dump = [change(3, "killed"), change(4, "survived"), change(5, "survived", "skipped"), waiting]
    assert survivors("\n".join(dump)) == (2, ["line 4, core/NumberReplacer\n-4"])


def session(path: Path) -> Path:
    """Return a session of cosmic-ray: twelve changes in the code of `SOURCE`, five in its type hints."""
    places = [(2, column) for column in range(4, 16)] + [(1, column) for column in (9, 10, 11, 17, 18)]
    jobs = [str(random.Random(f"{path} {number}").random()) for number in range(len(places))]
    names = "job_id, operator_name, operator_args, occurrence, start_pos_row, start_pos_col"
    with contextlib.closing(sqlite3.connect(path)) as database, database:
        database.execute("create table work_items (job_id)")
        database.execute(f"create table mutation_specs ({names})")
        database.executemany("insert into work_items values (?)", [(job,) for job in jobs])
        for number, (job, place) in enumerate(zip(jobs, places, strict=True)):
            change = (job, "NumberReplacer", "{}", number, *place)
            database.execute("insert into mutation_specs values (?, ?, ?, ?, ?, ?)", change)
    return path


def left(session: Path) -> list[tuple[int, int]]:
    with contextlib.closing(sqlite3.connect(session)) as database:
        kept = "select start_pos_row, start_pos_col from work_items join mutation_specs using (job_id)"
        assert database.execute("select count(*) from work_items").fetchone() == (
            database.execute("select count(*) from mutation_specs").fetchone()
        )
        return sorted(database.execute(kept).fetchall())


SOURCE = "def f(a: int) -> str:\n    return str(a + 1)\n"


def test_type_hints_are_left_alone(tmp_path: Path) -> None:
    draw(path := session(tmp_path / "all"), SOURCE, None, 0)
    assert left(path) == [(2, column) for column in range(4, 16)]


def test_a_sample_is_the_same_each_time_and_another_by_another_seed(tmp_path: Path) -> None:
    found = []
    for number, (sample, seed) in enumerate([(5, 0), (5, 0), (5, 1), (50, 0)]):
        draw(path := session(tmp_path / str(number)), SOURCE, sample, seed)
        found.append(left(path))
    assert found[0] == found[1] != found[2]
    assert [len(each) for each in found] == [5, 5, 5, 12]
