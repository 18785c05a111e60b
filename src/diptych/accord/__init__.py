"""What several parties could accept: judgements, pooling, relevance, packages, interests.

Beliefs and wants are different records, and the utilities of two parties are never added.
"""
