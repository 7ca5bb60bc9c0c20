"""The page's template, compiled once: Voilà would compile it again for each visitor."""

import voila.notebook_renderer
from jinja2 import Environment
from jinja2.bccache import Bucket, BytecodeCache
from voila.exporter import VoilaExporter

from shopper_widgets._support.locale import N_, gettext, in_locale

#: Words that the page shows without its kernel; the template contains them.
WORDS = {
    "reload": N_("Reload the page"),
    "ended": N_("This session has ended after a long pause: reload the page to go on."),
    "unreachable": N_("The server can't be reached: clicks have no effect until it is back."),
}


class _Compiled(BytecodeCache):
    """Compiled templates, in memory; a template that has changed is compiled again."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if kept := self._kept.get(bucket.key):
            bucket.bytecode_from_string(kept)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


class PageExporter(VoilaExporter):  # type: ignore[misc]
    """Voilà's exporter, whose templates are compiled once for all pages of this process."""

    compiled = _Compiled()

    def _create_environment(self) -> Environment:
        environment: Environment = super()._create_environment()
        environment.bytecode_cache = self.compiled
        with in_locale(self.language_code):
            environment.globals["words"] = {name: gettext(text) for name, text in WORDS.items()}
        return environment


def compile_once() -> None:
    """Make Voilà create its pages by `PageExporter`, for which it has no setting.

    Examples
    --------
    >>> compile_once()
    >>> voila.notebook_renderer.VoilaExporter.__name__
    'PageExporter'
    """
    voila.notebook_renderer.VoilaExporter = PageExporter
