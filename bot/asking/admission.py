"""Whether someone may ask here and now: decided before anything else is done."""

import time
from typing import TypeAlias

from discord.ext.commands import Cooldown, CooldownMapping

from bot.asking.question import Asker
from bot.records import ServerSettings
from bot.rendering.declined import (
    ELSEWHERE,
    HELPERS_BUSY,
    NOT_YOU,
    NOWHERE,
    SERVER_BUSY,
    TOO_FAST,
    TOO_LONG,
    TOO_MANY_CALLS,
)
from bot.rendering.reply import Reply
from bot.settings import DiscordSettings
from bot.state.servers import Servers

Limit: TypeAlias = "CooldownMapping[int]"
"""How often each member or server may, by its id."""

MINUTE_SECONDS = 60.0
HOUR_SECONDS = 3600.0


class Admission:
    """Holds members and servers to what admins and settings allow."""

    def __init__(self, settings: DiscordSettings, servers: Servers, longest_question: int) -> None:
        self._servers = servers
        self._members = _limit(settings.member_questions_a_minute)
        self._of_servers = _limit(settings.server_questions_a_minute)
        self._told = _limit(1)
        self._calls = _limit(settings.member_calls_an_hour, HOUR_SECONDS)
        self._calls_of_servers = _limit(settings.server_calls_an_hour, HOUR_SECONDS)
        self._longest = longest_question

    def refusal(self, asker: Asker, question: str) -> Reply | None:
        """Why this question is not taken, or None; one that is taken counts."""
        if refused := not_allowed(asker, self._servers.of(asker.server)):
            return refused
        if len(question) > self._longest:
            return Reply(TOO_LONG.format(length=len(question), most=self._longest))
        now = time.time()
        if wait := _wait(self._members, asker.member, now):
            return Reply(TOO_FAST.format(seconds=int(wait) + 1))
        if asker.server is not None and _wait(self._of_servers, asker.server, now):
            return SERVER_BUSY
        _count(asker, now, self._members, self._of_servers)
        return None

    def may_be_told(self, asker: Asker) -> bool:
        """Whether someone may be refused or helped for all to see: once a minute, else silence."""
        return not self._told.update_rate_limit(asker.member, time.time())

    def call_refusal(self, asker: Asker) -> Reply | None:
        """Why no person is called for someone now, or None; a call that is made counts."""
        now = time.time()
        if wait := _wait(self._calls, asker.member, now):
            return Reply(TOO_MANY_CALLS.format(minutes=int(wait / MINUTE_SECONDS) + 1))
        if asker.server is not None and _wait(self._calls_of_servers, asker.server, now):
            return HELPERS_BUSY
        _count(asker, now, self._calls, self._calls_of_servers)
        return None

    def uncount_call(self, asker: Asker) -> None:
        """Let a call count no longer, since it surely was not posted."""
        now = time.time()
        _uncount(self._calls, asker.member, now)
        if asker.server is not None:
            _uncount(self._calls_of_servers, asker.server, now)


def not_allowed(asker: Asker, settings: ServerSettings) -> Reply | None:
    """Why someone may not ask in that channel, or at all, by what the server's admins set."""
    if settings.channels and not set(settings.channels) & set(asker.channels):
        left = [one for one in settings.channels if one in asker.known or not asker.known]
        places = " ".join(f"<#{channel}>" for channel in left[:10])
        return Reply(ELSEWHERE.format(places=places)) if places else NOWHERE
    if settings.roles and not set(settings.roles) & set(asker.roles):
        return NOT_YOU
    return None


def _count(asker: Asker, now: float, members: Limit, servers: Limit) -> None:
    members.update_rate_limit(asker.member, now)
    if asker.server is not None:
        servers.update_rate_limit(asker.server, now)


def _uncount(limit: Limit, who: int, now: float) -> None:
    bucket = limit.get_bucket(who, now)
    if bucket and bucket.get_tokens(now) < bucket.rate:  # else its hour is over, with all of it
        bucket.update_rate_limit(now, tokens=-1)


def _wait(limit: Limit, who: int, now: float) -> float:
    """Seconds until once more is allowed; 0 if it is now."""
    bucket = limit.get_bucket(who, now)
    return bucket.get_retry_after(now) if bucket else 0.0


def _limit(times: int, seconds: float = MINUTE_SECONDS) -> Limit:
    return CooldownMapping(Cooldown(times, seconds), lambda who: who)
