"""Many runs under a design: paired estimates, intervals, provenance.  Statistics only.

Intervals describe chance. What is not known is swept or sampled in an outer loop and reported as a range, never
pooled with chance.
"""
