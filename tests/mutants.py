"""Mutation testing of the core, run by hand: put small faults into a module, which its tests should detect.

``python tests/mutants.py segments/rhythm.py`` copies the work tree to a temporary folder, since faults are
put into the files themselves, and lets cosmic-ray change one operator, number or decorator after another. It
prints how many changes the module's tests detected, and each that they missed: write a test for it, or
explain why none can exist. Without a module, all of `TESTS` take hours: ``--sample 50`` tries 50 changes of
each module, drawn by ``--seed``; ``--seconds`` limits the time of a run.

A fast example should detect a fault: random examples of Hypothesis, other engines and the real data are left
out, and so are changes to type hints, which have no effect.
"""

import argparse
import ast
import contextlib
import json
import os
import random
import shlex
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
#: Module → the tests that should detect its faults, besides the examples in its own docstrings.
TESTS: dict[str, tuple[str, ...]] = {
    "_support/writing.py": ("_support/test_writing.py",),
    "orders/cleaning.py": (
        *("orders/test_cleaning.py", "orders/test_without_customer.py"),
        "orders/test_statuses.py",
    ),
    "orders/returns.py": ("orders/test_returns.py",),
    "orders/taken_back.py": ("orders/test_returns.py",),
    "orders/product_names.py": ("orders/test_cleaning.py",),
    "orders/blank_customers.py": ("orders/test_blank_customers.py",),
    "orders/cells/times_of_day.py": ("orders/cells/test_times_of_day.py",),
    "segments/rfm.py": ("segments/test_rfm.py",),
    "segments/naming_claims.py": ("segments/test_naming_claims.py",),
    "segments/naming.py": ("segments/test_naming.py",),
    "segments/rhythm.py": ("segments/test_rhythm.py",),
    "segments/gaps.py": ("segments/test_gaps.py",),
    "customers/cadence.py": ("customers/test_cadence.py",),
    "customers/campaign_selection.py": ("customers/test_campaign.py",),
    "customers/flows.py": ("customers/test_flows.py",),
    "customers/history.py": ("customers/test_history.py",),
    "recommend/blend.py": ("recommend/test_blend.py", "recommend/test_blend_learning.py"),
    "recommend/blend_weights.py": (*("recommend/test_blend_weights.py", "recommend/test_blend_learning.py"),),
    "recommend/evidence.py": ("recommend/test_evidence.py",),
    "recommend/popularity_discount.py": ("recommend/test_popularity_discount.py",),
    "recommend/evaluation/metrics.py": ("recommend/evaluation/test_metrics.py",),
    "model/bundle.py": ("model/test_bundle.py",),
    "model/guessing.py": ("model/test_guessing.py",),
    "model/privacy.py": ("model/test_privacy.py",),
}
#: Files that git ignores are needed too, except for large or generated ones.
NOT_COPIED = (".git", ".venv*", "build", "__pycache__", ".*_cache", ".hypothesis")
_TIMEOUT = 120


def configuration(module: str, python: str) -> str:
    """Return the configuration of cosmic-ray for one module, as TOML."""
    path = f"shopper_widgets/{module}"
    command = [python, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider"]
    command += ["-m", "not hypothesis", "-k", "not duckdb and not polars"]
    command += [path, *(f"tests/{test}" for test in TESTS[module])]
    lines = [
        "[cosmic-ray]",
        f"module-path = {json.dumps(path)}",
        f"timeout = {_TIMEOUT}.0",
        "excluded-modules = []",
        f"test-command = {json.dumps(shlex.join(command))}",
        "[cosmic-ray.distributor]",
        'name = "local"',
    ]
    return "\n".join(lines) + "\n"


def hints(source: str) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """Return where the type hints of a module begin and end, as lines and columns."""
    nodes = [*ast.walk(ast.parse(source))]
    found = [getattr(node, name, None) for node in nodes for name in ("annotation", "returns")]
    return [
        ((hint.lineno, hint.col_offset), (hint.end_lineno or 0, hint.end_col_offset or 0))
        for hint in found
        if isinstance(hint, ast.expr)
    ]


def draw(session: Path, source: str, sample: int | None, seed: int) -> None:
    """Remove changes in type hints from a session, and keep only a sample of the others."""
    spans = hints(source)
    with contextlib.closing(sqlite3.connect(session)) as database, database:
        order = "operator_name, operator_args, occurrence"  # job_id differs each time
        rows = database.execute(
            f"select job_id, start_pos_row, start_pos_col from mutation_specs order by {order}"
        ).fetchall()
        tried = [job for job, *place in rows if not any(a <= tuple(place) < b for a, b in spans)]
        if sample is not None and sample < len(tried):
            tried = random.Random(seed).sample(tried, sample)
        others = [(job,) for job, *_ in rows if job not in {*tried}]
        for table in ("mutation_specs", "work_items"):
            database.executemany(f"delete from {table} where job_id = ?", others)


def survivors(dump: str) -> tuple[int, list[str]]:
    """Return how many changes cosmic-ray has tried, and those that no test detected."""
    tried, unseen = 0, []
    for line in dump.splitlines():
        work, result = json.loads(line)
        if result is None or result["worker_outcome"] != "normal":
            continue
        tried += 1
        if result["test_outcome"] == "survived":
            for mutation in work["mutations"]:
                place = f"line {mutation['start_pos'][0]}"
                unseen.append(f"{place}, {mutation['operator_name']}\n{result['diff']}")
    return tried, unseen


def tried_on(module: str, options: argparse.Namespace) -> tuple[int, list[str]]:
    """Put faults into a copy of one module until all or a sample are tried, or the time is over."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy"
        shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*NOT_COPIED))
        (copy / "mutants.toml").write_text(configuration(module, sys.executable))
        environment = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
        environment.pop("SHOPPER_DATA", None)

        def run(step: str, *names: str, timeout: float | None = None) -> str:
            command = [options.cosmic_ray, step, *names]
            done = subprocess.run(
                command,
                cwd=copy,
                env=environment,
                text=True,
                stdout=subprocess.PIPE,
                timeout=timeout,
                check=True,
            )
            return done.stdout

        run("baseline", "mutants.toml")
        run("init", "mutants.toml", "mutants.sqlite")
        source = (copy / "shopper_widgets" / module).read_text()
        draw(copy / "mutants.sqlite", source, options.sample, options.seed)
        try:
            run("exec", "mutants.toml", "mutants.sqlite", timeout=options.seconds)
        except subprocess.TimeoutExpired:
            print(f"{module}: time is up.")
        return survivors(run("dump", "mutants.sqlite"))


def main() -> None:
    """Test the modules that are named, or all."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("modules", nargs="*", choices=[[], *TESTS], metavar="MODULE")
    parser.add_argument("--cosmic-ray", default="cosmic-ray", help="the program (pip install cosmic-ray)")
    parser.add_argument("--seconds", type=float, help="for each module")
    parser.add_argument("--sample", type=int, help="how many changes of each module to try; by default all")
    parser.add_argument("--seed", type=int, default=0, help="which sample is drawn")
    options = parser.parse_args()
    for module in options.modules or TESTS:
        tried, unseen = tried_on(module, options)
        print(f"{module}: {tried - len(unseen)} of {tried} changes seen.", *unseen, sep="\n", flush=True)


if __name__ == "__main__":
    main()
