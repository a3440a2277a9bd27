"""Why a question, a call or a press is not taken, in words for whoever made it. Pure."""

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
FORGOTTEN = "I no longer remember this answer, so I can't do that. Please ask again."
CHANGED = "The documents have changed since, so I won't show that any more. Please ask again."
NO_WORDS = "There are no words in that message that I could look up."
