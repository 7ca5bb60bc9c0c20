"""Both tasks, for a recommender and for all methods that it has to beat."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from shopper_widgets.columns import (
    CUSTOMER_ID,
    IS_PRODUCT,
    ORDER_ID,
    ORDERED_AT,
    PRODUCT_ID,
    PRODUCT_NAME,
    QUANTITY,
)
from shopper_widgets.errors import NothingToAskError
from shopper_widgets.recommend.evaluation.asking import ask_methods, splits
from shopper_widgets.recommend.evaluation.baskets import basket_questions
from shopper_widgets.recommend.evaluation.methods import OURS, default_methods, next_order_methods
from shopper_widgets.recommend.evaluation.next_orders import NextOrders
from shopper_widgets.recommend.evaluation.splitting import (
    check_transactions,
    default_cut_dates,
    of_some_customers,
    usual_horizon,
)
from shopper_widgets.recommend.evaluation.tables import result_table
from shopper_widgets.recommend.purchases import product_lines

logger = logging.getLogger(__name__)

#: The two tasks, in the column ``task``.
BASKETS, NEXT_ORDERS = "basket", "next_order"
LIST_LENGTHS = [5, 10]
_NEEDED = {ORDER_ID, CUSTOMER_ID, PRODUCT_ID, PRODUCT_NAME, ORDERED_AT, QUANTITY, IS_PRODUCT}
#: Of more customers than this, this many are drawn: eleven methods are fitted for each date.
MOST_TO_EVALUATE = 20_000
#: A shop with more products than this is evaluated after the last date only: for each date the recommender is
#: fitted again, which takes as long as in the model, and grows with the pairs of products.
MOST_PRODUCTS = 30_000


def evaluate_both(transactions: Any, recommender: Any, *, random_state: int = 0) -> pd.DataFrame | None:
    """Evaluate a recommender and simpler methods at both questions, on the last weeks of the data.

    Parameters
    ----------
    transactions : frame
        Cleaned transactions, as for `evaluate_recommenders`.
    recommender : recommender
        One that takes both questions, such as `BlendRecommender`; it is cloned.
    random_state : int, default=0
        Seed of all draws: customers, questions, bootstrap samples.

    Returns
    -------
    DataFrame or None
        ``task`` (``"basket"``, ``"next_order"``) and the columns of `evaluate_recommenders` and
        `evaluate_next_orders`, for the methods of `default_methods` and `next_order_methods`, lists of 5 and
        of 10, the dates of `default_cut_dates` with the days of `usual_horizon`, and all of them pooled; with
        differences to the recommender, whose name is ``methods.OURS``. ``sampled`` says whether all this was
        done with `MOST_TO_EVALUATE` of the customers, drawn at random, because there are more. Of more than
        `MOST_PRODUCTS` products, only the last of the dates is asked about. A task about which there is
        nothing to ask is left out; None if both are, or if the data are of less than two months.

    Examples
    --------
    >>> from shopper_widgets.recommend.blend import BlendRecommender
    >>> from shopper_widgets.orders.cleaning import clean_transactions
    >>> from shopper_widgets.datasets import make_transactions
    >>> orders = make_transactions(n_customers=60, n_products=30, n_days=200, random_state=0)
    >>> found = evaluate_both(clean_transactions(orders).transactions, BlendRecommender())
    >>> found.groupby("task")["method"].nunique().to_dict()
    {'basket': 9, 'next_order': 8}
    """
    from sklearn.base import clone

    check_transactions(transactions)
    transactions, sampled = of_some_customers(_needed(transactions), MOST_TO_EVALUATE, random_state)
    horizon = usual_horizon(transactions)
    cuts = default_cut_dates(transactions, horizon_days=horizon)
    if not cuts:
        logger.info("Too few weeks of orders to evaluate recommendations on later ones.")
        return None
    products = product_lines(transactions, PRODUCT_ID).select(nw.col(PRODUCT_ID).n_unique()).collect().item()
    if products > MOST_PRODUCTS and len(cuts) > 1:
        logger.info("Recommendations of %s products are evaluated after one date only.", f"{products:,}")
        cuts = cuts[-1:]
    tasks: dict[str, tuple[Any, Mapping[str, Any]]] = {
        BASKETS: (basket_questions(random_state), default_methods(clone(recommender))),
        NEXT_ORDERS: (NextOrders, next_order_methods(clone(recommender))),
    }
    asked, of_cuts = {}, splits(transactions, cuts, horizon, random_state)
    for task, (make, methods) in tasks.items():
        try:
            asked[task] = [make(*split) for split in of_cuts], methods
        except NothingToAskError as error:
            logger.info("Recommendations were not evaluated by one question (%s): %s.", task, error)
    found = [
        result_table(of_task, OURS, True, random_state).assign(task=task, sampled=sampled)
        for task, of_task in ask_methods(transactions, asked, cuts, horizon, LIST_LENGTHS).items()
    ]
    return pd.concat(found, ignore_index=True) if found else None


def _needed(transactions: Any) -> Any:
    """Return only the columns from which the methods learn, as the lines are copied at each date."""
    lines = nw.from_native(transactions)
    return lines.select(*(name for name in lines.collect_schema() if name in _NEEDED)).to_native()
