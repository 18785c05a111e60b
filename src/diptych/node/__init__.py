"""What one side is: one pure function from state, what arrived and the time to new state and what to send or do.

`step` is a short list of stages that call the seven packages below, which never import one another. A study calls it
with a simulated partner, a control room with a real one; it never sees bytes, keys, clocks or disks.
"""
