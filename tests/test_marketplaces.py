"""Exports of marketplaces, with the headers that they have, are read as what they say."""

from shopper_widgets.layouts import detect_layout
from shopper_widgets.transactions import read_transactions

AMAZON = (
    "order-id\torder-item-id\tpurchase-date\tpayments-date\tbuyer-email\tbuyer-name\tsku\tproduct-name\t"
    "quantity-purchased\tcurrency\titem-price\titem-tax\tshipping-price\tship-country"
)
ETSY = (
    "Sale Date,Item Name,Buyer,Quantity,Price,Coupon Code,Coupon Details,Discount Amount,Shipping Discount,"
    "Order Shipping,Order Sales Tax,Item Total,Currency,Transaction ID,Listing ID,Date Paid,Date Shipped,"
    "Ship Name,Ship City,Ship Country,Order ID,Variations,SKU"
)


def test_amazon_gives_the_price_of_the_whole_line(tmp_path):
    path = tmp_path / "orders.txt"
    lines = [
        "736-1\t05\t2024-01-31T18:54:21+00:00\t2024-01-31\tA1@Marketplace.amazon.example\tJo\tS1\tMug\t3\tGBP\t"
        "10.50\t0\t4.99\tGB",
        "736-2\t06\t2024-02-01T08:00:00+00:00\t2024-02-01\ta1@marketplace.amazon.example\tJo\tS2\tPan\t1\tGBP\t"
        "20.00\t0\t0\tGB",
    ]
    path.write_text("\n".join([AMAZON, *lines]))
    assert detect_layout(path).name == "Amazon order report"
    orders = read_transactions(path)
    assert orders["amount"].tolist() == [10.5, 20.0]
    assert orders["customer_id"].nunique() == 1
    assert orders["product_id"].tolist() == ["S1", "S2"]


def test_etsy_gives_the_price_of_one(tmp_path):
    path = tmp_path / "EtsySoldOrderItems2024.csv"
    lines = [
        "01/31/24,Mug,bob,2,18.99,,,3.00,0,4.20,0,37.98,USD,28150783250,953074300,01/31/24,02/01/24,"
        "Bob,Boston,United States,23289835,Color:Gray,M-1",
        "01/30/24,Pan,ann,1,20.00,,,0,0,0,0,20.00,USD,28150783251,953074301,01/30/24,,Ann,Lyon,France,23289836,,P-1",
    ]
    path.write_text("\n".join([ETSY, *lines]))
    assert detect_layout(path).name == "Etsy sold order items"
    orders = read_transactions(path)
    assert orders["unit_price"].tolist() == [18.99, 20.0]
    assert orders["order_id"].tolist() == ["23289835", "23289836"]
    assert orders["discount"].tolist() == [3.0, 0.0]
