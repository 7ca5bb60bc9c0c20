"""Shopper Spectrum: customer segments and product recommendations from any table of orders.

The core's names are here. Panels are in :mod:`shopper_widgets.panels`, charts in
:mod:`shopper_widgets.charts`. Each name is imported when it is first asked for, from where ``__init__.pyi``
says.

Examples
--------
>>> import shopper_widgets as sw
>>> model = sw.ShopperModel.fit(sw.load_sample(), progress=False)
>>> model.segments["segment"].tolist()
['High-Value', 'New', 'Occasional', 'At-Risk']
"""

import lazy_loader

__version__ = "0.1.0"

__getattr__, _, _names = lazy_loader.attach_stub(__name__, __file__)

#: ``import *`` takes none of these: some load Altair and Jupyter, and a notebook has columns of its own.
_MODULES = {"charts", "columns", "datasets", "errors", "panels", "segments"}
__all__ = [name for name in _names if name not in _MODULES]


def __dir__() -> list[str]:
    """Return the public names, without the rooms that they come from: what Tab offers."""
    return [*_names, "__version__"]
