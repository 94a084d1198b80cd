from datetime import datetime, timedelta

import polars as pl
from sqlalchemy import Engine, text

QUERY = text(
    "select id, placed_at, total, currency from orders_with_status "
    "where placed_at >= :start and placed_at < :end and status <> 'CANCELLED'"
)


def hour_of(moment: datetime) -> tuple[datetime, datetime]:
    start = moment.replace(minute=0, second=0, microsecond=0)
    return start, start + timedelta(hours=1)


def export_hour(orders: Engine, warehouse: Engine, moment: datetime) -> int:
    """Replaces the rows of one hour, so that a second run changes nothing."""
    start, end = hour_of(moment)
    frame = pl.read_database(QUERY, orders, execute_options={"parameters": {"start": start, "end": end}})
    with warehouse.begin() as work:
        work.execute(text("delete from sales where placed_at >= :s and placed_at < :e"), {"s": start, "e": end})
        frame.write_database("sales", work, if_table_exists="append")
    return frame.height
