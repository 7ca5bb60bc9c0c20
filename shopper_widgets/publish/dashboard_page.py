"""The published page: the dashboard of the server's model, or a sentence that says why not."""

import logging
import os
import sys
from pathlib import Path
from typing import Any

import ipywidgets as widgets
from traitlets.config import Application

from shopper_widgets._support.locale import ENGLISH, gettext, set_locale
from shopper_widgets.customers.campaign_log import CampaignLog
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.publish.entrance import SparingLog

logger = logging.getLogger(__name__)

#: Views that are made once, before there is a visitor, and then discarded.
WARMED = ("Segments", "Quality")
#: Views that are drawn once, because their results stay with the model: each visitor finds them there.
SLOW = ("Demand", "Stock", "Prices", "Journeys", "Repurchase")
#: Folder of a model → its page, which was made before there was a visitor; a process gives it out once.
_ready: dict[str, widgets.Widget] = {}


def make_ready(folder: str) -> None:
    """Make a model's page for the first call of `dashboard_page`, which is in a fork of this process.

    Parameters
    ----------
    folder : str
        Folder of a saved `ShopperModel`.

    Examples
    --------
    >>> import tempfile
    >>> from shopper_widgets.datasets import load_sample
    >>> folder = str(ShopperModel.fit(load_sample()).save(tempfile.mkdtemp()))
    >>> make_ready(folder)
    >>> dashboard_page(folder) is dashboard_page(folder)
    False
    """
    widgets.register_comm_target()  # ipywidgets does this itself only if a kernel imports it
    from shopper_widgets.panels.dashboard_views import PAGES

    set_locale(os.environ.get("SHOPPER_LOCALE", ENGLISH))
    model = _load(folder)
    # The libraries for charts and tables are imported with the first of them: here, once for all visitors.
    for view in WARMED:
        _page(model, alone=False, page=view)
    for view in SLOW:
        PAGES[view](model)
    widgets.Widget.close_all()
    _ready[folder] = _page(model, alone=True)


def dashboard_page(folder: str | Path | None = None) -> widgets.Widget:
    """Return the dashboard of a saved model, for a page that strangers see.

    Errors are shown as one sentence without details, which go to the log of the server.

    Parameters
    ----------
    folder : str or Path, optional
        Folder of a saved `ShopperModel`. Default: the environment variable ``SHOPPER_MODEL``; without
        that the sample that comes with the package is fitted. ``SHOPPER_COLOR`` and ``SHOPPER_LOGO`` are the
        shop's color and the file of its logo, ``SHOPPER_LOG`` a folder of campaigns that were sent,
        ``SHOPPER_LOCALE`` the language.

    Returns
    -------
    ipywidgets.Widget
        A `Dashboard`, or a message.

    Examples
    --------
    >>> dashboard_page("no/such/folder").value
    "This page can't be shown: its model could not be loaded. Details are in the server's log."
    """
    _log_to_the_server()
    try:
        set_locale(os.environ.get("SHOPPER_LOCALE", ENGLISH))
        wanted = str(folder or os.environ.get("SHOPPER_MODEL", ""))
        # The page's address may be used only if the page is Voilà's: in a notebook, it is the notebook's.
        alone = "VOILA_KERNEL_ID" in os.environ
        return _ready.pop(wanted, None) or _page(_load(wanted), alone=alone)
    except Exception:
        logger.exception("The dashboard can't be shown")
        return widgets.HTML(
            gettext(
                "This page can't be shown: its model could not be loaded. Details are in the server's log."
            )
        )


def _page(model: ShopperModel, *, alone: bool, **state: Any) -> widgets.Widget:
    from shopper_widgets.panels.dashboard import Dashboard

    brand = {name: os.environ.get(f"SHOPPER_{name.upper()}", "") for name in ("color", "logo")}
    log = os.environ.get("SHOPPER_LOG")
    sent = CampaignLog(log) if log else None
    return Dashboard(model, in_address=alone, campaign_log=sent, **brand, **state)


def _load(folder: str) -> ShopperModel:
    if folder:
        return ShopperModel.load(folder)
    from shopper_widgets.datasets import ABOUT_SAMPLE, load_sample

    # A progress bar is a widget that is closed before the page is shown, and the page would look for it.
    return ShopperModel.fit(load_sample(), **ABOUT_SAMPLE, progress=False)


def _log_to_the_server() -> None:
    """In a kernel of Voilà, send logs and output to the server: otherwise they would go to the browser.

    This includes Jupyter's own log, which names files and folders of this machine after a bad message. The
    kernel keeps a copy of the standard error that it inherited from the server.
    """
    if "VOILA_KERNEL_ID" not in os.environ:
        return
    for number, name in ((1, "stdout"), (2, "stderr")):
        stream = getattr(sys, name)
        inherited = getattr(stream, "_original_stdstream_copy", None)
        stream.flush()
        if inherited is not None:
            os.dup2(inherited, number)
        setattr(sys, name, os.fdopen(number, "w", buffering=1, closefd=False))
    package = logging.getLogger("shopper_widgets")
    # traitlets' own search is not used: it remembers that the parent process had no application yet.
    kernel_log = Application.instance().log if Application.initialized() else logging.getLogger("traitlets")
    if isinstance(kernel_log, logging.Logger) and not package.handlers:
        for handler in kernel_log.handlers:
            package.addHandler(handler)
    for name in (getattr(kernel_log, "name", ""), "ipykernel.comm", "comm"):
        logging.getLogger(name).addFilter(SparingLog())
