"""Campaigns that were sent, in one folder: definitions, dates, lists, and customers contacted twice."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd

from shopper_widgets._support.checks import as_path, check_count
from shopper_widgets._support.csv import to_csv
from shopper_widgets._support.moments import naive_timestamp
from shopper_widgets._support.writing import write_whole
from shopper_widgets.columns import CUSTOMER_ID
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.customers.campaign_files import list_from_text

_SENT_AT = "%Y-%m-%d"


@dataclass(frozen=True)
class CampaignLog:
    """A folder of sent campaigns, each with its definition and its list as sent.

    Parameters
    ----------
    folder : path
        Created at the first :meth:`add`. For each campaign it holds two files, such as
        ``2024-03-01-thanks.json`` and ``2024-03-01-thanks.csv``, which can be uploaded on the Results tab.

    Examples
    --------
    >>> import tempfile
    >>> from shopper_widgets.datasets import make_transactions
    >>> from shopper_widgets.model.shopper_model import ShopperModel
    >>> orders = make_transactions(n_customers=80, n_products=30, n_days=120, random_state=0)
    >>> model = ShopperModel.fit(orders, n_clusters=4, progress=False)
    >>> log = CampaignLog(tempfile.mkdtemp())
    >>> log.add(Campaign("Thanks", hold_out=0.25), model, sent_at="2024-05-01").name
    '2024-05-01-thanks.json'
    >>> log.table()[["name", "contacted", "held_out"]].values.tolist()
    [['Thanks', 59, 20]]
    """

    folder: str | Path

    def add(self, campaign: Campaign, model: Any, *, sent_at: Any) -> Path:
        """Add a campaign with its list.

        Parameters
        ----------
        campaign : Campaign
            What was asked for; its ``name`` and the day make the names of its files.
        model : ShopperModel
            The one that gives the list.
        sent_at : date-like
            The day on which it was sent.

        Returns
        -------
        Path
            Path of the definition; the list is beside it.

        Raises
        ------
        FileExistsError
            A campaign of this name was sent on this day.
        """
        day = naive_timestamp("sent_at", sent_at)
        folder = as_path("folder", self.folder)
        path = folder / f"{day:{_SENT_AT}}-{campaign.filename}.json"
        if path.exists():
            raise FileExistsError(
                f"{path} already exists: give the campaign another name, or another day, to keep both."
            )
        folder.mkdir(parents=True, exist_ok=True)
        # The list is written first, so that no definition is ever without its list.
        write_whole(path.with_suffix(".csv"), to_csv(campaign.select(model)))
        write_whole(path, campaign.to_json())
        return path

    def selected(self, path: str | Path) -> pd.DataFrame:
        """Return the list of a campaign as it was sent, for :func:`~shopper_widgets.measure_campaign`.

        Parameters
        ----------
        path : path
            Of its definition, as :meth:`table` names it.

        Returns
        -------
        pandas.DataFrame
            ``customer_id, is_held_out``; where the file has them, ``segment, recency, frequency, monetary``.

        Raises
        ------
        ValueError
            The list beside it can't be read; the message names it.
        """
        file = as_path("path", path).with_suffix(".csv")
        try:
            return list_from_text(file.read_text(encoding="utf-8-sig"))
        except (OSError, ValueError) as error:
            raise ValueError(f"{file} must be the list of a campaign, as CSV. {error}") from error

    def table(self) -> pd.DataFrame:
        """List the campaigns.

        Returns
        -------
        pandas.DataFrame
            ``sent_at, name, contacted, held_out, path`` (of the definition); by day, then name. Other files
            in the folder are ignored.

        Raises
        ------
        TypeError
            The folder is not a path.
        ValueError
            A definition or a list in the folder can't be read; the message names it.
        """
        rows = []
        for path in sorted(as_path("folder", self.folder).glob("????-??-??-*.json")):
            selected = self.selected(path)
            held_out = int(selected["is_held_out"].sum())
            day = pd.Timestamp(path.name[:10])
            rows.append((day, Campaign.load(path).name, len(selected) - held_out, held_out, str(path)))
        return pd.DataFrame(rows, columns=["sent_at", "name", "contacted", "held_out", "path"])

    def written_to(self, selected: pd.DataFrame, *, at: Any, days: int = 30) -> pd.DataFrame:
        """Return the recent campaigns that share customers with a list.

        Parameters
        ----------
        selected : pandas.DataFrame
            The list, with its ``customer_id``.
        at : date-like
            When it is to be sent.
        days : int, default 30
            For how long orders count after a campaign was sent.

        Returns
        -------
        pandas.DataFrame
            ``sent_at, name, customers`` (on both lists) and, of these, ``contacted`` and ``held_out`` by the
            earlier one; the newest first.

        Raises
        ------
        TypeError, ValueError
            `at` is not a date, or `days` not a whole number from 1; or as :meth:`table`.
        """
        check_count("days", days)
        day = naive_timestamp("at", at)
        rows = []
        for row in self.table().to_dict("records"):
            if not day - pd.Timedelta(days=days) < row["sent_at"] <= day:
                continue
            before = self.selected(row["path"])
            both = before[before[CUSTOMER_ID].isin(selected[CUSTOMER_ID])]
            if len(both):
                held_out = int(both["is_held_out"].sum())
                rows.append((row["sent_at"], row["name"], len(both), len(both) - held_out, held_out))
        columns = ["sent_at", "name", "customers", "contacted", "held_out"]
        return pd.DataFrame(rows[::-1], columns=columns)

    def overlaps(self, *, days: int = 30) -> pd.DataFrame:
        """Return pairs of campaigns with common customers whose order windows overlap.

        For these customers, the effects of the two can't be told apart.

        Parameters
        ----------
        days : int, default 30
            For how long orders count after a campaign was sent.

        Returns
        -------
        pandas.DataFrame
            ``first, second`` (names), ``first_sent_at, second_sent_at``, and ``customers`` on both lists, of
            these ``contacted_twice`` and ``held_out_once``: held out of one, and contacted by the other,
            which is what spoils the comparison most. Pairs with most common customers come first.

        Raises
        ------
        TypeError, ValueError
            `days` is not a whole number from 1; or as :meth:`table`.
        """
        check_count("days", days)
        listed = self.table().to_dict("records")
        lists = {
            row["path"]: self.selected(row["path"]).set_index(CUSTOMER_ID)["is_held_out"] for row in listed
        }
        rows = []
        for first, second in combinations(listed, 2):
            if second["sent_at"] - first["sent_at"] >= pd.Timedelta(days=days):
                continue
            both = pd.concat([lists[first["path"]], lists[second["path"]]], axis=1, join="inner").to_numpy(
                bool
            )
            if len(both):
                twice, once = int((~both).all(axis=1).sum()), int((both[:, 0] != both[:, 1]).sum())
                sent = (first["sent_at"], second["sent_at"])
                rows.append((first["name"], second["name"], *sent, len(both), twice, once))
        columns = ["first", "second", "first_sent_at", "second_sent_at", "customers"]
        table = pd.DataFrame(rows, columns=[*columns, "contacted_twice", "held_out_once"])
        return table.sort_values("customers", ascending=False, kind="stable", ignore_index=True)
