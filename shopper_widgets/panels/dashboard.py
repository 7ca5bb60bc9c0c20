"""All panels on one page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import ipywidgets as widgets
import pandas as pd
import traitlets
from markupsafe import Markup

from shopper_widgets._support.checks import check_choice
from shopper_widgets._support.locale import gettext
from shopper_widgets.columns import CUSTOMER_ID, PRODUCT_ID
from shopper_widgets.customers.campaign_log import CampaignLog
from shopper_widgets.panels.address import Address, read, state_of, written
from shopper_widgets.panels.base import WORKING, Panel, guarded, row
from shopper_widgets.panels.campaign import CampaignPanel
from shopper_widgets.panels.dashboard_views import DOORS, OF_PRODUCT, PAGES, views_of
from shopper_widgets.panels.filter_rules import (
    PERIOD,
    filters_of,
    held,
    in_address,
    known,
    taken_from_address,
)
from shopper_widgets.panels.filters import FilteredViews
from shopper_widgets.panels.overview import OverviewPanel
from shopper_widgets.words.brand import USUAL_TITLE, Brand
from shopper_widgets.words.html import heading, paragraph, status
from shopper_widgets.words.shop import headline

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel


class Dashboard(FilteredViews):
    """Show the panels as tabs in groups, below a header with the shop's headline figures.

    Each group has its views as tabs. A panel is created when its tab is first opened, so that the page is
    usable soon. The customer chosen on one tab is chosen on all.

    Parameters
    ----------
    model : ShopperModel
        What the panels show.
    views : iterable of str, optional
        Names of `PAGES`: only these are shown. Default: all for which the orders have data.
    **state
        Initial values of the traits below.

    Attributes
    ----------
    page : str
        The open view: one of `PAGES`, such as Overview.
    customer_id : str
        The customer that the panels share, ``""`` for none.
    title : str
        What stands at the top. Default: the title of the report that made the model, else the name of the
        orders.
    filters : dict
        The filters of the views: see `FilteredViews`. Filtering one view sets them.
    views : tuple of str
        Which of `PAGES` there are, in their usual order. It is given once, at the start.
    campaign_log : CampaignLog or None
        Campaigns that were sent: who on a list is still in another, and what each brought.
    in_address : bool
        Whether the browser's address shows the view and its state, such as ``?view=overdue&customer=12346``,
        and sets them: for a page that shows a dashboard alone. It is given once, at the start.
    color, logo : str
        The shop's: such as ``"#7A1F5C"``, and a file with a picture. They are given once, at the start.

    Examples
    --------
    >>> from shopper_widgets import ShopperModel
    >>> from shopper_widgets.datasets import load_sample
    >>> dashboard = Dashboard(ShopperModel.fit(load_sample()), page="Predict")
    >>> type(dashboard.panel).__name__
    'PredictPanel'
    >>> Dashboard(dashboard.model, views=["Overdue", "Campaign"]).page
    'Overdue'
    """

    state = ("page", CUSTOMER_ID, "title", "filters")

    page = traitlets.Enum(list(PAGES))
    customer_id = traitlets.Unicode()
    title = traitlets.Unicode()
    views = traitlets.Tuple(read_only=True)
    in_address = traitlets.Bool(False)
    campaign_log = traitlets.Instance(CampaignLog, allow_none=True)
    color = traitlets.Unicode()
    logo = traitlets.Unicode()

    def __init__(self, model: ShopperModel, *, views: Iterable[str] | None = None, **state: Any) -> None:
        views = views_of(model) if views is None else views
        asked = [views] if isinstance(views, str) else list(views)
        for name in asked:
            check_choice("views", name, tuple(PAGES))
        if not asked:
            raise ValueError(f"views must name at least one view: {', '.join(PAGES)}.")
        self.set_trait("views", tuple(page for page in PAGES if page in asked))
        super().__init__(model, **state)

    @property
    def panel(self) -> Panel | None:
        """The panel of the open tab; None if making it failed, which the page says."""
        return self.panels.get(self.page)

    def _selected(self) -> pd.DataFrame:
        """Return the selection of the panel of the open tab."""
        return self.panel.selection if self.panel else pd.DataFrame()

    @traitlets.default("title")
    def _of_the_report(self) -> str:
        source = self.model.source
        title = str(source.get("title") or source.get("name") or USUAL_TITLE)
        # A title that somebody wrote is not translated.
        return gettext(title) if title == USUAL_TITLE else title

    @traitlets.default("page")
    def _first_view(self) -> str:
        return str(self.views[0])

    @traitlets.validate("page")
    def _there(self, proposal: dict[str, Any]) -> str:
        page: str = proposal["value"]
        if page not in self.views:
            raise traitlets.TraitError(
                gettext("This page has no {page}; it has: {views}.", page=page, views=", ".join(self.views))
            )
        return page

    def _build(self) -> list[widgets.Widget]:
        self.panels: dict[str, Panel] = {}  # the panels made so far, by view
        self._placing, self._wanted = False, ""
        self._header, self._brand = widgets.HTML(), Brand.of(self.color, self.logo)
        if self._brand.color:
            self.add_class(f"sw-shop-{self._brand.color[1:]}")
        self._slots = {page: widgets.VBox() for page in self.views}
        shown = {door: [page for page in views if page in self.views] for door, views in DOORS.items()}
        #: Group of tabs → its views.
        self._doors = {door: pages for door, pages in shown.items() if pages}
        self._inner: dict[str, widgets.Tab] = {}
        for door, pages in self._doors.items():
            if len(pages) > 1:
                self._inner[door] = _tabs(self._slots, pages, "sw-views", self._on_tab)
        rooms = {door: self._inner.get(door) or self._slots[pages[0]] for door, pages in self._doors.items()}
        self._tabs = _tabs(rooms, list(rooms), "sw-doors", self._on_door)
        self._chosen = widgets.Button(icon="user")
        self._chosen.on_click(self._on_chosen)
        self._of_product = {page: widgets.Button(icon="tag") for page in OF_PRODUCT if page in self.views}
        for button in self._of_product.values():
            button.on_click(self._on_product)
        self._bar = row(self._chosen, *self._of_product.values())
        self._bar.add_class("sw-bar")
        self._address: Address | None = Address(self._on_address) if self.in_address else None
        self._landmark: tuple[str, ...] = ()
        address = [self._address] if self._address else []
        return [self._header, self._build_filters(), self._tabs, self._bar, *address]

    def _draw(self) -> None:
        told = heading(self.title, 1) + paragraph(headline(self.model))
        if self._brand.logo:
            logo = self._brand.image(gettext("Logo of {title}", title=self.title))
            told = Markup('<div class="sw-head">{}<div>{}</div></div>').format(logo, told)
        if self._brand.color:
            told += Markup("<style>.sw-shop-{} {{ {} }}</style>").format(
                self._brand.color[1:], self._brand.accent
            )
        self._header.value, door = told, self._door()
        self._placing = True
        try:
            self._tabs.selected_index = list(self._doors).index(door)
            if door in self._inner:
                self._inner[door].selected_index = self._doors[door].index(self.page)
        finally:
            self._placing = False
        if self.page not in self.panels:
            self._make(self.page)
        self._hold()
        self._follow()

    @guarded
    def _follow(self, _: object = None) -> None:
        """Offer other views of the chosen customer and product, and write them into the address."""
        product = str(getattr(self.panel, PRODUCT_ID, ""))
        self._chosen.description = gettext("Open customer {customer}", customer=self.customer_id)
        shown = {self._chosen: self.customer_id and self.page != "Customer" and "Customer" in self.views}
        for page, button in self._of_product.items():
            button.description = f"{gettext(OF_PRODUCT[page])} {product}"
            shown[button] = product and page != self.page
        for button, is_shown in shown.items():
            button.layout.display = None if is_shown else "none"
        self._bar.layout.display = None if any(shown.values()) else "none"
        self._tell_address(product)

    def _tell_address(self, product: str) -> None:
        """Write the state into the address; "back" leads to another view, customer or product."""
        if self._address is None:
            return
        before, self._landmark = self._landmark, (self.page, self.customer_id, product)
        shared = {CUSTOMER_ID: self.customer_id, **in_address(self.filters)}
        self._address.tell(written(self.page, self.panel, shared), replace=before == self._landmark)

    @guarded
    def _on_address(self, query: str) -> None:
        """Show the state of an address, from a link or after the browser's "back"."""
        self.say("")
        view, said = read(query)
        pages = {page.lower(): page for page in self.views}
        if view and view not in pages:
            self.say(
                gettext(
                    "There is no view {view}; there are: {views}.", view=repr(view), views=", ".join(pages)
                )
            )
            return
        customer = "".join(said.pop(CUSTOMER_ID, []))
        filters, problems = known(self.model, taken_from_address(said))
        with self.hold_trait_notifications():
            self.page, self.filters = pages.get(view, self.views[0]), filters
        if self.panel is not None:
            files = {name: getattr(self.panel, name) for name in self.panel.uploaded}  # of no address
            self.visit(self.page, **state_of(self.panel, said), **files)
        self.customer_id = customer
        if problems:
            self.say(problems)

    def _redraw(self) -> None:
        super()._redraw()
        wanted, self._wanted = self._wanted, ""
        if wanted:
            self.page = wanted

    def _go(self, page: str) -> None:
        """Open a view that a visitor asks for, after the one that is being made, if there is one.

        JupyterLab passes on clicks while the answer to an earlier click is still being made.
        """
        if self._drawing:
            self._wanted = page
        else:
            self._take(page=page)

    def _door(self) -> str:
        return next(door for door, pages in self._doors.items() if self.page in pages)

    def _make(self, page: str) -> None:
        own = PAGES[page].class_trait_names()
        shared = {name: getattr(self, name) for name in (CUSTOMER_ID, "campaign_log") if name in own}
        slot = self._slots[page]
        # With a million customers this takes seconds: the page says so and doesn't seem to hang.
        slot.children = (widgets.HTML(status(paragraph(gettext(WORKING), "sw-note"))),)
        try:
            panel = self._opened(PAGES[page], **shared)
        except Exception:
            slot.children = ()
            raise
        if CUSTOMER_ID in shared:
            traitlets.link((self, CUSTOMER_ID), (panel, CUSTOMER_ID))
        if panel.has_trait("proposed"):
            panel.observe(self._on_proposed, "proposed")
        if isinstance(panel, OverviewPanel):
            panel.offer(self.views)
            panel.observe(self._on_opened, "opened")
        self.panels[page] = panel
        panel.observe(self._follow, list(panel.state))
        slot.children = (panel,)

    @guarded
    def _on_door(self, change: dict[str, Any]) -> None:
        """Open the view of a group of tabs that was open last."""
        index = change["new"]
        if self._placing:
            return
        if not isinstance(index, int) or not 0 <= index < len(self._doors):
            self._tabs.selected_index = list(self._doors).index(self._door())
            return
        door = list(self._doors)[index]
        inner = self._inner.get(door)
        self._go(self._doors[door][inner.selected_index or 0 if inner else 0])

    @guarded
    def _on_tab(self, change: dict[str, Any]) -> None:
        """Open a view; in a group of tabs that is closed, the view is only selected."""
        door = next(door for door, inner in self._inner.items() if inner is change["owner"])
        pages, index = self._doors[door], change["new"]
        if self._placing:
            return
        if not isinstance(index, int) or not 0 <= index < len(pages):
            self._inner[door].selected_index = pages.index(self.page) if self.page in pages else 0
        elif door == self._door():
            self._go(pages[index])

    @guarded
    def _on_chosen(self, _: widgets.Button) -> None:
        self._take(page="Customer")

    @guarded
    def _on_product(self, button: widgets.Button) -> None:
        page = next(page for page, one in self._of_product.items() if one is button)
        self.visit(page, **{PRODUCT_ID: getattr(self.panel, PRODUCT_ID)})

    @guarded
    def _on_opened(self, change: dict[str, Any]) -> None:
        """Open the view for a thing to do of the overview, with its state."""
        if change["new"]:
            # The overview counts things to do at the end of the orders, within its filters, but whatever its
            # period.
            told = {name: values for name, values in filters_of(change["owner"]).items() if name != PERIOD}
            with self.hold_trait_notifications():
                self.page, self.filters = change["new"]["view"], told
            self.visit(self.page, **change["new"]["state"])

    def visit(self, page: str, **state: Any) -> None:
        """Open a view in its first state, changed only by what is given and by the `filters`.

        Parameters
        ----------
        page : str
            One of `views`.
        **state
            Traits of its panel.

        Raises
        ------
        traitlets.TraitError
            There is no such view, or its panel refuses a value.

        Examples
        --------
        >>> from shopper_widgets import ShopperModel
        >>> from shopper_widgets.datasets import load_sample
        >>> dashboard = Dashboard(ShopperModel.fit(load_sample()))
        >>> dashboard.visit("Campaign", segments=("At-Risk",))
        >>> dashboard.page, set(dashboard.selection["segment"])
        ('Campaign', {'At-Risk'})
        """
        self.page = page
        panel = self.panel
        if panel is None:
            return
        start = held(type(panel), self.model, filters_of(panel))
        # All traits of the view are set before the page follows.
        with self.hold_trait_notifications(), panel.hold_trait_notifications():
            panel.reset()
            for name, value in (start | state).items():
                setattr(panel, name, value)
        self._hold()

    @guarded
    def _on_proposed(self, change: dict[str, Any]) -> None:
        """Open the campaign that a panel proposes."""
        if not change["new"]:
            return
        self.page = "Campaign"
        campaign = self.panels["Campaign"]
        assert isinstance(campaign, CampaignPanel)
        campaign.load(change["new"])


def _tabs(
    rooms: Mapping[str, widgets.Widget],
    names: list[str],
    kind: str,
    on_tab: Callable[[dict[str, Any]], None],
) -> widgets.Tab:
    tabs = widgets.Tab([rooms[name] for name in names], titles=[gettext(name) for name in names])
    tabs.add_class("sw-tabs")
    tabs.add_class(kind)
    tabs.observe(on_tab, "selected_index")
    return tabs
