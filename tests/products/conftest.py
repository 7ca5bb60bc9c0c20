"""What tests of demand share."""

import pandas as pd
import pytest

from tests import demand_shops
from tests.real_data import real_data


@pytest.fixture(scope="session")
def online_retail_demand() -> pd.DataFrame:
    """Demand of everyone in UCI's Online Retail; whoever changes it makes a copy."""
    return demand_shops.online_retail_demand(real_data("online_retail.csv.gz"))
