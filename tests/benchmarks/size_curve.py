"""The figures of `bench_size` as a table and a curve, and the documentation's copy of both."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[2] / "docs" / "guides"
#: The last measurement of every step, engine and size; the table and the curve are made from it.
FIGURES, TABLE, CURVE = DOCS / "size.json", DOCS / "size_table.txt", DOCS / "size_curve.svg"
ASIDE = ("by hand", "alike")
NAMES = {"duckdb": "DuckDB", "polars": "Polars, lazy", "spark": "Spark, local[2]"}

Rows = list[dict[str, Any]]


def totals(found: Rows) -> Rows:
    """Return a row per engine and size: seconds, CPU seconds in total and per step, memory, times by hand."""
    rows = []
    for engine, millions in dict.fromkeys((row["engine"], row["millions"]) for row in found):
        of = {r["step"]: r for r in found if (r["engine"], r["millions"]) == (engine, millions)}
        steps = [r for step, r in of.items() if step not in ASIDE]
        row = {"engine": engine, "millions": millions}
        row |= {name: sum(r[name] for r in steps) for name in ("seconds", "cpu")}
        row["gb"] = max(r["gb"] for r in steps)
        row |= {step: of[step]["cpu"] for step in of if step not in ASIDE}
        if all(step in of for step in ASIDE):
            row["times"] = of["alike"]["cpu"] / of["by hand"]["cpu"]
        rows.append(row)
    return sorted(rows, key=lambda row: (row["engine"], row["millions"]))


def table(found: Rows) -> list[str]:
    """Return the lines of a table in Markdown."""
    lines = [
        "| engine | million lines | seconds | CPU seconds | read + clean | RFM | segments | tables "
        "| by hand × | memory, GB |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in totals(found):
        made = [name for name in ("orders", "products", "sales", "purchases", "lines") if name in row]
        tables = f"{sum(row[name] for name in made):.0f}" if made else "–"
        times = f"{row['times']:.1f}" if "times" in row else "–"
        lines.append(
            f"| {NAMES[row['engine']]} | {row['millions']:g} | {row['seconds']:.0f} | {row['cpu']:.0f} "
            f"| {row['read'] + row['clean']:.0f} | {row['rfm']:.0f} | {row['segments']:.0f} "
            f"| {tables} | {times} | {row['gb']:.1f} |"
        )
    return lines


def remember(found: Rows) -> None:
    """Replace the documentation's figures of what was measured again."""
    before = json.loads(FIGURES.read_text()) if FIGURES.exists() else []
    fresh = {(row["engine"], row["millions"]) for row in found}
    kept = [row for row in before if (row["engine"], row["millions"]) not in fresh]
    rounded = [{k: round(v, 2) if isinstance(v, float) else v for k, v in row.items()} for row in found]
    rows = sorted(kept + rounded, key=lambda row: (row["engine"], row["millions"]))
    FIGURES.write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")


def write() -> None:
    """Write the documentation's table and curve from its figures."""
    found = json.loads(FIGURES.read_text())
    TABLE.write_text("\n".join(table(found)) + "\n")
    CURVE.write_text(curve(totals(found)))


def curve(rows: Rows) -> str:
    """Draw seconds and memory against lines, with a curve for each engine, as SVG."""
    import altair as alt
    import pandas as pd
    import vl_convert

    named = pd.DataFrame(rows).assign(engine=[NAMES[row["engine"]] for row in rows])
    named = named[named["engine"] != NAMES["spark"]]  # it makes no tables: its seconds cover less work
    lines = alt.X("millions", title="Order lines, in millions").scale(type="log")
    kind = alt.Color("engine", title=None).scale(range=["#0072B2", "#D55E00"])
    base = (
        alt.Chart(named).mark_line(point=True).encode(x=lines, color=kind).properties(width=300, height=220)
    )
    seconds = base.encode(y=alt.Y("cpu", title="CPU seconds, from Parquet to tables").scale(type="log"))
    memory = base.encode(y=alt.Y("gb", title="Most memory, in GB"))
    drawn: str = vl_convert.vegalite_to_svg((seconds | memory).to_dict())
    return drawn
