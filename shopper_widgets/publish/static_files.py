"""The page's scripts, at addresses that change with their content: a browser loads each of them once."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from jupyter_server.base.handlers import FileFindHandler
from voila.static_file_handler import MultiStaticFileHandler

#: The header for files that browsers keep for a year without asking again.
FOR_GOOD = "public, max-age=31536000, immutable"
#: A file name with the hash of its content.
_HASHED_NAME = re.compile(r"\.[0-9a-f]{8,}\.(js|css|woff2?)$")


def fingerprint(folders: Iterable[str]) -> str:
    """Return a word that changes whenever a file in these folders does.

    Parameters
    ----------
    folders : iterable of str
        Those that are missing have no files.

    Examples
    --------
    >>> fingerprint([]), len(fingerprint([str(Path(__file__).parent)]))
    ('e3b0c44298fc', 12)
    """
    found = hashlib.sha256()
    for path in sorted(path for folder in folders for path in Path(folder).rglob("*") if path.is_file()):
        found.update(str(path).encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:12]


class StaticFiles(MultiStaticFileHandler):  # type: ignore[misc]
    """Voilà's own files, at an address with their fingerprint."""

    def set_extra_headers(self, path: str) -> None:
        """Let the browser keep them."""
        self.set_header("Cache-Control", FOR_GOOD)


class ExtensionFiles(FileFindHandler):
    """The files of front-end extensions, most of which have their hash in their name."""

    def set_headers(self) -> None:
        """Let the browser keep files with a hash in their name."""
        super().set_headers()
        if _HASHED_NAME.search(self.request.path):
            self.set_header("Cache-Control", FOR_GOOD)
