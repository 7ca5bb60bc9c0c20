"""The arguments of the command ``shopper-widgets``, and errors about them."""

import argparse
from pathlib import Path

from shopper_widgets import __version__
from shopper_widgets._support.locale import ENGLISH, locales
from shopper_widgets.publish.options import a_locale, add_options

#: Endings of files of orders, which distinguish a file from a word.
_ORDERS_ENDINGS = (".csv", ".tsv", ".txt", ".gz", ".zip", ".xlsx", ".xls", ".ods", ".parquet")

#: The exit code of ``alerts --exit-code`` if anybody is on the list.
SOMEONE = 3


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command's arguments; ``command`` is the name of the given subcommand."""
    command_line = argparse.ArgumentParser(
        prog="shopper-widgets",
        description="Customer segments and product recommendations from a table of orders.",
    )
    command_line.add_argument(
        "-v", "--verbose", action="store_true", help="log each step, and errors in full"
    )
    command_line.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = command_line.add_subparsers(dest="command", required=True, metavar="COMMAND")

    command = commands.add_parser("report", help="turn orders into a notebook, an HTML page and a model")
    what = "file, folder, quoted pattern or database URL of orders (default: the sample)"
    command.add_argument("orders", nargs="?", help=what)
    add_options(command)
    _add_brand(command)
    command.set_defaults(out="out")
    add = command.add_argument
    add("--format", choices=["html", "pdf"], default="html", help="pdf: also print the page with Chromium")
    add(
        "--summary",
        metavar="FILE",
        help="also write a summary for email: .html, or .eml with attached pictures",
    )

    command = commands.add_parser("dashboard", help="publish a model's page with Voilà")
    add = command.add_argument
    add("model", nargs="?", help="folder of a model, such as out/model (default: the sample)")
    add("--port", type=_port, default=8866, help="port to listen on (default: %(default)s)")
    add(
        "--ip",
        default="127.0.0.1",
        help="address to listen on, 0.0.0.0 for all of them (default: %(default)s)",
    )
    add(
        "--host-name",
        nargs="+",
        action="extend",
        type=_host,
        metavar="NAME",
        help="host names or addresses that others use to open the page, such as shop.example.com",
    )
    add(
        "--visitors",
        type=_positive,
        metavar="N",
        help="largest number of visitors at a time (default: as many as the free memory holds)",
    )
    _add_brand(command)
    add(
        "--locale",
        type=a_locale,
        metavar="LOCALE",
        default=ENGLISH,
        help=f"language of words, numbers and dates: {' or '.join(locales())}, with a region or without "
        "(de-AT; default: %(default)s)",
    )
    add("--log", default="", metavar="FOLDER", help="folder of a CampaignLog, with campaigns that were sent")
    add(
        "--password-file",
        metavar="FILE",
        help="ask visitors for a password; the command `password` writes this file",
    )
    add("--no-browser", action="store_true", help="don't open a browser")

    command = commands.add_parser("password", help="set a password for the dashboard")
    command.add_argument("file", help="file to write the password's hash to, for dashboard --password-file")

    command = commands.add_parser("measure", help="measure the effect of a campaign")
    add = command.add_argument
    add("sent", help="the list that was sent (CSV), or its definition (JSON)")
    add("orders", help="the orders since: file, folder or pattern, as for report")
    add(
        "--model",
        dest="by",
        metavar="MODEL",
        help="folder of the model that selected customers by the definition",
    )
    add("--sent-at", metavar="DAY", help="first day whose orders count (default: the model's as-of day)")
    add("--days", type=_positive, default=30, help="number of days whose orders count (default: %(default)s)")
    add("--currency", default="", help="sign or code of the money")
    add("--out", metavar="FILE", help="CSV file to write the figures to")

    command = commands.add_parser("alerts", help="list customers who left the best segment or became overdue")
    add = command.add_argument
    add("model", help="folder of the earlier model, or of the only model")
    add("later", nargs="?", help="folder of the later model")
    add("--since", metavar="DAY", help="for one model: compare with this day, such as 2025-11-30")
    add("--segment", metavar="NAME", help="segment whose leavers are listed (default: the best one)")
    add("--out", metavar="FILE", help="file to write the list to: .csv or .json")
    add("--exit-code", action="store_true", help=f"exit with {SOMEONE} if anyone is on the list")

    command = commands.add_parser("fetch", help="download UCI's Online Retail orders (CC BY 4.0)")
    command.add_argument("--file", help="use a copy (.zip, .xlsx or .csv) that was downloaded earlier")
    return command_line


def _add_brand(command: argparse.ArgumentParser) -> None:
    command.add_argument("--color", default="", metavar="#RRGGBB", help="the shop's color, such as #7A1F5C")
    command.add_argument("--logo", default="", metavar="FILE", help="a picture with the shop's logo")


def swallowed(arguments: argparse.Namespace) -> str:
    """Say which path was read as a further value of an option, so that the sample would be shown instead."""
    if getattr(arguments, "orders", None) or getattr(arguments, "model", None):
        return ""
    for name in ("not_sold", "guests", "host_name"):
        for value in getattr(arguments, name, None) or ():
            path = Path(value)
            if "/" in value or path.exists() or path.suffix.lower() in _ORDERS_ENDINGS:
                return f"{value!r} is read as a value of --{name.replace('_', '-')}"
    return ""


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: give a number from 1 to 65535")
    return int(text)


def _host(text: str) -> str:
    if not text or set("/*@?# ") & set(text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is not a host name or address such as shop.example.com, without https:// and path "
            "(put the model's folder before the options)"
        )
    return text


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of at least 1")
    return int(text)
