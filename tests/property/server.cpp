#include "property/server.hpp"

#include "chat/membership.hpp"
#include "chat/profile.hpp"
#include "chat/reading.hpp"
#include "chat/room_settings.hpp"
#include "chat/sign_in.hpp"
#include "chat/sign_up.hpp"
#include "property/model.hpp"

#include <utility>

namespace makechat::property {

using namespace chat;

namespace {

constexpr std::string_view password = "a password";

template <class T>
Task<Answer> answer_to(Task<Result<T>> doing) {
    const auto done = co_await std::move(doing);
    Answer answer;
    if (!done) answer.refused = done.error().code;
    co_return answer;
}

Policy policy() {
    Policy policy;
    policy.everyone_creates_rooms = true;
    policy.session_ttl = Model::session_ttl;
    return policy;
}

}  // namespace

void LateExecutor::post(std::function<void()> work) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(work));
}

void LateExecutor::run(std::size_t max) {
    for (; max > 0; --max) {
        std::function<void()> work;
        {
            const std::lock_guard lock(mutex_);
            if (waiting_.empty()) return;
            work = std::move(waiting_.front());
            waiting_.pop_front();
        }
        work();
    }
}

bool LateExecutor::idle() const {
    const std::lock_guard lock(mutex_);
    return waiting_.empty();
}

void Loop::on_batch(const Batch& batch) {
    for (const auto& entry : batch) {
        live::FrameIndex frame = unwanted;
        if (hub.wants(entry)) {
            frame = static_cast<live::FrameIndex>(palette.size());
            palette.push_back(entry);
        }
        hub.offer(entry, frame);
        offered = entry.position;
    }
    hub.end_batch();
    while (!hub.drain(2)) {}  // in parts, as a loop does
    palette.clear();
}

Server::Life::Life(Server& server, Snapshot snapshot)
    : directory(policy().session_ttl),
      cursor_key(snapshot.cursor_key),
      chat{server.store, server.store,      directory, server.clock, server.random_,
           server.ids_,  server.passwords_, presence,  policy()} {
    directory.load(std::move(snapshot));
    for (std::size_t i = 0; i < loops_count; ++i) {
        auto& loop = loops.emplace_back(directory);
        bus.subscribe({loop.executor, [&loop](const Batch& batch) { loop.on_batch(batch); }, [](const Signal&) {}});
    }
}

Server::Server(Backing& backing)
    : store(backing.open([this](const SharedBatch& batch) { on_committed(batch); })), backing_(backing) {
    life_ = std::make_unique<Life>(*this, must(run(store.load())));
}

void Server::restart() {
    // What housekeeping does each minute: the model knows when a session was used last.
    must(run(store.record(life_->directory.credentials.collect_uses())));
    life_.reset();
    store.move_to(backing_.reopen());
    life_ = std::make_unique<Life>(*this, must(run(store.load())));
}

void Server::on_committed(const SharedBatch& batch) {
    life_->directory.apply(*batch);
    written_.insert(written_.end(), batch->begin(), batch->end());
    life_->bus.publish(batch);
}

bool Server::authenticate(No credential, No user) {
    const auto& id = credentials_.at(credential);
    const auto kind = std::holds_alternative<TokenId>(id) ? CredentialKind::token : CredentialKind::session;
    const auto caller = chat::authenticate(chat(), kind, secrets_.at(id));
    return caller && caller->user->id == users_.at(user) && caller->credential == id;
}

Draft Server::draft_of(const Operation& op) const {
    Draft draft{rooms_.at(op.room), op.text.words, op.nonce, {}};
    if (op.message != none) draft.reply_to = messages_.at(op.message);
    return draft;
}

Task<Answer> Server::perform(Operation op) {
    auto& c = chat();
    const auto user = [&](No no) { return no == none ? UserId{} : users_.at(no); };
    const auto by = user(op.user);
    const auto room = op.room == none ? RoomId{} : rooms_.at(op.room);
    const auto member = [&] { return member_id_of(user(op.other), op.was); };
    const auto message = [&] { return messages_.at(op.message); };
    switch (op.kind) {
        case Kind::sign_up: return sign_up(std::move(op));
        case Kind::sign_in: return sign_in(std::move(op));
        case Kind::make_token: return make_token(std::move(op));
        case Kind::end_credential: {
            const auto& target = credentials_.at(op.target);
            if (const auto* token = std::get_if<TokenId>(&target)) return answer_to(revoke_token(c, by, *token));
            return answer_to(end_session(c, by, std::get<SessionId>(target)));
        }
        case Kind::set_disabled: return answer_to(change_account(c, by, by, {.is_disabled = op.flag}));
        case Kind::set_superuser: return answer_to(change_account(c, by, by, {.is_superuser = op.flag}));
        case Kind::create_room: return answer_to(create_room(c, by, {op.name, {}, *op.is_open, *op.is_visible}));
        case Kind::open_direct: {
            std::vector<UserId> people;
            for (const auto no : op.people) people.push_back(users_.at(no));
            return answer_to(open_direct_room(c, by, std::move(people)));
        }
        case Kind::join: return answer_to(add_member(c, by, room, by, op.role));
        case Kind::invite: return answer_to(add_member(c, by, room, user(op.other), op.role));
        case Kind::give_role: return answer_to(change_role(c, by, room, member(), op.role));
        case Kind::remove: return answer_to(remove_member(c, by, room, member()));
        case Kind::change_room: {
            RoomChange wish{{}, {}, op.is_open, op.is_visible, op.mention_all_by};
            if (!op.name.empty()) wish.name = op.name;
            return answer_to(chat::change_room(c, by, room, std::move(wish)));
        }
        case Kind::delete_room: return answer_to(chat::delete_room(c, by, room));
        case Kind::post:
        case Kind::repeat_post: return posted(post_message(c, by, draft_of(op)));
        case Kind::post_direct: return posted(post_direct_message(c, by, user(op.other), draft_of(op)));
        case Kind::edit: return answer_to(edit_message(c, by, message(), op.text.words));
        case Kind::erase: return answer_to(delete_message(c, by, message()));
        case Kind::mark_read: return answer_to(chat::mark_read(c, by, room, Seq{op.seq}, op.flag));
        default: return answer_to(set_notify_level(c, by, room, op.level));
    }
}

Task<Answer> Server::sign_up(Operation op) {
    NewAccount account{op.name, op.name + "@example.com", std::string{password}, false};
    auto signing_up =
        op.flag ? set_up_admin(chat(), std::move(account), {}) : register_user(chat(), std::move(account), {});
    const auto made = co_await std::move(signing_up);
    if (!made) co_return Answer{made.error().code, {}, false};
    keep(made->session);
    keep(made->token);
    co_return Answer{};
}

Task<Answer> Server::sign_in(Operation op) {
    const auto account = chat().directory.accounts.find(users_.at(op.user));
    auto verifying = verify_login(chat(), account->username, std::string{password});
    const auto verified = co_await std::move(verifying);
    if (!verified) co_return Answer{verified.error().code, {}, false};
    auto opening = session_create(chat(), (*verified)->id, {}, (*verified)->password);
    const auto opened = co_await std::move(opening);
    if (!opened) co_return Answer{opened.error().code, {}, false};
    keep(*opened);
    co_return Answer{};
}

Task<Answer> Server::make_token(Operation op) {
    auto making = token_create(chat(), users_.at(op.user), "a program", "all");
    const auto made = co_await std::move(making);
    if (!made) co_return Answer{made.error().code, {}, false};
    keep(*made);
    co_return Answer{};
}

Task<Answer> Server::posted(Task<Result<Posted>> posting) {
    const auto done = co_await std::move(posting);
    if (!done) co_return Answer{done.error().code, {}, false};
    co_return Answer{{}, done->message, done->repeated};
}

}  // namespace makechat::property
