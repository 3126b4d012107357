#include "api/errors.hpp"
#include "api/resources.hpp"
#include "chat/membership.hpp"
#include "chat/reading.hpp"
#include "chat/rights.hpp"
#include "chat/room_settings.hpp"

#include <algorithm>
#include <tuple>

namespace makechat::api {
namespace {

using namespace chat;

std::optional<Role> role_of(const Call& call, RoomId room) {
    const auto membership = call.chat.directory.rooms.membership(room, call.user_id());
    if (!membership) return std::nullopt;
    return membership->role;
}

http::Reply with_room(int status, const Call& call, RoomId id) {
    const auto view = call.chat.directory.rooms.find(id, limits::room_members_shown_max);
    if (!view) return refusal(no_such_room());  // deleted since
    JsonText json;
    write_room(json, *view, role_of(call, id));
    return status == 201 ? created(json.take()) : ok(json.take());
}

std::string rooms_json(const Call& call, const std::vector<chat::Rooms::View>& rooms) {
    JsonText json;
    json.begin_array();
    for (const auto& room : rooms) write_room(json, room, role_of(call, room.room->id));
    return json.end_array().take();
}

std::vector<chat::Rooms::View> my_rooms(const Call& call) {
    std::vector<chat::Rooms::View> rooms;
    for (const auto& mine : call.chat.directory.rooms.rooms_of(call.user_id())) {
        if (auto view = call.chat.directory.rooms.find(mine.room, limits::list_room_members_shown_max))
            rooms.push_back(std::move(*view));
    }
    std::ranges::sort(rooms, [](const auto& a, const auto& b) {
        return std::tie(a.room->name, a.room->id) < std::tie(b.room->name, b.room->id);
    });
    return rooms;
}

/// {kind: "direct"}: which any user may create, so this is known before rights are.
bool asks_for_direct(const Result<Fields>& fields) {
    if (!fields) return false;
    const auto kind = fields->optional_text("kind");
    return kind && *kind == "direct";
}

Result<std::vector<UserId>> users_in(const Fields& fields, const Accounts& accounts) {
    const auto names = fields.references("users");
    if (!names) return fail(names.error());
    if (names->empty()) return fail(bad("users", "names at least one person"));
    std::vector<UserId> users;
    for (const auto& name : *names) {
        const auto user = to_user(accounts, "users", name);
        if (!user) return fail(user.error());
        users.push_back(*user);
    }
    return users;
}

Result<NewRoom> new_room_in(const Fields& fields) {
    auto name = fields.text("name");
    if (!name) return fail(name.error());
    const auto kind = fields.optional_text("kind");
    if (!kind) return fail(kind.error());
    if (kind->value_or("room") != "room") return fail(bad("kind", "is 'room' or 'direct'"));
    auto topic = fields.optional_text("topic");
    if (!topic) return fail(topic.error());
    const auto is_open = fields.optional_boolean("is_open");
    if (!is_open) return fail(is_open.error());
    const auto is_visible = fields.optional_boolean("is_visible");
    if (!is_visible) return fail(is_visible.error());
    return NewRoom{std::move(*name), topic->value_or(""), is_open->value_or(true), is_visible->value_or(true)};
}

Result<RoomChange> room_change_in(const Fields& fields) {
    RoomChange wanted;
    auto name = fields.optional_text("name");
    if (!name) return fail(name.error());
    auto topic = fields.optional_text("topic");
    if (!topic) return fail(topic.error());
    const auto is_open = fields.optional_boolean("is_open");
    if (!is_open) return fail(is_open.error());
    const auto is_visible = fields.optional_boolean("is_visible");
    if (!is_visible) return fail(is_visible.error());
    const auto by = fields.optional_text("mention_all_by");
    if (!by) return fail(by.error());
    if (*by) {
        wanted.mention_all_by = parse_word<MentionAllBy>(**by);
        if (!wanted.mention_all_by) return fail(bad("mention_all_by", "is 'members' or 'owners'"));
    }
    wanted.name = std::move(*name);
    wanted.topic = std::move(*topic);
    wanted.is_open = *is_open;
    wanted.is_visible = *is_visible;
    return wanted;
}

bool changes_nothing(const RoomChange& wanted) {
    return !wanted.name && !wanted.topic && !wanted.is_open && !wanted.is_visible && !wanted.mention_all_by;
}

/// PUT: what is not given gets its first value again.
void fill_up(RoomChange& wanted) {
    wanted.topic = wanted.topic.value_or("");
    wanted.is_open = wanted.is_open.value_or(true);
    wanted.is_visible = wanted.is_visible.value_or(true);
    wanted.mention_all_by = wanted.mention_all_by.value_or(MentionAllBy::members);
}

Answer change(Call& call, RoomId id, RoomChange wanted) {
    auto changing = change_room(call.chat, call.user_id(), id, std::move(wanted));
    const auto changed = co_await std::move(changing);
    if (!changed) co_return fail(changed.error());
    co_return with_room(200, call, id);
}

}  // namespace

Answer RoomResource::on_get(Call& call) {
    const bool mine = call.query.find("member") == "me";
    const bool visible = call.query.find("is_visible") == "true";
    if (!mine && !visible && !call.user().is_superuser) co_return fail({Code::forbidden, "Admin required."});
    const auto page = page_of(call.query, items_per_page, limits::rooms_page_max);
    if (!page) co_return fail(page.error());
    const auto& rooms = call.chat.directory.rooms;
    if (mine) {
        auto all = my_rooms(call);
        const auto total = all.size();
        const auto first = std::min(page->offset, total);
        all.erase(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(first));
        if (all.size() > page->limit) all.resize(page->limit);
        co_return ok_page(call, rooms_json(call, all), *page, total);
    }
    const UserId viewer = call.user_id();
    const auto found =
        rooms.list(visible ? &viewer : nullptr, page->offset, page->limit, limits::list_room_members_shown_max);
    co_return ok_page(call, rooms_json(call, found.rooms), *page, found.total);
}

Answer RoomResource::on_post(Call& call) {
    auto fields = call.take_fields();
    if (!asks_for_direct(fields)) {
        if (auto may = may_create_rooms(call.chat.policy, call.user()); !may) co_return fail(may.error());
        if (!fields) co_return fail(fields.error());
        auto wanted = new_room_in(*fields);
        if (!wanted) co_return fail(wanted.error());
        fields->drop();
        auto creating = create_room(call.chat, call.user_id(), std::move(*wanted));
        const auto room = co_await std::move(creating);
        if (!room) co_return fail(room.error());
        co_return with_room(201, call, *room);
    }
    auto users = users_in(*fields, call.chat.directory.accounts);
    if (!users) co_return fail(users.error());
    fields->drop();
    auto opening = open_direct_room(call.chat, call.user_id(), std::move(*users));
    const auto direct = co_await std::move(opening);
    if (!direct) co_return fail(direct.error());
    co_return with_room(direct->created ? 201 : 200, call, direct->room);
}

Answer RoomResource::on_get_one(Call& call) {
    const auto id = call.path_id<RoomId>();
    if (!id) co_return fail(id.error());
    if (const auto standing = standing_in(call.chat.directory, *id, call.user_id()); !standing)
        co_return fail(standing.error());
    co_return with_room(200, call, *id);
}

Answer RoomResource::on_put(Call& call) {
    auto fields = call.take_fields();
    if (!fields) co_return fail(fields.error());
    const auto id = call.path_id<RoomId>();
    if (!id) co_return fail(id.error());
    auto wanted = room_change_in(*fields);
    if (!wanted) co_return fail(wanted.error());
    if (!wanted->name) co_return fail(missing("name"));
    fill_up(*wanted);
    fields->drop();
    auto changing = change(call, *id, std::move(*wanted));
    co_return co_await std::move(changing);
}

Answer RoomResource::on_patch(Call& call) {
    auto fields = call.take_fields();
    if (!fields) co_return fail(fields.error());
    const auto id = call.path_id<RoomId>();
    if (!id) co_return fail(id.error());
    auto wanted = room_change_in(*fields);
    if (!wanted) co_return fail(wanted.error());
    if (changes_nothing(*wanted)) co_return fail({Code::missing, "At least one parameter is required."});
    fields->drop();
    auto changing = change(call, *id, std::move(*wanted));
    co_return co_await std::move(changing);
}

Answer RoomResource::on_delete(Call& call) {
    const auto id = call.path_id<RoomId>();
    if (!id) co_return fail(id.error());
    auto deleting = delete_room(call.chat, call.user_id(), *id);
    const auto deleted = co_await std::move(deleting);
    if (!deleted) co_return fail(deleted.error());
    co_return status_ok();
}

Answer RoomResource::on_put_notify(Call& call) {
    auto fields = call.take_fields();
    if (!fields) co_return fail(fields.error());
    const auto id = call.path_id<RoomId>();
    if (!id) co_return fail(id.error());
    const auto word = fields->text("level");
    if (!word) co_return fail(word.error());
    const auto level = parse_word<NotifyLevel>(*word);
    if (!level) co_return fail(bad("level", "is 'all', 'mentions' or 'none'"));
    fields->drop();
    auto setting = set_notify_level(call.chat, call.user_id(), *id, *level);
    const auto set = co_await std::move(setting);
    if (!set) co_return fail(set.error());
    co_return status_ok();
}

Answer RoomResource::on_put_read(Call& call) {
    auto fields = call.take_fields();
    if (!fields) co_return fail(fields.error());
    const auto id = call.path_id<RoomId>();
    if (!id) co_return fail(id.error());
    const auto seq = fields->integer("seq");
    if (!seq) co_return fail(seq.error());
    if (*seq < 0) co_return fail(bad("seq", "is a whole number of at least 0"));
    const auto unread = fields->optional_boolean("unread");
    if (!unread) co_return fail(unread.error());
    fields->drop();
    auto marking = mark_read(call.chat, call.user_id(), *id, Seq{*seq}, unread->value_or(false));
    const auto marked = co_await std::move(marking);
    if (!marked) co_return fail(marked.error());
    co_return status_ok();
}

}  // namespace makechat::api
