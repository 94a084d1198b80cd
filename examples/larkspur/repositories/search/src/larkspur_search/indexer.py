import json
import os

from confluent_kafka import Consumer
from opensearchpy import OpenSearch

TOPICS = ["inventory.level-changed.v1", "inventory.sold-out.v1"]


def update_from(event: dict) -> dict:
    return {"doc": {"available": event.get("available", 0), "updated_at": event["occurredAt"]}}


def main() -> None:
    client = OpenSearch(os.environ.get("OPENSEARCH_URL", "http://localhost:9200"))
    consumer = Consumer(
        {
            "bootstrap.servers": os.environ["KAFKA_BROKERS"],
            "group.id": "search-indexer",
            "auto.offset.reset": "earliest",
        }
    )
    consumer.subscribe(TOPICS)
    while True:
        message = consumer.poll(1.0)
        if message is None or message.error():
            continue
        event = json.loads(message.value())
        client.update(index="products", id=event["sku"], body=update_from(event), ignore=404)
