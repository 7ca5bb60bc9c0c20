"""The dashboard in JupyterLab, where analysts use it."""

import shutil

from playwright.sync_api import Page, expect

from shopper_widgets._support.resources import shipped

from .servers import Server
from .steps import brush_customers, predict_a_segment, read_recommendations, run_in_lab


def test_the_dashboard_works_in_jupyterlab(quiet_page: Page, lab_server: Server) -> None:
    shutil.copy(shipped("notebooks", "dashboard.ipynb"), lab_server.root)
    run_in_lab(quiet_page, lab_server, "dashboard.ipynb")
    expect(quiet_page.get_by_role("tab", name="Products")).to_be_visible(timeout=60_000)

    read_recommendations(quiet_page)
    predict_a_segment(quiet_page)
    brush_customers(quiet_page)
