"""Fixtures of the tests of demand."""

import pandas as pd
import pytest

from tests import demand_shops
from tests.real_data import real_data


@pytest.fixture(scope="session")
def online_retail_demand() -> pd.DataFrame:
    """Return the demand of all of Online Retail; copy it before you change it."""
    return demand_shops.online_retail_demand(real_data("online_retail.csv.gz"))
