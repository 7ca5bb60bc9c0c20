from datetime import datetime

import duckdb
import narwhals as nw
import pytest

from shopper_widgets.orders.cells.date_zones import check_zone, naive


@pytest.mark.parametrize("zone", ["UTC", "Asia/Tokyo"])
def test_timestamps_with_a_zone_in_duckdb(zone):
    connection = duckdb.connect()
    connection.execute(f"SET TimeZone='{zone}'")
    relation = connection.sql("SELECT TIMESTAMPTZ '2010-12-01 08:26:00+01' AS x, 1 AS other")
    assert naive(nw.from_native(relation), "x").to_native().fetchall() == [(datetime(2010, 12, 1, 7, 26), 1)]


def test_what_is_no_zone_is_told_with_its_neighbor():
    check_zone("Europe/Berlin")
    with pytest.raises(ValueError, match=r"got 'Europe/Berln'\. Perhaps 'Europe/Berlin'"):
        check_zone("Europe/Berln")
    with pytest.raises(TypeError, match="timezone must be text such as 'Europe/Berlin'; got 2"):
        check_zone(2)
