from fastapi import FastAPI, HTTPException

from pipelines.demand_forecast.store import ForecastStore

app = FastAPI(title="Forecast API", version="1.0.0")
store = ForecastStore()


@app.get("/v1/forecasts/{sku}")
def get_forecast(sku: str, warehouse: str | None = None) -> dict:
    weeks = store.weeks(sku, warehouse)
    if not weeks:
        raise HTTPException(status_code=404, detail="no forecast for this article")
    return {"sku": sku, "warehouse": warehouse, "weeks": weeks}
