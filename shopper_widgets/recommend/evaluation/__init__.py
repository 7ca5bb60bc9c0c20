"""Orders and recommenders come in; how good each is on later orders goes out, compared with simple methods.

There are two tasks, each for copies that are fitted on the orders before a date: `evaluate_recommenders`
shows one product of a later basket and asks for the rest of the basket; `evaluate_next_orders` names a
customer and asks for the customer's next order; `evaluate_both` does both for a model. `tune` chooses
parameters by the first task.
"""

from shopper_widgets.errors import NothingToAskError
from shopper_widgets.recommend.evaluation.baskets import evaluate_recommenders
from shopper_widgets.recommend.evaluation.evaluate import BASKETS, NEXT_ORDERS, evaluate_both
from shopper_widgets.recommend.evaluation.methods import (
    NextOrderRecommender,
    Recommender,
    default_methods,
    next_order_methods,
)
from shopper_widgets.recommend.evaluation.next_orders import evaluate_next_orders
from shopper_widgets.recommend.evaluation.splitting import default_cut_dates
from shopper_widgets.recommend.evaluation.tuning import Tuned, tune

__all__ = [
    "BASKETS",
    "NEXT_ORDERS",
    "NextOrderRecommender",
    "NothingToAskError",
    "Recommender",
    "Tuned",
    "default_cut_dates",
    "default_methods",
    "evaluate_both",
    "evaluate_next_orders",
    "evaluate_recommenders",
    "next_order_methods",
    "tune",
]
