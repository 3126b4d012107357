#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace makechat::app {

/// A settings file, read as Python's configparser reads it, for the files of the old makechat are read on:
/// `key = value` or `key: value` in a [section]; keys in lower case; lines that begin with # or ; are comments, while
/// `a ; b` is a value; a line that is indented deeper than its key goes on with its value. Differences: no %-interpolation,
/// and the insides of other sections than the one asked for are not looked at.
struct IniFile {
    struct Setting {
        std::string key;
        std::string value;  ///< lines are joined by \n
        int line = 0;
        bool operator==(const Setting&) const = default;
    };
    struct Remark {
        int line = 0;
        std::string text;
        bool operator==(const Remark&) const = default;
    };

    std::vector<Setting> settings;       ///< each key once
    std::vector<Remark> errors;          ///< what cannot be read; a text never repeats a line, for it may hold a secret
    std::vector<Remark> other_sections;  ///< their names
};

/// Reads any bytes: what is not valid UTF-8 is an error of its line. CRLF and a byte order mark are passed over.
IniFile read_ini(std::string_view bytes, std::string_view section);

}  // namespace makechat::app
