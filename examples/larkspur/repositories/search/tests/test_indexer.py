from larkspur_search.indexer import update_from


def test_sold_out_means_none_available():
    event = {"sku": "TNT-20417-GRN", "occurredAt": "2026-07-14T08:00:00Z"}
    assert update_from(event)["doc"]["available"] == 0
