"""The results of a report, which are made elsewhere and moved to their place together."""

from __future__ import annotations

import re
from pathlib import Path

from shopper_widgets.model import bundle


def say_where(notebook: Path, made: Path) -> None:
    """Write the final folder of the results into a notebook that was executed elsewhere.

    Parameters
    ----------
    notebook : Path
        Its cells contain `made`, in any notation.
    made : Path
        A folder in a folder of the place; both are removed when the results are moved.
    """
    part = r"(?:/|\\+)"
    aside = part + re.escape(made.parent.name) + part + re.escape(made.name)
    told = re.sub(aside, "", notebook.read_text(encoding="utf-8"))
    notebook.write_text(told, encoding="utf-8", newline="")


def move_results(made: Path, out: Path) -> None:
    """Move the parts of a report to their place: the model first, and the page, which refers to all, last."""
    if (made / "model").is_dir():
        bundle.move(made / "model", out / "model")
    files = (path for path in made.iterdir() if path.is_file() and not path.name.startswith("."))
    for path in sorted(files, key=lambda path: (path.suffix == ".html", path.name)):
        path.replace(out / path.name)
