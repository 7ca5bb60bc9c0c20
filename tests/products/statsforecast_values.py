"""Make `statsforecast_values.json`: the forecasts of statsforecast (Nixtla) for made-up demand.

    python -m venv .venv-reference && .venv-reference/bin/pip install statsforecast==2.1.1
    .venv-reference/bin/python tests/products/statsforecast_values.py

It needs its own environment, since statsforecast 2.1.1 requires pandas below 3.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).with_suffix(".json")


def series() -> list[np.ndarray[Any, np.dtype[np.float64]]]:
    """Return steady, erratic, intermittent and lumpy demand of several lengths, and odd cases."""
    random, found = np.random.default_rng(0), []
    for weeks in (4, 9, 23, 52):
        for mean in (0.5, 2, 30, 1000):
            for empty in (0, 0.5, 0.9):
                units = random.poisson(mean * random.gamma(0.7, 1 / 0.7, weeks))
                found.append(units * (random.random(weeks) > empty).astype(float))
    odd = [np.zeros(8), np.array([5.0] + [0.0] * 9), np.array([0.0] * 9 + [7.0]), np.full(12, 3.0)]
    return [*found, *odd, np.arange(20.0)]


def main() -> None:
    """Write the series and the forecasts."""
    from statsforecast import models  # type: ignore[import-not-found]

    makers = {
        "naive": models.Naive(),
        "mean_4": models.WindowAverage(4),
        "croston": models.CrostonClassic(),
        "sba": models.CrostonSBA(),
        "tsb": models.TSB(0.2, 0.2),
        "adida": models.ADIDA(),
        "imapa": models.IMAPA(),
    }
    rows = []
    for y in series():
        row = {name: float(maker.forecast(y=y, h=1)["mean"][0]) for name, maker in makers.items()}
        # SES as ADIDA and IMAPA use it there: the parameter is fitted between .1 and .3.
        row["ses"] = float(models._optimized_ses_forecast(y)[0])
        row["theta"] = float(models.Theta().forecast(y=y, h=4)["mean"].mean())
        rows.append({"y": y.tolist(), **row})
    lines = ",\n".join(json.dumps(row) for row in rows)
    HERE.write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
