"""Diễn tập: a branch plays its coming election with invented votes, apart from everything real.

Nothing here refers to a round, a candidate, a count or a seal, and none of those refers to anything here: a
rehearsal copies names into a JSON of its own. What the rules say is asked of the same engine as on the day.
"""
