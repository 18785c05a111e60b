"""What each sensor sees of the truth: imperfect, late and sometimes false.

Sensing never reads the arrangement; it reads the sensor, the trajectories, and the tasking that a node put out. Each
draw belongs to (sensor, object, slot of the sensor's own look clock), so a second sensor or another arrangement
disturbs no draw of the first.
"""
