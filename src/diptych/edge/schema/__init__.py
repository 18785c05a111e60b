"""The files people write, as pydantic classes in people's units, with positions for errors.

Each class has `to_record()`, which gives the frozen record of `diptych.model` in SI and radians. Unknown keys are
errors.
"""
