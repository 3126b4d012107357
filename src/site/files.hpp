#pragma once

#include "base/result.hpp"

#include <deque>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

namespace makechat::site {

/// A file of the web client as it is sent: three forms of the same bytes. A form that would save nothing is empty.
struct File {
    std::string_view path;  ///< "/assets/main-d3b07384.js"
    std::string_view type;  ///< its Content-Type
    std::string_view etag;  ///< with its quotes
    std::string_view plain;
    std::string_view gzip;
    std::string_view brotli;
    bool is_immutable = false;  ///< the name holds a hash of the content
};

/// What the program carries, built from web/ by script/build.
std::span<const File> embedded();

/// The files that are served, by their path. Threads: any, once loaded.
class Files {
public:
    /// `custom`: a folder (the setting custom_dir) whose files are added, each in place of the embedded one of the same
    /// path; empty: none. It is read once, at the start. Errors, with the file's name: what cannot be read; more than
    /// limits::custom_files_max files or limits::custom_bytes_max bytes.
    static Result<Files> load(std::span<const File> embedded, const std::filesystem::path& custom);

    /// Null: there is none.
    [[nodiscard]] const File* find(std::string_view path) const;

private:
    Result<bool> add_custom(const std::filesystem::path& folder);
    Result<bool> add_custom_file(const std::filesystem::path& file, std::string path);

    std::unordered_map<std::string_view, File> files_;
    std::deque<std::string> kept_;  ///< what the custom ones' views point into
    std::size_t custom_bytes_ = 0;
};

}  // namespace makechat::site
