#pragma once

#include "base/time.hpp"
#include "property/operation.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace makechat::property {

/// What a chat is after the contract (api.md), in plain numbers and lists, one operation after the other: what the server
/// with its log, its caches and its loops must look like from outside. Shares no rule with src/chat.
struct Model {
    struct User {
        std::string name;
        bool superuser = false;
        bool disabled = false;
    };
    struct Credential {
        No user = none;
        bool session = false;
        bool ended = false;
        bool known = false;  ///< somebody has its secret: the answer that told it was not lost
        Time used{};
    };
    struct Member {
        chat::Role role{};
        std::int64_t joined = 0;
        std::int64_t read = 0;
        chat::NotifyLevel level{};
    };
    struct Message {
        No room = none;
        No sender = none;
        std::int64_t seq = 0;
        std::vector<std::string> forms;  ///< none: deleted
        std::vector<No> mentions;
        std::vector<No> here;
        chat::MentionsAll mentions_all{};
        No reply_to = none;
        [[nodiscard]] std::string text() const { return forms.empty() ? std::string{} : forms.back(); }
    };
    /// Since when somebody has had a right to a room without a break, and when he had it last: counts of `log`.
    struct Right {
        std::size_t gained = 0;
        std::size_t last = 0;
        bool now = false;
    };
    struct Room {
        bool direct = false;
        bool deleted = false;
        std::string name;
        bool is_open = false;
        bool is_visible = false;
        chat::MentionAllBy mention_all_by{};
        std::map<No, Member> members;
        std::set<No> barred;
        std::int64_t last_seq = 0;
        std::map<std::pair<No, std::string>, No> nonces;
        std::map<No, Right> membership;  ///< of each user
        std::map<No, Right> reading;     ///< whether he is enabled or not
    };

    std::vector<User> users;
    std::vector<Credential> credentials;
    std::vector<Room> rooms;
    std::vector<Message> messages;
    std::vector<Event> log;   ///< everything, in commit order
    std::vector<Time> times;  ///< when each of it was written
    std::set<No> online;      ///< set by who plays: users with a connection

    /// Does it, where the rules let it be done.
    Outcome apply(const Operation& operation, Time now);

    /// Whether he may watch these rooms.
    [[nodiscard]] std::optional<Code> refuses_to_watch(const std::vector<No>& named, No user) const;
    [[nodiscard]] bool holds(No credential, Time now) const;
    [[nodiscard]] bool may_see(No room, No user) const;
    [[nodiscard]] bool may_read(No room, No user) const;
    /// As an answer of the archive tells it: with the message as it is now.
    [[nodiscard]] Event present(Event event) const;
    [[nodiscard]] std::vector<Event> log_of(chat::LogId::Kind kind, No of) const;
    [[nodiscard]] std::int64_t unread(No room, No user, std::int64_t read) const;
    [[nodiscard]] std::int64_t unread_mentions(No room, No user, std::int64_t read) const;

    static constexpr std::chrono::hours session_ttl{24 * 14};

private:
    using Refusal = std::optional<Code>;

    [[nodiscard]] const Member* member(No room, No user) const;
    [[nodiscard]] bool is(No room, No user, chat::Role role) const;
    [[nodiscard]] bool may_manage(No room, No user) const;
    [[nodiscard]] bool may_own(No room, No user) const;
    [[nodiscard]] Refusal reader(No room, No user) const;
    [[nodiscard]] Refusal writer(No room, No user) const;
    [[nodiscard]] Refusal giver(No room, No user, chat::Role role) const;
    [[nodiscard]] bool last_owner(No room, No user) const;

    Refusal sign_up(const Operation& op, Time now);
    Refusal sign_in(const Operation& op, Time now);
    Refusal end_credential(const Operation& op);
    Refusal set_account(const Operation& op);
    Refusal create_room(const Operation& op);
    Refusal open_direct(No user, std::vector<No> people);
    Refusal admit(const Operation& op, No user);
    Refusal give_role(const Operation& op);
    Refusal remove(const Operation& op);
    Refusal change_room(const Operation& op);
    Refusal delete_room(const Operation& op);
    Refusal post(const Operation& op, No& first);
    Refusal post_direct(const Operation& op, No& first);
    Refusal edit(const Operation& op);
    Refusal erase(const Operation& op);
    Refusal mark_read(const Operation& op);
    Refusal set_level(const Operation& op);
    Refusal decide(const Operation& op, Time now, No& first);

    void make_credential(No user, bool session, Time now);
    void mention(const Text& text, No author, Message& message) const;
    [[nodiscard]] bool knows(No user, const Message& message) const;
    [[nodiscard]] bool mentions(const Message& message, No user) const;
    [[nodiscard]] std::string state_of(const User& user) const;
    [[nodiscard]] std::string state_of(const Room& room) const;
    [[nodiscard]] No direct_room(const std::vector<No>& people) const;
    void write(Event event);
    void join(No room, No user, chat::Role role, No by);
    void write_message(What what, No message, No by);
    void follow_rights(std::size_t before);

    Time now_{};
};

}  // namespace makechat::property
