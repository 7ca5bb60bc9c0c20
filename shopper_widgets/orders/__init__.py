"""Any table of orders comes in; clean lines and small tables go out, and every line is accounted for."""
