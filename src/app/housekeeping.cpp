#include "app/housekeeping.hpp"

#include "base/log.hpp"
#include "base/start_logged.hpp"
#include "chat/sign_in.hpp"

namespace makechat::app {

Housekeeping::Housekeeping(api::Services& services, net::Loop& loop)
    : Sweepable(loop), services_(services), next_minute_(loop.now() + std::chrono::minutes{1}) {}

void Housekeeping::sweep(std::chrono::nanoseconds now) {
    for (const auto& change : services_.presence.take_changes()) services_.bus.signal(change);
    if (now < next_minute_ || busy_) return;
    next_minute_ = now + std::chrono::minutes{1};
    busy_ = true;
    start_logged("Housekeeping", each_minute());
}

Task<void> Housekeeping::each_minute() {
    struct Idle {
        bool& busy;
        ~Idle() { busy = false; }
    };
    const Idle afterwards{busy_};  // a bug in one minute's work must not end all of it
    auto recording = record_uses();
    co_await std::move(recording);
    auto ending = chat::end_expired_sessions(services_.chat);
    const auto ended = co_await std::move(ending);
    if (!ended) log::warning("Expired sessions could not be ended: " + ended.error().text);
}

Task<bool> Housekeeping::record_uses() {
    auto uses = services_.chat.directory.credentials.collect_uses();
    for (const auto& use : uses.users) services_.chat.directory.accounts.saw(use.user, use.at);
    if (uses.users.empty()) co_return true;
    auto recording = services_.projections.record(uses);
    const auto recorded = co_await std::move(recording);
    if (!recorded) {
        services_.chat.directory.credentials.record_again(uses);
        log::warning("When tokens and sessions were last used could not be recorded: " + recorded.error().text);
    }
    co_return recorded.has_value();
}

}  // namespace makechat::app
