"""The sample that comes with the package: ``python -m`` with this module writes it again."""

from __future__ import annotations

import gzip

import numpy as np

from shopper_widgets._support.resources import shipped

from .books import made_up_shop

#: Two full years, 2024 and 2025.
N_CUSTOMERS, N_PRODUCTS, N_DAYS, SEED = 1200, 360, 731, 2024


def sample_csv() -> bytes:
    """Return the sample as CSV (UTF-8, with a header)."""
    orders = made_up_shop(N_CUSTOMERS, N_PRODUCTS, N_DAYS, np.random.RandomState(SEED))
    text: str = orders.to_csv(
        index=False, lineterminator="\n", float_format="%.2f", date_format="%Y-%m-%d %H:%M:%S"
    )
    return text.encode()


if __name__ == "__main__":
    # The gzip header has no time, so that the file depends only on the orders and the compression library.
    (shipped("data") / "sample.csv.gz").write_bytes(gzip.compress(sample_csv(), compresslevel=9, mtime=0))
