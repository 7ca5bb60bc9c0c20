"""The column names of orders and of customers, which every room shares, written once.

What a single figure's table has besides is told by the docstring of the function that gives it.
"""

ORDER_ID = "order_id"
PRODUCT_ID = "product_id"
PRODUCT_NAME = "product_name"
CUSTOMER_ID = "customer_id"
COUNTRY = "country"
ORDERED_AT = "ordered_at"
QUANTITY = "quantity"
UNIT_PRICE = "unit_price"
AMOUNT = "amount"
SOURCE_LINE = "source_line"
SOURCE_FILE = "source_file"
IS_CANCELLED = "is_cancelled"
ORDER_STATUS = "order_status"
DISCOUNT = "discount"
DISCOUNT_LEFT_IN = "discount_left_in"
UNREAD = "unread"
IS_PRODUCT = "is_product"
REASON = "reason"

RECENCY = "recency"
FREQUENCY = "frequency"
MONETARY = "monetary"
SEGMENT = "segment"
#: Days that a customer usually lets pass between orders, and the shop's rhythm, learned from these.
USUAL_GAP, RHYTHM = "usual_gap", "rhythm"

#: What every line of an order needs. `unit_price` may stand in for `amount` and the other way round.
REQUIRED = (ORDER_ID, PRODUCT_ID, CUSTOMER_ID, ORDERED_AT, QUANTITY, UNIT_PRICE)
#: What is used when it is there.
OPTIONAL = (PRODUCT_NAME, COUNTRY, AMOUNT)
#: What reading finds out besides: the shop's own word for an order's state, whether that or another mark
#: means "not sold", per line the discount that ``amount`` is less by, or isn't known to be less by, and which
#: cells held something that is null now, in words.
FOUND_OUT = (ORDER_STATUS, IS_CANCELLED, DISCOUNT, DISCOUNT_LEFT_IN, UNREAD)
#: Text, always: ``"12346"``, never ``12346.0``.
TEXT = (ORDER_ID, PRODUCT_ID, PRODUCT_NAME, CUSTOMER_ID, COUNTRY)
#: The three numbers that describe a customer, in the order in which arrays hold them.
RFM = (RECENCY, FREQUENCY, MONETARY)
