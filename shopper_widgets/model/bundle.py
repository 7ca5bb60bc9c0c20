"""The model bundle: a folder of plain files, which are verified when read and never unpickled."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import warnings
from collections.abc import Callable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from shopper_widgets._support.csv import to_csv
from shopper_widgets._support.moments import naive_timestamp
from shopper_widgets._support.writing import (
    move_into_place,
    only_writer,
    put_back,
    scratch_beside,
    unfinished,
    write_whole,
)
from shopper_widgets.model.bundle_contents import (
    COLUMNS,
    ESTIMATORS,
    EVALUATION_COLUMNS,
    OPTIONAL,
    TABLES,
    TRUSTED,
)

if TYPE_CHECKING:
    from shopper_widgets.model.parts import ModelParts

logger = logging.getLogger(__name__)

# Version 2: names of segments became claims; those of version 1 had another meaning. Version 4: sparse arrays
# are stored uncompressed in an estimator's file, which readers of version 3 can't read; bundles of version 3
# can still be read.
FORMAT, SCHEMA_VERSION, _READABLE = "shopper-widgets model", 4, (3, 4)
MANIFEST = "manifest.json"
#: skops writes the state of their objects in a layout that is their own: another minor version may misread
#: it.
_LIBRARIES = ("scikit-learn", "numpy", "scipy", "pandas", "skops")
#: Files that file managers leave in any folder that they show; saving a bundle keeps them.
_DROPPINGS = (".DS_Store", "Thumbs.db", "desktop.ini")
#: Suggestions per product in the file for spreadsheets.
RECOMMENDATIONS_LISTED = 10


class BundleError(ValueError):
    """A folder is not a model bundle, or is damaged or untrusted.

    Examples
    --------
    >>> import tempfile
    >>> load(Path(tempfile.mkdtemp()))
    Traceback (most recent call last):
    shopper_widgets.model.bundle.BundleError: ...
    """


class BundleVersionWarning(UserWarning):
    """A bundle was written with other versions of the libraries that read it."""


def description(model: ModelParts) -> dict[str, Any]:
    """Return what the manifest says of a model, as JSON can hold it: versions, parameters, source."""
    return {
        "format": FORMAT,
        "schema_version": SCHEMA_VERSION,
        "versions": {name: _version(name) for name in ("shopper-widgets", *_LIBRARIES)},
        "as_of": model.as_of.isoformat(),
        "currency": model.currency,
        "parameters": model.parameters,
        "source": model.source,
    }


def check_place(folder: Path) -> None:
    """Make sure that a bundle can be saved there: only files of an earlier bundle are replaced.

    Parameters
    ----------
    folder : Path
        It need not exist yet.

    Raises
    ------
    FileExistsError
        It is a file, or holds something that is not listed by a bundle's manifest in it.
    """
    if folder.exists() and not folder.is_dir():
        raise FileExistsError(f"folder must be a folder; {folder} is a file. Give another place.")
    present = {p.name for p in folder.iterdir() if p.name not in _DROPPINGS} if folder.exists() else set()
    if not present:
        return
    listed = _listed(folder / MANIFEST)
    foreign = sorted(present - listed) or sorted(n for n in present if not (folder / n).is_file())
    if foreign:
        named = ", ".join(foreign[:3]) + (" …" if len(foreign) > 3 else "")
        what = "files beside its model" if listed else "other files"
        raise FileExistsError(
            f"folder must be new, empty or a model bundle; {folder} holds {what} ({named}), which are not "
            "replaced. Move them, or give another place."
        )


def _listed(manifest: Path) -> set[str]:
    """Return the names of the files that a bundle consists of; nothing for a manifest of something else."""
    try:
        content = json.loads(manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return set()
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        return set()
    files = content.get("files")
    return {MANIFEST, *(files if isinstance(files, dict) else ())}


def save(model: ModelParts, folder: Path) -> Path:
    """Write a bundle beside its place, then move it there: see :meth:`ShopperModel.save`."""
    saved = _replaced(folder, lambda new: _write(model, new))
    logger.info("Model saved to %s.", saved)
    return saved


def add(folder: Path, name: str, content: bytes) -> None:
    """Write one more file for people into a bundle, such as a plan made with its model.

    Parameters
    ----------
    folder : Path
        A bundle that was saved.
    name : str
        The file's name, which is none of the model's own files.
    content : bytes
        The file's new content.

    Raises
    ------
    BundleError
        The folder is no bundle.
    """
    with only_writer(folder):
        manifest = _read_manifest(folder)
        write_whole(folder / name, content)
        files = {**manifest["files"], name: _hash(folder / name)}
        write_whole(folder / MANIFEST, _as_json(manifest | {"files": files}))


def move(bundle: Path, folder: Path) -> None:
    """Move a bundle that was saved elsewhere on this file system to its place, as `save` would."""
    _replaced(folder, bundle.rename)


def _replaced(folder: Path, make: Callable[[Path], object]) -> Path:
    """Let a bundle be made beside its place, then exchange it for what is there."""
    folder = folder.resolve()  # a link remains a link, and the folder behind it is replaced
    check_place(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with only_writer(folder):
        put_back(folder)
        check_place(folder)
        with scratch_beside(folder) as scratch:
            make(scratch / "new")
            for left in (folder / name for name in _DROPPINGS):
                if left.is_file():
                    shutil.copy2(left, scratch / "new")
            move_into_place(scratch / "new", folder)
    return folder


def _write(model: ModelParts, folder: Path) -> None:
    import skops.io

    folder.mkdir()
    for name in TABLES:
        table = getattr(model, name)
        if table is not None:
            # Tables are always read whole, so statistics are useless; writing them would take half of the
            # time.
            table.to_parquet(folder / f"{name}.parquet", index=False, write_statistics=False)
    for name in ESTIMATORS:
        skops.io.dump(getattr(model, name), folder / f"{name}.skops", compression=8, compresslevel=1)
    for_people = {
        "customers": model.customers,
        "segments": model.segments,
        "products": model.products,
        "recommendations": model.recommender.similar_to_all(n=RECOMMENDATIONS_LISTED),
    }
    for name, table in for_people.items():
        # Without a byte order mark, Excel would assume another encoding.
        (folder / f"{name}.csv").write_text(to_csv(table), encoding="utf-8-sig", newline="")
    manifest = description(model) | {"files": {p.name: _hash(p) for p in sorted(folder.iterdir())}}
    (folder / MANIFEST).write_text(_as_json(manifest), encoding="utf-8")
    for path in folder.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())  # otherwise a power cut could leave an empty file of this name


def _as_json(manifest: dict[str, Any]) -> str:
    return json.dumps(manifest, indent=2, ensure_ascii=False)


def load(folder: Path) -> dict[str, Any]:
    """Read and verify a bundle: the fields of a model by name. See :meth:`ShopperModel.load`."""
    folder = folder.resolve()
    if not folder.exists() and any((left / "old").is_dir() for left in unfinished(folder)):
        with only_writer(folder):  # a save was interrupted between its two steps
            put_back(folder)
    while True:
        before = _bytes(folder / MANIFEST)
        try:
            fields = _load(folder)
        except BundleError:
            if _bytes(folder / MANIFEST) == before:
                raise
        else:
            if _bytes(folder / MANIFEST) == before:
                return fields
        logger.info("%s was saved again meanwhile; it is read again.", folder)


def _bytes(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""


def _load(folder: Path) -> dict[str, Any]:
    manifest = _read_manifest(folder)
    _verify(folder, manifest)
    _compare_versions(folder, manifest)
    fields: dict[str, Any] = {name: _read_estimator(folder, name) for name in ESTIMATORS}
    try:
        for name in TABLES:
            path = folder / f"{name}.parquet"
            fields[name] = _read_table(path) if path.name in manifest["files"] else None
        for name, columns in COLUMNS.items():
            if fields[name] is not None and not columns <= set(fields[name].columns):
                raise ValueError(f"{name}.parquet is another table")
        fields["evaluation"] = _evaluation(folder, fields["evaluation"])
        return fields | {
            "as_of": naive_timestamp("as_of", manifest["as_of"]),
            "currency": str(manifest["currency"]),
            "parameters": dict(manifest["parameters"]),
            "source": dict(manifest["source"]),
        }
    except (KeyError, TypeError, ValueError, OSError) as error:
        raise BundleError(f"{folder} cannot be read as a model bundle ({error}). {_REMEDY}") from error


def _read_table(path: Path) -> pd.DataFrame:
    """Read a table in as many threads as Arrow may use; no thread is started where that is one."""
    several = pa.cpu_count() > 1
    with pq.ParquetFile(path, pre_buffer=several) as file:
        table: pd.DataFrame = file.read(use_threads=several).to_pandas(use_threads=several)
    return table


_REMEDY = "Make it again with ShopperModel.save or `shopper-widgets report`."


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    if not path.is_file():
        what = "does not exist" if not folder.exists() else f"has no {MANIFEST}"
        raise BundleError(f"{folder} is not a model bundle: it {what}. {_REMEDY}")
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BundleError(f"{folder} is damaged: its {MANIFEST} cannot be read. {_REMEDY}") from error
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise BundleError(
            f"{folder} is not a model bundle: its {MANIFEST} describes something else. {_REMEDY}"
        )
    if manifest.get("schema_version") not in _READABLE:
        raise BundleError(
            f"{folder} has bundle format {manifest.get('schema_version')!r}; this version of shopper-widgets "
            f"reads {' and '.join(map(str, _READABLE))}. Update shopper-widgets, or make the bundle again."
        )
    return manifest


def _verify(folder: Path, manifest: dict[str, Any]) -> None:
    """Check that each file that the model needs is listed, exists, and is unchanged."""
    listed = manifest.get("files")
    needed = {f"{n}.parquet" for n in TABLES if n not in OPTIONAL} | {f"{n}.skops" for n in ESTIMATORS}
    if not isinstance(listed, dict) or not needed <= set(listed):
        raise BundleError(f"{folder} is damaged: its {MANIFEST} does not list all its files. {_REMEDY}")
    for name, expected in listed.items():
        if Path(name).name != name:
            raise BundleError(f"{folder} is not a model bundle: it lists {name!r}, outside itself. {_REMEDY}")
        path = folder / name
        if not path.is_file():
            raise BundleError(f"{folder} is incomplete: {name} is missing. {_REMEDY}")
        if _hash(path) != expected:
            raise BundleError(
                f"{folder} is damaged: {name} is not what was saved (its SHA-256 differs). "
                "Copy the bundle again from where it was made, or make it again."
            )


def _compare_versions(folder: Path, manifest: dict[str, Any]) -> None:
    then = manifest.get("versions")
    then = then if isinstance(then, dict) else {}
    changed = [
        f"{name} {then.get(name)} → {_version(name)}"
        for name in _LIBRARIES
        if str(then.get(name)).split(".")[:2] != _version(name).split(".")[:2]
    ]
    if changed:
        warnings.warn(
            f"{folder.name} was made with other versions ({', '.join(changed)}); "
            "if segments or recommendations look wrong, make it again.",
            BundleVersionWarning,
            stacklevel=5,
        )


def _evaluation(folder: Path, table: pd.DataFrame | None) -> pd.DataFrame | None:
    if table is None or set(table.columns) >= EVALUATION_COLUMNS:
        return table
    warnings.warn(
        f"{folder.name} has an evaluation of its recommendations in an earlier format, which is left out; "
        "to have one, make the bundle again.",
        BundleVersionWarning,
        stacklevel=5,
    )
    return None


def _read_estimator(folder: Path, name: str) -> Any:
    import skops.io
    from skops.io.exceptions import UntrustedTypesFoundException

    path = folder / f"{name}.skops"
    try:
        estimator = skops.io.load(path, trusted=list(TRUSTED))
    except UntrustedTypesFoundException as error:
        raise BundleError(f"{folder} is not trusted: {path.name} holds foreign types ({error}).") from error
    except Exception as error:  # skops and zipfile raise many kinds
        raise BundleError(f"{folder} is damaged: {path.name} cannot be read ({error}). {_REMEDY}") from error
    if not isinstance(estimator, _kinds()[name]):
        raise BundleError(f"{folder} is not a model bundle: {path.name} holds a {type(estimator).__name__}.")
    return estimator


def _kinds() -> dict[str, tuple[type, ...]]:
    from shopper_widgets.recommend.base import Recommender
    from shopper_widgets.segments import CustomerSegmenter, RuleSegmenter
    from shopper_widgets.segments.rfm import RFMScorer

    return {
        "segmenter": (CustomerSegmenter, RuleSegmenter),
        "scorer": (RFMScorer,),
        "recommender": (Recommender,),
    }


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@cache
def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "unknown"
