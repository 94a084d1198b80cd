from datetime import datetime, timezone

from pipelines.order_export.export import hour_of


def test_an_hour_begins_on_the_hour():
    start, end = hour_of(datetime(2026, 3, 4, 15, 59, 59, tzinfo=timezone.utc))
    assert start == datetime(2026, 3, 4, 15, tzinfo=timezone.utc)
    assert end == datetime(2026, 3, 4, 16, tzinfo=timezone.utc)
