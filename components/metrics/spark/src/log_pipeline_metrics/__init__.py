"""Metrics of log records, computed by Spark from one spec."""
