"""What mutation testing is to do is there to be done, and its outcome is read right."""

import json
import tomllib

import pytest

from tests.mutants import ROOT, TESTS, configuration, survivors


@pytest.mark.parametrize("module", TESTS)
def test_modules_and_their_tests_are_there(module: str) -> None:
    config = tomllib.loads(configuration(module, "python"))["cosmic-ray"]
    named = [word for word in config["test-command"].split() if word.endswith(".py")]
    assert named[0] == config["module-path"] == f"shopper_widgets/{module}"
    assert len(named) > 1
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_what_no_test_saw_is_told() -> None:
    def change(line: int, outcome: str, worker: str = "normal") -> str:
        work = {"mutations": [{"start_pos": [line, 0], "operator_name": "core/NumberReplacer"}]}
        result = {"worker_outcome": worker, "test_outcome": outcome, "diff": f"-{line}"}
        return json.dumps([work, result])

    waiting = json.dumps([{"mutations": []}, None])
    dump = [change(3, "killed"), change(4, "survived"), change(5, "survived", "skipped"), waiting]
    assert survivors("\n".join(dump)) == (2, ["line 4, core/NumberReplacer\n-4"])
