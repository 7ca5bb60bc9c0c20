"""Executes the report's notebook as papermill does, but writes it once, when it is done or has failed."""

from __future__ import annotations

from typing import Any

from papermill.engines import NBClientEngine, NotebookExecutionManager, papermill_engines

#: Its name for `papermill.execute_notebook`, once this module is imported.
ENGINE = "shopper-widgets"


class WrittenAtTheEnd(NBClientEngine):  # type: ignore[misc]
    """Writes the notebook before its first cell, and after a cell that has ended the kernel.

    Papermill itself writes the whole notebook before and after each cell, with all pictures so far; nobody
    reads this file before the report is done. If the kernel survives, `papermill.execute_notebook` writes the
    executed notebook, and whether it failed.
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
