"""Progress bars show only where they are wanted, and only for long work."""

import functools
import sys
from typing import Any

import pandas as pd
import pytest

from shopper_widgets._support.progress import progress_bar, progress_shown
from shopper_widgets.model.shopper_model import ShopperModel


def test_what_is_hidden_stays_hidden_within_and_comes_back() -> None:
    with progress_shown(False), progress_shown(True):
        assert progress_bar([1]).disable
    with progress_shown(True):
        bar = progress_bar([1, 2], leave=False)
        assert not bar.disable
        assert list(bar) == [1, 2]


@pytest.mark.parametrize("shown", [True, False])
def test_bars_deep_in_the_work_follow_the_model(
    shown: bool, small_shop: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    modules, disabled = ("diagnostics", "stability"), set()

    def watched(module: str, *args: Any, **options: Any) -> Any:
        bar = progress_bar(*args, **options)
        disabled.add((module, bar.disable))
        return bar

    for module in modules:
        bar = functools.partial(watched, module)
        monkeypatch.setattr(sys.modules[f"shopper_widgets.segments.{module}"], "progress_bar", bar)
    ShopperModel.fit(small_shop, stability_budget=2, progress=shown)
    assert disabled == {(module, not shown) for module in modules}
