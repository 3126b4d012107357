#include "app/small_file.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <system_error>

namespace makechat::app {

std::expected<std::string, std::string> read_small_file(const std::filesystem::path& path) {
    constexpr std::size_t bytes_max = 1024 * 1024;
    const auto why = [] { return std::unexpected(std::generic_category().message(errno)); };
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen(path.c_str(), "rbe"), std::fclose);
    if (!file) return why();
    std::string bytes;
    std::array<char, 4096> piece{};
    while (const auto size = std::fread(piece.data(), 1, piece.size(), file.get())) {
        bytes.append(piece.data(), size);
        if (bytes.size() > bytes_max) return std::unexpected("is larger than 1 MiB");
    }
    if (std::ferror(file.get())) return why();
    return bytes;
}

}  // namespace makechat::app
