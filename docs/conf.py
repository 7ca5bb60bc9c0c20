"""How Sphinx builds these pages: offline, with every warning an error (`make docs`)."""

import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import shopper_widgets  # noqa: E402

project = "Shopper Spectrum"
author = "Shopper Spectrum"
version = release = shopper_widgets.__version__
html_title = f"{project} {version}"

extensions = ["sphinx.ext.autodoc", "sphinx.ext.autosummary", "numpydoc", "myst_parser", "_pages"]
exclude_patterns = ["_made"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3

# The text of each parameter says its type for readers; types in signatures would repeat it.
autodoc_typehints = "none"
autodoc_member_order = "bysource"
# scikit-learn makes these methods for its metadata routing, with docstrings of its own.
autodoc_default_options = {
    "exclude-members": "set_fit_request, set_predict_request, set_score_request, set_transform_request"
}
autosummary_generate = False
numpydoc_show_class_members = False

# Linked names in docstrings have an entry in these pages; the exceptions are Python's, whose index is not
# loaded: pages are built offline.
nitpicky = True
nitpick_ignore = [("py:meth", "datetime.datetime.strptime")]

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["pages.css"]
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
