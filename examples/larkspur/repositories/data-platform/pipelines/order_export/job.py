import os
from datetime import datetime, timedelta, timezone

from dagster import ScheduleDefinition, job, op
from sqlalchemy import create_engine

from pipelines.order_export.export import export_hour


@op
def export_last_hour() -> None:
    orders = create_engine(os.environ["ORDERS_DATABASE_URL"])
    warehouse = create_engine(os.environ["WAREHOUSE_URL"])
    export_hour(orders, warehouse, datetime.now(timezone.utc) - timedelta(hours=1))


@job
def order_export() -> None:
    export_last_hour()


hourly = ScheduleDefinition(job=order_export, cron_schedule="7 * * * *")
