"""The command ``shopper-widgets``: a thin layer over papermill, nbconvert and Voilà with their settings."""

import argparse
import logging
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from shopper_widgets._support.resources import shipped, use_shipped_jupyter_files
from shopper_widgets.publish.arguments import SOMEONE, parser, swallowed
from shopper_widgets.publish.options import given

logger = logging.getLogger(__name__)

#: Seconds that one cell of the report may take: a safety limit for a stuck notebook, far above real work.
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
        0; 1 on failure, with a message; 3 if ``alerts --exit-code`` found somebody; 130 when interrupted. A
        wrong argument ends the process with 2, as argparse does.

    Examples
    --------
    >>> main(["report", "no/such/orders.csv"])
    1
    """
    command_line = parser()
    arguments = command_line.parse_args(argv)
    if value := swallowed(arguments):
        command_line.error(f"{value}: put the orders or the model before the options")
    if arguments.verbose:
        logging.basicConfig(level=logging.DEBUG)
    try:
        code = COMMANDS[arguments.command](arguments)
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

    from shopper_widgets._support.locale import in_locale
    from shopper_widgets._support.writing import only_writer, scratch_beside
    from shopper_widgets.model.bundle import check_place
    from shopper_widgets.publish.notebook import export_html
    from shopper_widgets.publish.results import move_results, say_where
    from shopper_widgets.words.brand import Brand

    # Errors are shown now, not after the minute that a report of many orders takes.
    summary = Path(arguments.summary).absolute() if arguments.summary else None
    if summary is not None and summary.suffix.lower() not in (".html", ".eml"):
        raise ValueError(f"--summary must end in .html or .eml; got {summary.name}")
    if arguments.format == "pdf":
        from shopper_widgets.publish.page.pdf import find_browser, print_pdf

        find_browser()
    campaign = None
    if arguments.campaign:
        from shopper_widgets.customers.campaign import Campaign

        campaign = Campaign.load(arguments.campaign)
    brand = Brand.of(arguments.color, arguments.logo)
    out = Path(arguments.out).absolute()
    check_place(out / "model")
    out.mkdir(parents=True, exist_ok=True)
    notebook, page = out / "report.ipynb", out / "report.html"
    for place in (notebook, page):
        if place.is_dir():
            raise FileExistsError(f"{place} is a folder: move it, or give another place with --out")
    with only_writer(page, seconds=0), scratch_beside(page) as scratch:
        # The results are made in a separate folder and moved at the end, so that the model, the notebook and
        # the page in one place always belong to one report.
        made = scratch / "made"
        made.mkdir()
        executed = made / notebook.name
        try:
            _execute(executed, report_parameters(arguments) | {"out": str(made)})
        except RuntimeError as error:
            say_where(executed, made)
            kept = notebook.with_name("report-failed.ipynb") if page.exists() else notebook
            executed.replace(kept)
            raise RuntimeError(f"{error}\nThe notebook up to the failure is {kept}") from error
        say_where(executed, made)
        export_html(executed, made / page.name, arguments.title, brand=brand, locale=arguments.locale or "")
        if arguments.format == "pdf":
            print_pdf(made / page.name, made / "report.pdf")
        if summary is not None:
            with in_locale(arguments.locale or ""):
                _summarize(made / "model", summary, arguments.title)
        move_results(made, out)
    _say(f"The report is {page}\nIts notebook is {notebook}\nThe model is {out / 'model'}")
    if arguments.format == "pdf":
        _say(f"The PDF is {out / 'report.pdf'}")
    if summary is not None:
        _say(f"The summary is {summary}")
    if campaign:
        _say(f"The campaign's list is {out / campaign.filename}.csv")


def _summarize(folder: Path, place: Path, title: str | None) -> None:
    """Write a model's summary as a page or as an email, depending on the ending of the file."""
    from shopper_widgets._support.writing import write_whole
    from shopper_widgets.model.shopper_model import ShopperModel
    from shopper_widgets.publish.casts import as_title
    from shopper_widgets.publish.summary import summary_html, summary_message

    write = summary_message if place.suffix.lower() == ".eml" else summary_html
    write_whole(place, write(ShopperModel.load(folder), as_title(title)))


def _execute(notebook: Path, parameters: dict[str, Any]) -> None:
    """Execute the report's notebook into a file; raise a RuntimeError if a cell fails."""
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    from shopper_widgets.publish.papermill_engine import ENGINE

    use_shipped_jupyter_files()
    try:
        papermill.execute_notebook(
            str(shipped("notebooks", "report.ipynb")),
            # papermill reads braces in a path as placeholders.
            str(notebook).replace("{", "{{").replace("}", "}}"),
            parameters=parameters,
            engine_name=ENGINE,
            kernel_name="python3",
            execution_timeout=CELL_SECONDS,
            # Errors are reported below; the kernel's own log would disturb the progress bar.
            extra_arguments=["--log-level=CRITICAL"],
        )
    except papermill.PapermillExecutionError as error:
        raise RuntimeError(error.evalue) from error
    except DeadKernelError as error:
        raise RuntimeError("the notebook's process ended before it was done (out of memory?)") from error
    except CellTimeoutError as error:
        raise RuntimeError(f"a step took more than {CELL_SECONDS} seconds and was stopped") from error


def report_parameters(arguments: argparse.Namespace) -> dict[str, Any]:
    """Return the parameters of report.ipynb that were given on the command line; it has the defaults."""
    told = given(arguments)
    if arguments.orders:
        told["data"] = _address(arguments.orders)
    # Paths become absolute, because the notebook runs in another folder.
    places = {n: str(Path(told[n]).absolute()) for n in ("previous", "campaign", "out") if n in told}
    stock = {"stock": _address(told["stock"])} if told.get("stock") else {}
    return told | places | stock


def dashboard(arguments: argparse.Namespace) -> None:
    """Publish the dashboard of a saved model, or of the sample, until interrupted."""
    from shopper_widgets.model.shopper_model import ShopperModel
    from shopper_widgets.publish.password import read_password
    from shopper_widgets.publish.server import EVERYWHERE, check_address, serve
    from shopper_widgets.words.brand import Brand

    Brand.of(arguments.color, arguments.logo)
    if arguments.log and not Path(arguments.log).is_dir():
        raise FileNotFoundError(
            f"--log must be a folder of campaigns that were sent; {arguments.log} is not a folder"
        )
    check_address(arguments.ip, arguments.port)
    hashed = read_password(Path(arguments.password_file)) if arguments.password_file else ""
    with tempfile.TemporaryDirectory(prefix="shopper-widgets-") as scratch:
        if arguments.model is None:
            from shopper_widgets.datasets import ABOUT_SAMPLE, load_sample

            _say("No model given: fitting the sample shop")
            folder = Path(scratch) / "model"
            ShopperModel.fit(load_sample(), **ABOUT_SAMPLE, evaluate=True).save(folder)
        else:
            folder = Path(arguments.model)
            # Visitors would only see that it can't be loaded: whoever starts the server sees why.
            ShopperModel.load(folder)
        everywhere = arguments.ip in EVERYWHERE
        host = (arguments.host_name or ["localhost"])[0] if everywhere else arguments.ip
        _say(f"The dashboard is at http://{host}:{arguments.port}/ (Ctrl-C stops it)")
        if everywhere and not arguments.host_name:
            _say("Others can't open it yet: give the host names that they use with --host-name")
        serve(
            folder,
            port=arguments.port,
            ip=arguments.ip,
            open_browser=not arguments.no_browser,
            host_names=arguments.host_name or (),
            visitors=arguments.visitors,
            color=arguments.color,
            logo=arguments.logo,
            log=arguments.log,
            locale=arguments.locale,
            password=hashed,
        )


def password(arguments: argparse.Namespace) -> None:
    """Ask for a password, and write its hash where ``dashboard --password-file`` reads it."""
    from getpass import getpass

    from shopper_widgets.publish.password import write_password

    first = getpass("Password: ")
    if getpass("Password again: ") != first:
        raise ValueError("the two passwords differ; nothing was written")
    write_password(Path(arguments.file), first)
    _say(f"Its hash is in {arguments.file}: shopper-widgets dashboard … --password-file {arguments.file}")


def measure(arguments: argparse.Namespace) -> None:
    """Say whether a campaign worked, and write its table if that is requested."""
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
                f"{sent} is a definition: give the model that selected customers by it with --model, or give "
                "the list that was sent (CSV) instead"
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
    """List the alerts since an earlier model or a day, and write the list if that is requested."""
    from shopper_widgets._support.csv import csv_file
    from shopper_widgets._support.writing import write_whole
    from shopper_widgets.customers import alerts as who
    from shopper_widgets.model.shopper_model import ShopperModel
    from shopper_widgets.words.alerts import alert_sentences

    out = Path(arguments.out) if arguments.out else None
    if out is not None and out.suffix.lower() not in (".csv", ".json"):
        raise ValueError(f"--out must end in .csv or .json; got {arguments.out}")
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
        write_whole(out, csv_file(found) if csv else who.alerts_json(found))
        _say(f"The list is {out}")
    return SOMEONE if arguments.exit_code and len(found) else 0


def fetch(arguments: argparse.Namespace) -> None:
    """Download UCI's Online Retail, or check a copy, and say where it is."""
    from shopper_widgets.datasets import fetch_online_retail, online_retail_path

    fetch_online_retail(arguments.file)
    _say(f"The orders are in {online_retail_path()}\nNext: shopper-widgets report {online_retail_path()}")


#: Name → the function of the command.
COMMANDS: dict[str, Callable[[argparse.Namespace], int | None]] = {
    "report": report,
    "dashboard": dashboard,
    "password": password,
    "measure": measure,
    "alerts": alerts,
    "fetch": fetch,
}


def _address(place: str) -> str:
    """Return an address that is valid in any folder: an absolute path, or the URL of a database."""
    return place if "://" in place else str(Path(place).absolute())


def _words(error: Exception) -> str:
    # The text of a KeyError is the repr of its message.
    message = error.args[0] if isinstance(error, KeyError) and error.args else str(error)
    return str(message) or type(error).__name__


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
