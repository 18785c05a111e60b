"""One run: the world, the links between nodes, conduct, the event queue, the record, replay.

A run is a function of (scenario, arrangement, conduct, root seed, replicate). Equal times have a written order:
docs/explanation/time-and-order.md.
"""
