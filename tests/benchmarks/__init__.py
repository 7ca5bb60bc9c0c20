"""Benchmarks of time and memory: ``python -m tests.benchmarks.NAME``.

With ``BENCHMARKS=small`` in the environment, each takes seconds, uses small shops and judges nothing: CI only
checks that all of them still run.
"""
