import polars as pl
from sklearn.ensemble import HistGradientBoostingRegressor

FEATURES = ["week", "price_cents", "on_sale", "views", "sold_last_week", "sold_last_year"]
QUANTILES = {"low": 0.1, "expected": 0.5, "high": 0.9}


def train(sales: pl.DataFrame) -> dict[str, HistGradientBoostingRegressor]:
    inputs = sales.select(FEATURES).to_numpy()
    target = sales["sold"].to_numpy()
    models = {}
    for name, quantile in QUANTILES.items():
        model = HistGradientBoostingRegressor(loss="quantile", quantile=quantile, max_iter=300)
        models[name] = model.fit(inputs, target)
    return models


def weighted_error(actual: pl.Series, expected: pl.Series) -> float:
    """Weighted absolute percentage error: sum of misses by sum of sales."""
    sold = actual.sum()
    return float((actual - expected).abs().sum() / sold) if sold else 0.0
