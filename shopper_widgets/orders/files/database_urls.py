"""URLs of databases: which of them contain a password, and how to write them without it."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import unquote_plus

# As in SQLAlchemy: what is between a colon and an @ is a password, whatever characters it has.
_LOGIN = re.compile(r"(?<=://)([^:/\[]*:).+@", re.DOTALL)
# Drivers have several names for a password; with ODBC it is within a quoted value: odbc_connect=…%3BPWD%3D…
_SECRET = re.compile(
    r"(?:pass(?:word|wd|phrase)?|pwd|token|secret|credentials?|(?:api|access)_?key)\s*=\s*[^\s&;]",
    re.IGNORECASE,
)
# A text where a port should be is a password after which the host was forgotten.
_NO_PORT = re.compile(r"(?<=://)([^:/?@\[]*:)(?!\d*(?:[/?]|$))[^/?@]+")


def has_password(url: str) -> bool:
    """Return whether a URL holds a password or another secret, before its host or in its query.

    Examples
    --------
    >>> has_password("postgresql://ann:sesame@host/shop"), has_password("postgresql://ann@host/shop")
    (True, False)
    >>> has_password("postgresql://host/shop?user=ann&password=sesame")
    True
    """
    found = _LOGIN.search(url) or _NO_PORT.search(url) or _SECRET.search(unquote_plus(url.partition("?")[2]))
    return "://" in url and bool(found)


def masked(url: object) -> str:
    """Return a URL without its password, for errors.

    Examples
    --------
    >>> masked("postgresql://ann:sesame@host/shop")
    'postgresql://ann:***@host/shop'
    >>> masked("postgresql://host/shop?user=ann&password=sesame")
    'postgresql://host/shop?***'
    """
    text = _NO_PORT.sub(r"\1***", _LOGIN.sub(r"\1***@", str(url)))
    address, mark, query = text.partition("?")
    return f"{address}{mark}***" if _SECRET.search(unquote_plus(query)) else text


def engine_of(url: str) -> Any:
    """Return SQLAlchemy's engine for a URL, or raise a ValueError that doesn't show the password."""
    import sqlalchemy

    expected = "source is no database's URL that can be opened, such as postgresql+psycopg://host/shop"
    if "://" not in url:
        raise ValueError(
            f"{expected}, and no file of SQLite or DuckDB that is there; got {masked(url)!r}. The file of a "
            "table is read without query= and table=."
        )
    try:
        parts = sqlalchemy.make_url(url)
        if "@" in (parts.host or ""):
            raise ValueError(f"{expected}: write an @ in a name or password as %40; got {masked(url)!r}.")
        return sqlalchemy.create_engine(parts)
    except (sqlalchemy.exc.ArgumentError, sqlalchemy.exc.NoSuchModuleError, ImportError) as error:
        raise ValueError(f"{expected}: {error}".replace(url, masked(url))) from None
    except ValueError as error:
        if str(error).startswith(expected):
            raise
        raise ValueError(f"{expected}: its port must be a number; got {masked(url)!r}.") from None
