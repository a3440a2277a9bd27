"""Why a question, a call or a press is not taken, in words for whoever made it. Pure.

Whole replies, and texts whose gaps their user fills in.
"""

from bot.rendering.reply import Reply

# a question
ELSEWHERE = "I answer questions in these channels of this server: {places}"
NOWHERE = Reply(
    "The channels where I answer questions are gone from this server. Its admins can choose others "
    "with `/settings`."
)
NOT_YOU = Reply(
    "Only members with certain roles may ask me here. This server's admins choose which."
)
TOO_FAST = "That was quick! Please ask again in {seconds} s."
SERVER_BUSY = Reply("Many questions from this server just now. Please ask again in a minute.")
TOO_LONG = (
    "Your question is {length:,} characters long, and I read at most {most:,}. Please ask in fewer "
    "words."
)
NO_WORDS = Reply("There are no words in that message that I could look up.")
REPLY_UNREADABLE = Reply(
    "Discord doesn't show me the words of a reply to an answer of `/ask`. Press *Follow up* under "
    "that answer, or mention me in the reply."
)

# whatever is about an answer
FORGOTTEN = Reply("I no longer remember this answer, so I can't do that. Please ask again.")
CHANGED = Reply(
    "The documents have changed since, so I won't show that any more. Please ask again."
)

# a call for a person
MAY_NOT_CALL = Reply("Only the one who asked can do that, and members who may manage messages.")
MAY_NOT_TAKE = Reply("Only this server's helpers can do that, and members who may manage messages.")
MAY_NOT_SOLVE = Reply("Only the one who asked can do that, or one of this server's helpers.")
TAKEN_ALREADY = "<@{helper}> has taken this already."
NO_HELPERS = Reply("This server has no helpers at the moment. Please ask in one of its channels.")
TOO_MANY_CALLS = "You called for a person often just now. Please try again in {minutes} min."
HELPERS_BUSY = Reply("The helpers were called often just now. Please try again in an hour.")
CALLED_ALREADY = Reply(
    "A person was asked already. If you can't find that here, please ask in this channel yourself."
)
CALLED_THERE = (
    "[A person was asked already]({url}). If that is gone, please ask in this channel yourself."
)
BEING_CALLED = Reply(
    "A person is being asked just now. If you don't see my message in five minutes, please press "
    "again."
)
CANNOT_LOOK_FOR_CALL = Reply(
    "I can't look whether my message is here already. If you don't see it, please ask the helpers "
    "yourself."
)
BOT_MAY_NOT_WRITE = Reply("I may not write in this channel. Please ask the helpers yourself.")
CALL_REFUSED = Reply("Discord did not take my message. Please ask the helpers yourself.")
CALL_UNSURE = Reply(
    "Discord did not answer, so I can't tell whether my message is here. If you don't see it in "
    "five minutes, please press again: I look before I post."
)

# an answer to be shared
MAY_NOT_SHARE = Reply("Only the one who asked can share this answer.")
SHARED_ALREADY = Reply("This was shared already. If you can't find it here, please ask again.")
BEING_SHARED = Reply(
    "This is being shared just now. If it isn't here in five minutes, please press Share again."
)
CANNOT_LOOK_FOR_SHARED = Reply(
    "I can't look whether this was shared already. If you don't see it here, please ask again."
)
NOT_CHECKED_IN_TIME = Reply(
    "I couldn't check this in time to share it. Please press Share again in a minute."
)

# an answer to be deleted
MAY_NOT_DELETE = Reply(
    "Only the one who asked can delete this answer, and members who may manage messages."
)
ASKER_FORGOTTEN = Reply(
    "I no longer remember who asked this, so only members who may manage messages can delete it."
)

# what is for admins
MAY_NOT_MANAGE = Reply(
    "Only members who may manage this server can do that. Please ask one of its admins."
)
