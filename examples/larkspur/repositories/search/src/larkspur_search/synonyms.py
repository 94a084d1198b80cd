"""Synonyms that customers use and our article texts do not."""

SYNONYMS = {
    "anorak": "jacket",
    "brolly": "umbrella",
    "cagoule": "rain jacket",
    "head torch": "headlamp",
    "rucksack": "backpack",
    "wellies": "rubber boots",
}


def expand(text: str) -> str:
    lowered = text.lower()
    extra = [target for word, target in SYNONYMS.items() if word in lowered]
    return " ".join([lowered, *extra])
