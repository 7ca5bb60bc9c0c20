"""The column names of orders and of customers, which all rooms share, in one place.

Further columns of a single table are named in the docstring of the function that returns it.
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
#: A customer's usual gap between orders in days, and the shop's rhythm, which is learned from these gaps.
USUAL_GAP, RHYTHM = "usual_gap", "rhythm"

#: The columns that every order line needs. `amount` may replace `unit_price`.
REQUIRED = (ORDER_ID, PRODUCT_ID, CUSTOMER_ID, ORDERED_AT, QUANTITY, UNIT_PRICE)
#: Columns that are used if they exist.
OPTIONAL = (PRODUCT_NAME, COUNTRY, AMOUNT)
#: Columns that reading adds: the shop's own word for the status of an order; whether this or another mark
#: means "not sold"; the discount of a line that was taken off ``amount``, or that may not have been; and, in
#: words, the cells whose content became null.
FOUND_OUT = (ORDER_STATUS, IS_CANCELLED, DISCOUNT, DISCOUNT_LEFT_IN, UNREAD)
#: Columns that are always text: ``"12346"``, never ``12346.0``.
TEXT = (ORDER_ID, PRODUCT_ID, PRODUCT_NAME, CUSTOMER_ID, COUNTRY)
#: The three numbers that describe a customer, in the order in which arrays hold them.
RFM = (RECENCY, FREQUENCY, MONETARY)
