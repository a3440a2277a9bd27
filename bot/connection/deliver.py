"""Getting one true message to Discord, although its answers can be lost on the way.

A lost answer leaves open whether Discord did what was asked. Acknowledging twice is refused
with a code of its own, an edit can be repeated, and a message carries a nonce: so each of them
is tried again until it is certain, and none can show twice.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, TypeAlias, TypeVar

import aiohttp
import discord
import structlog

from bot.connection.components import modal, view
from bot.faults import UNKNOWN
from bot.logs import failure
from bot.rendering.reply import Form, Link, Reply

log: structlog.stdlib.BoundLogger = structlog.stdlib.get_logger(__name__)

T = TypeVar("T")

Edit: TypeAlias = Callable[[Reply], Awaitable[discord.Message]]
"""Replaces what the one message of a conversation says, and gives that message."""

NO_MENTIONS = discord.AllowedMentions.none()

FAILURES = (aiohttp.ClientError, discord.HTTPException, OSError)
"""The ways in which a call of Discord fails and may do better at the next try."""

LOST_FOR_GOOD = (*FAILURES, RuntimeError)
"""All the ways in which a call fails in the end; with a RuntimeError its connection is closed."""

PRESSED = "pressed"
"""Noted of an interaction that is answered by an edit of the message it stands under."""

ALREADY_ACKNOWLEDGED = 40060
TOKEN_EXPIRED = 50027
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500

ACKNOWLEDGE_PAUSES = (0.0, 0.2, 0.5, 1.0)
EDIT_PAUSES = (0.0, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each try."""

ANSWER_PAUSES = (*EDIT_PAUSES, 15.0, 30.0, 60.0, 120.0)
"""The same for an answer, of which nothing else is left: it outlasts an outage of some minutes."""

ACKNOWLEDGE_SECONDS = 2.0
EDIT_SECONDS = 15.0
"""How long Discord's answer to one try is waited for."""


class Unwritable(RuntimeError):
    """The bot may not write there, as the log has said."""


def is_certain(error: Exception) -> bool:
    """Whether Discord refused. Else its answer was lost, or an apology: the deed may be done."""
    if not isinstance(error, discord.HTTPException):
        return False
    return error.status < SERVER_ERROR and error.status != TOO_MANY_REQUESTS


def is_lost(error: BaseException | None) -> bool:
    """Whether Discord's answer was lost, or an apology: the deed may be done."""
    return isinstance(error, FAILURES) and not is_certain(error)


def may_be_done(error: Exception) -> bool:
    """Whether what `until_certain` failed at may be done: an answer was lost, the last or another.

    Not if Discord says that what it was done to is gone.
    """
    gone = isinstance(error, discord.NotFound)
    return not gone and (is_lost(error) or is_lost(error.__cause__))


async def until_certain(
    pauses: Sequence[float], seconds: float, act: Callable[[], Awaitable[T]]
) -> T:
    """Do `act` until it is certain that it was done or refused; returns what it gave.

    `pauses` are the seconds before each try, `seconds` the time that Discord's answer to one is
    waited for. Raises the refusal, or what the last try raised; a RuntimeError of a connection
    that is closed at once. A try before that was lost is the cause of what is raised.
    """
    lost: Exception | None = None
    for pause in pauses:
        await asyncio.sleep(pause)
        try:
            async with asyncio.timeout(seconds):
                return await act()
        except LOST_FOR_GOOD as error:
            if not is_lost(error):
                raise error from lost
            log.warning("answer_of_discord_lost", error=failure(error))
            lost = error
    raise lost or ValueError("no try at all")


async def acknowledge(interaction: discord.Interaction[Any], *, private: bool) -> bool:
    """Say "thinking…" within Discord's three seconds; False if Discord no longer wants it."""
    return await _respond(lambda: interaction.response.defer(ephemeral=private, thinking=True))


async def acknowledge_press(interaction: discord.Interaction[Any]) -> bool:
    """Acknowledge a press whose answer is an edit of the message it stands under; as above."""
    interaction.extras[PRESSED] = True
    return await _respond(interaction.response.defer)


def is_press(interaction: discord.Interaction[Any]) -> bool:
    """Whether it was acknowledged as a press, also where Discord's answer to that was lost."""
    return PRESSED in interaction.extras


async def open_form(interaction: discord.Interaction[Any], form: Form) -> bool:
    """Open a form for whoever pressed; False if Discord no longer wants it."""
    return await _respond(lambda: interaction.response.send_modal(modal(form)))


async def _respond(respond: Callable[[], Awaitable[object]]) -> bool:
    try:
        await until_certain(ACKNOWLEDGE_PAUSES, ACKNOWLEDGE_SECONDS, respond)
    except discord.InteractionResponded:
        return True
    except LOST_FOR_GOOD as error:
        if is_lost(error):
            return True  # it may have arrived all the same: the edit will show
        if getattr(error, "code", None) == ALREADY_ACKNOWLEDGED:
            return True
        log.warning("acknowledge_refused", error=failure(error))
        return False
    return True


async def deliver(edit: Callable[[Reply], Awaitable[T]], reply: Reply) -> T | None:
    """Make the conversation's message say `reply`, once; that message, or None if it cannot be."""
    with contextlib.suppress(*LOST_FOR_GOOD):
        return await deliver_or_raise(edit, reply, EDIT_PAUSES)
    return None


async def may_have_delivered(edit: Callable[[Reply], Awaitable[object]], reply: Reply) -> bool:
    """Deliver; False if the message surely does not show it, so that it can be said elsewhere."""
    try:
        await deliver_or_raise(edit, reply, EDIT_PAUSES)
    except LOST_FOR_GOOD as error:
        return may_be_done(error)
    return True


async def deliver_or_raise(
    edit: Callable[[Reply], Awaitable[T]], reply: Reply, pauses: Sequence[float]
) -> T:
    """Deliver; what Discord refuses is tried with less below it, then as the words of a fault.

    Logs and raises the failure.
    """
    try:
        return await until_certain(pauses, EDIT_SECONDS, lambda: edit(reply))
    except Unwritable:
        raise
    except LOST_FOR_GOOD as error:
        if _is_gone(error):
            log.warning("answer_undeliverable", error=failure(error))
        elif is_certain(error):
            log.error("answer_refused", error=failure(error))  # noqa: TRY400  # no trace is needed
            if plainer := _plainer(reply):
                return await deliver_or_raise(edit, plainer, pauses)
        else:
            log.error("answer_undeliverable", tries=len(pauses))  # noqa: TRY400  # the same
        raise


def _plainer(reply: Reply) -> Reply | None:
    """What is tried in place of a refused reply: no links, then no rows, then a fault's words."""
    unlinked = (tuple(one for one in row if not isinstance(one, Link)) for row in reply.rows)
    rows = tuple(row for row in unlinked if row)
    if reply.rows:
        return replace(reply, rows=rows if rows != reply.rows else ())
    return Reply(UNKNOWN) if reply.content != UNKNOWN else None


def _is_gone(error: Exception) -> bool:
    """Whether no words would be taken.

    The message is deleted, rights are taken away, its quarter of an hour is over, or the connection
    that the question came by is closed.
    """
    if getattr(error, "code", None) == TOKEN_EXPIRED:
        return True
    return isinstance(error, discord.NotFound | discord.Forbidden | RuntimeError)


async def tell_alone(interaction: discord.Interaction[Any], reply: Reply) -> None:
    """Answer whoever used a control, so that nobody else sees it."""
    if await acknowledge(interaction, private=True):
        await deliver(edit_of_response(interaction), reply)


async def remove_response(interaction: discord.Interaction[Any]) -> None:
    """Delete the message that an edit would change; one that is gone already is as good.

    Raises a refusal of Discord, or what the last try raised.
    """
    with contextlib.suppress(discord.NotFound):
        await until_certain(EDIT_PAUSES, EDIT_SECONDS, interaction.delete_original_response)


def edit_of_response(interaction: discord.Interaction[Any]) -> Edit:
    """The edit of an interaction's acknowledged message."""

    def edit(reply: Reply) -> Awaitable[discord.Message]:
        return interaction.edit_original_response(
            content=reply.content, view=view(reply), allowed_mentions=NO_MENTIONS
        )

    return edit


async def tell_beside(interaction: discord.Interaction[Any], reply: Reply) -> None:
    """Tell whoever pressed alone, beside the message that they pressed under.

    It is tried once: such a message cannot be told from one that is there already.
    """
    try:
        async with asyncio.timeout(EDIT_SECONDS):
            await interaction.followup.send(
                reply.content, ephemeral=True, allowed_mentions=NO_MENTIONS, wait=True
            )
    except LOST_FOR_GOOD as error:
        log.warning("answer_undeliverable", error=failure(error))


def edit_of_message(message: discord.Message) -> Edit:
    """The edit of a message that the bot sent."""

    def edit(reply: Reply) -> Awaitable[discord.Message]:
        # left out, `suppress` would mean False and bring previews of links back
        return message.edit(
            content=reply.content, view=view(reply), allowed_mentions=NO_MENTIONS, suppress=True
        )

    return edit


def edit_of_posted(client: discord.Client, channel: int, message: int) -> Edit:
    """The edit of a message that the bot posted some time ago, by its ids."""
    there = client.get_partial_messageable(channel).get_partial_message(message)

    def edit(reply: Reply) -> Awaitable[discord.Message]:
        return there.edit(content=reply.content, view=view(reply), allowed_mentions=NO_MENTIONS)

    return edit


async def send(channel: discord.abc.Messageable, reply: Reply, nonce: str) -> discord.Message:
    """Send one message, with as many tries as it takes within some seconds.

    The same `nonce` on every try keeps Discord from posting twice. Raises the last failure.
    """
    return await until_certain(
        ACKNOWLEDGE_PAUSES, EDIT_SECONDS, lambda: post(channel, reply, None, nonce)
    )


def post(
    channel: discord.abc.Messageable, reply: Reply, answering: discord.Message | None, nonce: str
) -> Awaitable[discord.Message]:
    """Post one message, as a reply where `answering` is given, without pinging its author.

    Pings none but the role that `reply` says. Of two with one `nonce` Discord posts the first, and
    gives that one for both.
    """
    options: dict[str, Any] = {"nonce": nonce, "allowed_mentions": NO_MENTIONS}
    if reply.pings:
        only = discord.AllowedMentions.none()
        only.roles = [discord.Object(reply.pings)]
        options["allowed_mentions"] = only
    if buttons := view(reply):
        options["view"] = buttons
    if answering:
        options["reference"] = answering.to_reference(fail_if_not_exists=False)
        options["mention_author"] = False
    return channel.send(reply.content, suppress_embeds=True, **options)
