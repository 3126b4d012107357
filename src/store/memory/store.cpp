#include "store/memory/store.hpp"

#include "base/limits.hpp"

#include <algorithm>
#include <functional>
#include <set>

namespace makechat::memory {

using namespace chat;

namespace {

/// Does the work now and lets the caller resume on its executor, as a store with threads of its own would.
template <class T>
Task<T> answer(std::function<T()> work) {
    co_return co_await suspend_for<T>([&](auto& done) { done.finish(work()); });
}

std::unexpected<Error> cannot_write() { return fail({Code::overloaded, "The store cannot write at the moment.", 1}); }

std::unexpected<Error> no_such_message() { return fail({Code::not_found, "There is no such message."}); }

/// Cuts `all`, ascending by `seq_of`, down to the window.
template <class T, class SeqOf>
std::vector<T> cut(std::vector<T> all, const Window& window, SeqOf seq_of) {
    const auto below = [&](Seq bound) {
        return static_cast<std::size_t>(
            std::ranges::count_if(all, [&](const T& each) { return seq_of(each) < bound; }));
    };
    std::size_t begin = 0;
    std::size_t end = all.size();
    const auto last_of = [&](std::size_t upto) { return upto - std::min(upto, window.limit); };
    switch (window.kind) {
        case Window::Kind::latest: begin = last_of(end); break;
        case Window::Kind::before:
            end = below(window.bound);
            begin = last_of(end);
            break;
        case Window::Kind::after: begin = below(window.bound.next()); break;
        case Window::Kind::around: {
            const auto middle = below(window.bound);
            begin = middle - std::min(middle, window.limit / 2);
            end = std::min(end, begin + window.limit);
            begin = last_of(end);
        }
    }
    end = std::min(end, begin + window.limit);
    return {all.begin() + static_cast<std::ptrdiff_t>(begin), all.begin() + static_cast<std::ptrdiff_t>(end)};
}

}  // namespace

Store::Store(Random& random, Committed committed) : committed_(std::move(committed)) {
    UserId id;
    random.fill(id.bytes);
    server_id_ = to_hex(id);
    random.fill(cursor_key_);
}

Task<Result<Commit>> Store::append(Change change) {
    return answer<Result<Commit>>([this, change = std::move(change)] {
        const std::lock_guard lock(mutex_);
        return commit(change);
    });
}

Result<Commit> Store::commit(Change change) {
    if (fails()) return cannot_write();
    const auto* posted = change.writes.empty() ? nullptr : std::get_if<MessagePosted>(&change.writes.front().body);
    const bool once = posted && !change.nonce.empty();
    const auto log = once ? change.writes.front().log : LogId{};
    const auto nonce = std::tuple{log.room(), once ? posted->message.sender : UserId{}, change.nonce};
    if (const auto found = nonces_.find(nonce); once && found != nonces_.end())
        return Commit{{state_.entries(log).at(static_cast<std::size_t>(found->second.value - 1))}, true};
    if (is_stale(change) || !rooms_exist(change.writes)) return fail({Code::stale, "Decide anew."});

    Batch batch;
    for (auto& write : change.writes) {
        Entry entry{{}, write.log, {}, change.actor, change.at, write.body};
        state_.append(entry);
        for (const auto& fact : facts_changed_by(write)) changed_[fact] = entry.position;
        if (const auto* deleted = std::get_if<RoomDeleted>(&write.body))
            std::erase_if(nonces_, [&](const auto& each) { return std::get<RoomId>(each.first) == deleted->room.id; });
        batch.push_back(std::move(entry));
    }
    if (once) nonces_[nonce] = batch.front().seq;
    if (committed_ && !batch.empty()) committed_(std::make_shared<const Batch>(batch));
    return Commit{std::move(batch), false};
}

bool Store::fails() {
    if (fails_in_ == 0) return false;
    --fails_in_;
    return fails_in_ == 0;
}

void Store::fail_next(int n) {
    const std::lock_guard lock(mutex_);
    fails_in_ = n;
}

bool Store::is_stale(const Change& change) const {
    if (change.rests_on.empty()) return false;
    const auto age = state_.position().value - change.as_of.value;
    if (age > static_cast<std::int64_t>(limits::conflict_window_entries)) return true;
    return std::ranges::any_of(change.rests_on, [&](const Fact& fact) {
        const auto found = changed_.find(fact);
        return found != changed_.end() && found->second > change.as_of;
    });
}

bool Store::rooms_exist(const std::vector<Write>& writes) const {
    std::set<RoomId> made;
    return std::ranges::all_of(writes, [&](const Write& write) {
        if (std::holds_alternative<RoomCreated>(write.body)) made.insert(write.log.room());
        const auto exists = [&](RoomId room) { return made.contains(room) || state_.room(room); };
        if (const auto* deleted = std::get_if<RoomDeleted>(&write.body)) return exists(deleted->room.id);
        return write.log.kind != LogId::Kind::room || exists(write.log.room());
    });
}

Task<Result<std::vector<Message>>> Store::messages(RoomId room, Window window) {
    return answer<Result<std::vector<Message>>>([=, this] {
        const std::lock_guard lock(mutex_);
        std::vector<Message> all;
        if (const auto* in = state_.room(room)) {
            for (const auto& [seq, message] : in->messages) all.push_back(message);
        }
        return cut(std::move(all), window, [](const Message& message) { return message.seq; });
    });
}

Task<Result<std::vector<Entry>>> Store::entries(LogId log, Window window) {
    return answer<Result<std::vector<Entry>>>([=, this] {
        const std::lock_guard lock(mutex_);
        return cut(state_.entries(log), window, [](const Entry& entry) { return entry.seq; });
    });
}

Task<Result<std::vector<Entry>>> Store::entries_since(LogId log, Position after, std::size_t max) {
    return answer<Result<std::vector<Entry>>>([=, this] {
        const std::lock_guard lock(mutex_);
        auto all = state_.entries(log);
        std::erase_if(all, [&](const Entry& entry) { return entry.position <= after; });
        return cut(std::move(all), {Window::Kind::after, Seq{}, max}, [](const Entry& entry) { return entry.seq; });
    });
}

Task<Result<Message>> Store::message(MessageId id) {
    return answer<Result<Message>>([=, this]() -> Result<Message> {
        const std::lock_guard lock(mutex_);
        const auto* found = state_.message(id);
        if (!found) return no_such_message();
        return *found;
    });
}

Task<Result<std::vector<MessageVersion>>> Store::history(MessageId id) {
    return answer<Result<std::vector<MessageVersion>>>([=, this]() -> Result<std::vector<MessageVersion>> {
        const std::lock_guard lock(mutex_);
        const auto* found = state_.message(id);
        if (!found) return no_such_message();
        if (found->deleted) return std::vector<MessageVersion>{};
        std::vector<MessageVersion> versions;
        const auto& earlier = state_.room(found->room)->earlier;
        if (const auto before = earlier.find(found->seq); before != earlier.end()) versions = before->second;
        versions.push_back({found->text, found->edited.value_or(found->created)});
        return versions;
    });
}

Task<Result<std::vector<Unread>>> Store::unread(UserId user, std::vector<Place> places) {
    return answer<Result<std::vector<Unread>>>([this, user, places = std::move(places)] {
        const std::lock_guard lock(mutex_);
        std::vector<Unread> answers;
        for (const auto& place : places) answers.push_back(state_.unread(user, place));
        return answers;
    });
}

Task<Result<Snapshot>> Store::load() {
    return answer<Result<Snapshot>>([this] {
        const std::lock_guard lock(mutex_);
        auto snapshot = state_.snapshot();
        snapshot.server_id = server_id_;
        snapshot.cursor_key = cursor_key_;
        return snapshot;
    });
}

Task<Result<bool>> Store::record(Uses uses) {
    return answer<Result<bool>>([this, uses = std::move(uses)]() -> Result<bool> {
        const std::lock_guard lock(mutex_);
        if (fails()) return cannot_write();
        state_.record(uses);
        return true;
    });
}

Task<Result<bool>> Store::check() {
    return answer<Result<bool>>([] { return true; });
}

std::uint64_t Store::bytes() const { return 0; }

std::string Store::describe() const { return "memory, gone when the process ends"; }

}  // namespace makechat::memory
