#pragma once

#include "base/log.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <thread>

namespace makechat {

/// What the program logs, at info and above, while the object lives. One at a time.
class LogLines {
public:
    LogLines() : descriptor_(memfd_create("log", MFD_CLOEXEC)) {
        log::start(log::Form::text, log::Level::info, descriptor_);
    }
    LogLines(const LogLines&) = delete;
    LogLines& operator=(const LogLines&) = delete;
    ~LogLines() {
        log::stop();
        close(descriptor_);
    }

    /// All so far.
    [[nodiscard]] std::string text() {
        const auto end = "as far as here, " + std::to_string(++asked_);
        log::info(end);
        for (;;) {
            auto all = written();
            if (const auto found = all.find(end); found != std::string::npos) return all.substr(0, found);
            std::this_thread::yield();
        }
    }

    [[nodiscard]] std::size_t count(std::string_view words) {
        const auto all = text();
        std::size_t found = 0;
        for (auto at = all.find(words); at != std::string::npos; at = all.find(words, at + 1)) ++found;
        return found;
    }

private:
    [[nodiscard]] std::string written() const {
        std::string all;
        std::array<char, 4096> piece{};
        for (off_t at = 0;;) {
            const auto size = pread(descriptor_, piece.data(), piece.size(), at);
            if (size <= 0) return all;
            all.append(piece.data(), static_cast<std::size_t>(size));
            at += size;
        }
    }

    const int descriptor_;
    int asked_ = 0;
};

}  // namespace makechat
