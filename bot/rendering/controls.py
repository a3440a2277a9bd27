"""What can be pressed under an answer. Pure."""

from bot.records import Exchange, ServerSettings
from bot.rendering.answer import links_of
from bot.rendering.reply import Button, Link, Row, custom_id
from index import Answer, Quote

CONTEXT = "context"
OTHERS = "others"
FOLLOW_UP = "follow-up"
REPHRASE = "rephrase"
HELPFUL = "helpful"
UNHELPFUL = "unhelpful"
SHARE = "share"
DELETE = "delete"
ASK_HUMAN = "ask-human"


def controls(exchange: Exchange, settings: ServerSettings) -> tuple[Row, ...]:
    """The rows under an exchange's answer, by what it is and where it was asked."""
    answer = exchange.answer
    if answer.abstention == "small talk":
        return ()
    name = exchange.name
    more: list[Button | Link] = []
    if answer.answered or answer.closest:
        more.append(Button("More context", custom_id(CONTEXT, name)))
    if count := len(other_passages(exchange)):
        more.append(Button(f"Other passages ({count})", custom_id(OTHERS, name)))
    if answer.answered:
        more.append(Button("Follow up", custom_id(FOLLOW_UP, name)))
    else:
        more.insert(0, Button("Rephrase", custom_id(REPHRASE, name), "primary"))
        if exchange.server is not None and settings.helper_role:
            more.insert(1, Button("Ask a human", custom_id(ASK_HUMAN, name)))
    below = [
        Button("Helpful", custom_id(HELPFUL, name)),
        Button("Not helpful", custom_id(UNHELPFUL, name)),
    ]
    if exchange.private and exchange.server is not None:
        below.append(Button("Share", custom_id(SHARE, name)))
    below.append(Button("Delete", custom_id(DELETE, name)))
    return (*links(answer), tuple(more), tuple(below))


def shown(answer: Answer) -> tuple[Quote, ...]:
    """The passages that the answer's message shows."""
    return answer.quotes[: answer.leading] if answer.answered else answer.closest[:1]


def other_passages(exchange: Exchange) -> tuple[Quote, ...]:
    """The passages that the answer's message does not show, at most three."""
    answer = exchange.answer
    folded = answer.quotes[answer.leading :] if answer.answered else answer.closest[1:]
    return (*folded, *exchange.others)[:3]


def links(answer: Answer) -> tuple[Row, ...]:
    """A row of buttons that open the sources shown, where these have addresses."""
    return links_of(shown(answer))
