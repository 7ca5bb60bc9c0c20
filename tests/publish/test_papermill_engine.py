"""An executed notebook is written only twice, and also when a cell fails."""

from pathlib import Path

import nbformat
import papermill
import pytest
from nbclient.exceptions import DeadKernelError
from papermill import engines, execute

from shopper_widgets._support.resources import use_shipped_jupyter_files
from shopper_widgets.publish.papermill_engine import ENGINE


def executed(tmp_path: Path, *cells: str) -> Path:
    use_shipped_jupyter_files()
    notebook, place = nbformat.v4.new_notebook(), tmp_path / "executed.ipynb"
    notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
    nbformat.write(notebook, tmp_path / "given.ipynb")
    papermill.execute_notebook(
        str(tmp_path / "given.ipynb"),
        str(place),
        engine_name=ENGINE,
        kernel_name="python3",
        progress_bar=False,
    )
    return place


def printed(notebook: Path) -> list[str]:
    cells = nbformat.read(notebook, as_version=4).cells
    return [output["text"] for cell in cells for output in cell.get("outputs", []) if "text" in output]


def test_a_notebook_is_not_written_anew_with_every_cell(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, written = engines.write_ipynb, list[str]()

    def counted(nb: object, path: str) -> None:
        written.append(path)
        write(nb, path)

    monkeypatch.setattr(engines, "write_ipynb", counted)
    monkeypatch.setattr(execute, "write_ipynb", counted)
    assert printed(executed(tmp_path, *(f"print({i})" for i in range(5)))) == [f"{i}\n" for i in range(5)]
    assert len(written) == 2  # before and after execution


def test_the_notebook_of_a_failed_cell_is_there_with_what_failed(tmp_path: Path) -> None:
    with pytest.raises(papermill.PapermillExecutionError, match="no such thing"):
        executed(tmp_path, "print('read')", "raise ValueError('no such thing')", "print('never')")
    assert printed(tmp_path / "executed.ipynb") == ["read\n"]


def test_the_notebook_of_a_dead_kernel_is_there_up_to_its_end(tmp_path: Path) -> None:
    with pytest.raises(DeadKernelError):
        executed(tmp_path, "print('read')", "import os; os._exit(9)")
    assert printed(tmp_path / "executed.ipynb") == ["read\n"]
