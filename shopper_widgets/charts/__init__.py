"""A data frame comes in; an ``altair.Chart`` goes out: pure functions, one theme.

Every chart's title states what the chart shows, computed from the data; an empty frame gives a chart that
says that there is nothing to show.
"""

import lazy_loader

from shopper_widgets._support import grammars  # noqa: F401 — before anything imports Altair

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
