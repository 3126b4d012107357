#pragma once

#include "chat/entry.hpp"
#include "store/sqlite/database.hpp"

#include <array>
#include <cstdint>
#include <string>

/// Rows of `messages` and `entries` as the domain's types, for reads by the writer and the readers alike.
namespace makechat::sqlite {

/// A log as the key of its entries.
using LogKey = std::array<std::uint8_t, 13>;
LogKey key_of(const chat::LogId& log);

/// "SELECT … FROM messages m": a condition on m follows.
std::string select_messages();
chat::Message read_message(const Statement::Rows& rows);

/// "SELECT … FROM entries e …": a condition on e follows; the first parameter is the log's key, the second its room.
std::string select_entries();
chat::Entry read_entry(const Statement::Rows& rows, const chat::LogId& log);

}  // namespace makechat::sqlite
