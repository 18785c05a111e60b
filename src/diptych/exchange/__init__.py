"""What is told to whom: sharing rules, precision, delay, and the messages that carry them.

The rules come from the arrangement and from nowhere else. The verb is *share*; *release* is permission to fire.
"""
