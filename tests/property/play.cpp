#include "property/play.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace makechat::property {

using namespace chat;
using namespace std::chrono_literals;

Play::Play(Backing& backing) : backing_(backing), server_(backing) {
    set_up();
    for (std::size_t i = 0; i < Server::loops_count; ++i) server_.loop(i).executor.run(none);
    for (std::size_t i = 0; i < devices_count; ++i) devices_.emplace_back(server_, model_, i % 4);
    trace_ = "four people and two rooms\n";
}

/// Four people, one of them an admin, and two rooms, for short histories to begin with.
void Play::set_up() {
    for (const auto* name : {"ann", "bob", "cat", "dan"}) {
        Operation op;
        op.kind = Kind::sign_up;
        op.name = name;
        op.flag = op.name == "ann";
        do_one(op, {});
    }
    for (const bool open : {true, false}) {
        Operation op;
        op.kind = Kind::create_room;
        op.user = 1;
        op.name = open ? "general" : "secret";
        op.is_open = op.is_visible = open;
        do_one(op, {});
    }
    Operation op;
    op.kind = Kind::invite;
    op.user = 1;
    op.role = Role::member;
    for (const auto& [room, user] : {std::pair<No, No>{0, 2}, {1, 2}, {1, 3}}) {
        op.room = room;
        op.other = user;
        do_one(op, {});
    }
}

void Play::play(const History& history) {
    try {
        for (std::size_t at = 0; at < history.actions.size();) {
            const auto before = model_.log.size();
            for (auto& device : devices_) device.begin_exact();
            act(history, at);
            end_step(history.prompt, before);
        }
        server_.store.heal();
        settle();
        check_state();
        restart();
        check_state();
        settle();
    } catch (const Broken& broken) {
        throw Broken("After\n" + trace_ + broken.what());
    }
}

void Play::act(const History& history, std::size_t& at) {
    const auto& action = history.actions[at++];
    ++step_;
    trace_ += std::to_string(step_) + ". ";
    if (!is_domain(action.kind)) {
        trace_ += show(action) + "\n";
        return act_around(action);
    }
    const auto op = resolve(action, model_, step_);
    trace_ += show(op);
    const auto is_next = [&](auto belongs) {
        return action.with_next && at < history.actions.size() && belongs(history.actions[at].kind);
    };
    if (!makes_sense(op) || !let_in(op)) {
        trace_ += " -> not done\n";
    } else if (!history.prompt && is_next([](Kind kind) { return kind == Kind::catch_up; })) {
        do_during_catch_up(op, devices_[history.actions[at++].who % devices_count]);
    } else if (!history.prompt && is_one_commit(op.kind) && is_next(is_one_commit)) {
        auto next = history.actions[at++];
        // Two at the same moment are worth trying where they are about the same thing.
        if (action.b % 4 != 0) next.what = action.what;
        if (action.b % 3 != 0) next.a = action.a;
        const auto other = resolve(next, model_, step_ + 1000);
        trace_ += "\n   with " + show(other);
        if (makes_sense(other) && let_in(other)) do_together(op, other);
        else do_one(op, action.fault);
    } else {
        do_one(op, action.fault);
    }
}

bool Play::makes_sense(const Operation& op) const {
    if (op.kind == Kind::repeat_post) return !op.nonce.empty();
    if (op.kind == Kind::edit || op.kind == Kind::erase) return op.message != none;
    if (op.kind == Kind::invite || op.kind == Kind::remove) return op.kind == Kind::remove || op.other != op.user;
    return true;
}

bool Play::let_in(const Operation& op) {
    if (!is_personal(op.kind)) return true;
    if (op.credential == none) return false;
    auto& credential = model_.credentials[op.credential];
    const bool should = model_.holds(op.credential, server_.clock.now()) && !model_.users[op.user].disabled;
    const bool does = server_.authenticate(op.credential, op.user);
    if (does != should) throw Broken(does ? " is let in, and should not be\n" : " is not let in, and should be\n");
    if (does) credential.used = server_.clock.now();
    return does;
}

void Play::fail_at(int call, Fault::How how) { begin_fault({how, call}); }

void Play::begin_fault(Fault fault) {
    if (fault.how == Fault::How::no_fault) return;
    if (fault.how == Fault::How::disk) return backing_.begin_fault(fault.at_call);
    server_.store.fail(fault.at_call,
                       fault.how == Fault::How::refused ? FaultyStore::How::refused : FaultyStore::How::answer_is_lost);
}

/// Whether the store has failed.
bool Play::end_fault(Fault fault) {
    if (fault.how == Fault::How::disk) backing_.end_fault();
    else if (fault.how != Fault::How::no_fault) server_.store.heal();
    const bool failed = server_.store.take_failed();
    faults_ += failed ? 1 : 0;
    return failed;
}

void Play::do_one(const Operation& op, Fault fault) {
    begin_fault(fault);
    const auto answer = run(server_.perform(op));
    const bool disk_failed = fault.how == Fault::How::disk && answer.refused == Code::overloaded;
    const bool failed = end_fault(fault) || disk_failed;
    const auto written = server_.take_written();
    trace_ += " -> " + show(answer.refused) + (failed ? ", for the store failed\n" : "\n");
    if (disk_failed && !written.empty()) throw Broken("says that it failed, and has written\n" + show(written));
    if (failed && answer.refused != Code::overloaded) throw Broken("the store has failed, and nobody is told\n");
    if (failed) take_lost(op, written);
    else apply(op, answer, written);
    learn_secrets();
}

/// The store has failed: what it was asked to write is there as a whole, or not at all.
void Play::take_lost(const Operation& op, const std::vector<Event>& written) {
    if (written.empty()) return;
    auto done = op;
    // Two commits: the room's, and its first message's.
    const bool room_only = op.kind == Kind::post_direct && written.front().what == What::room_created &&
                           std::ranges::none_of(written, [](const Event& e) { return e.what == What::posted; });
    if (room_only) {
        done.kind = Kind::open_direct;
        done.people = {op.other};
    }
    const auto outcome = model_.apply(done, server_.clock.now());
    if (outcome.refused) throw Broken("it should be refused by " + show(outcome.refused) + "\n");
    if (outcome.events != written)
        throw Broken("it should have written\n" + show(outcome.events) + "or nothing, and wrote\n" + show(written));
}

void Play::apply(const Operation& op, const Answer& answer, const std::vector<Event>& written) {
    const auto outcome = model_.apply(op, server_.clock.now());
    if (const auto what = differs(outcome, answer, written, false); !what.empty()) throw Broken(what);
}

std::string Play::differs(const Outcome& outcome, const Answer& answer, const std::vector<Event>& written,
                          bool together) const {
    const bool refused_alike = outcome.by_disabled ? answer.refused.has_value() : answer.refused == outcome.refused;
    // Done, and undone at the same moment: there is no membership any more to answer with.
    const bool made_member = !outcome.events.empty() &&
                             (outcome.events.front().what == What::joined || outcome.events.front().what == What::role);
    const bool undone = together && made_member && answer.refused == Code::not_found;
    if (!refused_alike && !undone) return "should be " + show(outcome.refused) + ", is " + show(answer.refused) + "\n";
    if (outcome.events != written) return "should write\n" + show(outcome.events) + "and writes\n" + show(written);
    if (!answer.message) return {};
    const bool repeated = outcome.first != none;
    const No told = server_.number(answer.message->id);
    const No right = repeated ? outcome.first : outcome.events.back().message;
    if (answer.repeated != repeated || told != right)
        return "answers with message " + std::to_string(told) + ", not " + std::to_string(right) + "\n";
    if (answer.message->text != model_.messages[told].text()) return "answers with another text\n";
    return {};
}

/// At the same moment: as if one had come after the other, in one of the two orders.
void Play::do_together(Operation one, Operation other) {
    // A marker past the end goes to the end as it was when he asked.
    for (auto* op : {&one, &other}) op->seq = std::min(op->seq, op->room == none ? 0 : model_.rooms[op->room].last_seq);
    server_.store.turns = [this] { return static_cast<int>(random_.below(3)); };
    std::vector<Task<Answer>> tasks;
    tasks.push_back(server_.perform(one));
    tasks.push_back(server_.perform(other));
    const auto answers = run_all(std::move(tasks));
    server_.store.turns = {};
    const auto written = server_.take_written();
    trace_ += " -> " + show(answers[0].refused) + ", " + show(answers[1].refused) + "\n";
    std::string why;
    const Model before = model_;
    for (const bool in_order : {true, false}) {
        const auto first_does = model_.apply(in_order ? one : other, server_.clock.now());
        const auto size = std::min(written.size(), first_does.events.size());
        const auto middle = written.begin() + static_cast<std::ptrdiff_t>(size);
        auto what = differs(first_does, answers[in_order ? 0 : 1], {written.begin(), middle}, true);
        const auto second_does = model_.apply(in_order ? other : one, server_.clock.now());
        what += differs(second_does, answers[in_order ? 1 : 0], {middle, written.end()}, true);
        if (what.empty()) {
            std::ranges::copy(written, model_.log.end() - static_cast<std::ptrdiff_t>(written.size()));
            return learn_secrets();
        }
        model_ = before;
        why += (in_order ? "In this order: " : "In the other order: ") + what;
    }
    throw Broken("no order explains it. " + why);
}

void Play::do_during_catch_up(const Operation& op, Device& device) {
    if (!device.catches_up()) return do_one(op, {});
    server_.store.turns = [this] { return static_cast<int>(random_.below(3)); };
    Answer answer;
    std::vector<Task<bool>> tasks;
    tasks.push_back(device.catch_up());
    tasks.push_back([](Task<Answer> doing, Answer& done) -> Task<bool> {
        done = co_await std::move(doing);
        co_return true;
    }(server_.perform(op), answer));
    run_all(std::move(tasks));
    server_.store.turns = {};
    trace_ += " during a piece of a replay -> " + show(answer.refused) + "\n";
    apply(op, answer, server_.take_written());
    learn_secrets();
}

void Play::act_around(const Action& action) {
    auto& device = devices_[action.who % devices_count];
    switch (action.kind) {
        case Kind::pass_time: return pass_time(action.a);
        case Kind::connect: return connect(device, action);
        case Kind::resume: return resume(device, action.b);
        case Kind::cut: device.receive(action.a % 8); return device.cut();
        case Kind::receive: return device.receive(action.a % 8 + 1);
        case Kind::catch_up: return catch_up(device, action.fault);
        case Kind::run_loop: return server_.loop(action.who).executor.run(action.a % 4 + 1);
        default: return restart();
    }
}

void Play::connect(Device& device, const Action& action) {
    device.cut();
    const No credential = credential_of(device.user());
    if (credential == none) return;
    std::vector<No> named;
    for (No room = 0; room < model_.rooms.size() && action.b % 4 >= 2; ++room) {
        if (action.a >> room % 8 & 1U) named.push_back(room);
    }
    device.connect(std::move(named), server_.loop(action.b), credential);
}

void Play::resume(Device& device, std::size_t loop) {
    const No credential = credential_of(device.user());
    if (device.can_resume() && credential != none) device.resume(server_.loop(loop), credential);
}

/// One by which he is let in now.
No Play::credential_of(No user) const {
    if (model_.users[user].disabled) return none;
    for (No i = model_.credentials.size(); i-- > 0;) {
        const auto& credential = model_.credentials[i];
        if (credential.user == user && credential.known && model_.holds(i, server_.clock.now())) return i;
    }
    return none;
}

void Play::pass_time(std::size_t choice) {
    constexpr std::array<std::chrono::milliseconds, 8> spans{1ms, 20ms, 1s, 1min, 1h, 24h, 72h, 192h};
    server_.clock.advance(spans[choice % spans.size()]);
}

void Play::restart() {
    for (auto& device : devices_) device.cut();
    note_online();
    server_.restart();
}

void Play::catch_up(Device& device, Fault fault) {
    if (!device.catches_up()) return;
    begin_fault(fault);
    const bool can = run(device.catch_up());
    const bool failed = end_fault(fault);
    if (can == failed) throw Broken("a replay and its store do not agree on whether it can\n");
}

void Play::end_step(bool prompt, std::size_t before) {
    if (prompt) {
        for (std::size_t i = 0; i < Server::loops_count; ++i) server_.loop(i).executor.run(none);
    }
    for (auto& device : devices_) device.follow();
    note_online();
    if (!prompt) return;
    for (auto& device : devices_) {
        device.check_exact(before);
        while (device.catches_up()) catch_up(device, {});
        device.follow();
        device.receive(none);
    }
}

void Play::note_online() {
    model_.online.clear();
    for (const auto& device : devices_) {
        if (device.connected()) model_.online.insert(device.user());
    }
}

void Play::learn_secrets() {
    for (No i = 0; i < model_.credentials.size(); ++i) model_.credentials[i].known = server_.has_secret(i);
}

/// Everything arrives: batches, replays, what is on its way; who was cut comes back.
void Play::settle() {
    trace_ += "at the end: ";
    for (std::size_t i = 0; i < Server::loops_count; ++i) server_.loop(i).executor.run(none);
    for (auto& device : devices_) {
        device.follow();
        resume(device, 0);
        while (device.catches_up()) catch_up(device, {});
        device.follow();
        device.receive(none);
        device.check_all();
    }
    note_online();
    trace_ += "all devices know all\n";
}

}  // namespace makechat::property
