"""What Discord tells the bot of a member who uses a command, a component or a modal."""

from . import payloads
from .payloads import DIRECT_CHANNEL_ID, GUILD_ID, Json
from .state import AUTOCOMPLETE, COMPONENT, MODAL_SUBMIT, Interaction

MESSAGE_RESPONSE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE = 4, 5, 6, 7
CHOICES, MODAL = 8, 9
CREATING = (MESSAGE_RESPONSE, DEFERRED_MESSAGE)
UPDATING = (DEFERRED_UPDATE, UPDATE)
"""Kinds of responses: to a message of their own, and to that of the component."""


def responses(interaction: Interaction) -> tuple[int, ...]:
    """Kinds of responses that an interaction may get."""
    if interaction.kind == AUTOCOMPLETE:
        return (CHOICES,)
    updating = UPDATING if interaction.source is not None else ()
    opening = () if interaction.kind == MODAL_SUBMIT else (MODAL,)
    return (*CREATING, *updating, *opening)


def interaction_payload(made: Interaction, data: Json) -> Json:
    """An INTERACTION_CREATE event."""
    direct = made.channel_id == DIRECT_CHANNEL_ID
    payload: Json = {
        "id": made.id,
        "application_id": payloads.BOT_ID,
        "type": made.kind,
        "data": data,
        "token": made.token,
        "version": 1,
        "channel_id": made.channel_id,
        "channel": payloads.channel(made.channel_id),
        "app_permissions": str(payloads.BOT_PERMISSIONS),
        "locale": "en-GB",
        "entitlements": [],
        "authorizing_integration_owners": _owners(made),
        "attachment_size_limit": 10_485_760,
        "context": 1 if direct else 0,
    }
    if made.source is not None:
        payload["message"] = made.source.payload()
    if direct:
        return payload | {"user": payloads.user(made.member)}
    return payload | {
        "guild_id": GUILD_ID,
        "guild": {"id": GUILD_ID, "locale": "en-GB", "features": []},
        "guild_locale": "en-GB",
        "member": payloads.guild_member(made.member),
    }


def metadata(made: Interaction) -> Json:
    """What a message says of the interaction that it answers."""
    about: Json = {
        "id": made.id,
        "type": made.kind,
        "user": payloads.user(made.member),
        "authorizing_integration_owners": _owners(made),
    }
    if made.original is not None and made.original is not made.source:
        about["original_response_message_id"] = made.original.id
    if made.kind == COMPONENT and made.source is not None:
        about["interacted_message_id"] = made.source.id
    if made.target is not None:
        about["target_message_id"] = made.target.id
    if made.opener is not None:
        about["triggering_interaction_metadata"] = metadata(made.opener)
    return about


def callback_response(interaction: Interaction) -> Json:
    """What the bot is told of its response when it asks for that."""
    original = interaction.original
    about: Json = {"id": interaction.id, "type": interaction.kind}
    if original is None or interaction.response_type == DEFERRED_UPDATE:
        return {"interaction": about, "resource": {"type": interaction.response_type}}
    about["response_message_id"] = original.id
    about["response_message_loading"] = original.thinking
    about["response_message_ephemeral"] = original.ephemeral
    resource = {"type": interaction.response_type, "message": original.payload()}
    return {"interaction": about, "resource": resource}


def _owners(made: Interaction) -> Json:
    return {"0": "0" if made.channel_id == DIRECT_CHANNEL_ID else GUILD_ID}
