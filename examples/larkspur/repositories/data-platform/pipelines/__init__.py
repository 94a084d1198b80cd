"""Pipelines of the data platform."""
