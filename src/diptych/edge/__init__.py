"""The only package with files, clocks, processes, sockets and a terminal.

Reads what people write into frozen records, hands them inward, and writes what comes back. Start at `main`, which
imports nothing heavy before the verb is known.
"""
