"""Return memory that is no longer used to the system."""

from __future__ import annotations


def give_back() -> None:
    """Release the memory that Arrow keeps for later use to the system.

    pandas holds its text in Arrow's memory. What a step over all orders leaves there is as large as the
    orders themselves, and would add to the memory of the next step.

    Examples
    --------
    >>> give_back()
    """
    import pyarrow as pa

    pa.default_memory_pool().release_unused()
