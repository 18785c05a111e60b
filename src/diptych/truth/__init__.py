"""What really happens: the raid flies, interceptors fly, attempts hit or miss, objects land.

Truth never reads an arrangement, a track or a message. It takes launches and orders and gives trajectories and
outcomes.
"""
