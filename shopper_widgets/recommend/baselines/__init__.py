"""Who bought what comes in; the recommendations that a recommender has to beat go out."""

from shopper_widgets.recommend.baselines.last_order import LastOrder
from shopper_widgets.recommend.baselines.order_cosine import OrderCosine
from shopper_widgets.recommend.baselines.personal_frequency import PersonalFrequency
from shopper_widgets.recommend.baselines.popularity import Popularity
from shopper_widgets.recommend.baselines.random_order import RandomOrder
from shopper_widgets.recommend.baselines.tifu_knn import TifuKNN

__all__ = ["LastOrder", "OrderCosine", "PersonalFrequency", "Popularity", "RandomOrder", "TifuKNN"]
