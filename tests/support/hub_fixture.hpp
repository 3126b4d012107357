#pragma once

#include "chat/reading.hpp"
#include "chat/room_settings.hpp"
#include "live/hub.hpp"
#include "support/chat_fixture.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <utility>
#include <vector>

namespace makechat::live {

using namespace chat;

using Words = std::vector<std::string>;

/// A connection that keeps what it is told.
class Ear final : public Watcher {
public:
    Ear(Coverage coverage, Credential credential) : Watcher(std::move(coverage), credential) {}

    void deliver(std::span<const FrameIndex> frames) override {
        ++deliveries;
        heard.insert(heard.end(), frames.begin(), frames.end());
    }
    void sign_out() override { ++sign_outs; }

    std::vector<FrameIndex> heard;
    int deliveries = 0;
    int sign_outs = 0;
};

/// A hub over a chat, and the words for what it hands out.
struct HubWorld {
    TestChat t;
    UserId alice = t.make_user("alice");
    UserId bob = t.make_user("bob");
    UserId carol = t.make_user("carol");
    RoomId general = t.make_room(alice, "general");
    Hub hub{t.directory};
    std::deque<Ear> ears;
    std::size_t offered = t.mark();
    Words palette;             ///< what each frame says
    std::vector<bool> wanted;  ///< whether the hub wanted it encoded

    Ear& listen(UserId user, std::vector<RoomId> rooms = {}, Credential credential = TokenId{}) {
        auto& ear = ears.emplace_back(Coverage{user, std::move(rooms)}, credential);
        hub.add(ear);
        return ear;
    }

    std::string name_of_log(const Entry& entry) const {
        if (entry.log.kind == LogId::Kind::user) return "own";
        if (entry.log.kind == LogId::Kind::server) return "server";
        const auto view = t.directory.rooms.find(entry.log.room());
        return view ? view->room->name : "gone";
    }

    FrameIndex put(std::string word) {
        palette.push_back(std::move(word));
        wanted.push_back(true);
        return static_cast<FrameIndex>(palette.size() - 1);
    }

    /// What has been committed since the last time, as one batch.
    void offer() {
        for (const auto& entry : t.since(offered)) {
            const auto frame = put(name_of_log(entry) + " " + std::string(name_of(entry.body)));
            wanted.back() = hub.wants(entry);
            hub.offer(entry, frame);
        }
        hub.end_batch();
        offered = t.mark();
    }

    /// All that `ear` has heard since the last time.
    Words heard(Ear& ear) {
        offer();
        hub.drain();
        Words words;
        for (const auto frame : std::exchange(ear.heard, {})) {
            EXPECT_TRUE(wanted.at(frame)) << palette.at(frame) << " was not to be encoded";
            words.push_back(palette.at(frame));
        }
        return words;
    }

    void change(RoomId room, RoomChange wish) { must(run(change_room(t.chat, alice, room, std::move(wish)))); }
    void set_open(RoomId room, bool is_open) { change(room, {.is_open = is_open}); }
};

}  // namespace makechat::live
