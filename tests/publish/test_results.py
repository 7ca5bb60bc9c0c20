"""Model, notebook and page in a folder are always of the same report."""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from shopper_widgets import ShopperModel
from shopper_widgets.datasets import make_transactions
from shopper_widgets.publish import cli
from shopper_widgets.publish.results import move_results, say_where
from shopper_widgets.words.brand import Brand
from tests.publish.test_cli import printed, report_of  # noqa: F401

SAVE = """
from pathlib import Path; import shutil
shutil.copytree({bundle!r}, Path(out) / "model")
(Path(out) / "list.csv").write_text({word!r})
print({word!r}, out)
"""


@pytest.fixture(scope="module")
def bundles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Models of two shops, saved."""
    folder = tmp_path_factory.mktemp("bundles")
    for seed, word in enumerate(("before", "after")):
        orders = make_transactions(n_customers=40, n_products=20, n_days=90, random_state=seed)
        ShopperModel.fit(orders, n_clusters=2, progress=False, evaluate=False).save(folder / word)
    return {word: folder / word for word in ("before", "after")}


@pytest.fixture
def run(
    report_of: Callable[..., Path],  # noqa: F811
    bundles: dict[str, Path],
) -> Callable[..., int]:
    def reported(word: str, *more: str) -> int:
        report_of(SAVE.format(bundle=str(bundles[word]), word=word), *more)
        return cli.main(["report", "--title", word])

    return reported


def belong_together(out: Path, bundles: dict[str, Path], word: str) -> None:
    manifest = "model/manifest.json"
    assert json.loads((out / manifest).read_text()) == json.loads(
        (bundles[word] / "manifest.json").read_text()
    )
    assert printed(out / "report.ipynb") == f"{word} {out}\n"
    assert (out / "report.html").read_text() == word
    assert (out / "list.csv").read_text() == word
    assert ShopperModel.load(out / "model").source is not None
    assert not [path for path in out.iterdir() if "unfinished" in path.name]


def test_a_report_replaces_all_of_the_one_before(
    run: Callable[..., int], bundles: dict[str, Path], tmp_path: Path
) -> None:
    assert run("before") == 0
    belong_together(tmp_path / "out", bundles, "before")
    assert run("after") == 0
    belong_together(tmp_path / "out", bundles, "after")
    shown = {path.name for path in (tmp_path / "out").iterdir() if not path.name.startswith(".")}
    assert shown == {"model", "report.ipynb", "report.html", "list.csv"}


def test_a_disk_that_is_full_while_the_page_is_written_leaves_all_as_it_was(
    run: Callable[..., int],
    bundles: dict[str, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run("before") == 0

    def full(notebook: Path, page: Path, title: str, brand: Brand, locale: str) -> None:
        page.write_text("half a pa")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sys.modules["shopper_widgets.publish.notebook"], "export_html", full)
    assert run("after") == 1
    assert "No space left on device" in capsys.readouterr().err
    belong_together(tmp_path / "out", bundles, "before")


def test_a_report_that_fails_leaves_all_as_it_was_and_its_notebook_beside_it(
    run: Callable[..., int], bundles: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("before") == 0
    assert run("after", "raise ValueError('no chart')") == 1
    out = tmp_path / "out"
    assert (
        f"no chart\nThe notebook up to the failure is {out / 'report-failed.ipynb'}"
        in capsys.readouterr().err
    )
    assert printed(out / "report-failed.ipynb") == f"after {out}\n"
    belong_together(out, bundles, "before")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("/a/ü/.x-1/made", "/a/ü"),
        (r"C:\\a\\.x-1\\made\\model", r"C:\\a\\model"),
        (r"\"C:\\\\a\\\\.x-1\\\\made\"", r"\"C:\\\\a\""),
        ("/a/.x-1/other", "/a/.x-1/other"),
    ],
)
def test_a_notebook_names_the_place_and_not_where_it_was_made(
    tmp_path: Path, written: str, read: str
) -> None:
    notebook = tmp_path / "report.ipynb"
    notebook.write_text(written, encoding="utf-8")
    say_where(notebook, Path("/a") / ".x-1" / "made")
    assert notebook.read_text(encoding="utf-8") == read


def test_the_page_is_moved_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = tmp_path / ".scratch" / "made"
    made.mkdir(parents=True)
    for name in ("report.html", "a.csv", "report.ipynb", "z.csv", ".lock"):
        (made / name).touch()
    moved: list[str] = []
    replace = Path.replace

    def noted(one: Path, other: Path) -> Path:
        moved.append(one.name)
        return replace(one, other)

    monkeypatch.setattr(Path, "replace", noted)
    move_results(made, tmp_path)
    assert moved == ["a.csv", "report.ipynb", "z.csv", "report.html"]
