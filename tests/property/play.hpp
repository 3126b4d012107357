#pragma once

#include "property/device.hpp"
#include "property/model.hpp"
#include "property/server.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace makechat::property {

/// Plays a history to the server and to the model, and compares: each answer and each entry at once; at the end, and
/// again after a restart, all that can be asked of the server, and what each device has been told.
///
/// After each step too, where the history is prompt: what each connection is sent of it.
class Play {
public:
    explicit Play(Backing& backing);

    /// Throws Broken, with what happened until then.
    void play(const History& history);

    /// The nth call of the store in the history to be played fails.
    void fail_at(int call, Fault::How how);
    [[nodiscard]] std::size_t faults() const { return faults_; }  ///< that the store has come to

private:
    static constexpr std::size_t devices_count = 6;

    void set_up();
    void act(const History& history, std::size_t& at);
    void act_around(const Action& action);
    void connect(Device& device, const Action& action);
    void resume(Device& device, std::size_t loop);
    void pass_time(std::size_t choice);
    void restart();
    /// One by one: true where the server lets him in and the model too.
    bool let_in(const Operation& op);
    bool makes_sense(const Operation& op) const;
    void begin_fault(Fault fault);
    bool end_fault(Fault fault);
    void do_one(const Operation& op, Fault fault);
    void do_together(Operation one, Operation other);
    void do_during_catch_up(const Operation& op, Device& device);
    void apply(const Operation& op, const Answer& answer, const std::vector<Event>& written);
    /// What is wrong with an answer and what it wrote; empty: nothing.
    std::string differs(const Outcome& outcome, const Answer& answer, const std::vector<Event>& written,
                        bool together) const;
    void take_lost(const Operation& op, const std::vector<Event>& written);
    void end_step(bool prompt, std::size_t before);
    void catch_up(Device& device, Fault fault);
    void settle();
    void learn_secrets();
    void note_online();
    No credential_of(No user) const;

    void check_state();
    void check_room(No room);
    void check_reader(No room, No user);
    void check_user(No user);
    void check_messages();
    void check_logs();

    Backing& backing_;
    Server server_;
    Model model_;
    FakeRandom random_;
    std::vector<Device> devices_;
    std::string trace_;
    std::size_t step_ = 0;
    std::size_t faults_ = 0;
};

}  // namespace makechat::property
