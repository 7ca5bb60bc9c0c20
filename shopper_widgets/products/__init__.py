"""Products through time: from frames of sales to demand, stock, prices and what discounts must bring."""
