"""The real data are in the folder that ``SHOPPER_DATA`` names."""

import os
from pathlib import Path

import pytest


def real_data(name: str) -> Path:
    """Return a file of the real data; if it is missing, fail in CI and skip elsewhere, with the reason."""
    folder = os.environ.get("SHOPPER_DATA")
    path = Path(folder or "") / name
    if folder and path.exists():
        return path
    reason = f"{path} does not exist" if folder else f"SHOPPER_DATA is not set: the folder that holds {name}"
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}. In CI the real data are owed.", pytrace=False)
    pytest.skip(reason)
