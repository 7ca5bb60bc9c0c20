"""Products through time: frames of sales come in; demand, stock, prices and discounts go out."""
