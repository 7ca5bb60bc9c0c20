"""Publish the dashboard with Voilà, with all settings in one place."""

import logging
import os
import socket
import tempfile
import uuid
from collections.abc import Sequence
from pathlib import Path

from traitlets.config import Config

from shopper_widgets._support.locale import ENGLISH, set_locale
from shopper_widgets._support.resources import shipped, use_shipped_jupyter_files
from shopper_widgets.publish.entrance import SparingLog
from shopper_widgets.publish.forking import PROVISIONER, can_fork, offer_forks
from shopper_widgets.publish.kernel_culling import JOIN_SECONDS, PoolSafeKernelManager
from shopper_widgets.publish.templates import compile_once
from shopper_widgets.publish.visitors import PageServer

#: The number of kernels that wait, with the page already made, for the next visitors.
POOL_SIZE = 2
#: Seconds without a message after which a kernel without a connected tab is stopped.
IDLE_SECONDS = 900
#: Addresses that mean all networks of the machine, and are not a name for any of them.
EVERYWHERE = ("", "0.0.0.0", "::")
#: Seconds that the page's cell may take: a safety limit, so that a stuck page ends with a message.
CELL_SECONDS = 120
#: The most bytes in the path of a socket on macOS; Linux allows four more.
LONGEST_SOCKET_PATH = 103
#: The loggers that log what visitors send, besides the server's own.
TORNADO_LOGS = ("tornado.access", "tornado.application", "tornado.general")
#: The front-end extensions that the page needs; any other in the environment stays out of it.
EXTENSIONS = ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget"]
#: What a browser may load for the page: files of this server, and what the page makes itself. Vega and
#: anywidget compile code in the page, which needs `unsafe-eval` and `blob:`.
CONTENT_SECURITY_POLICY = (
    "default-src 'self' data: blob:; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:;"
    " style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss: data: blob:;"
    " object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
)


def folder_for_sockets() -> str | None:
    """Return a folder in which a server and its kernels can connect by sockets instead of ports.

    Returns
    -------
    str or None
        The folder for temporary files, or ``/tmp`` where that one's path is longer than a socket's may be, as
        on macOS. None if neither works, as on Windows.

    Examples
    --------
    >>> folder_for_sockets() in (tempfile.gettempdir(), "/tmp", None)
    True
    """
    if os.name != "posix":
        return None
    longest_name = f"voila_12345678/kernel-{uuid.UUID(int=0)}-ipc-5"
    for folder in (tempfile.gettempdir(), "/tmp"):
        path = Path(folder).resolve() / longest_name
        if len(os.fsencode(path)) <= LONGEST_SOCKET_PATH and os.access(folder, os.W_OK):
            return folder
    return None


def voila_config(
    notebook: Path,
    *,
    port: int,
    ip: str,
    open_browser: bool = False,
    idle_seconds: int = IDLE_SECONDS,
    host_names: Sequence[str] = (),
    visitors: int | None = None,
    password: str = "",
    locale: str = ENGLISH,
) -> Config:
    """Return Voilà's configuration for one published notebook.

    A visitor gets that notebook's outputs and nothing else: no source, no file next to it, no template or
    theme of their choice, no traceback. Closing a tab stops its kernel; a kernel that lost its tab is culled,
    and so is one that no tab ever reached.

    Parameters
    ----------
    notebook : Path
        The one notebook that is served.
    port, ip : int, str
        Where to listen. ``"0.0.0.0"`` is every network of the machine.
    open_browser : bool
        Open the page in the local browser.
    idle_seconds : int
        Seconds until an abandoned kernel is stopped.
    host_names : sequence of str
        Names and addresses, without port, at which browsers may ask for the page, besides this machine's
        own (``localhost`` and the like) and `ip`: a page of another name that was led to this machine (DNS
        rebinding) gets nothing.
    visitors : int, optional
        How many may have the page open at a time; the next wait for a place. Default: as many as the free
        memory holds, which ends all larger numbers, too.
    password : str
        The hash of a password that visitors have to give first, as `read_password` returns it.
    locale : {"en", "de"}, default "en"
        The language of the page.

    Returns
    -------
    traitlets.config.Config
        The configuration of `PageServer`.

    Examples
    --------
    >>> config = voila_config(Path("page.ipynb"), port=8866, ip="127.0.0.1")
    >>> config.VoilaConfiguration.file_allowlist, config.VoilaConfiguration.strip_sources
    ([], True)
    """
    config = Config()
    config.Voila.notebook_path = str(notebook)
    config.Voila.port = port
    config.Voila.port_retries = 0
    config.Voila.ip = ip
    config.Voila.open_browser = open_browser
    config.Voila.log_level = "WARN"
    # A voila.json in the working folder must not change any of this.
    config.Voila.config_file_paths = []
    config.Voila.tornado_settings = {
        # The message by which a closing tab stops its kernel has no token and would be refused. Everything
        # else that this allows needs the kernel's UUID, which only its own page knows.
        "disable_check_xsrf": True,
        "compress_response": True,
        "headers": {"Content-Security-Policy": CONTENT_SECURITY_POLICY, "X-Content-Type-Options": "nosniff"},
    }
    config.PageServer.host_names = [*host_names, *([] if ip in EVERYWHERE else [ip])]
    config.PageServer.visitors = visitors
    config.PasswordIdentityProvider.hashed_password = password
    config.HTMLExporter.language_code = locale
    config.VoilaConfiguration.template = "shopper"
    config.VoilaConfiguration.allow_template_override = "NO"
    config.VoilaConfiguration.allow_theme_override = "NO"
    config.VoilaConfiguration.strip_sources = True
    config.VoilaConfiguration.show_tracebacks = False
    config.VoilaConfiguration.file_allowlist = []
    config.VoilaConfiguration.extension_allowlist = EXTENSIONS
    config.VoilaConfiguration.preheat_kernel = True
    config.VoilaConfiguration.default_pool_size = POOL_SIZE
    config.VoilaConfiguration.multi_kernel_manager_class = PoolSafeKernelManager
    # A kernel that a visitor has taken is replaced at once: the next visitor may come within the second.
    config.VoilaKernelManager.fill_delay = 0
    config.VoilaExecutor.timeout = CELL_SECONDS
    config.VoilaExecutor.cell_error_instruction = "Details are in the server's log."
    config.VoilaExecutor.cell_timeout_instruction = "Details are in the server's log."
    # This encrypts messages between the server and its kernels; without it, each kernel warns of other local
    # users.
    config.KernelManager.transport_encryption = "auto"
    # A free port that is chosen for a kernel may be taken, even by a visitor's connection, before the kernel
    # listens. Jupyter then restarts the kernel behind a finished page, whose widgets the new kernel doesn't
    # know.
    folder = folder_for_sockets()
    if folder:
        config.KernelManager.transport = "ipc"
        config.Voila.connection_dir_root = folder
    if can_fork():
        config.KernelProvisionerFactory.default_provisioner_name = PROVISIONER
    config.MappingKernelManager.cull_idle_timeout = idle_seconds
    join_seconds = min(JOIN_SECONDS, idle_seconds)
    config.PoolSafeKernelManager.join_timeout = join_seconds
    # Checks are so frequent that a kernel outside the pool is noticed, and stopped, at most a sixth of that
    # time late.
    config.MappingKernelManager.cull_interval = max(1, int(join_seconds / 12))
    config.MappingKernelManager.cull_connected = False
    return config


def check_address(ip: str, port: int) -> None:
    """Make sure that a server can listen on the address; Voilà would use another port instead.

    Parameters
    ----------
    ip, port : str, int
        Where to listen.

    Raises
    ------
    OSError
        The port is in use, or not allowed for this user, or the address isn't this machine's.

    Examples
    --------
    >>> check_address("127.0.0.1", 0)
    """
    with socket.socket(socket.AF_INET6 if ":" in ip else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((ip, port))
        except OSError as error:
            raise OSError(
                f"port {port} of {ip} can't be used ({error.strerror}); choose another with --port"
            ) from error


def serve(
    model: Path | None,
    *,
    port: int = 8866,
    ip: str = "127.0.0.1",
    open_browser: bool = False,
    idle_seconds: int = IDLE_SECONDS,
    host_names: Sequence[str] = (),
    visitors: int | None = None,
    password: str = "",
    notebook: Path | None = None,
    color: str = "",
    logo: str = "",
    log: str = "",
    locale: str = ENGLISH,
) -> None:
    """Serve the dashboard of a model until interrupted.

    Parameters
    ----------
    model : Path or None
        Folder of a saved `ShopperModel`; None for the sample, which each page then fits by itself.
    port, ip, open_browser, idle_seconds, host_names, visitors, password : optional
        See `voila_config`.
    notebook : Path, optional
        A notebook in place of the packaged dashboard.
    color, logo : str
        The shop's: see `Dashboard`.
    log : str
        Folder of a `CampaignLog`; ``""`` for none.
    locale : {"en", "de"}, default "en"
        The language of words, numbers and dates.
    """
    set_locale(locale)  # for the pages that the server itself writes
    use_shipped_jupyter_files()
    offer_forks()
    compile_once()
    if model is not None:
        os.environ["SHOPPER_MODEL"] = str(model.absolute())
    os.environ["SHOPPER_COLOR"], os.environ["SHOPPER_LOCALE"] = color, locale
    for name, place in (("SHOPPER_LOGO", logo), ("SHOPPER_LOG", log)):
        os.environ[name] = str(Path(place).absolute()) if place else ""
    # The page never shows outputs stored in the notebook, so whether the notebook is trusted doesn't matter.
    told = logging.getLogger(PageServer.__name__)
    told.addFilter(lambda record: "is not trusted" not in record.getMessage())
    for name in (PageServer.__name__, *TORNADO_LOGS):
        logging.getLogger(name).addFilter(SparingLog())
    notebook = notebook or shipped("notebooks", "dashboard.ipynb")
    config = voila_config(
        notebook,
        port=port,
        ip=ip,
        open_browser=open_browser,
        idle_seconds=idle_seconds,
        host_names=host_names,
        visitors=visitors,
        password=password,
        locale=locale,
    )
    PageServer.launch_instance(argv=[], config=config)
