"""The command ``shopper-widgets``: thin over papermill, nbconvert and Voilà, with the right settings."""

import argparse
import logging
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from shopper_widgets import __version__
from shopper_widgets._support.resources import shipped
from shopper_widgets.publish.options import add_options, given

#: Endings of files that hold orders, by which one is told from a word.
_ORDERS_ENDINGS = (".csv", ".tsv", ".txt", ".gz", ".zip", ".xlsx", ".xls", ".ods", ".parquet")

logger = logging.getLogger(__name__)

#: What ``alerts --exit-code`` ends with where anyone is on the list.
SOMEONE = 3

#: Seconds that one cell of the report may take: a net under a stuck notebook, far above honest work.
CELL_SECONDS = 3600


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``shopper-widgets report | dashboard | password | measure | alerts | fetch``.

    Parameters
    ----------
    argv : sequence of str, optional
        Arguments after the command's name; default: the process's own.

    Returns
    -------
    int
        0; 1 when it failed, which is then told in words; 3 where ``alerts --exit-code`` found someone; 130
        when interrupted. A wrong argument ends the process with 2, as argparse does.

    Examples
    --------
    >>> main(["report", "no/such/orders.csv"])
    1
    """
    parser = _parser()
    arguments = parser.parse_args(argv)
    if swallowed := _swallowed(arguments):
        parser.error(f"{swallowed}: put what the command is about before its options")
    if arguments.verbose:
        logging.basicConfig(level=logging.DEBUG)
    try:
        code: int | None = arguments.run(arguments)
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        logger.debug("", exc_info=True)
        sys.stderr.write(f"shopper-widgets: {_words(error)}\n")
        return 1
    return code or 0


def report(arguments: argparse.Namespace) -> None:
    """Execute the report's notebook on a file of orders and write its HTML page beside it."""
    orders = arguments.orders
    if orders and not set("*?[") & set(orders) and "://" not in orders and not Path(orders).exists():
        raise FileNotFoundError(f"{orders} doesn't exist: give a file, a folder or a pattern of orders")

    from shopper_widgets._support.writing import only_writer, scratch_beside
    from shopper_widgets.customers.campaign import Campaign
    from shopper_widgets.model.bundle import check_place
    from shopper_widgets.publish.notebook import export_html
    from shopper_widgets.publish.results import move_results, say_where
    from shopper_widgets.words.brand import Brand

    # What is wrong is told now, not after the minute that a report of many orders takes.
    summary = Path(arguments.summary).absolute() if arguments.summary else None
    if summary is not None and summary.suffix.lower() not in (".html", ".eml"):
        raise ValueError(
            f"--summary must end in .html or .eml, which say what is written; got {summary.name}"
        )
    if arguments.format == "pdf":
        from shopper_widgets.publish.page.pdf import find_browser, print_pdf

        find_browser()
    campaign = Campaign.load(arguments.campaign) if arguments.campaign else None
    brand = Brand.of(arguments.color, arguments.logo)
    out = Path(arguments.out).absolute()
    check_place(out / "model")
    out.mkdir(parents=True, exist_ok=True)
    notebook, page = out / "report.ipynb", out / "report.html"
    for place in (notebook, page):
        if place.is_dir():
            raise FileExistsError(f"{place} is a folder: move it, or give another place with --out")
    with only_writer(page, seconds=0), scratch_beside(page) as scratch:
        # Made aside and moved at the end: model, notebook and page of one place are always of one report.
        made = scratch / "made"
        made.mkdir()
        executed = made / notebook.name
        try:
            _execute(executed, report_parameters(arguments) | {"out": str(made)})
        except RuntimeError as error:
            say_where(executed, made)
            kept = notebook.with_name("report-failed.ipynb") if page.exists() else notebook
            executed.replace(kept)
            raise RuntimeError(f"{error}\nWhat was done before is in {kept}") from error
        say_where(executed, made)
        export_html(executed, made / page.name, arguments.title, brand=brand)
        if arguments.format == "pdf":
            print_pdf(made / page.name, made / "report.pdf")
        if summary is not None:
            _summarize(made / "model", summary, arguments.title)
        move_results(made, out)
    _say(f"The report is {page}\nIts notebook is {notebook}\nThe model is {out / 'model'}")
    if arguments.format == "pdf":
        _say(f"To print or pass on: {out / 'report.pdf'}")
    if summary is not None:
        _say(f"The summary for a letter is {summary}")
    if campaign:
        _say(f"The campaign's list is {out / campaign.filename}.csv")


def _summarize(folder: Path, place: Path, title: str | None) -> None:
    """Write a model's summary as a page or as a letter, by the ending of its name."""
    from shopper_widgets._support.writing import write_whole
    from shopper_widgets.model.shopper_model import ShopperModel
    from shopper_widgets.publish.casts import as_title
    from shopper_widgets.publish.summary import summary_html, summary_message

    write = summary_message if place.suffix.lower() == ".eml" else summary_html
    write_whole(place, write(ShopperModel.load(folder), as_title(title)))


def _execute(notebook: Path, parameters: dict[str, Any]) -> None:
    """Execute the report's notebook into a file; what fails in it is a RuntimeError."""
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    from shopper_widgets.publish.server import use_shipped_jupyter_files

    use_shipped_jupyter_files()
    try:
        papermill.execute_notebook(
            str(shipped("notebooks", "report.ipynb")),
            # papermill takes braces in a path for placeholders.
            str(notebook).replace("{", "{{").replace("}", "}}"),
            parameters=parameters,
            kernel_name="python3",
            execution_timeout=CELL_SECONDS,
            # What goes wrong is told below; the kernel's own log would run through the progress bar.
            extra_arguments=["--log-level=CRITICAL"],
        )
    except papermill.PapermillExecutionError as error:
        raise RuntimeError(error.evalue) from error
    except DeadKernelError as error:
        raise RuntimeError("the notebook's process ended before it was done (out of memory?)") from error
    except CellTimeoutError as error:
        raise RuntimeError(f"a step took more than {CELL_SECONDS} seconds and was given up") from error


def report_parameters(arguments: argparse.Namespace) -> dict[str, Any]:
    """Parameters of report.ipynb: what was given on the command line; the notebook has the defaults."""
    told = given(arguments)
    if arguments.orders:
        told["data"] = _address(arguments.orders)
    # The notebook runs elsewhere.
    places = {n: str(Path(told[n]).absolute()) for n in ("previous", "campaign", "stock", "out") if n in told}
    return told | places


def dashboard(arguments: argparse.Namespace) -> None:
    """Publish the dashboard of a saved model, or of the sample, until interrupted."""
    from shopper_widgets.model.shopper_model import ShopperModel
    from shopper_widgets.publish.password import read_password
    from shopper_widgets.publish.server import EVERYWHERE, check_address, serve
    from shopper_widgets.words.brand import Brand

    Brand.of(arguments.color, arguments.logo)
    check_address(arguments.ip, arguments.port)
    hashed = read_password(Path(arguments.password_file)) if arguments.password_file else ""
    with tempfile.TemporaryDirectory(prefix="shopper-widgets-") as scratch:
        if arguments.model is None:
            from shopper_widgets.datasets import ABOUT_SAMPLE, load_sample

            _say("No model given: fitting the sample that comes with the package")
            folder = Path(scratch) / "model"
            ShopperModel.fit(load_sample(), **ABOUT_SAMPLE, evaluate=True).save(folder)
        else:
            folder = Path(arguments.model)
            # A visitor would be told only that it can't be loaded: whoever starts the server is told why.
            ShopperModel.load(folder)
        everywhere = arguments.ip in EVERYWHERE
        host = (arguments.host_name or ["localhost"])[0] if everywhere else arguments.ip
        _say(f"The dashboard is at http://{host}:{arguments.port}/ (Ctrl-C stops it)")
        if everywhere and not arguments.host_name:
            _say("Others reach it under the names that --host-name gives: none so far")
        serve(
            folder,
            port=arguments.port,
            ip=arguments.ip,
            open_browser=not arguments.no_browser,
            host_names=arguments.host_name or (),
            visitors=arguments.visitors,
            color=arguments.color,
            logo=arguments.logo,
            password=hashed,
        )


def password(arguments: argparse.Namespace) -> None:
    """Ask for a password, and write its hash where ``dashboard --password-file`` reads it."""
    from getpass import getpass

    from shopper_widgets.publish.password import write_password

    first = getpass("Password of the page: ")
    if getpass("Once more: ") != first:
        raise ValueError("the two passwords differ; nothing was written")
    write_password(Path(arguments.file), first)
    _say(f"Its hash is in {arguments.file}: shopper-widgets dashboard … --password-file {arguments.file}")


def measure(arguments: argparse.Namespace) -> None:
    """Say whether a campaign worked, and write the table of it where that is asked for."""
    from shopper_widgets._support.csv import to_csv
    from shopper_widgets._support.writing import write_whole
    from shopper_widgets.customers.campaign import Campaign
    from shopper_widgets.customers.campaign_files import list_from_text, orders_from_file
    from shopper_widgets.customers.campaign_result import measure_campaign
    from shopper_widgets.model.shopper_model import ShopperModel
    from shopper_widgets.words.campaign_results import result_sentences

    sent, orders = Path(arguments.sent), orders_from_file(arguments.orders)
    when: dict[str, Any] = {"days": arguments.days}
    if sent.suffix.lower() == ".json":
        if not arguments.by:
            raise ValueError(
                f"{sent} is a definition: give the model that chose by it with --model, or the list that was "
                "sent (CSV) in its place"
            )
        model = ShopperModel.load(arguments.by)
        result = Campaign.load(sent).measure(model, orders, sent_at=arguments.sent_at, **when)
        currency = arguments.currency or model.currency
    else:
        if not arguments.sent_at:
            raise ValueError(f"{sent} is a list: say when it was sent with --sent-at, such as 2024-03-01")
        selected = list_from_text(sent.read_text(encoding="utf-8-sig"))
        result = measure_campaign(selected, orders, sent_at=arguments.sent_at, **when)
        currency = arguments.currency
    for sentence in result_sentences(result, currency):
        _say(sentence)
    if arguments.out:
        write_whole(Path(arguments.out), to_csv(result.table))
        _say(f"The table is {arguments.out}")


def alerts(arguments: argparse.Namespace) -> int:
    """List who needs a look since an earlier model, or a day, and write the list where that is asked for."""
    from shopper_widgets._support.csv import to_csv
    from shopper_widgets._support.writing import write_whole
    from shopper_widgets.customers import alerts as who
    from shopper_widgets.model.shopper_model import ShopperModel
    from shopper_widgets.words.alerts import alert_sentences

    out = Path(arguments.out) if arguments.out else None
    if out is not None and out.suffix.lower() not in (".csv", ".json"):
        raise ValueError(f"--out must end in .csv or .json, which say what is written; got {arguments.out}")
    if (arguments.later is None) == (arguments.since is None):
        raise ValueError("give an earlier and a later model, or one model and --since DAY")
    first = ShopperModel.load(arguments.model)
    if arguments.later is None:
        model, found = first, who.alerts(first, arguments.since, segment=arguments.segment)
    else:
        model = ShopperModel.load(arguments.later)
        found = who.alerts_between(first, model, segment=arguments.segment)
    for sentence in alert_sentences(found, model.currency):
        _say(sentence)
    if out is not None:
        csv = out.suffix.lower() == ".csv"
        write_whole(out, to_csv(found).encode("utf-8-sig") if csv else who.alerts_json(found))
        _say(f"The list is {out}")
    return SOMEONE if arguments.exit_code and len(found) else 0


def fetch(arguments: argparse.Namespace) -> None:
    """Download UCI's Online Retail, or check a copy, and say where it is."""
    from shopper_widgets.datasets import fetch_online_retail, online_retail_path

    fetch_online_retail(arguments.file)
    _say(f"The orders are in {online_retail_path()}\nNext: shopper-widgets report {online_retail_path()}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="shopper-widgets",
        description="Customer segments and product recommendations from a table of orders.",
    )
    parser.add_argument("-v", "--verbose", action="store_true", help="log what is done, and errors in full")
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    command = commands.add_parser("report", help="turn orders into a notebook, an HTML page and a model")
    command.set_defaults(run=report)
    what = "file, folder, quoted pattern or database URL of orders; default: the sample"
    command.add_argument("orders", nargs="?", help=what)
    add_options(command)
    _add_brand(command)
    command.set_defaults(out="out")
    add = command.add_argument
    add("--format", choices=["html", "pdf"], default="html", help="pdf: print the page, too, by Chromium")
    add(
        "--summary",
        metavar="FILE",
        help="also write a summary for a letter: .html, or .eml with its pictures beside the text",
    )

    command = commands.add_parser("dashboard", help="publish a model's page with Voilà")
    command.set_defaults(run=dashboard)
    add = command.add_argument
    add("model", nargs="?", help="folder of a model, such as out/model; default: the sample")
    add("--port", type=_port, default=8866, help="port to listen on (default: %(default)s)")
    add("--ip", default="127.0.0.1", help="address to listen on, 0.0.0.0 for all (default: %(default)s)")
    add(
        "--host-name",
        nargs="+",
        action="extend",
        type=_host,
        metavar="NAME",
        help="names or addresses under which others may open the page, such as shop.example.com",
    )
    add(
        "--visitors",
        type=_positive,
        metavar="N",
        help="how many may have the page open at a time (default: as many as the free memory holds)",
    )
    _add_brand(command)
    add("--password-file", metavar="FILE", help="ask visitors for the password that `password` wrote here")
    add("--no-browser", action="store_true", help="don't open a browser")

    command = commands.add_parser("password", help="choose a password for the dashboard's page")
    command.set_defaults(run=password)
    command.add_argument("file", help="where to write its hash, for dashboard --password-file")

    command = commands.add_parser("measure", help="say whether a campaign worked")
    command.set_defaults(run=measure)
    add = command.add_argument
    add("sent", help="the list that was sent (CSV), or its definition (JSON)")
    add("orders", help="the orders since: any file, folder or pattern that report reads")
    add("--model", dest="by", metavar="MODEL", help="folder of the model that chose by a definition")
    add("--sent-at", metavar="DAY", help="from which orders count (default: the model's present)")
    add("--days", type=_positive, default=30, help="for how long they count (default: %(default)s)")
    add("--currency", default="", help="sign or code of the money")
    add("--out", metavar="FILE", help="CSV file to write the figures to")

    command = commands.add_parser("alerts", help="list who left the best segment, or fell behind, since")
    command.set_defaults(run=alerts)
    add = command.add_argument
    add("model", help="folder of the earlier model, or of the only one")
    add("later", nargs="?", help="folder of the later model")
    add("--since", metavar="DAY", help="within one model: the day since which, such as 2025-11-30")
    add("--segment", metavar="NAME", help="whose leavers are listed (default: the best one)")
    add("--out", metavar="FILE", help="file to write the list to: .csv or .json")
    add("--exit-code", action="store_true", help=f"end with {SOMEONE} where anyone is on the list")

    command = commands.add_parser("fetch", help="download UCI's Online Retail orders (CC BY 4.0)")
    command.set_defaults(run=fetch)
    command.add_argument("--file", help="a copy (.zip, .xlsx or .csv) downloaded before")
    return parser


def _add_brand(command: argparse.ArgumentParser) -> None:
    command.add_argument("--color", default="", metavar="#RRGGBB", help="the shop's colour, such as #7A1F5C")
    command.add_argument("--logo", default="", metavar="FILE", help="a picture with the shop's logo")


def _address(orders: str) -> str:
    """Return where the orders are, wherever the notebook runs: a path from the root, or a database's URL."""
    return orders if "://" in orders else str(Path(orders).absolute())


def _swallowed(arguments: argparse.Namespace) -> str:
    """Say which path was taken for one more value of an option: the sample would be shown in its place."""
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
        raise argparse.ArgumentTypeError(f"{text!r} isn't a port: a number from 1 to 65535")
    return int(text)


def _host(text: str) -> str:
    if not text or set("/*@?# ") & set(text):
        raise argparse.ArgumentTypeError(
            f"{text!r} isn't a name or an address such as shop.example.com, without https:// and paths "
            "(a model's folder stands before the options)"
        )
    return text


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} isn't a number from 1")
    return int(text)


def _words(error: Exception) -> str:
    # The text of a KeyError is the repr of its message.
    message = error.args[0] if isinstance(error, KeyError) and error.args else str(error)
    return str(message) or type(error).__name__


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
