#pragma once

#include "support/loop_thread.hpp"
#include "ws/client_frame.hpp"
#include "ws/connection.hpp"
#include "ws/frame_writer.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// For tests alone: a connection on a loop, its owner and its peer.
namespace makechat::ws {

inline std::string server_frame(Opcode opcode, std::string_view payload) {
    std::string out;
    append_frame(out, opcode, payload);
    return out;
}

inline std::string server_close(unsigned code, std::string_view reason = "") {
    std::string out;
    append_close(out, static_cast<std::uint16_t>(code), reason);
    return out;
}

inline std::string close_frame(unsigned code) {
    return encode({Opcode::close, std::string{static_cast<char>(code >> 8U), static_cast<char>(code & 0xFFU)}});
}

/// The owner: remembers what it was told, and does with a text what the test wants.
class Owner final : public Connection::Client {
public:
    std::vector<std::string> texts;
    int ends = 0;
    std::function<void(Connection&, std::string_view)> also = [](Connection&, std::string_view) {};

    void on_text(Connection& connection, std::string_view text) override {
        texts.emplace_back(text);
        also(connection, text);
    }
    void on_end(Connection&) override { ++ends; }
};

class WebSocket : public testing::Test {
protected:
    void open(std::string received = "", int buffer_bytes = 0) {
        peer.emplace(buffer_bytes);
        thread.call([&] {
            auto made = std::make_shared<Connection>(peer->accept(thread.loop()), owner);
            connection = made;
            made->start(std::move(received));
        });
    }

    bool send(std::string_view bytes) {
        return thread.call([&] {
            const auto alive = connection.lock();
            return alive && alive->send({&bytes, 1});
        });
    }
    void close(Close code, std::string_view reason) {
        thread.call([&] { connection.lock()->close(code, reason); });
    }
    void sweep(std::chrono::nanoseconds at) {
        thread.call([&] {
            if (const auto alive = connection.lock()) alive->sweep(at);
        });
    }
    std::vector<std::string> texts() {
        return thread.call([&] { return owner.texts; });
    }
    int ends() {
        return thread.call([&] { return owner.ends; });
    }
    bool ended() {
        return thread.until([&] { return owner.ends > 0; });
    }

    void TearDown() override {
        peer->close();
        EXPECT_TRUE(ended());
        EXPECT_TRUE(thread.until([&] { return connection.expired(); })) << "something still holds it";
        EXPECT_EQ(ends(), 1);
    }

    Owner owner;
    LoopThread thread;
    std::optional<Peer> peer;
    std::weak_ptr<Connection> connection;
};

}  // namespace makechat::ws
