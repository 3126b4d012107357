#pragma once

#include "base/log.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

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
    [[nodiscard]] std::string text() const {
        log::stop();
        std::string all;
        std::array<char, 4096> piece{};
        for (off_t at = 0;;) {
            const auto size = pread(descriptor_, piece.data(), piece.size(), at);
            if (size <= 0) break;
            all.append(piece.data(), static_cast<std::size_t>(size));
            at += size;
        }
        log::start(log::Form::text, log::Level::info, descriptor_);
        return all;
    }

    [[nodiscard]] std::size_t count(std::string_view words) const {
        const auto all = text();
        std::size_t found = 0;
        for (auto at = all.find(words); at != std::string::npos; at = all.find(words, at + 1)) ++found;
        return found;
    }

private:
    const int descriptor_;
};

}  // namespace makechat
