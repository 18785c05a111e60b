"""What is shown: tables, figures and pages built from records, as text.

Rendering takes a record and gives a page; writing it to disk is the edge's work.
"""
