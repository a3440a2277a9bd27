"""What can be asked and pressed: in short, and as `/help` says it. Pure."""

from bot.records import ServerSettings
from bot.rendering.reply import Reply
from bot.settings import DiscordSettings

HOW_TO_ASK = Reply(
    "Mention me together with your question, or use `/ask`, and I'll look for the answer "
    "in the indexed documents and quote it. `/help` tells more."
)
ASKING = """\
**I answer questions in the words of the indexed documents**, and say so when they don't answer.
- `/ask`, a message that mentions me, or a direct message: the quote that answers, and where it \
stands. `private:True` shows it to you alone.
- *Follow up* under an answer, or a reply that mentions me: I understand "and who joined in \
person?" from the question before.
- *Ask about this*, on a message's menu under Apps: an answer for you alone.
- *More context*, *Other passages*, *Rephrase*: what stands around the quote, what else was found, \
other words.
- *Helpful*, *Not helpful*: one vote, counted without your name. *Delete*: your answer goes, and \
what I keep of it. *Share*: all see what you alone saw."""
HELPERS = "- *Ask a human*: calls this server's helpers, for all to see."
PRIVATE = "- In this server an answer to `/ask` is for you alone unless you say `private:False`."
MANAGING = """\
**For those who manage this server**
- `/reindex` brings the index up to date; `/generations` lists its last builds, `/rollback` goes \
back to one.
- `/sources` lists the documents, `/status` tells how I am, `/why` how an answer came about.
- `/settings`: where and by whom I may be asked, the helpers' role, private answers."""
KEPT = (
    "-# {questions} questions a minute each. I remember a question for {days} days, for the "
    "buttons under its answer."
)


def render_help(server: ServerSettings, settings: DiscordSettings, *, manages: bool) -> Reply:
    """What one can do here; `manages` adds what is for those who manage the server."""
    asking = [ASKING]
    if server.helper_role is not None:
        asking.append(HELPERS)
    if server.private:
        asking.append(PRIVATE)
    parts = ["\n".join(asking)]
    if manages:
        parts.append(MANAGING)
    questions, days = settings.member_questions_a_minute, settings.keep_days
    parts.append(KEPT.format(questions=questions, days=days))
    return Reply("\n\n".join(parts))
