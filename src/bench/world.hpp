#pragma once

#include "base/result.hpp"
#include "chat/ids.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace makechat::bench {

/// What a data folder is filled with, by the store itself: the same entries that a server would have written.
struct WorldSize {
    std::size_t users = 0;
    std::size_t rooms_of_100 = 0;  ///< "team 0", …: users in turn, a hundred each
    std::size_t room_members = 0;  ///< of the big room: the first so many users
    std::size_t messages = 0;      ///< in the big room
};

/// Who and what there is. Users have a token each and one password together; the first is an admin.
struct World {
    std::vector<std::string> tokens;
    std::vector<chat::UserId> users;
    chat::RoomId room;  ///< the big one
    std::vector<chat::RoomId> teams;
    [[nodiscard]] chat::RoomId team_of(std::size_t user) const { return teams[user / 100 % teams.size()]; }
};

inline constexpr auto world_password = "correct horse battery";
/// "user7".
std::string world_username(std::size_t user);

/// Makes it in `folder`, which holds no store yet. `progress` hears of done parts of 1. Errors: those of the store.
Result<World> make_world(const std::filesystem::path& folder, const WorldSize& size,
                         const std::function<void(double)>& progress);

/// More messages in the big room; nobody has the folder meanwhile.
Result<bool> add_messages(const std::filesystem::path& folder, const World& world, std::size_t count,
                          const std::function<void(double)>& progress);
/// More users with a token each, in no room.
Result<bool> add_users(const std::filesystem::path& folder, World& world, std::size_t count,
                       const std::function<void(double)>& progress);

}  // namespace makechat::bench
