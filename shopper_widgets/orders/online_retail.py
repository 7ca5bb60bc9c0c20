"""UCI's Online Retail: download it once, verify it, and keep it parsed."""

from __future__ import annotations

import logging
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd

from shopper_widgets import columns as c
from shopper_widgets.orders.reading import read_transactions

logger = logging.getLogger(__name__)

URL = "https://archive.ics.uci.edu/static/public/352/online+retail.zip"
ROWS = 541_909
QUANTITY = 5_176_450
_COLUMNS = {
    c.ORDER_ID,
    c.PRODUCT_ID,
    c.PRODUCT_NAME,
    c.QUANTITY,
    c.ORDERED_AT,
    c.UNIT_PRICE,
    c.CUSTOMER_ID,
    c.COUNTRY,
}
_BY_HAND = "or download it with a browser and pass it as file="


def online_retail_path(cache: str | Path | None = None) -> Path:
    """Where `fetch_online_retail` keeps the orders as Parquet, which `read_transactions` reads.

    Parameters
    ----------
    cache : path, optional
        The folder; by default the user's cache folder for shopper_widgets.

    Returns
    -------
    Path
        The file, whether or not it exists yet.

    Examples
    --------
    >>> online_retail_path("downloads").name
    'online_retail.parquet'
    """
    if cache is None:
        import pooch

        cache = pooch.os_cache("shopper_widgets")
    return Path(cache) / "online_retail.parquet"


def fetch_online_retail(
    file: str | Path | None = None,
    *,
    url: str = URL,
    cache: str | Path | None = None,
    progress: bool = True,
) -> pd.DataFrame:
    """Download UCI's Online Retail: 541,909 order lines of a British gift shop, Dec 2010 to Dec 2011.

    Daqing Chen, UCI Machine Learning Repository, data set 352, https://doi.org/10.24432/C5BW33, CC BY 4.0.
    What comes from the network or from `file` is checked: eight columns, number of rows, sum of quantity. The
    first call downloads about 23 MB and parses them; later calls read what the first one kept. The next call
    resumes a download that broke off.

    Parameters
    ----------
    file : path, optional
        A copy you have: the ``.zip`` or ``.xlsx`` from UCI, or the same table as ``.csv`` or ``.csv.gz``.
        Later calls without `file` use it, too.
    url : str
        Where to download from.
    cache : path, optional
        Folder for what is kept; by default the user's cache folder for shopper_widgets.
    progress : bool
        Show a progress bar while downloading.

    Returns
    -------
    DataFrame
        Canonical columns, as `read_transactions` gives them; nothing cleaned.

    Raises
    ------
    FileNotFoundError
        `file` doesn't exist.
    ConnectionError
        The download failed or broke off.
    ValueError
        The file isn't Online Retail.

    Examples
    --------
    >>> fetch_online_retail("no/such/online_retail.xlsx")
    Traceback (most recent call last):
        ...
    FileNotFoundError: file='no/such/online_retail.xlsx' doesn't exist
    """
    kept = online_retail_path(cache)
    if file is not None:
        if not Path(file).is_file():
            raise FileNotFoundError(f"file={str(file)!r} doesn't exist")
        orders = _read(Path(file))
    elif (found := _read_kept(kept)) is not None:
        return found
    else:
        archive = _download(url, kept.with_name("online_retail.zip"), progress)
        try:
            orders = _read(archive)
        except ValueError as error:
            archive.unlink()
            raise ValueError(
                f"{url} returned something else: {error}. It was deleted; try again, {_BY_HAND}"
            ) from error
    _keep(orders, kept)
    return orders


def _download(url: str, target: Path, progress: bool) -> Path:
    """Return `target`, downloaded unless it is there; a broken transfer in ``.part`` is continued."""
    import pooch
    import requests
    from tqdm.auto import tqdm

    if target.exists():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".zip.part")
    done = part.stat().st_size if part.exists() else 0
    headers = {"Accept-Encoding": "identity"}
    if done:
        headers["Range"] = f"bytes={done}-"
    # pooch sets the total when it knows it, but tests the truth of the bar before, which needs a total.
    bar = tqdm(desc="Online Retail", total=1, unit="B", unit_scale=True, disable=not progress)
    try:
        with part.open("ab") as out:

            def start_over_unless_continued(response: requests.Response, *_: Any, **__: Any) -> None:
                if response.status_code != requests.codes.partial_content:
                    out.truncate(0)

            hooks = {"response": start_over_unless_continued}
            get = pooch.HTTPDownloader(progressbar=bar, timeout=30, headers=headers, hooks=hooks)
            get(url, out, None)
    except requests.HTTPError as error:
        part.unlink()
        if done:
            return _download(url, target, progress)
        raise ConnectionError(
            f"{url} could not be downloaded: {error}. Try again later, {_BY_HAND}"
        ) from error
    except requests.RequestException as error:
        arrived = part.stat().st_size
        if not arrived:
            part.unlink()
        raise ConnectionError(
            f"{url} could not be downloaded ({arrived:,} bytes came): {error}. "
            f"Check the connection and call again to resume, {_BY_HAND}"
        ) from error
    finally:
        bar.close()
    return part.replace(target)


def _read(path: Path) -> pd.DataFrame:
    """Return the orders in a zip archive, a workbook or a CSV file, checked."""
    if path.suffix.lower() != ".zip":
        orders: pd.DataFrame = read_transactions(path)
        _check(orders, path.name)
        return orders
    try:
        with zipfile.ZipFile(path) as archive, tempfile.TemporaryDirectory() as folder:
            tables = [n for n in archive.namelist() if n.lower().endswith((".xlsx", ".csv"))]
            if len(tables) != 1:
                inside = ", ".join(archive.namelist()) or "nothing"
                raise ValueError(f"{path.name} should hold one .xlsx file but holds {inside}")
            return _read(Path(archive.extract(tables[0], folder)))
    except zipfile.BadZipFile as error:
        raise ValueError(f"{path.name} isn't a whole zip archive ({error})") from error


def _check(orders: pd.DataFrame, name: str) -> None:
    if missing := _COLUMNS - set(orders.columns):
        raise ValueError(f"{name} isn't Online Retail: it has no {', '.join(sorted(missing))}")
    quantity = int(orders[c.QUANTITY].sum())
    if (len(orders), quantity) != (ROWS, QUANTITY):
        raise ValueError(
            f"{name} isn't Online Retail as published: expected {ROWS:,} rows and a quantity of {QUANTITY:,} "
            f"in all, found {len(orders):,} rows and {quantity:,}"
        )


def _read_kept(kept: Path) -> pd.DataFrame | None:
    if not kept.exists():
        return None
    try:
        orders = pd.read_parquet(kept)
        _check(orders, kept.name)
    except (OSError, ValueError) as error:
        logger.warning("%s is damaged and will be made again: %s", kept, error)
        return None
    logger.info("Online Retail read from %s", kept)
    return orders


def _keep(orders: pd.DataFrame, kept: Path) -> None:
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        part = kept.with_suffix(".parquet.part")
        orders.to_parquet(part, index=False)
        part.replace(kept)
    except OSError as error:
        logger.warning("Online Retail can't be kept in %s, so the next call reads it anew: %s", kept, error)
    else:
        logger.info("Online Retail kept in %s", kept)
