"""Ranks by relevance first, then by availability, then by margin."""

FIELDS = ["name^4", "brand^2", "category^2", "description"]


def build_query(text: str, offset: int, size: int) -> dict:
    return {
        "from": offset,
        "size": size,
        "query": {
            "function_score": {
                "query": {"multi_match": {"query": text, "fields": FIELDS, "fuzziness": "AUTO"}},
                "functions": [
                    {"filter": {"range": {"available": {"gt": 0}}}, "weight": 1.5},
                    {"field_value_factor": {"field": "margin", "factor": 0.2, "missing": 0}},
                ],
                "score_mode": "sum",
                "boost_mode": "multiply",
            }
        },
    }
