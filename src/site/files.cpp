#include "site/files.hpp"

#include "base/limits.hpp"
#include "base/sha256.hpp"
#include "http/gzip.hpp"
#include "site/content_type.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace makechat::site {
namespace {

Error cannot_read(const std::filesystem::path& path, const std::string& why) {
    return {Code::internal, fmt::format("{} of custom_dir cannot be read: {}.", path.string(), why)};
}

std::string gzip_of(std::string_view bytes) {
    http::Gzip gzip;
    gzip.begin();
    gzip.add(bytes, true);
    auto packed = gzip.take();
    return packed.size() < bytes.size() ? packed : std::string{};
}

}  // namespace

Result<Files> Files::load(std::span<const File> embedded, const std::filesystem::path& custom) {
    Files files;
    for (const auto& file : embedded) files.files_.emplace(file.path, file);
    if (!custom.empty()) {
        if (auto added = files.add_custom(custom); !added) return fail(std::move(added.error()));
    }
    return files;
}

const File* Files::find(std::string_view path) const {
    const auto found = files_.find(path);
    return found == files_.end() ? nullptr : &found->second;
}

Result<bool> Files::add_custom(const std::filesystem::path& folder) {
    std::error_code error;
    auto each = std::filesystem::recursive_directory_iterator(folder, error);
    if (error) return fail(cannot_read(folder, error.message()));
    std::size_t count = 0;
    for (; each != std::filesystem::recursive_directory_iterator(); each.increment(error)) {
        if (error) return fail(cannot_read(folder, error.message()));
        const bool is_hidden = each->path().filename().native().starts_with('.');  // an editor's, or a mount's
        if (each->is_directory(error)) {
            if (is_hidden) each.disable_recursion_pending();
            continue;
        }
        if (is_hidden || !each->is_regular_file(error)) continue;
        if (++count > limits::custom_files_max)
            return fail({Code::bad_parameter, fmt::format("{} holds more than {} files. custom_dir is for the web "
                                                          "client's look alone.",
                                                          folder.string(), limits::custom_files_max)});
        auto path = "/" + each->path().lexically_relative(folder).generic_string();
        if (auto added = add_custom_file(each->path(), std::move(path)); !added) return added;
    }
    return true;
}

Result<bool> Files::add_custom_file(const std::filesystem::path& file, std::string path) {
    std::ifstream in(file, std::ios::binary);
    std::string bytes{std::istreambuf_iterator<char>(in), {}};
    if (in.bad() || !in.is_open()) return fail(cannot_read(file, "it cannot be opened or read to its end"));
    custom_bytes_ += bytes.size();
    if (custom_bytes_ > limits::custom_bytes_max)
        return fail({Code::bad_parameter, fmt::format("The files up to {} are over {} MiB together, too many for "
                                                      "custom_dir: they are kept in memory.",
                                                      file.string(), limits::custom_bytes_max / 1024 / 1024)});
    File added;
    added.type = content_type_of(path);
    added.path = kept_.emplace_back(std::move(path));
    added.etag = kept_.emplace_back('"' + sha256_hex(bytes).substr(0, 32) + '"');
    added.plain = kept_.emplace_back(std::move(bytes));
    if (is_text(added.type)) added.gzip = kept_.emplace_back(gzip_of(added.plain));
    files_.erase(added.path);  // the key is a view of the file itself
    files_.emplace(added.path, added);
    return true;
}

}  // namespace makechat::site
