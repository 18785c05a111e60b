"""The nouns: frozen records that the packages above hand to one another, ids and errors.

One file per noun, SI and radians, validated where the value enters and nowhere else. Records have no behaviour:
shared computation belongs in `kernels`. Nothing here reads a file; the files people write are parsed in
`edge.schema`, which builds these records.
"""
