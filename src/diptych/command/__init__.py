"""Who may decide: the arrangement in force, consent, release, waits, and who could block what.

One small engine interprets arrangement records. Nothing about a named arrangement stands in code, and nothing says
*two* complexes. Every decision names its rule, the person or role, the inputs known and the time left.
"""
