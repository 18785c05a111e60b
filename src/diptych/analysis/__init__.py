"""Questions asked over runs and geometry: maps, reach, limits, disclosure, observation, misreading."""
