"""Timings against peers and budgets, run by hand (`make bench`), never as tests. See `__main__`."""
