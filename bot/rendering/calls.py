"""The message by which a member asks for a person, and what becomes of it. Pure."""

from collections.abc import Sequence

from bot.records import Call, Exchange
from bot.rendering.answer import block, place_of, plain_block
from bot.rendering.controls import links
from bot.rendering.reply import Button, Reply, Row, custom_id
from bot.rendering.short import short
from bot.rendering.words import CLOSEST
from index import Quote

POST_CALL = "post-call"
TAKE = "take"
SOLVE = "solve"

CALLED = Reply("I asked this server's helpers, in this channel.")
THEN_A_PERSON = "A person may know more:"
ANSWERED = "What I answered:"
WITHDRAWN = "-# The question of <@{asker}> was withdrawn: no answer is needed any more."
NO_LONGER_KEPT = "I no longer keep this question, so its buttons are gone."
QUESTION_MAX_UNITS = 600
PASSAGE_MAX_UNITS = 300
MOST_PASSAGES = 2


def confirm(exchange: Exchange) -> Reply:
    """Whether the question of a private answer may be posted where others see it."""
    asked = short(exchange.answer.question, QUESTION_MAX_UNITS)
    button = Button("Post it", custom_id(POST_CALL, exchange.name), "primary")
    return Reply(
        "I'll post your question in this channel, where others can see it and who asked:\n"
        f"> {asked}",
        ((button,),),
    )


def render_call(exchange: Exchange, passages: Sequence[Quote], role: int) -> Reply:
    """The call itself: who is asked, by whom, what, and what the documents say near it."""
    lines = [
        f"<@&{role}>, <@{exchange.asker}> would like a person's answer:",
        f"> {short(exchange.answer.question, QUESTION_MAX_UNITS)}",
    ]
    if passages:
        lines.append(f"-# {ANSWERED if exchange.answer.answered else CLOSEST}")
    cut = block if exchange.answer.answered else plain_block
    for passage in passages[:MOST_PASSAGES]:
        lines += [cut(passage, PASSAGE_MAX_UNITS), f"-# {place_of(passage)}"]
    call = Call(exchange.name, "waiting")
    return Reply("\n".join([*lines, _state(call)]), _rows(exchange, call), pings=role)


def render_later(content: str, exchange: Exchange | None, call: Call | None) -> Reply:
    """The same message once its call has come further; `content` is what it said before."""
    above = content.rpartition("\n")[0]
    if exchange is None or call is None:
        return Reply(f"{above}\n-# {NO_LONGER_KEPT}")
    if call.withdrawn:
        return render_withdrawn(exchange, call)
    return Reply(f"{above}\n{_state(call)}", _rows(exchange, call))


def render_withdrawn(exchange: Exchange, call: Call) -> Reply:
    """The same message once the question is deleted: without its words, for these go too."""
    lines = [WITHDRAWN.format(asker=exchange.asker)]
    if call.state != "waiting":
        lines.append(_state(call))
    return Reply("\n".join(lines))


def _state(call: Call) -> str:
    if call.state == "waiting":
        return "-# Waiting for someone to take it."
    return f"-# {call.state.capitalize()} by <@{call.helper}>."


def _rows(exchange: Exchange, call: Call) -> tuple[Row, ...]:
    take = Button("I'll take it", custom_id(TAKE, call.exchange), "primary")
    solve = Button("Solved", custom_id(SOLVE, call.exchange), "success")
    pressed: dict[str, tuple[Row, ...]] = {
        "waiting": ((take, solve),),
        "taken": ((solve,),),
        "solved": (),
    }
    return (*links(exchange.answer), *pressed[call.state])
