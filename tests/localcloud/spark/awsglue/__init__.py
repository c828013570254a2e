"""A stand-in for Glue's Python package: as much of it as the metrics jobs use, on the local cloud's stream.

Glue's own is part of its service and cannot be installed. This one runs the jobs' very scripts; it does not show how
Glue's connector reads, restarts or meets a reshard.
"""
