"""The panel on which admins set where and by whom the bot may be asked. Pure."""

from dataclasses import dataclass
from typing import Literal

from bot.records import ServerSettings
from bot.rendering.reply import Button, Menu, Reply, Row, custom_id

SETTINGS = "settings"
"""What the menus and buttons do; their custom ids name which it is."""

CHANNELS = "channels"
ROLES = "roles"
HELPERS = "helpers"
PRIVATE = "private"
PUBLIC = "public"
FORGET = "forget"

MOST = 25
"""As many as one can choose in a menu of Discord."""

HEAD = "**How I may be used on this server.** Each choice counts at once."
NOT_SAVED = "I could not keep that choice, so nothing has changed. Please try again."
NOT_EVERYONE = "I don't ping everyone; please choose another role for helpers."
NO_HELPERS = "nobody, so that button isn't offered."
HELPERS_GONE = "nobody, since the role is gone. Please choose another."
NOT_PINGABLE = (
    "{role}, but I can't ping it. Allow anyone to mention that role in its settings, or give me "
    r"the right “Mention \@everyone, \@here and All Roles”."
)
SEEN_BY_ALL = "everyone in the channel, unless a member asks with `private: True`."
SEEN_BY_ASKER = (
    "only who asked, unless with `private: False`. Questions that mention me are answered for all."
)
DIRECT_MESSAGES = (
    "-# Whatever is chosen here, anyone who shares a server with me can write to me directly."
)
FORGET_LABEL = "Forget what is gone"


@dataclass(frozen=True, slots=True)
class LeftOnServer:
    """What the server still has of what was chosen, by ids.

    `pingable`: whether the bot may ping the helper role.
    """

    channels: tuple[int, ...]
    roles: tuple[int, ...]
    helper_role: int | None
    pingable: bool


def render_settings(settings: ServerSettings, left: LeftOnServer, note: str = "") -> Reply:
    """What is set, in words, above the menus that change it; `note` says what just failed."""
    channels = [f"<#{one}>" for one in left.channels[:MOST]]
    roles = [f"<@&{one}>" for one in left.roles[:MOST]]
    gone = len(settings.channels) - len(channels), len(settings.roles) - len(roles)
    lines = [
        HEAD,
        f"**Where I may be asked:** {_allowed(channels, gone[0], 'everywhere', 'nowhere')}",
        f"**Who may ask me:** {_allowed(roles, gone[1], 'everyone', 'nobody')}",
        f"**Whom “Ask a human” pings:** {_helpers(settings, left)}",
        f"**Who sees an answer:** {SEEN_BY_ASKER if settings.private else SEEN_BY_ALL}",
        *([DIRECT_MESSAGES] if settings.channels or settings.roles else []),
        *([note] if note else []),
    ]
    return Reply("\n".join(lines), (*_menus(left), _buttons(settings, left)))


def gone(settings: ServerSettings, left: LeftOnServer) -> frozenset[int]:
    """The ids of what was chosen and the server no longer has."""
    chosen = {*settings.channels, *settings.roles, settings.helper_role}
    there = {*left.channels, *left.roles, left.helper_role}
    return frozenset(one for one in chosen - there if one is not None)


def _allowed(left: list[str], gone: int, if_none_chosen: str, if_none_left: str) -> str:
    if left:
        return " ".join(left) + (f" ({gone} more chosen, now gone)" if gone else "")
    if not gone:
        return f"{if_none_chosen}."
    return (
        f"**{if_none_left}**, since all that was chosen is gone. Please choose anew, or press "
        f"“{FORGET_LABEL}” for {if_none_chosen}."
    )


def _helpers(settings: ServerSettings, left: LeftOnServer) -> str:
    if settings.helper_role is None:
        return NO_HELPERS
    if left.helper_role is None:
        return HELPERS_GONE
    role = f"<@&{left.helper_role}>"
    return role if left.pingable else NOT_PINGABLE.format(role=role)


def _menus(left: LeftOnServer) -> tuple[Row, ...]:
    helpers = (left.helper_role,) if left.helper_role else ()
    return (
        (_menu(CHANNELS, "Where I may be asked; none: everywhere", left.channels, MOST),),
        (_menu(ROLES, "Who may ask me; none: everyone", left.roles, MOST),),
        (_menu(HELPERS, "Whom “Ask a human” pings; none: nobody", helpers, 1),),
    )


def _menu(what: str, placeholder: str, chosen: tuple[int, ...], most: int) -> Menu:
    kind: Literal["channels", "roles"] = "channels" if what == CHANNELS else "roles"
    return Menu(kind, custom_id(SETTINGS, what), placeholder, chosen[:most], most)


def _buttons(settings: ServerSettings, left: LeftOnServer) -> Row:
    seen = (
        Button("Show answers to everyone", custom_id(SETTINGS, PUBLIC))
        if settings.private
        else Button("Show answers to the asker alone", custom_id(SETTINGS, PRIVATE))
    )
    forget = Button(FORGET_LABEL, custom_id(SETTINGS, FORGET), "danger")
    return (seen, forget) if gone(settings, left) else (seen,)
