"""What members do in Discord, and what they wait to see."""

from collections.abc import Mapping
from typing import Any

from . import payloads
from .api import Api
from .components import BUTTON, STRING_SELECT, TEXT_INPUT, Value, chosen, filled, find, walk
from .gateway import DIRECT_MESSAGES, GUILD_MESSAGES, Gateway
from .interactions import interaction_payload
from .payloads import BOT, CHANNEL_ID, DIRECT_CHANNEL_ID, GUILD_ID, MEMBER, Json, Member, snowflake
from .state import AUTOCOMPLETE, COMMAND, COMPONENT, MODAL_SUBMIT, Interaction, Message
from .waiting import WAIT_SECONDS, until

OPTION_TYPES = {str: 3, int: 4, bool: 5}
CHAT_INPUT, MESSAGE_MENU = 1, 3


class Members:
    """One server with two channels and direct messages, and members who use them.

    `words` are what they have written, which must not stand in any log; `used` is what they have
    used: commands and controls, as interactions name them.
    """

    def __init__(self, api: Api, gateway: Gateway) -> None:
        self.api = api
        self.gateway = gateway
        self.words: list[str] = []
        self.used: list[Json] = []

    async def interaction(
        self,
        name: str,
        options: dict[str, Any] | None = None,
        member: Member = MEMBER,
        channel_id: str = CHANNEL_ID,
    ) -> Interaction:
        """Let a member use a slash command that the bot has registered."""
        command = self._command(name, CHAT_INPUT)
        given = options or {}
        known = {option["name"] for option in command.get("options", ())}
        missing = {o["name"] for o in command.get("options", ()) if o.get("required")} - set(given)
        assert set(given) <= known, f"/{name} has no options {set(given) - known}"
        assert not missing, f"/{name} needs {missing}"
        self.words += [value for value in given.values() if isinstance(value, str)]
        data = {
            "id": command["id"],
            "name": name,
            "type": CHAT_INPUT,
            "options": [
                {"name": key, "type": OPTION_TYPES[type(value)], "value": value}
                for key, value in given.items()
            ],
        }
        return await self._interact(_made(member, channel_id), data)

    async def press(self, message: Message, name: str, member: Member = MEMBER) -> Interaction:
        """Let a member press a button of a message, named by its label or custom id."""
        button = find(message.components, name, BUTTON)
        data = {"id": button["id"], "custom_id": button["custom_id"], "component_type": BUTTON}
        return await self._use(message, member, data)

    async def choose(
        self, message: Message, name: str, *options: str, member: Member = MEMBER
    ) -> Interaction:
        """Let a member choose options from a select of a message; all are named as they show."""
        select = find(message.components, name, STRING_SELECT)
        data = {
            "id": select["id"],
            "custom_id": select["custom_id"],
            "component_type": STRING_SELECT,
            "values": chosen(select, options),
        }
        return await self._use(message, member, data)

    async def submit(
        self, opener: Interaction, given: Mapping[str, Value], member: Member | None = None
    ) -> Interaction:
        """Fill in the modal that an interaction opens, by the labels of its fields, and send it."""
        await until(lambda: opener.modal is not None, "a modal")
        modal = opener.modal or {}
        data = {"custom_id": modal["custom_id"], "components": filled(modal, given)}
        typed = (part for part in walk(data["components"]) if part["type"] == TEXT_INPUT)
        self.words += [part["value"] for part in typed if part["value"]]
        made = _made(member or opener.member, opener.channel_id, MODAL_SUBMIT)
        made.source, made.opener = opener.source, opener
        return await self._interact(made, data)

    async def menu(self, name: str, target: Message, member: Member = MEMBER) -> Interaction:
        """Let a member use a command in the menu of a message."""
        made = _made(member, target.channel_id)
        made.target = target
        data = {
            "id": self._command(name, MESSAGE_MENU)["id"],
            "name": name,
            "type": MESSAGE_MENU,
            "target_id": target.id,
            "resolved": {"messages": {target.id: target.payload()}},
        }
        return await self._interact(made, data)

    async def suggestions(
        self, name: str, option: str, typed: str, member: Member = MEMBER
    ) -> list[str]:
        """Let a member type into an option of a slash command, and read what the bot suggests."""
        made = _made(member, CHANNEL_ID, AUTOCOMPLETE)
        focused = {"name": option, "type": OPTION_TYPES[str], "value": typed, "focused": True}
        command = self._command(name, CHAT_INPUT)
        data = {"id": command["id"], "name": name, "type": CHAT_INPUT, "options": [focused]}
        await self.acknowledged(await self._interact(made, data))
        return [choice["name"] for choice in made.choices]

    async def mention(
        self, question: str, member: Member = MEMBER, channel_id: str = CHANNEL_ID
    ) -> Message:
        """Let a member write to the bot in the channel, naming it."""
        return await self.write(f"<@{payloads.BOT_ID}> {question}", member, channel_id)

    async def write(
        self, content: str, member: Member = MEMBER, channel_id: str = CHANNEL_ID
    ) -> Message:
        """Let a member write anything."""
        return await self._written(Message(snowflake(), channel_id, member, content))

    async def reply_to(
        self,
        message: Message,
        content: str,
        member: Member = MEMBER,
        pings: tuple[Member, ...] = (BOT,),
    ) -> Message:
        """Let a member reply to a message of the bot; with no `pings` they have turned it off."""
        made = Message(snowflake(), message.channel_id, member, content)
        made.mentions, made.referenced = pings, message
        made.reference = {"type": 0, "message_id": message.id, "channel_id": message.channel_id}
        if message.channel_id != DIRECT_CHANNEL_ID:
            made.reference["guild_id"] = GUILD_ID
        return await self._written(made)

    async def delete(self, message: Message) -> None:
        """Let somebody delete a message."""
        message.deleted = True
        await self.notice(message, "MESSAGE_DELETE")

    def replies(self, question: Message) -> list[Message]:
        """What the bot has written in the channel since a message, and not deleted."""
        mine = (m for m in self.api.messages.values() if m.author == payloads.BOT)
        later = (m for m in mine if int(m.id) > int(question.id) and not m.deleted)
        under_commands = {m.id for i in self.api.interactions.values() for m in i.messages}
        return [m for m in later if m.id not in under_commands]

    async def final(self, interaction: Interaction, seconds: float = WAIT_SECONDS) -> str:
        """Wait until a command has its answer, and read it without its marks."""
        await until(lambda: interaction.final, "the answer of a command", seconds)
        return "\n".join(message.plain for message in interaction.shown)

    async def reply(self, question: Message, words: str, seconds: float = WAIT_SECONDS) -> Message:
        """Wait until the bot has written something with these words below a message."""
        await until(
            lambda: any(words in message.plain for message in self.replies(question)),
            f"{words!r} in the answer to a message",
            seconds,
        )
        return next(m for m in self.replies(question) if words in m.plain)

    async def acknowledged(
        self, interaction: Interaction, seconds: float = WAIT_SECONDS
    ) -> Interaction:
        """Wait until the bot has responded to an interaction in any way."""
        await until(lambda: interaction.acknowledged_at is not None, "a response", seconds)
        return interaction

    async def shows(self, message: Message, words: str, seconds: float = WAIT_SECONDS) -> str:
        """Wait until a message says these words, and read it without its marks."""
        await until(lambda: words in message.plain, f"{words!r} in a message", seconds)
        return message.plain

    def _command(self, name: str, kind: int) -> Json:
        known = [(command["name"], command["type"]) for command in self.api.commands]
        assert (name, kind) in known, f"no command {name!r} of type {kind} among {known}"
        return self.api.commands[known.index((name, kind))]

    async def _use(self, message: Message, member: Member, data: Json) -> Interaction:
        assert not message.deleted, "a message that is deleted has nothing to press"
        made = _made(member, message.channel_id, COMPONENT)
        made.source = message
        return await self._interact(made, data)

    async def _interact(self, made: Interaction, data: Json) -> Interaction:
        self.api.interactions[made.token] = made
        self.used.append(data)
        guild_id = None if made.channel_id == DIRECT_CHANNEL_ID else GUILD_ID
        payload = interaction_payload(made, data)
        await self.gateway.dispatch("INTERACTION_CREATE", payload, guild_id)
        return made

    async def _written(self, message: Message) -> Message:
        words = message.content.removeprefix(f"<@{payloads.BOT_ID}> ")
        self.words += filter(None, [words])
        self.api.messages[message.id] = message
        await self.notice(message, "MESSAGE_CREATE")
        return message

    async def notice(self, message: Message, event: str) -> None:
        """Tell the bot of a message, with the words in it only where it may read them."""
        if message.ephemeral:
            return
        direct = message.channel_id == DIRECT_CHANNEL_ID
        guild_id = None if direct else GUILD_ID
        session = self.gateway.session(self.gateway.shard_of(guild_id))
        if session is None or not session.intents & (DIRECT_MESSAGES if direct else GUILD_MESSAGES):
            return
        await self.gateway.dispatch(event, _heard(message, event), guild_id)


def _made(member: Member, channel_id: str, kind: int = COMMAND) -> Interaction:
    return Interaction(snowflake(), f"interaction-token-{snowflake()}", member, channel_id, kind)


def _heard(message: Message, event: str) -> Json:
    """What an event says of a message: words only where the bot needs no intent to read them."""
    payload = message.event()
    if event == "MESSAGE_DELETE":
        return {key: payload[key] for key in ("id", "channel_id", "guild_id") if key in payload}
    for shown in (payload, payload.get("referenced_message")):
        if shown and message.channel_id != DIRECT_CHANNEL_ID and not _readable(shown):
            shown |= {"content": "", "embeds": [], "components": [], "attachments": []}
    return payload


def _readable(payload: Json) -> bool:
    concerned = (payload["author"], *payload["mentions"])
    return any(user["id"] == payloads.BOT_ID for user in concerned)
