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
ELSEWHERE = "I answer questions in these channels of this server: {places}"
NOWHERE = (
    "The channels where I answer questions are gone from this server. Its admins can choose others "
    "with `/settings`."
)
NOT_YOU = "Only members with certain roles may ask me here. This server's admins choose which."
TOO_FAST = "That was quick! Please ask again in {seconds} s."
SERVER_BUSY = "Many questions from this server just now. Please ask again in a minute."
TOO_LONG = (
    "Your question is {length:,} characters long, and I read at most {most:,}. Please ask in fewer "
    "words."
)
TOO_MANY_CALLS = "You called for a person often just now. Please try again in {minutes} min."
HELPERS_BUSY = "The helpers were called often just now. Please try again in an hour."
LOOKING = "Looking it up…"
IN_LINE = "Looking it up… {ahead} before you in line."
FORGOTTEN = "I no longer remember this answer, so I can't do that. Please ask again."
CHANGED = "The documents have changed since, so I won't show that any more. Please ask again."
NO_WORDS = "There are no words in that message that I could look up."
SHOWN = "shown"
NAMES = "{fate}, names the topic"
OTHERS = "Other passages that were found; they may not answer it:"
