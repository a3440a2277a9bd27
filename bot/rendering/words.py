"""What is said of every answer, in Discord and in the terminal alike."""

from index import Abstention, Confidence

CONFIDENCE: dict[Confidence, str] = {"direct": "Direct match", "related": "Related passage"}
ABSTAINED: dict[Abstention, str] = {
    "no answer": "I couldn't find this in the indexed documents.",
    "small talk": "Hello! Ask me a question, and I quote what the indexed documents say.",
    "language": "I can't read questions in this language yet; please ask in English.",
}
SOURCES_DIFFER = "The sources give different answers: compare them."
CLOSEST = "The closest passage, which may not answer it:"
SHOWN = "shown"
NAMES = "{fate}, names the topic"
