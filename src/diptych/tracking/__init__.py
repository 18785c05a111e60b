"""What each complex believes: detections become tracks, and partner tracks are kept beside them.

Initiation, association, filter updates, deletion; beliefs carry their covariance and their provenance.
"""
