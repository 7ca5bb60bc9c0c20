"""A password for the published page, if no web server with a log-in is in front of it."""

import html
import os
import time
from collections import deque
from pathlib import Path
from typing import Any, ClassVar

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.auth.login import LoginFormHandler
from jupyter_server.auth.security import passwd

from shopper_widgets._support.locale import gettext
from shopper_widgets.publish.waiting import page

#: The fewest characters of a password.
SHORTEST = 8
#: Wrong passwords within a minute, from anybody, after which everybody has to wait.
GUESSES_PER_MINUTE = 10
#: The beginning of a hash that Jupyter's servers make and read.
HASHED = "argon2:"


def write_password(path: Path, password: str) -> None:
    """Write the hash of a password to a file that only its owner can read.

    Parameters
    ----------
    path : Path
        The file; an existing one is replaced.
    password : str
        Of at least `SHORTEST` letters.

    Raises
    ------
    ValueError
        It is too short.

    Examples
    --------
    >>> write_password(Path("page.password"), "sesame")
    Traceback (most recent call last):
    ValueError: a password must have at least 8 characters; this one has 6
    """
    if len(password) < SHORTEST:
        raise ValueError(f"a password must have at least {SHORTEST} characters; this one has {len(password)}")
    hashed: str = passwd(password)  # type: ignore[no-untyped-call]
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(hashed + "\n")


def read_password(path: Path) -> str:
    """Read the hash that `write_password` wrote.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    ValueError
        The file holds something else, such as a plain password.
    """
    hashed = path.read_text(encoding="utf-8").strip()
    if not hashed.startswith(HASHED):
        raise ValueError(
            f"{path} doesn't hold the hash of a password: write it with `shopper-widgets password {path}`"
        )
    return hashed


class LoginPage(LoginFormHandler):
    """Asks for the password; a cookie then identifies the visitor until the server ends."""

    #: The times of wrong passwords; one list for all visitors, since guesses may come from anywhere.
    guesses: ClassVar[deque[float]] = deque(maxlen=GUESSES_PER_MINUTE)

    @allow_unauthenticated
    def post(self) -> None:
        """Let in visitors who know the password, and make others wait after a few guesses."""
        guesses = self.guesses
        if len(guesses) == guesses.maxlen and time.monotonic() - guesses[0] < 60:
            self.set_status(429)
            self.set_header("Retry-After", "60")
            self._render(gettext("There were too many wrong passwords. Please try again in a minute."))
            return
        user = self.current_user = self.identity_provider.process_login_form(self)
        if user is None:
            guesses.append(time.monotonic())
            self.set_status(401)
            self._render(gettext("That is not the password."))
            return
        self.identity_provider.set_login_cookie(self, user)
        lead: Any = self._redirect_safe
        lead(self.get_argument("next", default=self.base_url))

    def _render(self, message: Any = None) -> None:
        """Show the form, with a message above it if there is one."""
        told = f'<p role="alert">{html.escape(message)}</p>' if message else ""
        label = html.escape(gettext("This page asks for a password."))
        button = html.escape(gettext("Open the page"))
        wanted = html.escape(self.get_argument("next", default=self.base_url))
        self.set_header("Cache-Control", "no-store")
        self.finish(
            page(
                f'{told}<form method="post"><input type="hidden" name="next" value="{wanted}">'
                f'<label for="password">{label}</label>'
                '<input id="password" name="password" type="password" autocomplete="current-password"'
                f' required autofocus><button type="submit">{button}</button></form>'
            )
        )
