"""Orders come in; who is still a customer, how often they will order and what they will spend go out.

The models are implemented here on SciPy: the packages that offer them are unmaintained or depend on a
probabilistic programming stack, and the models are two likelihoods of a few lines.
"""

from shopper_widgets.customers.lifetime.bg_nbd import BGNBD
from shopper_widgets.customers.lifetime.gamma_gamma import GammaGamma
from shopper_widgets.customers.lifetime.histories import purchase_histories
from shopper_widgets.customers.lifetime.outlook import (
    CustomerOutlook,
    customer_outlook,
    describe_calibration,
    failed,
    holdout_calibration,
)

__all__ = [
    "BGNBD",
    "CustomerOutlook",
    "GammaGamma",
    "customer_outlook",
    "describe_calibration",
    "failed",
    "holdout_calibration",
    "purchase_histories",
]
