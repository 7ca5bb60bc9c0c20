"""The bundle: a saved model loads the same; a damaged, foreign or truncated one gives a clear error."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from shopper_widgets._support import estimator
from shopper_widgets.columns import RFM
from shopper_widgets.model import bundle
from shopper_widgets.model.bundle import (
    MANIFEST,
    SCHEMA_VERSION,
    BundleError,
    BundleVersionWarning,
    _hash,
)
from shopper_widgets.model.bundle_contents import TABLES
from shopper_widgets.model.shopper_model import ShopperModel


@pytest.fixture
def saved(small_model: ShopperModel, tmp_path: Path) -> Path:
    return small_model.save(tmp_path / "model")


def _edit_manifest(folder: Path, **changes: object) -> None:
    path = folder / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8")) | changes
    path.write_text(json.dumps(manifest), encoding="utf-8")


def test_what_is_saved_comes_back(small_model: ShopperModel, saved: Path) -> None:
    loaded = ShopperModel.load(saved)
    for table in (*TABLES, "segments"):
        pd.testing.assert_frame_equal(getattr(loaded, table), getattr(small_model, table))
    for name in ("as_of", "currency", "parameters", "source"):
        assert getattr(loaded, name) == getattr(small_model, name)
    rfm = small_model.customers[list(RFM)]
    assert (loaded.segmenter.predict(rfm) == small_model.segmenter.predict(rfm)).all()
    pd.testing.assert_frame_equal(loaded.scorer.transform(rfm), small_model.scorer.transform(rfm))
    customer = small_model.customers["customer_id"][0]
    pd.testing.assert_frame_equal(
        loaded.recommender.recommend(customer), small_model.recommender.recommend(customer)
    )


def test_estimators_are_packed(saved: Path) -> None:
    with zipfile.ZipFile(saved / "recommender.skops") as archive:
        parts = archive.infolist()
    assert sum(part.compress_size for part in parts) < sum(part.file_size for part in parts) / 2


def test_an_odd_customer_comes_back_as_text(small_shop: pd.DataFrame, tmp_path: Path) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    odd = small_shop.assign(customer_id=small_shop["customer_id"].where(small_shop.index % 50 > 0, hostile))
    model = ShopperModel.fit(odd, n_clusters=2, progress=False)
    loaded = ShopperModel.load(model.save(tmp_path / "model"))
    assert hostile in set(loaded.customers["customer_id"])
    pd.testing.assert_frame_equal(loaded.recommender.recommend(hostile), model.recommender.recommend(hostile))


def test_files_for_spreadsheets(small_model: ShopperModel, saved: Path) -> None:
    customers = pd.read_csv(saved / "customers.csv", dtype={"customer_id": str}, encoding="utf-8-sig")
    assert customers["customer_id"].tolist() == small_model.customers["customer_id"].tolist()
    assert customers["monetary"].sum() == pytest.approx(small_model.customers["monetary"].sum())
    segments = pd.read_csv(saved / "segments.csv", encoding="utf-8-sig")
    assert segments["segment"].tolist() == small_model.segments["segment"].tolist()
    recommendations = pd.read_csv(saved / "recommendations.csv", dtype=str, encoding="utf-8-sig")
    product = recommendations["to_product_id"][0]
    expected = small_model.recommender.similar(product)["product_id"].tolist()
    assert recommendations.loc[lambda r: r["to_product_id"] == product, "product_id"].tolist() == expected
    products = pd.read_csv(saved / "products.csv", dtype={"product_id": str}, encoding="utf-8-sig")
    assert products["revenue"].sum() == pytest.approx(small_model.products["revenue"].sum())


def test_a_bundle_replaces_a_bundle_and_nothing_else(small_model: ShopperModel, tmp_path: Path) -> None:
    folder = small_model.save(tmp_path / "deep" / "model")
    (folder / ".DS_Store").write_bytes(b"Finder")
    small_model.save(folder)
    assert (folder / ".DS_Store").read_bytes() == b"Finder"
    assert {p.name for p in folder.parent.iterdir()} <= {"model", ".model.lock"}
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    (folder / "deep").mkdir()
    with pytest.raises(FileExistsError, match=r"files beside its model \(deep, notes\.txt\), which are not"):
        small_model.save(folder)
    assert (folder / "notes.txt").read_text(encoding="utf-8") == "mine"
    assert len(ShopperModel.load(folder).customers) == len(small_model.customers)


def test_of_many_files_three_are_named(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).touch()
    with pytest.raises(FileExistsError, match=r"holds other files \(a, b, c\), which"):
        bundle.check_place(tmp_path)
    (tmp_path / "d").touch()
    with pytest.raises(FileExistsError, match=r"holds other files \(a, b, c …\), which"):
        bundle.check_place(tmp_path)


@pytest.mark.parametrize(
    "manifest",
    [
        None,
        "{",
        "[]",
        '{"name": "web app", "short_name": "app"}',
        '{"format": "shopper-widgets model"}',
        '{"format": "shopper-widgets model", "files": ["src"]}',
        '{"format": "shopper-widgets model", "files": {"src": "0"}}',
    ],
)
def test_a_folder_with_some_manifest_is_not_touched(
    small_model: ShopperModel, tmp_path: Path, manifest: str | None
) -> None:
    app = tmp_path / "app"
    (app / "src").mkdir(parents=True)
    (app / "src" / "index.js").write_text("mine", encoding="utf-8")
    if manifest is not None:
        (app / MANIFEST).write_text(manifest, encoding="utf-8")
    with pytest.raises(FileExistsError, match=r"\(.*src.*\), which are not replaced"):
        small_model.save(app)
    with pytest.raises(FileExistsError, match="is a file"):
        small_model.save(app / "src" / "index.js")
    assert (app / "src" / "index.js").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("when", ["_hash", "fsync"])
def test_a_killed_save_leaves_the_old_bundle(saved: Path, when: str) -> None:
    before = {p.name: _hash(p) for p in saved.iterdir()}
    target = "shopper_widgets.model.bundle._hash" if when == "_hash" else "os.fsync"
    script = f"""
        import os, signal, sys
        from unittest import mock
        from shopper_widgets.model.shopper_model import ShopperModel
        model = ShopperModel.load(sys.argv[1])
        model.currency = "changed"
        with mock.patch({target!r}, lambda *_: os.kill(os.getpid(), signal.SIGKILL)):
            model.save(sys.argv[1])
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script), str(saved)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert {p.name: _hash(p) for p in saved.iterdir()} == before
    assert ShopperModel.load(saved).currency == "£"


def test_a_failed_move_puts_the_old_bundle_back(
    small_model: ShopperModel, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename

    def refuse(self: Path, target: Path) -> Path:
        if self.name == "new":
            raise OSError("disk full")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    monkeypatch.setattr("shopper_widgets._support.writing.exchange", lambda *_: False)
    with pytest.raises(OSError, match="disk full"):
        small_model.save(saved)
    assert ShopperModel.load(saved).as_of == small_model.as_of


def test_a_save_that_was_killed_between_its_steps_is_mended(small_model: ShopperModel, saved: Path) -> None:
    def cut_short() -> None:
        left = saved.parent / f".{saved.name}.unfinished-1"
        left.mkdir()
        saved.rename(left / "old")

    cut_short()
    assert ShopperModel.load(saved).currency == "£"
    small_model.save(saved)  # deletes what is left
    cut_short()
    small_model.save(saved)
    assert {p.name for p in saved.parent.iterdir()} <= {saved.name, f".{saved.name}.lock"}


def test_reading_writes_nothing_beside_a_bundle(saved: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(saved, elsewhere / "model")
    ShopperModel.load(elsewhere / "model")
    with pytest.raises(BundleError, match="does not exist"):
        ShopperModel.load(elsewhere / "nowhere")
    assert [path.name for path in elsewhere.iterdir()] == ["model"]


@pytest.mark.parametrize("currency", ["€", "$"])
@pytest.mark.parametrize("damaged", [False, True])
def test_a_bundle_that_is_saved_anew_meanwhile_is_read_again(
    small_model: ShopperModel, saved: Path, monkeypatch: pytest.MonkeyPatch, currency: str, damaged: bool
) -> None:
    verify, saves = bundle._verify, iter([dataclasses.replace(small_model, currency=currency)])

    def verify_then_save(folder: Path, manifest: dict[str, Any]) -> None:
        verify(folder, manifest)
        for other in saves:
            other.save(folder)
            if damaged:
                raise BundleError("half of one and half of the other")

    monkeypatch.setattr(bundle, "_verify", verify_then_save)
    assert ShopperModel.load(saved).currency == currency


@pytest.mark.parametrize("name", ["customers.parquet", "recommender.skops", "products.csv"])
def test_damaged_and_truncated_files_are_named(saved: Path, name: str) -> None:
    whole = (saved / name).read_bytes()
    (saved / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BundleError, match=f"damaged: {name} is not what was saved"):
        ShopperModel.load(saved)
    (saved / name).unlink()
    with pytest.raises(BundleError, match=f"incomplete: {name} is missing"):
        ShopperModel.load(saved)


def test_any_other_hash_is_another_file(saved: Path) -> None:
    files = json.loads((saved / MANIFEST).read_text(encoding="utf-8"))["files"]
    for other in ("0" * 64, "f" * 64):
        _edit_manifest(saved, files=files | {"products.csv": other})
        with pytest.raises(BundleError, match=r"products\.csv is not what was saved"):
            ShopperModel.load(saved)


def test_foreign_folders_are_told_apart(saved: Path, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="does not exist"):
        ShopperModel.load(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(BundleError, match=r"has no manifest\.json"):
        ShopperModel.load(tmp_path / "empty")
    _edit_manifest(saved, format="somebody else's model")
    with pytest.raises(BundleError, match="describes something else"):
        ShopperModel.load(saved)
    (saved / MANIFEST).write_text("{", encoding="utf-8")
    with pytest.raises(BundleError, match="cannot be read"):
        ShopperModel.load(saved)


def test_newer_formats_are_refused_and_other_library_versions_warned_about(saved: Path) -> None:
    manifest = json.loads((saved / MANIFEST).read_text(encoding="utf-8"))
    _edit_manifest(saved, versions=manifest["versions"] | {"scikit-learn": "0.19.1"})
    with pytest.warns(BundleVersionWarning, match=r"scikit-learn 0\.19\.1"):
        ShopperModel.load(saved)
    for version in (SCHEMA_VERSION + 1, 2, 1):  # names of segments meant something else in version 1
        _edit_manifest(saved, schema_version=version)
        told = rf"has bundle format {version}; .* reads 3 and 4\. .*make the bundle again"
        with pytest.raises(BundleError, match=told):
            ShopperModel.load(saved)


def test_only_other_minor_versions_are_warned_about_and_only_those_are_named(saved: Path) -> None:
    versions = json.loads((saved / MANIFEST).read_text(encoding="utf-8"))["versions"]
    major, minor, *_ = versions["numpy"].split(".")
    _edit_manifest(saved, versions=versions | {"numpy": f"{major}.{minor}.99", "shopper-widgets": "0.0.1"})
    ShopperModel.load(saved)  # a warning would be an error
    other = f"{major}.{int(minor) + 1}.0"
    _edit_manifest(saved, versions=versions | {"numpy": other})
    with pytest.warns(BundleVersionWarning, match=rf"\(numpy {other} → {versions['numpy']}\)") as told:
        ShopperModel.load(saved)
    assert told[0].filename == __file__  # the warning points to the caller, not into the library


def test_sparse_arrays_of_an_earlier_format_are_read(
    small_model: ShopperModel, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import skops.io

    monkeypatch.setattr(estimator, "_plain", lambda value: value)  # as format 3 wrote sparse arrays
    skops.io.dump(small_model.recommender, saved / "recommender.skops")
    assert "scipy" in zipfile.ZipFile(saved / "recommender.skops").read("schema.json").decode()
    manifest = json.loads((saved / MANIFEST).read_text(encoding="utf-8"))
    files = manifest["files"] | {"recommender.skops": _hash(saved / "recommender.skops")}
    _edit_manifest(saved, files=files, schema_version=3)
    found = ShopperModel.load(saved).recommender.similar_to_all()
    pd.testing.assert_frame_equal(found, small_model.recommender.similar_to_all())


@pytest.mark.parametrize("files", [None, {}, {"customers.parquet": "0"}])
def test_a_manifest_must_list_what_is_needed(saved: Path, files: object) -> None:
    _edit_manifest(saved, files=files)
    with pytest.raises(BundleError, match="does not list all its files"):
        ShopperModel.load(saved)


def test_a_manifest_cannot_point_outside(saved: Path) -> None:
    manifest = json.loads((saved / MANIFEST).read_text(encoding="utf-8"))
    _edit_manifest(saved, files=manifest["files"] | {"../../secret": "0"})
    with pytest.raises(BundleError, match="outside itself"):
        ShopperModel.load(saved)


def test_types_that_are_not_trusted_are_not_built(saved: Path) -> None:
    import skops.io
    from sklearn.preprocessing import FunctionTransformer

    skops.io.dump(FunctionTransformer(os.system), saved / "segmenter.skops")
    manifest = json.loads((saved / MANIFEST).read_text(encoding="utf-8"))
    files = manifest["files"] | {"segmenter.skops": _hash(saved / "segmenter.skops")}
    _edit_manifest(saved, files=files)
    with pytest.raises(BundleError, match="is not trusted"):
        ShopperModel.load(saved)


def test_loading_never_unpickles(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import pickle

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("unpickled")

    for name in ("load", "loads", "Unpickler"):
        monkeypatch.setattr(pickle, name, refuse)
    assert len(ShopperModel.load(saved).customers) > 0


def test_an_estimator_or_a_table_of_another_kind_is_told(saved: Path) -> None:
    (saved / "segmenter.skops").write_bytes((saved / "scorer.skops").read_bytes())
    manifest = json.loads((saved / MANIFEST).read_text(encoding="utf-8"))
    files = manifest["files"] | {"segmenter.skops": manifest["files"]["scorer.skops"]}
    _edit_manifest(saved, files=files)
    with pytest.raises(BundleError, match="holds a RFMScorer"):
        ShopperModel.load(saved)


def test_a_table_in_place_of_another_is_told(saved: Path) -> None:
    (saved / "customers.parquet").write_bytes((saved / "products.parquet").read_bytes())
    manifest = json.loads((saved / MANIFEST).read_text(encoding="utf-8"))
    files = manifest["files"] | {"customers.parquet": manifest["files"]["products.parquet"]}
    _edit_manifest(saved, files=files)
    with pytest.raises(BundleError, match=r"customers\.parquet is another table"):
        ShopperModel.load(saved)


@pytest.mark.parametrize("changes", [{"as_of": None}, {"parameters": None}])
def test_a_manifest_of_gaps_is_told(saved: Path, changes: dict[str, object]) -> None:
    _edit_manifest(saved, **changes)
    with pytest.raises(BundleError, match="cannot be read as a model bundle"):
        ShopperModel.load(saved)


def test_unknown_versions_are_warned_about(saved: Path) -> None:
    _edit_manifest(saved, versions=None)
    with pytest.warns(BundleVersionWarning):
        ShopperModel.load(saved)


def test_an_evaluation_of_an_earlier_version_is_left_out_in_words(saved: Path) -> None:
    path = saved / "evaluation.parquet"
    pd.read_parquet(path).drop(columns=["task", "difference"]).to_parquet(path, index=False)
    files = json.loads((saved / MANIFEST).read_text(encoding="utf-8"))["files"]
    _edit_manifest(saved, files=files | {path.name: _hash(path)})
    with pytest.warns(
        BundleVersionWarning, match="an evaluation of its recommendations in an earlier format"
    ) as told:
        model = ShopperModel.load(saved)
    assert told[0].filename == __file__
    assert model.evaluation is None


def test_a_save_through_a_link_replaces_what_it_leads_to(small_model: ShopperModel, tmp_path: Path) -> None:
    store, link = small_model.save(tmp_path / "store"), tmp_path / "link"
    link.symlink_to(store)
    who = small_model.customers["customer_id"][0]
    small_model.forget([who]).save(link)
    assert link.is_symlink()
    assert who not in set(ShopperModel.load(store).customers["customer_id"])
    broken = tmp_path / "broken"
    broken.symlink_to(tmp_path / "elsewhere" / "model")
    small_model.save(broken)
    assert who in set(ShopperModel.load(broken).customers["customer_id"])


def test_a_file_that_is_added_is_the_bundle_s_own(small_model: ShopperModel, tmp_path: Path) -> None:
    folder = small_model.save(tmp_path / "model")
    bundle.add(folder, "stock_plan.csv", b"product_id\r\nMUG\r\n")
    bundle.add(folder, "stock_plan.csv", b"product_id\r\nBAG\r\n")
    assert (folder / "stock_plan.csv").read_bytes() == b"product_id\r\nBAG\r\n"
    pd.testing.assert_frame_equal(ShopperModel.load(folder).customers, small_model.customers)
    small_model.save(folder)  # replaces the whole folder
    assert not (folder / "stock_plan.csv").exists()
    with pytest.raises(bundle.BundleError, match="is not a model bundle"):
        bundle.add(tmp_path, "stock_plan.csv", b"")
