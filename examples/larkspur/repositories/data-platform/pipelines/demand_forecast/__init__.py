"""Forecasts the demand for each article."""
