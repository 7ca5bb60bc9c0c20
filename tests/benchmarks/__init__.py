"""How long it takes and how much it needs, measured: ``python -m tests.benchmarks.NAME``.

With ``BENCHMARKS=small`` in the environment each ends in seconds, on small shops, and judges nothing: so CI
sees that all of them still run.
"""
