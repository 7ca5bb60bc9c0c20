"""Where the files that come with the package are: notebooks, the sample, what Jupyter needs."""

import os
from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


def shipped(*parts: str) -> Path:
    """Return the path of a file that comes with the package.

    A wheel carries `notebooks/` and `data/` inside the package; in a checkout they are next to it.

    Parameters
    ----------
    *parts : str
        Path in pieces, such as ``"notebooks", "report.ipynb"``.

    Returns
    -------
    Path
        An existing file or folder.

    Raises
    ------
    FileNotFoundError
        The installation is incomplete.

    Examples
    --------
    >>> shipped("columns.py").name
    'columns.py'
    """
    for root in (_PACKAGE, _PACKAGE.parent):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError(
        f"{'/'.join(parts)} should have come with shopper_widgets but is in neither {_PACKAGE} nor"
        f" {_PACKAGE.parent}; install the package again"
    )


def use_shipped_jupyter_files() -> None:
    """Let Jupyter find the page's template, and the running interpreter as its kernel, before any other."""
    folders = [str(shipped("publish", "jupyter")), os.environ.get("JUPYTER_PATH", "")]
    os.environ["JUPYTER_PATH"] = os.pathsep.join(folder for folder in folders if folder)
