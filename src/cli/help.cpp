#include "cli/help.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace makechat::cli {
namespace {

struct Help {
    std::string_view command;
    std::string_view text;
    bool lists_settings = false;
};

// The texts of user, user create and user changepass are the manual's, as Python 3.5's argparse lays them out on 80
// columns; scripts and people know them. The others look like them.
constexpr Help helps[] = {
    {"", R"(usage: makechat COMMAND [options]

A chat server that you fully control.

the server:
  serve                run it
  check-config         show the settings in force, and where each comes from
  bench                measure it, beside what this machine can do
  version              show the version

people, programs and rooms (while the server runs, and while it does not):
  user create          create a new user, or an admin
  user changepass      change user password
  user list            list all users
  user disable         lock a user out
  user enable          let him in again
  token create         make a token, for a program to come in by
  token list           list the tokens
  token revoke         end a token
  room list            list the rooms

`makechat COMMAND -h` tells more about each.

the first five minutes:
  makechat serve --data ~/chat --listen 127.0.0.1:8000
  makechat user create -u admin -p - -e admin@example.com -admin --data ~/chat
  makechat token create -u admin --data ~/chat

Settings are read from ~/makechat.conf or the file that --config names, from
variables of the environment (MAKECHAT_DATA_DIR=/srv/chat), and from flags.
Flags win over the environment, and the environment over the file.
)"},
    {"user", R"(usage: makechat user [-h] {create,changepass} ...

positional arguments:
  {create,changepass}
    create             create a new user
    changepass         change user password

optional arguments:
  -h, --help           show this help message and exit

other commands:
    list               list all users
    disable            lock a user out
    enable             let a user in again
)"},
    {"user create", R"(usage: makechat user create [-h] -u USERNAME -p PASSWORD -e EMAIL [-admin]

optional arguments:
  -h, --help   show this help message and exit
  -u USERNAME  specify username
  -p PASSWORD  specify password
  -e EMAIL     specify email address
  -admin       is superuser?
)"},
    {"user changepass", R"(usage: makechat user changepass [-h] -u USERNAME -p NEW PASSWORD

optional arguments:
  -h, --help       show this help message and exit
  -u USERNAME      specify username
  -p NEW PASSWORD  specify new password
)"},
    {"user list", R"(usage: makechat user list [-h]

Lists all users, by name.

optional arguments:
  -h, --help   show this help message and exit
)"},
    {"user disable", R"(usage: makechat user disable [-h] -u USERNAME

Locks a user out: his sessions, tokens and live connections end at once.
The last enabled admin cannot be locked out.

optional arguments:
  -h, --help   show this help message and exit
  -u USERNAME  specify username
)"},
    {"user enable", R"(usage: makechat user enable [-h] -u USERNAME

Lets a user in again, by his password. His old tokens stay ended.

optional arguments:
  -h, --help   show this help message and exit
  -u USERNAME  specify username
)"},
    {"token", R"(usage: makechat token [-h] {create,list,revoke} ...

positional arguments:
  {create,list,revoke}
    create              make a token, for a program to come in by
    list                list the tokens
    revoke              end a token

optional arguments:
  -h, --help            show this help message and exit
)"},
    {"token create", R"(usage: makechat token create [-h] -u USERNAME [-n NAME]

Makes a token, with which a program may do what the user may, and prints it.
It is not shown again.

optional arguments:
  -h, --help   show this help message and exit
  -u USERNAME  specify username
  -n NAME      what it is for, to tell tokens apart (command line)
)"},
    {"token list", R"(usage: makechat token list [-h] [-u USERNAME]

Lists the tokens: their ids, owners and first four characters, never the tokens
themselves.

optional arguments:
  -h, --help   show this help message and exit
  -u USERNAME  only those of this user
)"},
    {"token revoke", R"(usage: makechat token revoke [-h] [-u USERNAME] TOKEN

Ends a token, and the live connections that use it.

positional arguments:
  TOKEN        its id, as `makechat token list` shows it; with -u also its name,
               or its first four characters

optional arguments:
  -h, --help   show this help message and exit
  -u USERNAME  whose token it is
)"},
    {"room", R"(usage: makechat room [-h] {list} ...

positional arguments:
  {list}
    list       list the rooms

optional arguments:
  -h, --help   show this help message and exit
)"},
    {"room list", R"(usage: makechat room list [-h]

Lists the rooms, by name; direct rooms are nobody's business.

optional arguments:
  -h, --help   show this help message and exit
)"},
    {"serve", R"(usage: makechat serve [-h] [--config FILE] [--SETTING VALUE ...]

Runs the server, until it is told to stop (Ctrl-C, SIGTERM).

optional arguments:
  -h, --help            show this help message and exit
)",
     true},
    {"check-config", R"(usage: makechat check-config [-h] [--config FILE] [--SETTING VALUE ...]

Shows the settings that `makechat serve` would run with, and where each comes
from. Fails if there is a mistake in them.

optional arguments:
  -h, --help            show this help message and exit
)",
     true},
    {"bench", R"(usage: makechat bench [-h] [--json] [--growth] [--only NAME] [--folder FOLDER]
                      [--url URL --token TOKEN]

Measures the server beside what this machine can do at best: fan-out, bursts,
one stalled subscriber, durable POST, cached GET, memory of idle connections,
cold start and a storm of 10,000 who come back. It starts a server of its own
with a chat of 10,000 people, in a folder that is removed at the end, and takes
under three minutes. Figures, not a test: it fails only when it cannot measure,
and shows then what it could.

optional arguments:
  -h, --help            show this help message and exit
  --json                for programs: a list of objects in place of the table
  --growth              how send, page, resume and login take it when a room
                        grows to 10 million messages, the server to 100,000
                        users and 10,000 connections; a run of its own of ten
                        minutes and 6 GB, without --only and --url
  --only NAME           only the figures with this in their name: fan-out,
                        bursts, stalled, post, get, memory, start, storm
  --folder FOLDER       where its data go meanwhile, for the disk counts (/tmp)
  --url URL             measure a server that runs; its rate limits must be off.
                        Without memory, start and storm, which stop and weigh it
  --token TOKEN         of an admin there; - reads it from stdin
)"},
    {"version", R"(usage: makechat version [-h]

Shows the version.

optional arguments:
  -h, --help   show this help message and exit
)"},
};

const Help& find(std::string_view command) {
    const auto* found = std::ranges::find(helps, command, &Help::command);
    return found == std::end(helps) ? helps[0] : *found;
}

}  // namespace

std::string help_of(std::string_view command, std::span<const SettingFlag> settings) {
    const auto& help = find(command);
    std::string text(help.text);
    if (!help.lists_settings) return text;
    text += "\nsettings:\n";
    for (const auto& [flag, metavar, line] : settings) {
        const auto name = fmt::format("{} {}", flag, metavar);
        constexpr std::size_t name_chars_max = 20;  // beside its help; a longer one stands above it, as in argparse
        text += name.size() <= name_chars_max ? fmt::format("  {:22}{}\n", name, line)
                                              : fmt::format("  {}\n{:24}{}\n", name, "", line);
    }
    return text;
}

std::string usage_of(std::string_view command) {
    const auto text = find(command).text;
    return std::string(text.substr(0, text.find('\n') + 1));
}

}  // namespace makechat::cli
