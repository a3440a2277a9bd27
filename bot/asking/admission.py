"""Whether someone may ask here and now: decided before anything else is done."""

import time

from discord.ext.commands import Cooldown, CooldownMapping

from bot.asking.question import Asker
from bot.rendering.reply import Reply
from bot.rendering.words import ELSEWHERE, NOT_YOU, SERVER_BUSY, TOO_FAST
from bot.settings import DiscordSettings
from bot.state.servers import Servers, ServerSettings

MINUTE_SECONDS = 60.0


class Admission:
    """Holds members and servers to what admins and settings allow."""

    def __init__(self, settings: DiscordSettings, servers: Servers) -> None:
        self._servers = servers
        self._members = _limit(settings.member_questions_a_minute)
        self._of_servers = _limit(settings.server_questions_a_minute)

    def refusal(self, asker: Asker) -> Reply | None:
        """Why this question is not taken, or None; one that is taken counts."""
        if refused := not_allowed(asker, self._servers.of(asker.server)):
            return refused
        now = time.time()
        if wait := self._members.update_rate_limit(asker.member, now):
            return Reply(TOO_FAST.format(seconds=int(wait) + 1))
        if asker.server is not None and self._of_servers.update_rate_limit(asker.server, now):
            return Reply(SERVER_BUSY)
        return None


def not_allowed(asker: Asker, settings: ServerSettings) -> Reply | None:
    """Why someone may not ask in that channel, or at all, by what the server's admins set."""
    if settings.channels and not set(settings.channels) & set(asker.channels):
        places = " ".join(f"<#{channel}>" for channel in settings.channels[:10])
        return Reply(ELSEWHERE.format(places=places))
    if settings.roles and not set(settings.roles) & set(asker.roles):
        return Reply(NOT_YOU)
    return None


def _limit(a_minute: int) -> "CooldownMapping[int]":
    return CooldownMapping(Cooldown(a_minute, MINUTE_SECONDS), lambda who: who)
