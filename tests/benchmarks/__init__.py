"""How long it takes and how much it needs, measured: ``python -m tests.benchmarks.NAME``."""
