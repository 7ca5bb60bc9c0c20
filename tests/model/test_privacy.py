"""Pseudonyms hide ids and forgotten people are gone, down to the bytes of saved files."""

import copy
import dataclasses
import hashlib
import hmac
import json
import random
import zipfile
from itertools import accumulate
from pathlib import Path

import joblib
import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from shopper_widgets.columns import RFM
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.model.privacy import checked_key, pseudonymous
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.words.settings import settings_table

KEY = b"only the shop knows this"
TABLES = ("customers", "orders", "purchases", "lines", "rejected", "returned")
#: Ids that can't occur by chance among the digits of other columns.
ANN, BEN, CID = "ann-7fQ2@example.org", "ben-9xK4@example.org", "cid-3wZ8@example.org"


@pytest.fixture(scope="module")
def model(small_shop: pd.DataFrame) -> ShopperModel:
    """Return a model of the small shop, where Ann and Ben buy, and Cid only cancelled."""
    customers = small_shop["customer_id"].dropna().value_counts().index
    named = small_shop.assign(
        customer_id=small_shop["customer_id"].replace({customers[0]: ANN, customers[20]: BEN}),
        e_mail=small_shop["customer_id"].replace({customers[0]: ANN}),
    )
    line = named[named["customer_id"] == ANN].head(1)
    cancelled = line.assign(order_id="C999999", customer_id=CID, quantity=-1)
    sent_back = line.assign(
        order_id="C999998", quantity=-1, ordered_at=line["ordered_at"] + pd.Timedelta(days=1)
    )
    bad = line.assign(quantity=np.nan)
    return ShopperModel.fit(pd.concat([named, cancelled, sent_back, bad]), n_clusters=4, progress=False)


def _inside(folder: Path) -> dict[str, str]:
    """Return everything that the files of a bundle hold, unpacked, as text."""
    texts = {}
    for path in sorted(folder.iterdir()):
        raw = path.read_bytes()
        parts = [raw]
        if path.suffix == ".parquet":
            parts = [pd.read_parquet(path).to_csv().encode(), repr(pq.read_metadata(path).metadata).encode()]
        elif zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                parts = [archive.read(name) for name in archive.namelist()]
        # NumPy writes text as UTF-32.
        texts[path.name] = "\n".join(p.decode("latin-1") + p.decode("utf-32-le", "ignore") for p in parts)
        texts[path.name] += "".join(p.replace(b"\0", b"").decode("latin-1") for p in parts)
    return texts


def _named_in(folder: Path, who: str) -> set[str]:
    return {name for name, text in _inside(folder).items() if who in text}


def test_the_search_finds_people_where_they_are(model: ShopperModel, tmp_path: Path) -> None:
    folder = model.save(tmp_path / "model")
    parquet = {f"{name}.parquet" for name in TABLES}
    assert _named_in(folder, ANN) == parquet | {"customers.csv", "recommender.skops"}
    assert _named_in(folder, CID) == {"rejected.parquet"}


def test_forgotten_people_are_in_no_file(model: ShopperModel, tmp_path: Path) -> None:
    forgotten = model.forget([ANN, CID])
    folder = model.save(tmp_path / "model")
    assert forgotten.save(folder) == folder
    assert not _named_in(folder, ANN) and not _named_in(folder, CID)
    assert "customers.csv" in _named_in(folder, BEN)
    exported = joblib.load(forgotten.export_joblib(tmp_path / "model.joblib"))
    assert ANN not in exported["recommender"].customer_ids_
    assert ANN not in Campaign(n_recommendations=2).to_csv(ShopperModel.load(folder))


def test_the_others_are_as_before(model: ShopperModel) -> None:
    before = {name: getattr(model, name).copy() for name in TABLES}
    forgotten = model.forget([ANN])
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(model, name), before[name])
        others = before[name][before[name]["customer_id"] != ANN].reset_index(drop=True)
        pd.testing.assert_frame_equal(getattr(forgotten, name), others, check_categorical=False)
    with pytest.raises(KeyError):
        forgotten.recommender.recommend(ANN)
    rfm = forgotten.customers[list(RFM)]
    assert (forgotten.segmenter.predict(rfm) == forgotten.segmenter.labels_).all()
    assert len(model.segmenter.labels_) == len(model.customers)
    pd.testing.assert_frame_equal(forgotten.segments, model.segments)


def test_suggestions_are_learned_without_them(model: ShopperModel, small_shop: pd.DataFrame) -> None:
    ann = small_shop["customer_id"].dropna().value_counts().index[0]
    never = ShopperModel.fit(small_shop[small_shop["customer_id"] != ann], n_clusters=4, progress=False)
    forgotten = model.forget([ANN]).recommender
    pd.testing.assert_frame_equal(forgotten.similar_to_all(), never.recommender.similar_to_all())


def test_the_first_unknown_ids_are_listed(model: ShopperModel) -> None:
    for more, end in (("", r"'nobody4'\)"), ("nobody5", r"'nobody4' …\)")):
        with pytest.raises(ValueError, match=rf"not in the model \('nobody0', .*{end}"):
            model.forget([*(f"nobody{i}" for i in range(5)), *([more] if more else [])])


def test_kept_columns_stay_where_each_value_is_shared_by_ten(model: ShopperModel) -> None:
    customers = model.lines["customer_id"].dropna().unique()
    numbers = (
        model.lines["customer_id"].map({who: place for place, who in enumerate(customers)}).astype(float)
    )
    lines = model.lines.assign(shared=numbers < 10, telling=numbers < 9)  # the others are more
    # a channel without lines identifies nobody
    lines["channel"] = pd.Categorical(["web"] * len(lines), categories=["web", "shop"])
    keep = ["shared", "telling", "channel"]
    kept = dataclasses.replace(model, lines=lines, parameters={**model.parameters, "keep": keep})
    hidden = pseudonymous(kept, KEY)
    assert {"shared", "channel"} <= set(hidden.lines) and "telling" not in hidden.lines
    assert hidden.source["pseudonyms"]["left_out"] == ["telling"]


def test_unknown_ids_are_told_or_let_through(model: ShopperModel) -> None:
    with pytest.raises(ValueError, match=r"1 are not in the model \('nobody'\), and nobody was removed"):
        model.forget([ANN, "nobody"])
    assert ANN not in set(model.forget([ANN, "nobody"], missing="ignore").customers["customer_id"])
    with pytest.raises(TypeError, match=r"write \['ann-"):
        model.forget(ANN)
    with pytest.raises(ValueError, match="every customer"):
        model.forget(model.customers["customer_id"])
    with pytest.raises(ValueError, match="missing must be"):
        model.forget([ANN], missing="drop")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"customer_ids must be text, .*got int 12346"):
        model.forget([12346], missing="ignore")  # type: ignore[list-item]


def test_pseudonyms_are_everywhere_and_in_no_file_is_an_id(model: ShopperModel, tmp_path: Path) -> None:
    hidden = pseudonymous(model, KEY)
    folder = hidden.save(tmp_path / "model")
    for who in (ANN, BEN, CID, KEY.decode()):
        assert not _named_in(folder, who)
    real = {who for name in TABLES for who in getattr(model, name)["customer_id"].dropna()}
    for name in TABLES:
        shown = getattr(hidden, name)["customer_id"]
        assert not set(shown.dropna()) & real
        assert shown.isna().sum() == getattr(model, name)["customer_id"].isna().sum()
        assert shown.nunique() == getattr(model, name)["customer_id"].nunique()
    assert not set(hidden.recommender.customer_ids_) & real
    assert "e_mail" in model.rejected and "e_mail" not in hidden.rejected


def test_under_pseudonyms_all_else_is_the_same(model: ShopperModel) -> None:
    hidden = pseudonymous(model, KEY)
    numbers = ["recency", "frequency", "monetary", "segment", "last_order"]
    one = model.customers.sort_values(numbers)[numbers].reset_index(drop=True)
    other = hidden.customers.sort_values(numbers)[numbers].reset_index(drop=True)
    pd.testing.assert_frame_equal(one, other)
    assert hidden.customers["customer_id"].is_monotonic_increasing
    last = hidden.orders.groupby("customer_id")["ordered_at"].max()
    assert (hidden.customers.set_index("customer_id")["last_order"] == last).all()
    rfm = hidden.customers[list(RFM)]
    assert (hidden.segmenter.predict(rfm) == hidden.segmenter.labels_).all()

    real, alias = (m.customers.nlargest(1, "monetary")["customer_id"].item() for m in (model, hidden))
    pd.testing.assert_frame_equal(hidden.recommender.recommend(alias), model.recommender.recommend(real))
    bought = hidden.purchases.loc[hidden.purchases["customer_id"] == alias, "product_id"].tolist()
    assert bought == model.purchases.loc[model.purchases["customer_id"] == real, "product_id"].tolist()


def test_the_same_key_gives_the_same_pseudonyms(model: ShopperModel) -> None:
    ids = pseudonymous(model, KEY).customers["customer_id"]
    assert ids.equals(pseudonymous(model, KEY.decode()).customers["customer_id"])
    assert not set(ids) & set(pseudonymous(model, b"another key of some length").customers["customer_id"])
    fewer = pseudonymous(model.forget([ANN]), KEY).customers["customer_id"]
    assert set(fewer) < set(ids) and len(fewer) == len(ids) - 1
    assert ids.str.fullmatch("p[0-9a-f]{16}").all()
    assert pseudonymous(model, KEY).source["pseudonyms"]["made_by"] == "HMAC-SHA256, 64 bits"


def test_somebody_whose_products_are_known_has_to_be_left(model: ShopperModel) -> None:
    everybody = [str(who) for who in model.recommender.customer_ids_]
    of_services = model.customers.iloc[[0]].assign(customer_id="of services only")
    segmenter = copy.copy(model.segmenter)
    segmenter.labels_ = np.append(segmenter.labels_, segmenter.labels_[:1])
    customers = pd.concat([model.customers, of_services], ignore_index=True)
    other = dataclasses.replace(model, customers=customers, segmenter=segmenter)
    with pytest.raises(ValueError, match="nothing would be left"):
        other.forget(everybody)


@pytest.mark.parametrize(
    ("key", "error", "message"),
    [
        (b"short", ValueError, "at least 16 bytes; it has 5"),
        ("a" * 16, ValueError, "at least 6 different bytes; it has 1"),
        (bytes(32), ValueError, "at least 6 different bytes; it has 1"),
        ("ababababababcdcd", ValueError, "at least 6 different bytes; it has 4"),
        ("passwordpassword", ValueError, "no repetition of a shorter one"),
        ("abcdefghijklmnop", ValueError, "no run of neighboring"),
        ("0123456789abcdef", ValueError, "no run of neighboring"),
        ("zyxwvutsrqponmlk", ValueError, "no run of neighboring"),
        (bytes((248 + 3 * i) % 256 for i in range(16)), ValueError, "no run of neighboring"),
        (bytes(b % 256 for b in accumulate([249, *(1, 2, 3) * 5])), ValueError, "no run of neighboring"),
        ("qwertyuiopasdfgh", ValueError, "not be made of common words, dates, runs on a keyboard"),
        (b"password12345678", ValueError, "not be made of common words"),
        (12345678901234567890, TypeError, "key must be bytes or text; got int"),
    ],
)
def test_keys_that_protect_nobody(
    model: ShopperModel, key: bytes, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        pseudonymous(model, key)


def test_six_different_bytes_are_enough() -> None:
    key = "\x07\xd2\x63\xd2\xf1\x07\x9e\x63\x41\xf1\x9e\x07\x41\xd2\x9e\x63\xf1\x41\xd2\x07".encode("latin-1")
    assert len(set(key)) == 6
    assert checked_key(key) == key
    with pytest.raises(ValueError, match="at least 6 different bytes; it has 5"):
        checked_key(key.replace(b"\x41", b"\x07"))


@pytest.mark.parametrize("seed", range(50))
def test_keys_drawn_at_random_are_taken(seed: int) -> None:
    draw = random.Random(seed)
    for key in (draw.randbytes(16), draw.randbytes(16).hex(), str(draw.getrandbits(128))):
        assert checked_key(key) == (key.encode() if isinstance(key, str) else key)


def test_pseudonyms_are_an_hmac_under_the_stretched_key(model: ShopperModel, tmp_path: Path) -> None:
    stretched = hashlib.scrypt(
        KEY, salt=b"shopper-widgets pseudonyms 1", n=2**15, r=8, p=1, maxmem=2**26, dklen=32
    )
    expected = "p" + hmac.new(stretched, ANN.encode(), hashlib.sha256).hexdigest()[:16]
    hidden = pseudonymous(model, KEY)
    assert expected in set(hidden.customers["customer_id"])
    manifest = json.loads((hidden.save(tmp_path / "model") / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["source"]["pseudonyms"]["key_stretched_by"] == {"scrypt": {"n": 32768, "r": 8, "p": 1}}
    assert "pseudonyms" not in model.source


def test_what_still_counts_the_forgotten_is_said(model: ShopperModel) -> None:
    theirs = model.orders[model.orders["customer_id"].isin([ANN, BEN])]
    told = model.forget([ANN]).forget([BEN]).source["forgotten"]
    assert told["customers"] == 2
    assert told["orders"] == len(theirs)
    assert told["amount"] == pytest.approx(theirs["amount"].sum())
    assert told["says"].startswith("2 customers forgotten. Figures of the whole shop (products, sales, ")
    assert f"still count their {len(theirs)} orders, " in told["says"]
    left = model.forget([ANN])
    pd.testing.assert_frame_equal(left.sales, model.sales)
    rows = settings_table(left).set_index("setting")["choice"]
    assert rows["Forgotten"] == left.source["forgotten"]["says"]
    assert "Forgotten" not in set(settings_table(model)["setting"])


def test_a_model_stays_as_it_was(model: ShopperModel) -> None:
    fields = {field.name: getattr(model, field.name) for field in dataclasses.fields(model)}
    ids = model.recommender.customer_ids_.copy()
    pseudonymous(model, KEY)
    assert all(getattr(model, name) is value for name, value in fields.items())
    np.testing.assert_array_equal(model.recommender.customer_ids_, ids)
