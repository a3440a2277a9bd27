"""A few lines of discord.py, to show that what members do here reaches a bot as in Discord."""

import re
from typing import Any, Self

import discord
from discord import app_commands

Press = discord.Interaction[Any]

NOBODY = discord.AllowedMentions.none()


class Words(discord.ui.Modal, title="Your words"):
    """A field that must be filled in, and one that need not."""

    def __init__(self, begun: str = "") -> None:
        super().__init__(custom_id="words")
        self.told = discord.ui.TextInput[Any](max_length=10, default=begun)
        self.why = discord.ui.Select[Any](
            options=[discord.SelectOption(label="It is wrong", value="wrong")], required=False
        )
        self.add_item(discord.ui.Label[Any](text="What is it?", component=self.told))
        self.add_item(discord.ui.Label[Any](text="Why?", component=self.why))

    async def on_submit(self, interaction: Press) -> None:
        said = f"{self.told.value} {self.why.values}"
        if interaction.message is None:
            await interaction.response.send_message(said, allowed_mentions=NOBODY)
        else:
            await interaction.response.edit_message(view=page(said), allowed_mentions=NOBODY)


class Pressed(discord.ui.DynamicItem[discord.ui.Button[Any]], template=r"small:(?P<act>\w+)"):
    """A button that does what its custom id says."""

    def __init__(self, act: str) -> None:
        super().__init__(discord.ui.Button(label=act.capitalize(), custom_id=f"small:{act}"))
        self.act = act

    @classmethod
    async def from_custom_id(
        cls, _interaction: Press, _item: discord.ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["act"])

    async def callback(self, interaction: Press) -> None:
        response, name = interaction.response, interaction.user.display_name
        if self.act == "modal":
            await response.send_modal(Words())
        elif self.act == "update":
            await response.edit_message(view=page(f"by {name}"), allowed_mentions=NOBODY)
        elif self.act == "later":
            await response.defer()
            await interaction.edit_original_response(view=page("late"), allowed_mentions=NOBODY)
        elif self.act == "alone":
            await response.defer(thinking=True, ephemeral=True)
            await interaction.followup.send("to you", allowed_mentions=NOBODY)
        else:
            await response.defer()
            await interaction.delete_original_response()


class Choice(discord.ui.DynamicItem[discord.ui.Select[Any]], template="choice"):
    """A select whose choice is told."""

    def __init__(self) -> None:
        options = [discord.SelectOption(label=one, value=one[0]) for one in ("Red", "Green")]
        super().__init__(
            discord.ui.Select(custom_id="choice", placeholder="Which?", options=options)
        )

    @classmethod
    async def from_custom_id(
        cls, _interaction: Press, _item: discord.ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        return cls()

    async def callback(self, interaction: Press) -> None:
        assert interaction.message is not None
        said = f"{self.item.values} of {interaction.message.id}"
        await interaction.response.send_message(said, allowed_mentions=NOBODY)


class Page(discord.ui.LayoutView):
    """Components V2 with everything that can be used in it; discord.py keeps no trace of it."""

    def is_dispatchable(self) -> bool:
        return False


def page(text: str) -> Page:
    made, box = Page(timeout=None), discord.ui.Container[Any]()
    box.add_item(discord.ui.Section[Any](text, accessory=Pressed("modal")))
    box.add_item(discord.ui.Separator[Any]())
    acts = ("update", "later", "alone", "remove")
    box.add_item(discord.ui.ActionRow[Any](*(Pressed(act) for act in acts)))
    box.add_item(discord.ui.ActionRow[Any](Choice()))
    return made.add_item(box)


class SmallBot(discord.AutoShardedClient):
    """Shows the page, tells what it is asked about, and repeats what it hears."""

    def __init__(self) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True)
        super().__init__(intents=intents, guild_ready_timeout=0.1, allowed_mentions=NOBODY)
        self.add_dynamic_items(Pressed, Choice)
        self.heard: list[discord.Message] = []
        self.deleted: list[int] = []
        self.tree = app_commands.CommandTree(self)

        @self.tree.command(description="Show the page.")
        async def show(interaction: Press, private: bool = False) -> None:  # noqa: FBT001, FBT002
            await interaction.response.defer(thinking=True, ephemeral=private)
            await interaction.edit_original_response(view=page("shown"), allowed_mentions=NOBODY)

        @self.tree.command(description="Open a modal.")
        async def tell(interaction: Press, about: str = "") -> None:
            await interaction.response.send_modal(Words(about))

        @tell.autocomplete("about")
        async def _(_interaction: Press, typed: str) -> list[app_commands.Choice[str]]:
            return [app_commands.Choice(name=f"{typed}!", value=typed)]

        @self.tree.context_menu(name="Ask about this")
        async def about_this(interaction: Press, message: discord.Message) -> None:
            said = f"{message.author.display_name}: {message.content}"
            await interaction.response.send_message(said, ephemeral=True, allowed_mentions=NOBODY)

    async def setup_hook(self) -> None:
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        self.heard += [message] if message.author != self.user else []

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        self.deleted.append(event.message_id)
