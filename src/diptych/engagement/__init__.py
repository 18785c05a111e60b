"""What can be done and is done: windows, proposals, assignment, firing doctrine, kill assessment.

A window is the set of launch times from which an interceptor can still reach the object. A proposal is possible; an
order was released.
"""
