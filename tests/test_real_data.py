"""Without the real data, tests of published figures are skipped with a reason, and fail in CI."""

from pathlib import Path

import pytest

from tests.real_data import real_data


def test_what_is_there_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOPPER_DATA", str(tmp_path))
    (tmp_path / "orders.csv").touch()
    assert real_data("orders.csv") == tmp_path / "orders.csv"


@pytest.mark.parametrize("folder", [None, "empty"])
def test_what_is_missing_is_owed_in_ci_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, folder: str | None
) -> None:
    monkeypatch.delenv("SHOPPER_DATA", raising=False)
    if folder:
        monkeypatch.setenv("SHOPPER_DATA", str(tmp_path / folder))
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match=r"orders\.csv.* In CI the real data are owed"):
        real_data("orders.csv")
    monkeypatch.delenv("CI")
    with pytest.raises(pytest.skip.Exception, match=r"orders\.csv"):
        real_data("orders.csv")
