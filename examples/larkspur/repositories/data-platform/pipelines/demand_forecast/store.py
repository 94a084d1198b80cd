import os

from sqlalchemy import create_engine, text

QUERY = text(
    "select week_start as start, sum(expected) as expected, sum(low) as low, sum(high) as high "
    "from forecast where sku = :sku and (:warehouse is null or warehouse = :warehouse) "
    "group by week_start order by week_start"
)


class ForecastStore:
    def __init__(self) -> None:
        self.engine = create_engine(os.environ.get("WAREHOUSE_URL", "sqlite://"))

    def weeks(self, sku: str, warehouse: str | None) -> list[dict]:
        with self.engine.connect() as connection:
            rows = connection.execute(QUERY, {"sku": sku, "warehouse": warehouse})
            return [dict(row) for row in rows.mappings()]
