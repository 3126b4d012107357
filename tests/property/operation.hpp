#pragma once

#include "property/event.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace makechat::property {

struct Model;

/// What people do, and what befalls them.
enum class Kind : std::uint8_t {
    // In the domain: compared with the model, and failing where the store does.
    sign_up,
    sign_in,
    make_token,
    end_credential,
    set_disabled,
    set_superuser,
    create_room,
    open_direct,
    join,
    invite,
    give_role,
    remove,
    change_room,
    delete_room,
    post,
    post_direct,
    repeat_post,
    edit,
    erase,
    mark_read,
    set_level,
    // Around it.
    pass_time,
    connect,   ///< a device, from now on
    resume,    ///< a device, from its cursor
    cut,       ///< a device's connection; what has not arrived never will
    receive,   ///< a device takes what has arrived
    catch_up,  ///< a connection that resumes reads its next piece
    run_loop,  ///< a loop takes batches off the bus
    restart
};

/// What the store does at one of its next calls.
struct Fault {
    enum class How : std::uint8_t {
        no_fault,
        refused,  ///< without a trace
        unknown,  ///< done, and the answer lost; of a read: refused
        disk      ///< the disk takes no write from the nth on
    };
    How how = How::no_fault;
    int at_call = 1;
};

/// What a generator draws: numbers that choose among what there is when their turn comes, so that any part of a history
/// is a history.
struct Action {
    Kind kind{};
    std::uint8_t who = 0;
    std::uint8_t what = 0;
    std::uint8_t a = 0;
    std::uint8_t b = 0;
    Fault fault;
    bool with_next = false;  ///< at the same moment as the action behind it
};

/// A history, and whether the loops and devices keep up with it.
struct History {
    bool prompt = false;
    std::vector<Action> actions;
};

/// A message's text and what it mentions: known, not searched for.
struct Text {
    enum class Form : std::uint8_t { plain, mention, all, here, code, very_long };
    Form form{};
    No mentioned = none;
    std::string words;
};

/// An action with its choices made.
struct Operation {
    Kind kind{};
    No user = none;        ///< who does it, or whom the command line changes
    No credential = none;  ///< by which he shows who he is
    No room = none;
    No other = none;
    No message = none;
    No target = none;  ///< a credential to be ended
    std::vector<No> people;
    chat::Role role{};
    chat::Role was{};  ///< of `other`: a member is a person in a role
    chat::NotifyLevel level{};
    std::string name;
    Text text;
    std::string nonce;
    std::int64_t seq = 0;
    bool flag = false;
    std::optional<bool> is_open;
    std::optional<bool> is_visible;
    std::optional<chat::MentionAllBy> mention_all_by;
};

bool is_domain(Kind kind);
/// And so done as a whole, at one moment.
bool is_one_commit(Kind kind);
/// Done by somebody with a credential, not by the command line or a stranger.
bool is_personal(Kind kind);
/// Only those of the domain; of a post that is repeated, what `model` knows of it. `step`: makes texts differ.
Operation resolve(const Action& action, const Model& model, std::size_t step);

std::string show(const Action& action);
std::string show(const Operation& operation);

}  // namespace makechat::property
