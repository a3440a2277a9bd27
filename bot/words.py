"""What is said of every answer, in Discord and in the terminal alike."""

from index import Confidence

CONFIDENCE: dict[Confidence, str] = {"direct": "Direct match", "related": "Related passage"}
ABSTAINED = "I couldn't find this in the indexed documents."
CLOSEST = "The closest passage, which may not answer it:"
