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

# Types stand in the text of each parameter, for readers; those of signatures would say them twice.
autodoc_typehints = "none"
autodoc_member_order = "bysource"
# Made by scikit-learn for its own routing of metadata; their text is its own too.
autodoc_default_options = {
    "exclude-members": "set_fit_request, set_predict_request, set_score_request, set_transform_request"
}
autosummary_generate = False
numpydoc_show_class_members = False

# Names in docstrings that are linked have an entry here; those listed are Python's, whose index is not asked
# for: pages are built offline.
nitpicky = True
nitpick_ignore = [("py:meth", "datetime.datetime.strptime")]

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["pages.css"]
html_show_copyright = False
html_show_sphinx = False
html_copy_source = False
