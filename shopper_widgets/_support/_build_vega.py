"""Build hook: write ``vega.js``, the one copy of Vega that widgets and reports carry.

The bundle is made when the package is built or installed, so that neither vl-convert nor a network is needed
when a chart is drawn. The bundle begins with the license notices of everything in it, so that they reach
every page and every report.
"""

from __future__ import annotations

from importlib import metadata
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# The HTML report uses the global, since its inline script can't be imported; the widgets use the export.
_SNIPPET = "globalThis.shopperVegaEmbed = vegaEmbed; export default vegaEmbed;"
# The Vega-Lite version that the oldest supported Altair writes; later Altair 6 releases write the same major.
_VEGA_LITE = "v6_4"


def write_bundle(path: Path) -> None:
    """Write Vega, Vega-Lite and Vega-Embed as one ES module, unless this version is there already."""
    import vl_convert

    notices = path.with_name("vega_notices.txt").read_text(encoding="utf-8")
    made = f"// Vega-Lite {_VEGA_LITE}, bundled by vl-convert {metadata.version('vl-convert-python')}\n"
    header = f"{made}/*!\n{notices}*/\n"
    if path.exists() and path.read_text(encoding="utf-8").startswith(header):
        return
    bundle = vl_convert.javascript_bundle(_SNIPPET, vl_version=_VEGA_LITE)
    path.write_text(header + bundle, encoding="utf-8")


class BuildVega(BuildHookInterface[Any]):
    """Runs before every wheel, source archive and editable install."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Write the bundle into the folder from which the package data is read."""
        write_bundle(Path(self.root) / "shopper_widgets" / "_support" / "vega.js")
