"""What a model was made from and with, as a table for people who check it."""

from __future__ import annotations

import pandas as pd

from shopper_widgets._support.formatting import count_of, format_count, format_day
from shopper_widgets._support.locale import gettext
from shopper_widgets.columns import AMOUNT
from shopper_widgets.model.privacy import what_still_shows
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.segments import CustomerSegmenter


def settings_table(model: ShopperModel) -> pd.DataFrame:
    """Return what the model was made from and with: ``setting, choice``, both text."""
    source, options = model.source, model.parameters
    mapping = ", ".join(f"{name} ← {header}" for name, header in (source.get("columns") or {}).items())
    rows = [
        (gettext("Orders"), str(source.get("name", gettext("a data frame")))),
        (
            gettext("Layout"),
            " · ".join(filter(None, (str(source.get("layout", "")), mapping)))
            or gettext("canonical columns"),
        ),
        (gettext("Lines read"), format_count(source["rows"])),
        (gettext("Recency counted to"), f"{format_day(model.as_of)}, {model.as_of:%H:%M}"),
        (
            gettext("Returns"),
            {"drop": gettext("left out; their sales still count"), "net": gettext("taken off their sales")}[
                options["returns"]
            ],
        ),
        (gettext("Segments requested"), str(options["n_clusters"])),
        (gettext("Segmentation"), _method(model)),
        (
            gettext("Refits for stability"),
            count_of(options.get("stability_budget", 0), "bootstrap sample"),
        ),
        (gettext("Random state"), str(options["random_state"])),
        (gettext("Fingerprint of the orders"), str(source["fingerprint"])[:16]),
    ]
    if "forgotten" in source:
        gone = source["forgotten"]
        left = what_still_shows(gone["customers"], gone["orders"], gone[AMOUNT], model.currency)
        rows.append((gettext("Forgotten"), left))
    if "pseudonyms" in source:
        rows.append(
            (
                gettext("Customer ids"),
                gettext("pseudonyms ({made_by})", made_by=source["pseudonyms"]["made_by"]),
            )
        )
    return pd.DataFrame(rows, columns=["setting", "choice"])


def _method(model: ShopperModel) -> str:
    segmenter = model.segmenter
    if not isinstance(segmenter, CustomerSegmenter):
        return gettext("rules over scores")
    method = gettext("Gaussian mixture") if segmenter.method == "gmm" else "KMeans"
    return gettext("{method}, transform {transform}", method=method, transform=segmenter.transform)
