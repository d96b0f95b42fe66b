"""Methods that ask about chats and members, and the one that leaves."""

from __future__ import annotations

from fake_telegram.access import joined_chat, readable_chat
from fake_telegram.updates import membership
from fake_telegram.world import PRESENT, Chat, Json, Refused, User, World, bad_request

GROUP_RIGHTS = (
    *("can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members"),
    *("can_promote_members", "can_change_info", "can_invite_users", "can_post_stories"),
    *("can_edit_stories", "can_delete_stories"),
)
PLACE_RIGHTS = {
    "group": ("can_pin_messages",),
    "supergroup": ("can_pin_messages", "can_manage_topics"),
    "channel": ("can_post_messages", "can_edit_messages"),
}
MEMBER_RIGHTS = (
    *("can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos"),
    *("can_send_videos", "can_send_video_notes", "can_send_voice_notes", "can_send_polls"),
    *("can_send_other_messages", "can_add_web_page_previews", "can_react_to_messages"),
    *("can_change_info", "can_invite_users", "can_pin_messages", "can_manage_topics"),
    "can_edit_tag",
)


def member_json(chat: Chat, user: User) -> Json:
    """Give the ChatMember of *user* in *chat*."""
    status = chat.status(user.id)
    rights = chat.rights.get(user.id, {})
    head = {"user": user.json, "status": status}
    if status == "creator":
        return head | {"is_anonymous": False}
    if status == "administrator":
        names = (*GROUP_RIGHTS, *PLACE_RIGHTS.get(chat.type, ()))
        own = {name: rights.get(name, True) for name in names}
        return head | {"can_be_edited": False, "is_anonymous": False} | own
    if status == "restricted":
        own = {name: rights.get(name, False) for name in MEMBER_RIGHTS}
        return head | {"is_member": True, "until_date": 0} | own
    return head | ({"until_date": 0} if status == "kicked" else {})


def get_chat(world: World, params: Json) -> Json:
    """Tell everything about a chat; about a public one also from outside."""
    chat = readable_chat(world, params)
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
    info = chat.json | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys((*gifts, "gifts_from_channels"), False),
    }
    if chat.is_group:
        info["permissions"] = dict.fromkeys(MEMBER_RIGHTS, True)
    return info | ({"linked_chat_id": chat.linked.id} if chat.linked else {})


def get_chat_member(world: World, params: Json) -> Json:
    """Tell what somebody is in a chat."""
    chat = joined_chat(world, params)
    user = chat.people.get(params.get("user_id", 0)) or world.users.get(params.get("user_id", 0))
    if user is None:
        raise bad_request("user not found")
    return member_json(chat, user)


def get_chat_administrators(world: World, params: Json) -> list[Json]:
    """Give the creator and the administrators of a chat, without other bots."""
    chat = joined_chat(world, params)
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    return [
        member_json(chat, user)
        for user in chat.people.values()
        if chat.status(user.id) in ("creator", "administrator")
        and (not user.is_bot or user is world.bot)
    ]


def get_chat_member_count(world: World, params: Json) -> int:
    """Count who is in a chat."""
    return sum(status in PRESENT for status in joined_chat(world, params).statuses.values())


def leave_chat(world: World, params: Json) -> bool:
    """Go out of a chat."""
    chat = joined_chat(world, params)
    if chat.type == "private":
        raise bad_request("chat member status can't be changed in private chats")
    if chat.status(world.bot.id) == "left":
        raise Refused(403, f"Forbidden: bot is not a member of the {chat.type} chat")
    old = member_json(chat, world.bot)
    chat.put(world.bot, "left")
    gone = membership(chat, world.bot, old, member_json(chat, world.bot))
    world.outbox.append(("my_chat_member", gone, None))
    return True
