"""How the report's notebook is executed: as papermill does it, and written once, when done or failed."""

from __future__ import annotations

from typing import Any

from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines

#: What `papermill.execute_notebook` knows it by, once this module is imported.
ENGINE = "shopper-widgets"


class WrittenAtTheEnd(NBClientEngine):  # type: ignore[misc]
    """Writes the notebook before its first cell, and after its last where that one ends the kernel.

    Papermill itself writes all of it anew before and after every cell, with every picture so far; nobody
    reads that file before the report is done. Where the kernel lives on, `papermill.execute_notebook` writes
    what was executed, and whether it failed.
    """

    @classmethod
    def execute_managed_notebook(cls, nb_man: NotebookExecutionManager, *args: Any, **kwargs: Any) -> None:
        """Execute the cells."""
        place, nb_man.output_path = nb_man.output_path, None
        try:
            super().execute_managed_notebook(nb_man, *args, **kwargs)
        except BaseException:
            nb_man.output_path = place
            raise


papermill_engines.register(ENGINE, WrittenAtTheEnd)
