// What comes over the control socket: any line is a command or a refusal, a command says itself again in words, and what it
// does on a chat comes out as text without the password that was given.
#include "api/fields.hpp"
#include "app/settings_flags.hpp"
#include "base/utf8.hpp"
#include "cli/execute.hpp"
#include "cli/parse.hpp"
#include "require.hpp"
#include "support/chat_fixture.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace {

using namespace makechat;

/// A secret that is nowhere else in the words, so that to see it again is to see it told.
constexpr std::string_view secret = "hunter2!";

void check_outcome(const cli::Outcome& outcome) {
    require(is_valid_utf8(outcome.out) && is_valid_utf8(outcome.err));
    require(outcome.status >= 0 && outcome.status <= cli::usage_error);
    require((outcome.status == 0) == outcome.err.empty());
}

bool is_for_app(const cli::Command& command) {
    return std::holds_alternative<cli::Serve>(command.action) || std::holds_alternative<cli::Bench>(command.action) ||
           std::holds_alternative<cli::CheckConfig>(command.action) ||
           std::holds_alternative<cli::Version>(command.action);
}

void check_command(cli::Command command) {
    if (is_for_app(command)) return;
    const auto again = cli::parse(cli::to_words(command), app::settings_flags());
    require(again && again->action == command.action);
    chat::TestChat t;
    t.make_room(t.make_admin("root"), "general");
    check_outcome(run(cli::execute(t.chat, std::move(command))));
}

/// A password as the value of -p, in both ways of writing it, among whatever else there is.
void check_secrecy(std::vector<std::string> words) {
    if (std::ranges::any_of(words, [](const auto& word) { return word.contains("hunter2"); })) return;
    const auto told = [](const std::vector<std::string>& with) {
        const auto command = cli::parse(with, app::settings_flags());
        return !command && (command.error().err.contains(secret) || command.error().out.contains(secret));
    };
    auto glued = words;
    glued.insert(glued.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(2, glued.size())),
                 "-p=" + std::string(secret));
    if (glued.size() > 2) require(!told(glued));
    if (words.size() < 2) return;
    words.insert(words.begin() + 2, {"-p", std::string(secret)});
    require(!told(words));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string line(reinterpret_cast<const char*>(data), size);
    const auto fields = api::Fields::parse(line);
    if (!fields) return 0;
    const auto words = fields->references("words");
    if (!words) return 0;
    auto command = cli::parse(*words, app::settings_flags());
    if (command) check_command(std::move(*command));
    else check_outcome(command.error());
    check_secrecy(*words);
    return 0;
}
