"""Shopper Spectrum: customer segments and product recommendations from any table of orders.

The names of the core are here. Panels are in :mod:`shopper_widgets.panels`, charts in
:mod:`shopper_widgets.charts`. Each name is imported at its first use, from the module that ``__init__.pyi``
states.

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

#: ``import *`` leaves these out: some load Altair and Jupyter, and a notebook may have its own ``columns``.
_MODULES = {"charts", "columns", "datasets", "errors", "panels", "segments"}
__all__ = [name for name in _names if name not in _MODULES]


def __dir__() -> list[str]:
    """Return the public names, which Tab completion offers, without the rooms that they come from."""
    return [*_names, "__version__"]
