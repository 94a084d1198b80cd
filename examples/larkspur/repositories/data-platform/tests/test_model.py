import polars as pl

from pipelines.demand_forecast.model import weighted_error


def test_error_is_weighted_by_sales():
    actual = pl.Series([90, 10])
    expected = pl.Series([81, 20])
    assert weighted_error(actual, expected) == 0.19


def test_no_sales_no_error():
    assert weighted_error(pl.Series([0]), pl.Series([3])) == 0.0
