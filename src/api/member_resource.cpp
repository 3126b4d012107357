#include "api/errors.hpp"
#include "api/resources.hpp"
#include "chat/membership.hpp"
#include "chat/rights.hpp"

namespace makechat::api {
namespace {

using namespace chat;

std::string member_json(const Call& call, const Membership& membership) {
    JsonText json;
    const auto user = call.chat.directory.accounts.find(membership.user);
    write_member(json, membership, *user, call.chat.presence.online(user->id));
    return json.take();
}

Result<Role> role_in(const Fields& fields, std::optional<Role> otherwise) {
    const auto word = fields.optional_text("role");
    if (!word) return fail(word.error());
    if (!*word && otherwise) return *otherwise;
    if (!*word) return fail(missing("role"));
    const auto role = parse_word<Role>(**word);
    if (!role) return fail(bad("role", "is 'owner', 'admin', 'member' or 'guest'"));
    return *role;
}

}  // namespace

Answer MemberResource::on_get(Call& call) {
    const auto room = call.query.id<RoomId>("room");
    if (!room) co_return fail(room.error());
    const auto page = page_of(call.query, items_per_page, limits::list_page_max);
    if (!page) co_return fail(page.error());
    if (const auto standing = standing_in(call.chat.directory, *room, call.user_id()); !standing)
        co_return fail(standing.error());
    const auto found = call.chat.directory.rooms.members(*room, page->offset, page->limit);
    JsonText json;
    json.begin_array();
    for (const auto& membership : found.members) {
        const auto user = call.chat.directory.accounts.find(membership.user);
        write_member(json, membership, *user, call.chat.presence.online(user->id));
    }
    co_return ok_page(call, json.end_array().take(), *page, found.total);
}

Answer MemberResource::on_post(Call& call) {
    auto fields = call.take_fields();
    if (!fields) co_return fail(fields.error());
    const auto room_text = fields->reference("room");
    if (!room_text) co_return fail(room_text.error());
    const auto room = to_id<RoomId>("room", *room_text);
    if (!room) co_return fail(room.error());
    const auto user_text = fields->optional_reference("user");
    if (!user_text) co_return fail(user_text.error());
    const auto role = role_in(*fields, Role::member);
    if (!role) co_return fail(role.error());
    UserId user = call.user_id();
    if (*user_text) {
        // The room first: who may not know of it learns nothing about people either.
        if (const auto standing = standing_in(call.chat.directory, *room, call.user_id()); !standing)
            co_return fail(standing.error());
        const auto named = to_user(call.chat.directory.accounts, "user", **user_text);
        if (!named) co_return fail(named.error());
        user = *named;
    }
    fields->drop();
    auto adding = add_member(call.chat, call.user_id(), *room, user, *role);
    const auto admission = co_await std::move(adding);
    if (!admission) co_return fail(admission.error());
    auto json = member_json(call, admission->membership);
    co_return admission->already_in ? ok(std::move(json)) : created(std::move(json));
}

Answer MemberResource::on_patch(Call& call) {
    auto fields = call.take_fields();
    if (!fields) co_return fail(fields.error());
    const auto id = call.path_id<MemberId>();
    if (!id) co_return fail(id.error());
    const auto room = call.query.id<RoomId>("room");
    if (!room) co_return fail(room.error());
    const auto role = role_in(*fields, std::nullopt);
    if (!role) co_return fail(role.error());
    fields->drop();
    auto changing = change_role(call.chat, call.user_id(), *room, *id, *role);
    const auto membership = co_await std::move(changing);
    if (!membership) co_return fail(membership.error());
    co_return ok(member_json(call, *membership));
}

Answer MemberResource::on_delete(Call& call) {
    const auto id = call.path_id<MemberId>();
    if (!id) co_return fail(id.error());
    const auto room = call.query.id<RoomId>("room");
    if (!room) co_return fail(room.error());
    auto removing = remove_member(call.chat, call.user_id(), *room, *id);
    const auto removed = co_await std::move(removing);
    if (!removed) co_return fail(removed.error());
    co_return status_ok();
}

}  // namespace makechat::api
