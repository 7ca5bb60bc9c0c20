"""What every test may ask for: the real data set, and a small made-up shop."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def online_retail_path() -> Path:
    """UCI Online Retail as a CSV file; skips, with the reason, where it is not at hand."""
    folder = os.environ.get("SHOPPER_DATA")
    if not folder:
        pytest.skip("SHOPPER_DATA is not set: the folder that holds online_retail.csv.gz")
    path = Path(folder) / "online_retail.csv.gz"
    if not path.exists():
        pytest.skip(f"{path} does not exist")
    return path
