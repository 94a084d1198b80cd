import os

import uvicorn
from fastapi import FastAPI, Query
from opensearchpy import OpenSearch

from larkspur_search.ranking import build_query
from larkspur_search.synonyms import expand

app = FastAPI(title="Search API", version="1.5.0")
client = OpenSearch(os.environ.get("OPENSEARCH_URL", "http://localhost:9200"))

PAGE_SIZE = 24


@app.get("/v1/search")
def search(q: str = Query(max_length=200), page: int = Query(default=1, ge=1)) -> dict:
    body = build_query(expand(q), offset=(page - 1) * PAGE_SIZE, size=PAGE_SIZE)
    answer = client.search(index="products", body=body)
    return {
        "total": answer["hits"]["total"]["value"],
        "hits": [hit["_source"] for hit in answer["hits"]["hits"]],
        "facets": {},
    }


def main() -> None:
    uvicorn.run(app, host="0.0.0.0", port=8080)
