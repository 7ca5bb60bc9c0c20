"""The made-up shop, the sample, and UCI Online Retail from a server on this machine."""

import gzip
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from shopper_widgets._support.resources import shipped
from shopper_widgets.datasets import fetch_online_retail, load_sample, make_transactions, online_retail_path
from shopper_widgets.orders import online_retail
from shopper_widgets.orders.made_up.sample import sample_csv

COLUMNS = [
    "order_id",
    "product_id",
    "product_name",
    "customer_id",
    "country",
    "ordered_at",
    "quantity",
    "unit_price",
]


@pytest.fixture(scope="module")
def books() -> pd.DataFrame:
    return make_transactions(n_customers=800, n_products=160, n_days=500, random_state=3)


def goods_sold(books: pd.DataFrame) -> pd.DataFrame:
    """Return the plain sales of products to known customers."""
    kept = (
        books["customer_id"].notna()
        & ~books["order_id"].str.startswith(("C", "A"))
        & books["product_id"].str.fullmatch(r"\d{5}[A-Za-z]")
        & (books["quantity"] > 0)
        & (books["unit_price"] > 0)
    )
    sold = books[kept]
    return sold.assign(product_id=sold["product_id"].str.upper())


class TestMadeUpShop:
    def test_columns_and_order(self, books: pd.DataFrame) -> None:
        assert list(books.columns) == COLUMNS
        assert books["ordered_at"].is_monotonic_increasing
        assert books["ordered_at"].min() >= pd.Timestamp("2024-01-01")
        assert books["ordered_at"].max() < pd.Timestamp("2024-01-01") + pd.Timedelta(days=500)
        assert books["customer_id"].nunique() == 800

    def test_seeded(self, books: pd.DataFrame) -> None:
        again = make_transactions(n_customers=800, n_products=160, n_days=500, random_state=3)
        pd.testing.assert_frame_equal(again, books)
        other = make_transactions(n_customers=800, n_products=160, n_days=500, random_state=4)
        assert not other.equals(books)

    @pytest.mark.parametrize("size", [1, 2, 9])
    def test_tiny_shops(self, size: int) -> None:
        books = make_transactions(n_customers=size, n_products=size, n_days=size)
        assert books["customer_id"].nunique() == size

    def test_every_product_has_one_code_and_one_name(self) -> None:
        books = make_transactions(n_customers=3000, n_products=6000, n_days=400)
        sold = goods_sold(books).dropna(subset="product_name")
        names = sold["product_name"].str.strip().str.title()
        pairs = pd.DataFrame({"id": sold["product_id"], "name": names}).drop_duplicates()
        assert len(pairs) > 4000
        assert pairs["id"].is_unique
        assert pairs["name"].is_unique

    def test_one_order_has_one_customer_country_and_time(self, books: pd.DataFrame) -> None:
        per_order = books.groupby("order_id")[["customer_id", "country", "ordered_at"]].nunique()
        assert (per_order <= 1).all(axis=None)

    def test_rates_differ_from_customer_to_customer(self, books: pd.DataFrame) -> None:
        orders = goods_sold(books).groupby("customer_id")["order_id"].nunique()
        assert orders.var() > 4 * orders.mean()  # a Poisson distribution with one rate would give 1
        assert 0.2 < (orders == 1).mean() < 0.6

    def test_few_customers_and_products_bring_most_of_the_revenue(self, books: pd.DataFrame) -> None:
        sold = goods_sold(books)
        amount = sold["quantity"] * sold["unit_price"]
        for column, share in (("customer_id", 0.6), ("product_id", 0.4)):
            totals = amount.groupby(sold[column]).sum().sort_values(ascending=False)
            assert totals.head(len(totals) // 5).sum() > share * totals.sum()

    def test_season(self, books: pd.DataFrame) -> None:
        sold = goods_sold(books)
        month = sold.loc[sold["ordered_at"].dt.year == 2024, "ordered_at"].dt.month
        lines = month.value_counts()
        assert lines[11] > 1.3 * lines[6]
        wreaths = sold[sold["product_name"].str.contains("Baubles|Wreath|Stocking|Tree Star", na=False)]
        assert wreaths["ordered_at"].dt.month.isin([9, 10, 11, 12]).mean() > 0.8
        assert sold["ordered_at"].dt.hour.between(6, 22).all()

    def test_what_goes_wrong_in_real_books_goes_wrong_here(self, books: pd.DataFrame) -> None:
        assert 0.15 < books["customer_id"].isna().mean() < 0.25
        cancelled = books["order_id"].str.startswith("C")
        assert 0.01 < cancelled.mean() < 0.04
        assert (books.loc[cancelled, "quantity"] < 0).all()
        assert books["order_id"].str.startswith("A").any()
        for code in ("POST", "DOT", "M", "D", "C2", "BANK CHARGES"):
            assert (books["product_id"] == code).any(), code
        assert books.duplicated().any()
        assert books["product_name"].isna().any()
        assert books["product_name"].isin(["damaged", "wet", "?"]).any()
        assert (books["unit_price"] == 0).any()
        assert books["product_id"].str.contains(r"\d[a-z]$").any()
        assert books["country"].nunique() > 5
        assert books["quantity"].max() >= 100

    def test_cancellations_refer_back_to_a_sale(self, books: pd.DataFrame) -> None:
        """The sale has the same customer, product and price, is earlier, and of at least as many units."""
        books = books.assign(product_id=books["product_id"].str.upper())
        back = books[books["order_id"].str.startswith("C") & books["customer_id"].notna()]
        back = back[back["product_id"].str.fullmatch(r"\d{5}[A-Z]")].reset_index()
        sales = books[books["quantity"] > 0]
        pairs = back.merge(sales, on=["customer_id", "product_id", "unit_price"], suffixes=("", "_sold"))
        fits = (pairs["ordered_at_sold"] < pairs["ordered_at"]) & (
            pairs["quantity_sold"] >= -pairs["quantity"]
        )
        assert len(back) > 100
        assert set(pairs.loc[fits, "index"]) == set(back["index"])

    def test_products_that_sell_together_can_be_learned(self) -> None:
        """Cosine finds the rest of a later basket far more often than popularity does."""
        sold = goods_sold(make_transactions(n_customers=1200, n_products=400, n_days=600))
        early = sold["ordered_at"] < "2025-06-01"
        customer, _ = pd.factorize(sold.loc[early, "customer_id"])
        product, products = pd.factorize(sold.loc[early, "product_id"], sort=True)
        bought = sparse.coo_array((np.ones(len(product)), (customer, product))).tocsr() > 0
        together = (bought.T.astype(float) @ bought.astype(float)).toarray()
        count = together.diagonal().copy()
        cosine = together / (np.sqrt(np.outer(count, count)) + 10)
        hits = {"popularity": 0.0, "cosine": 0.0}
        for _, basket in sold[~early].groupby("order_id")["product_id"]:
            known = np.unique(products.get_indexer(pd.Index(basket.unique())))
            known = known[known >= 0]
            if len(known) < 2:
                continue
            given, hidden = known[0], known[1:]
            for name, score in (("popularity", count), ("cosine", cosine[given])):
                best = np.argsort(np.where(np.arange(len(score)) == given, -1, -score), kind="stable")[:10]
                hits[name] += len(np.intersect1d(best, hidden)) / len(hidden)
        assert hits["cosine"] > 1.5 * hits["popularity"]

    @pytest.mark.parametrize("value", [0, -3, 2.5, "10", True, None])
    @pytest.mark.parametrize("name", ["n_customers", "n_products", "n_days"])
    def test_sizes_are_checked(self, name: str, value: object) -> None:
        with pytest.raises(ValueError, match=f"{name} must be a whole number of at least 1; got"):
            make_transactions(**{name: value})  # type: ignore[arg-type]


class TestSample:
    def test_its_seed_makes_it_again(self) -> None:
        # Compressed bytes depend on the version of the compression library, so the text is compared.
        assert gzip.decompress(shipped("data", "sample.csv.gz").read_bytes()) == sample_csv()

    def test_size(self) -> None:
        assert shipped("data", "sample.csv.gz").stat().st_size < 3_000_000

    def test_load_sample_is_the_made_up_shop(self) -> None:
        sample = load_sample()
        made = make_transactions(n_customers=1200, n_products=360, n_days=731, random_state=2024)
        assert list(sample["source_line"]) == list(range(2, len(made) + 2))
        assert list(sample["customer_id"].dropna()) == list(made["customer_id"].dropna())
        assert list(sample["order_id"]) == list(made["order_id"])
        assert (sample["quantity"].to_numpy() == made["quantity"].to_numpy()).all()
        assert np.allclose(sample["unit_price"], made["unit_price"], atol=1e-9)
        assert (sample["ordered_at"].to_numpy() == made["ordered_at"].to_numpy()).all()


def test_shipped_names_what_is_missing() -> None:
    with pytest.raises(FileNotFoundError, match=r"data/nothing\.csv should have come with shopper_widgets"):
        shipped("data", "nothing.csv")


ROWS = [
    [
        "536365",
        "85123A",
        "WHITE HANGING HEART",
        "6",
        "2010-12-01 08:26:00",
        "2.55",
        "17850",
        "United Kingdom",
    ],
    ["536365", "71053", "WHITE METAL LANTERN", "6", "2010-12-01 08:26:00", "3.39", "17850", "United Kingdom"],
    ["C536379", "D", "Discount", "-1", "2010-12-13 09:41:00", "27.5", "", "France"],
]
HEADER = [
    "InvoiceNo",
    "StockCode",
    "Description",
    "Quantity",
    "InvoiceDate",
    "UnitPrice",
    "CustomerID",
    "Country",
]


def workbook(rows: list[list[str]] = ROWS, header: list[str] = HEADER) -> bytes:
    """Return an Excel file with text cells, as small as the format allows."""
    cells = "".join(
        "<row>" + "".join(f'<c t="inlineStr"><is><t>{v}</t></is></c>' for v in row) + "</row>"
        for row in [header, *rows]
    )
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    packages = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{packages}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{packages}/relationships">'
        f'<Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}">'
        '<sheets><sheet name="Online Retail" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packages}/relationships">'
        f'<Relationship Id="r1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData></worksheet>',
    }
    return archive({name: f'<?xml version="1.0"?>{text}'.encode() for name, text in parts.items()})


def archive(files: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in files.items():
            target.writestr(name, content)
    return out.getvalue()


class Server:
    """Serves `content`; `cut` stops transfers after this many bytes; `ranges` lists the requested ranges."""

    def __init__(self) -> None:
        # With random bytes, it is longer than one chunk of a download.
        noise = np.random.default_rng(0).bytes(4000)
        self.content = archive({"Online Retail.xlsx": workbook(), "noise.bin": noise})
        self.status = 200
        self.cut: int | None = None
        self.resumes = True
        self.ranges: list[str | None] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = self.headers["Range"]
                server.ranges.append(asked)
                first = int(asked.removeprefix("bytes=").rstrip("-")) if asked and server.resumes else 0
                beyond = first > 0 and first >= len(server.content)
                body = b"" if beyond else server.content[first:]
                self.send_response(416 if beyond else 206 if first else server.status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[: server.cut])

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/online+retail.zip"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """Run a server with an Online Retail of three rows, which counts as complete."""
    monkeypatch.setattr(online_retail, "ROWS", 3)
    monkeypatch.setattr(online_retail, "QUANTITY", 11)
    server = Server()
    yield server
    server.close()


class TestFetchOnlineRetail:
    def test_downloads_once(self, server: Server, tmp_path: Path) -> None:
        orders = fetch_online_retail(url=server.url, cache=tmp_path)
        assert list(orders["customer_id"].fillna("none")) == ["17850", "17850", "none"]
        assert list(orders["product_id"]) == ["85123A", "71053", "D"]
        assert orders["ordered_at"].iloc[2] == pd.Timestamp("2010-12-13 09:41")
        assert fetch_online_retail(url=server.url, cache=tmp_path).equals(orders)
        assert len(server.ranges) == 1
        assert online_retail_path(tmp_path).exists()

    def test_broken_transfer_is_continued(self, server: Server, tmp_path: Path) -> None:
        server.cut = 2500
        with pytest.raises(ConnectionError, match=r"\(2,048 bytes came\).*call again to resume"):
            fetch_online_retail(url=server.url, cache=tmp_path, progress=False)
        assert not online_retail_path(tmp_path).exists()
        server.cut = None
        assert len(fetch_online_retail(url=server.url, cache=tmp_path)) == 3
        assert server.ranges == [None, "bytes=2048-"]

    def test_broken_transfer_starts_over_where_the_server_cannot_continue(
        self, server: Server, tmp_path: Path
    ) -> None:
        server.cut, server.resumes = 2500, False
        with pytest.raises(ConnectionError, match="could not be downloaded"):
            fetch_online_retail(url=server.url, cache=tmp_path)
        server.cut = None
        assert len(fetch_online_retail(url=server.url, cache=tmp_path)) == 3

    def test_more_left_over_than_the_server_has(self, server: Server, tmp_path: Path) -> None:
        (tmp_path / "online_retail.zip.part").write_bytes(b"x" * 100_000)
        assert len(fetch_online_retail(url=server.url, cache=tmp_path)) == 3

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            (b"<html>Sorry, we are down for maintenance</html>", "isn't a whole zip archive"),
            (archive({"readme.txt": b"moved"}), r"should hold one \.xlsx file but holds readme\.txt"),
            (archive({}), r"should hold one \.xlsx file but holds nothing"),
            (archive({"a.xlsx": workbook(ROWS[:2])}), "expected 3 rows and a quantity of 11"),
            (archive({"a.xlsx": workbook([[*r[:3], "7", *r[4:]] for r in ROWS])}), "found 3 rows and 21"),
            (archive({"a.xlsx": workbook(header=[*HEADER[:7], "Planet"])}), "no country"),
            (archive({"a.xlsx": b"not a workbook"}), "a.xlsx"),
            (archive({"a.xlsx": workbook()})[:-40], "isn't a whole zip archive"),
        ],
        ids=["html", "no workbook", "empty zip", "rows", "quantity", "columns", "not excel", "truncated"],
    )
    def test_wrong_content(self, server: Server, tmp_path: Path, content: bytes, words: str) -> None:
        right, server.content = server.content, content
        with pytest.raises(ValueError, match=f"(?s)returned something else: .*{words}.*deleted; try again"):
            fetch_online_retail(url=server.url, cache=tmp_path)
        assert list(tmp_path.iterdir()) == []
        server.content = right
        assert len(fetch_online_retail(url=server.url, cache=tmp_path)) == 3

    def test_server_says_no(self, server: Server, tmp_path: Path) -> None:
        server.status = 404
        with pytest.raises(ConnectionError, match=r"could not be downloaded: 404.*pass it as file="):
            fetch_online_retail(url=server.url, cache=tmp_path)
        assert list(tmp_path.iterdir()) == []

    def test_no_connection(self, server: Server, tmp_path: Path) -> None:
        server.close()
        with pytest.raises(ConnectionError, match=r"0 bytes came.*pass it as file="):
            fetch_online_retail(url=server.url, cache=tmp_path)
        assert list(tmp_path.iterdir()) == []

    def test_damaged_cache_is_made_again(
        self, server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        orders = fetch_online_retail(url=server.url, cache=tmp_path)
        kept = online_retail_path(tmp_path)
        kept.write_bytes(kept.read_bytes()[:-200])
        assert fetch_online_retail(url=server.url, cache=tmp_path).equals(orders)
        assert "is damaged and will be made again" in caplog.text

    @pytest.mark.parametrize("name", ["orders.zip", "orders.xlsx", "orders.csv", "orders.csv.gz"])
    def test_local_file(self, server: Server, tmp_path: Path, name: str) -> None:
        csv = "\n".join(",".join(row) for row in [HEADER, *ROWS]).encode()
        contents = {
            "orders.zip": server.content,
            "orders.xlsx": workbook(),
            "orders.csv": csv,
            "orders.csv.gz": gzip.compress(csv),
        }
        file = tmp_path / name
        file.write_bytes(contents[name])
        orders = fetch_online_retail(file, cache=tmp_path / "cache")
        assert list(orders["quantity"]) == [6, 6, -1]
        assert len(fetch_online_retail(cache=tmp_path / "cache", url=server.url)) == 3
        assert server.ranges == []

    def test_wrong_local_file_stays(self, server: Server, tmp_path: Path) -> None:
        file = tmp_path / "mine.zip"
        file.write_bytes(b"not a zip")
        with pytest.raises(ValueError, match=r"mine\.zip isn't a whole zip archive"):
            fetch_online_retail(file, cache=tmp_path)
        assert file.exists()

    def test_cache_that_cannot_be_written_costs_only_time(
        self, server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        (tmp_path / "orders.xlsx").write_bytes(workbook())
        (tmp_path / "file").write_text("where the folder should be")
        orders = fetch_online_retail(tmp_path / "orders.xlsx", cache=tmp_path / "file")
        assert len(orders) == 3
        assert "can't be kept" in caplog.text

    def test_the_real_one(self, online_retail_path: Path, tmp_path: Path) -> None:
        orders = fetch_online_retail(online_retail_path, cache=tmp_path)
        assert len(orders) == 541_909
        assert orders["quantity"].sum() == 5_176_450
        assert orders["customer_id"].isna().sum() == 135_080
        assert fetch_online_retail(cache=tmp_path).equals(orders)
