"""Demand of real and made-up shops of many shapes."""

from functools import cache
from pathlib import Path

import pandas as pd

from shopper_widgets import clean_transactions, demand_table, read_transactions


@cache
def online_retail_demand(path: Path) -> pd.DataFrame:
    """Demand of everyone in UCI's Online Retail, guests included, net of returns; weeks end on Fridays."""
    orders = read_transactions(path)
    everyone = orders.assign(customer_id=orders["customer_id"].fillna("guest"))
    return demand_table(clean_transactions(everyone, returns="net").transactions)
