// WebSocket frames: any bytes are the same messages or the same violation however the network cuts them, in bounded
// memory; and what a client has put into frames, by whatever fragments and masks, comes out again.
#include "base/limits.hpp"
#include "base/utf8.hpp"
#include "require.hpp"
#include "ws/client_frame.hpp"
#include "ws/frame_reader.hpp"
#include "ws/frame_writer.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace makechat;
using namespace makechat::ws;

/// What came out, one line each; a violation is the last.
struct Transcript final : FrameVisitor {
    std::vector<std::string> lines;
    bool ended = false;

    bool on_text(std::string_view text) override {
        require(is_valid_utf8(text) && text.size() <= limits::ws_message_bytes_max);
        return add("text ", text);
    }
    bool on_ping(std::string_view payload) override { return add("ping ", payload); }
    bool on_pong(std::string_view payload) override { return add("pong ", payload); }
    void on_close(std::uint16_t code, std::string_view reason) override {
        require(is_valid_utf8(reason) && reason.size() <= control_bytes_max);
        add("close " + std::to_string(code) + " ", reason);
        ended = true;
    }
    void end(const Violation& violation) {
        add("violation ", std::to_string(static_cast<int>(violation.code)));
        ended = true;
    }
    bool add(std::string line, std::string_view rest) {
        lines.push_back(line.append(rest));
        return true;
    }
};

/// `step`: how much comes at once; each piece is of its own size, so that ASan sees a step too far.
std::vector<std::string> read_in_pieces(std::string_view bytes, std::size_t step) {
    FrameReader reader;
    Transcript seen;
    while (!bytes.empty() && !seen.ended) {
        std::string piece(bytes.substr(0, step));
        bytes.remove_prefix(piece.size());
        if (const auto violation = reader.read(piece, seen)) seen.end(*violation);
    }
    return seen.lines;
}

void check_any_bytes(std::string_view bytes) {
    const auto whole = read_in_pieces(bytes, bytes.size() + 1);
    for (const std::size_t step : {1U, 2U, 5U, 13U, 126U}) require(read_in_pieces(bytes, step) == whole);
}

/// A client that keeps to the protocol but for its UTF-8, and what the server must see of it.
struct Client {
    FuzzedDataProvider& chance;
    std::string bytes;
    Transcript expected;
    std::string message;
    bool in_message = false;

    std::string payload(std::size_t max) {
        auto text = chance.ConsumeRandomLengthString(max);
        // Lengths that are written in two and in eight bytes.
        if (chance.ConsumeProbability<float>() < 0.1F && !text.empty())
            text.resize(std::min(max, text.size() * chance.ConsumeIntegralInRange<std::size_t>(2, 700)), text[0]);
        return text;
    }
    void send(Opcode opcode, std::string_view payload, bool final = true) {
        ClientFrame frame{opcode, payload, final};
        for (auto& part : frame.mask) part = chance.ConsumeIntegral<std::uint8_t>();
        bytes += encode(frame);
    }
    void send_fragment() {
        const auto part = payload(limits::ws_message_bytes_max - message.size());
        const bool last = chance.ConsumeBool();
        send(in_message ? Opcode::continuation : Opcode::text, part, last);
        message += part;
        in_message = !last;
        if (!last) return;
        if (is_valid_utf8(message)) expected.on_text(message);
        else expected.end({Close::not_utf8, {}});
        message.clear();
    }
    void send_close() {
        const auto code = chance.PickValueInArray<std::uint16_t>({1000, 1001, 1003, 1007, 1011, 3000, 4999});
        auto reason = payload(control_bytes_max - 2);
        send(Opcode::close, std::string{static_cast<char>(code >> 8U), static_cast<char>(code & 0xFFU)} + reason);
        if (is_valid_utf8(reason)) expected.on_close(code, reason);
        else expected.end({Close::not_utf8, {}});
    }
    void send_something() {
        const auto kind = chance.ConsumeIntegralInRange(0, 9);
        if (kind > 2) return send_fragment();
        if (kind == 0) return send_close();
        const auto text = payload(control_bytes_max);
        send(kind == 1 ? Opcode::ping : Opcode::pong, text);
        if (kind == 1) expected.on_ping(text);
        else expected.on_pong(text);
    }
};

void check_client(FuzzedDataProvider chance) {
    const auto step = chance.ConsumeIntegralInRange<std::size_t>(1, 4096);
    Client client{chance, {}, {}, {}, false};
    while (chance.remaining_bytes() > 0 && !client.expected.ended) client.send_something();
    require(read_in_pieces(client.bytes, step) == client.expected.lines);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    check_any_bytes({reinterpret_cast<const char*>(data), size});
    check_client({data, size});
    return 0;
}
