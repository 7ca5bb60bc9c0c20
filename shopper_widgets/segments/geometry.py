"""Customers and segments as points, and the cost of counting a customer to a segment."""

from __future__ import annotations

from dataclasses import dataclass

from shopper_widgets.segments.clustering import Floats, Ints, costs
from shopper_widgets.segments.transform import RFMTransformer


@dataclass(frozen=True)
class Geometry:
    """Segments as positions in the space in which customers were divided.

    Attributes
    ----------
    transformer : RFMTransformer
        Fitted: from recency, frequency and monetary value to points in standard units.
    centers, precisions, offsets : ndarray
        Of each segment, as in :class:`~shopper_widgets.segments.clustering.Clustering`.

    Examples
    --------
    >>> import numpy as np
    >>> from shopper_widgets.segments import CustomerSegmenter
    >>> rfm = np.array([[2, 20, 5000.0], [5, 25, 6500], [300, 1, 70], [340, 2, 90]])
    >>> segmenter = CustomerSegmenter(n_clusters=2).fit(rfm)
    >>> segmenter.geometry_.nearest(rfm).tolist()
    [0, 0, 1, 1]
    """

    transformer: RFMTransformer
    centers: Floats
    precisions: Floats
    offsets: Floats

    def points(self, values: Floats) -> Floats:
        """Return customers as the points that are divided: transformed, in standard units."""
        return self.transformer.transform(values)

    def costs(self, values: Floats) -> Floats:
        """Return the cost of counting each customer to each segment."""
        # KMeans' own distances are not used: their last digits depend on the number of rows.
        return costs(self.points(values), self.centers, self.precisions, self.offsets)

    def nearest(self, values: Floats) -> Ints:
        """Return the position of each customer's segment: the first of equally near ones."""
        nearest: Ints = self.costs(values).argmin(axis=1)
        return nearest
