#include "property/device.hpp"

#include "base/limits.hpp"
#include "chat/replay.hpp"

#include <algorithm>

namespace makechat::property {

using namespace chat;

Connection::Connection(Server& server, Loop& loop, Coverage coverage, No shown)
    : Watcher(std::move(coverage), server.credential(shown)), credential(shown), server_(server), loop_(loop) {}

Connection::~Connection() {
    loop_.hub.remove(*this);
    server_.presence().went(user());
}

void Connection::open(std::optional<Position> after) {
    from = after.value_or(server_.chat().directory.position());
    late = loop_.offered < server_.chat().directory.position();
    loop_.hub.add(*this);
    server_.presence().came(user());
    pipe.push_back({.kind = Sent::Kind::hello, .position = from, .entry = {}});
    if (after) catching_up = CatchUp{from, server_.chat().directory.position(), false, {}};
}

void Connection::send(const Entry& entry, bool live) {
    Sent sent{.kind = Sent::Kind::event, .position = entry.position, .entry = entry, .live = live};
    if (live && catching_up) catching_up->live.push_back(std::move(sent));
    else pipe.push_back(std::move(sent));
}

void Connection::deliver(std::span<const live::FrameIndex> frames) {
    for (const auto frame : frames) {
        if (frame == Loop::unwanted) told_the_unwanted = true;
        else if (!signed_out) send(loop_.palette.at(frame), true);
    }
}

Task<bool> Connection::catch_up() {
    auto& missed = *catching_up;
    if (!missed.may_replay) {
        auto looking = can_replay(server_.chat(), coverage(), missed.reached);
        const auto may = co_await std::move(looking);
        if (!may) co_return false;
        missed.may_replay = true;
        if (!*may) {
            pipe.push_back({.kind = Sent::Kind::resync, .position = missed.until, .entry = {}});
            missed.reached = missed.until;
        }
    } else if (missed.reached < missed.until) {
        auto reading = replay(server_.chat(), coverage(), missed.reached, missed.until);
        const auto page = co_await std::move(reading);
        if (!page) co_return false;
        for (const auto& entry : page->events) send(entry, false);
        missed.reached = page->reached;
    }
    if (missed.reached < missed.until) co_return true;
    auto meanwhile = std::move(missed.live);
    catching_up.reset();
    for (auto& sent : meanwhile) pipe.push_back(std::move(sent));
    co_return true;
}

void Device::broken(const std::string& what) const {
    throw Broken("a device of user " + std::to_string(user_) + ": " + what);
}

bool Device::covers(No room) const { return follows() || std::ranges::find(named_, room) != named_.end(); }

/// Who follows his memberships is told of the rooms that he is in; who names rooms of those that he may read.
const Model::Right& Device::right(No room) const {
    const auto& in = model_.rooms[room];
    return follows() ? in.membership.at(user_) : in.reading.at(user_);
}

void Device::connect(std::vector<No> named, Loop& loop, No credential) {
    Coverage coverage{server_.user(user_), {}};
    for (const auto room : named) coverage.rooms.push_back(server_.room(room));
    const auto may = check_coverage(server_.chat().directory, coverage);
    const auto refused = may ? std::optional<Code>{} : may.error().code;
    if (refused != model_.refuses_to_watch(named, user_)) broken("watching named rooms: " + show(refused));
    if (refused) return;
    named_ = std::move(named);
    since_ = model_.log.size();
    last_seq_.clear();
    told_.clear();
    own_.clear();
    deleted_.clear();
    open(loop, credential, std::nullopt);
}

void Device::resume(Loop& loop, No credential) {
    const auto after = server_.cursors().read(cursor_);
    if (!after) broken("its cursor is refused");
    open(loop, credential, *after);
}

void Device::open(Loop& loop, No credential, std::optional<Position> after) {
    Coverage coverage{server_.user(user_), {}};
    for (const auto room : named_) coverage.rooms.push_back(server_.room(room));
    connection_ = std::make_unique<Connection>(server_, loop, std::move(coverage), credential);
    connection_->open(after);
}

Task<bool> Device::catch_up() {
    auto reading = connection_->catch_up();
    const bool can = co_await std::move(reading);
    if (!can) connection_->signed_out = true;  // as good as: the server ends it
    co_return can;
}

void Device::follow() {
    if (!connection_) return;
    if (connection_->told_the_unwanted) broken("is told what the hub has said nobody wants");
    for (auto& sent : connection_->pipe) check_sent(sent);
    if (connection_->catching_up) {
        for (auto& sent : connection_->catching_up->live) check_sent(sent);
    }
    if (connection_->signed_out) connection_.reset();
}

void Device::check_sent(Sent& sent) {
    if (std::exchange(sent.checked, true)) return;
    if (sent.kind == Sent::Kind::resync && !outdated(server_.place_of(connection_->from)))
        broken("is told to resync, though all that it missed is new");
    if (sent.kind != Sent::Kind::event) return;
    const auto event = server_.translate(*sent.entry);
    const auto place = server_.place_of(sent.position);
    sent_.push_back(place);
    if (place == 0) broken("is told what was not committed: " + show(event));
    check_right(event, place, sent.live);
    const bool new_to_it = place > server_.place_of(connection_->from);
    if (!new_to_it && !(sent.live && connection_->late)) broken("is told again without need: " + show(event));
}

void Device::check_right(const Event& event, std::size_t place, bool live) const {
    const auto& credential = model_.credentials[connection_->credential];
    if (credential.ended) {
        const auto ends = [&](const Event& each) {
            return each.what == What::credential_ended && each.credential == connection_->credential;
        };
        const auto end = std::ranges::find_if(model_.log, ends);
        if (place > static_cast<std::size_t>(end - model_.log.begin()))
            broken("is told by a credential that has ended: " + show(event));
    }
    const bool of_covered_room = event.room == none || covers(event.room);
    bool may = false;
    switch (event.log) {
        case LogId::Kind::room: {
            const bool own_leaving = event.what == What::left && event.user == user_;
            may = of_covered_room && right(event.of).last >= place && !own_leaving;
            break;
        }
        case LogId::Kind::user: may = of_covered_room && event.of == user_; break;
        case LogId::Kind::server:
            may = of_covered_room && live && event.what == What::room_deleted && right(event.room).last + 1 >= place;
            break;
    }
    if (!may) broken("is told what it may not know: " + show(event));
}

void Device::receive(std::size_t max) {
    if (!connection_) return;
    for (; max > 0 && !connection_->pipe.empty(); --max) {
        take(connection_->pipe.front());
        connection_->pipe.pop_front();
    }
}

void Device::take(const Sent& sent) {
    cursor_ = server_.cursors().write(sent.position);
    if (sent.kind == Sent::Kind::resync) {
        since_ = server_.place_of(sent.position);
        told_.clear();
        own_.clear();
    }
    if (sent.kind == Sent::Kind::event) take(server_.translate(*sent.entry), server_.place_of(sent.position));
}

/// Drops what it knows, as clients do: by seq in a room, by the cursor in his own log.
void Device::take(const Event& event, std::size_t place) {
    if (event.what == What::room_deleted || event.what == What::lost_deleted_room) {
        deleted_.insert(event.room);
    } else if (event.log == LogId::Kind::room) {
        auto& last = last_seq_[event.of];
        if (event.seq <= last) return;
        last = event.seq;
        told_.push_back({place, event});
    } else if (own_.insert(place).second) {
        told_.push_back({place, event});
    }
}

/// The places of what he must have been told behind `since`: rooms without a break from when he last got the right.
std::vector<std::size_t> Device::due(std::size_t since) const {
    std::vector<std::size_t> places;
    for (std::size_t place = since + 1; place <= model_.log.size(); ++place) {
        const auto& event = model_.log[place - 1];
        const bool covered = event.room != none && covers(event.room);
        const bool own_leaving = event.what == What::left && event.user == user_;
        bool is_due = false;
        if (event.log == LogId::Kind::room)
            is_due = covered && right(event.of).now && place >= right(event.of).gained && !own_leaving;
        if (event.log == LogId::Kind::user)
            is_due = covered && event.of == user_ && event.what != What::lost_deleted_room;
        if (is_due) places.push_back(place);
    }
    return places;
}

bool Device::outdated(std::size_t since) const {
    const auto oldest = server_.clock.now() - limits::replay_age_max;
    return std::ranges::any_of(model_.times.begin() + static_cast<std::ptrdiff_t>(since), model_.times.end(),
                               [&](Time at) { return at < oldest; });
}

void Device::check_exact(std::size_t before) const {
    if (!connection_) return;
    std::vector<std::size_t> expected;
    for (const auto place : due(before)) expected.push_back(place);
    for (std::size_t place = before + 1; place <= model_.log.size(); ++place) {
        const auto& event = model_.log[place - 1];
        if (event.what == What::room_deleted && covers(event.room) && right(event.room).last == before)
            expected.insert(expected.begin(), place);
    }
    if (sent_ == expected) return;
    std::string text = "should be told\n";
    for (const auto place : expected) text += "    " + show(model_.log[place - 1]) + "\n";
    text += "and is told\n";
    for (const auto place : sent_) text += "    " + show(model_.log.at(place - 1)) + "\n";
    broken(text);
}

void Device::check_all() const {
    if (!connection_) return;
    if (model_.credentials[connection_->credential].ended) broken("goes on with a credential that has ended");
    std::map<No, std::string> texts;
    const auto expected = due(since_);
    std::vector<std::size_t> by_room(model_.rooms.size() + 1);
    for (const auto& told : told_) {
        if (told.event.message != none) texts[told.event.message] = told.event.text;
    }
    // Each log in its own order: between logs there is none.
    for (No log = 0; log <= model_.rooms.size(); ++log) {
        const auto is_of = [&](const Event& event) {
            return log == model_.rooms.size() ? event.log == LogId::Kind::user
                                              : event.log == LogId::Kind::room && event.of == log;
        };
        std::vector<std::size_t> wanted;
        for (const auto place : expected) {
            if (is_of(model_.log[place - 1])) wanted.push_back(place);
        }
        std::vector<std::size_t> got;
        for (const auto& told : told_) {
            if (is_of(told.event) && std::ranges::binary_search(expected, told.place)) got.push_back(told.place);
        }
        if (wanted == got) continue;
        std::string text = "should have been told, behind place " + std::to_string(since_) + "\n";
        for (const auto place : wanted) text += "    " + show(model_.log[place - 1]) + "\n";
        text += "and was told\n";
        for (const auto place : got) text += "    " + show(model_.log[place - 1]) + "\n";
        broken(text);
    }
    for (std::size_t place = since_ + 1; place <= model_.log.size(); ++place) {
        const auto& event = model_.log[place - 1];
        const bool lost = event.what == What::lost_deleted_room && event.of == user_ && covers(event.room);
        if (lost && !deleted_.contains(event.room)) broken("was not told of a deletion: " + show(event));
    }
    for (const auto place : expected) {
        const auto& event = model_.log[place - 1];
        if (event.message != none && texts[event.message] != model_.messages[event.message].text())
            broken("shows '" + texts[event.message].substr(0, 40) + "' as message " + std::to_string(event.message));
    }
}

}  // namespace makechat::property
