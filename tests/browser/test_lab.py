"""The dashboard in JupyterLab, where analysts have it."""

import shutil

from playwright.sync_api import Page, expect

from shopper_widgets._shipped import shipped

from .servers import Server
from .steps import brush_customers, predict_a_segment, read_recommendations

IN_FRONT = "window.jupyterapp?.shell.currentWidget?.context?.path === 'dashboard.ipynb'"
# Asked before the kernel is there, the command does nothing and says so nowhere.
RUN_ALL_CELLS = """
async () => {
    const notebook = jupyterapp.shell.currentWidget;
    await jupyterapp.restored;
    await notebook.context.ready;
    await notebook.sessionContext.ready;
    await notebook.sessionContext.session.kernel.info;
    await jupyterapp.commands.execute("notebook:run-all-cells");
}
"""


def test_the_dashboard_works_in_jupyterlab(quiet_page: Page, lab_server: Server) -> None:
    shutil.copy(shipped("notebooks", "dashboard.ipynb"), lab_server.root)
    # Without what other tests left open: the notebook in front is the one whose cells run.
    quiet_page.goto(f"{lab_server.url}lab/tree/dashboard.ipynb?reset")
    quiet_page.wait_for_function(IN_FRONT, timeout=60_000)
    quiet_page.evaluate(RUN_ALL_CELLS)
    expect(quiet_page.get_by_role("tab", name="Recommend")).to_be_visible(timeout=60_000)

    read_recommendations(quiet_page)
    predict_a_segment(quiet_page)
    brush_customers(quiet_page)
