"""What one track means: where it will land, whose territory that is, when, and how sure that is.

Threat evaluation in the field's sense. What people and states judge about threats in general is *assessment* and
lives in `accord`.
"""
