"""Buttons, menus and forms as discord.py wants them.

Each is only shown: what is pressed or filled in comes back by its custom id (`bot.controls`),
after a restart too, so discord.py is kept from remembering each for as long as the bot runs.
"""

from typing import Any

import discord

from bot.rendering.reply import Button, Field, Form, Link, Menu, Reply

LONG_FIELD = 100
"""Characters from which a field has several lines."""

SELECTABLE_CHANNELS = [
    discord.ChannelType.text,
    discord.ChannelType.news,
    discord.ChannelType.forum,
    discord.ChannelType.voice,
]


class _View(discord.ui.View):
    def is_dispatchable(self) -> bool:
        """Keep discord.py from remembering it."""
        return False


class _Modal(discord.ui.Modal):
    def is_finished(self) -> bool:
        """Keep discord.py from remembering it."""
        return True


def view(reply: Reply) -> discord.ui.View | None:
    """What stands under a message; None takes away what is there."""
    if not reply.rows:
        return None
    shown = _View(timeout=None)
    for number, row in enumerate(reply.rows):
        for item in row:
            shown.add_item(_item(item, number))
    return shown


def modal(form: Form) -> discord.ui.Modal:
    """A form as it is opened."""
    shown = _Modal(title=form.title, custom_id=form.custom_id, timeout=None)
    for field in form.fields:
        shown.add_item(discord.ui.Label(text=field.label, component=_input(field)))
    return shown


def filled_in(interaction: discord.Interaction[Any]) -> dict[str, str]:
    """What was filled into a form, by the names of its fields."""
    data: Any = interaction.data or {}
    found = {}
    for label in data.get("components", ()):
        field = label.get("component") or {}
        value = field.get("value")
        if value is None:
            value = next(iter(field.get("values") or ()), "")
        found[str(field.get("custom_id"))] = str(value)
    return found


def chosen(interaction: discord.Interaction[Any]) -> tuple[int, ...]:
    """The ids that were chosen in a menu."""
    data: Any = interaction.data or {}
    return tuple(int(value) for value in data.get("values", ()))


def _item(item: Button | Link | Menu, row: int) -> discord.ui.Item[Any]:
    if isinstance(item, Link):
        return discord.ui.Button(label=item.label, url=item.url, row=row)
    if isinstance(item, Menu):
        return _menu(item, row)
    return discord.ui.Button(
        style=discord.ButtonStyle[item.style],
        label=item.label,
        custom_id=item.custom_id,
        disabled=item.disabled,
        row=row,
    )


def _menu(menu: Menu, row: int) -> discord.ui.Item[Any]:
    options: dict[str, Any] = {
        "custom_id": menu.custom_id,
        "placeholder": menu.placeholder,
        "min_values": 0,
        "max_values": menu.most,
        "row": row,
    }
    if menu.kind == "channels":
        channels = [discord.Object(one, type=discord.abc.GuildChannel) for one in menu.chosen]
        options.update(channel_types=SELECTABLE_CHANNELS, default_values=channels)
        return discord.ui.ChannelSelect(**options)
    roles = [discord.Object(one, type=discord.Role) for one in menu.chosen]
    return discord.ui.RoleSelect(**options, default_values=roles)


def _input(field: Field) -> discord.ui.Item[Any]:
    if field.choices:
        options = [
            discord.RadioGroupOption(value=value, label=label) for value, label in field.choices
        ]
        return discord.ui.RadioGroup(custom_id=field.name, required=field.required, options=options)
    long = field.longest > LONG_FIELD
    return discord.ui.TextInput(
        custom_id=field.name,
        style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
        default=field.value or None,
        required=field.required,
        max_length=field.longest,
    )
