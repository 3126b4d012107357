#include "cli/parse.hpp"

#include "base/utf8.hpp"
#include "cli/help.hpp"

#include <boost/program_options.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

namespace makechat::cli {
namespace {

namespace po = boost::program_options;

/// The options of one command line by their names: u, admin, data, TOKEN.
class Given {
public:
    void put(const std::string& name, std::string value) { values_.emplace(name, std::move(value)); }
    [[nodiscard]] bool has(const std::string& name) const { return values_.contains(name); }
    std::string take(const std::string& name) { return std::move(values_.at(name)); }
    std::optional<std::string> take_if(const std::string& name) {
        return has(name) ? std::optional(take(name)) : std::nullopt;
    }

private:
    std::map<std::string, std::string> values_;
};

struct Option {
    enum class Kind { required, optional, toggle, word };  // word: stands alone, without a dash
    std::string_view name;
    Kind kind = Kind::required;

    [[nodiscard]] bool needed() const { return kind == Kind::required || kind == Kind::word; }
    [[nodiscard]] std::string shown() const {
        if (kind == Kind::word) return std::string(name);
        const bool is_of_the_manual = name == "admin";
        return fmt::format("{}{}", name.size() == 1 || is_of_the_manual ? "-" : "--", name);
    }
};

struct Row {
    std::string_view command;
    std::vector<Option> options;
    Action (*make)(Given& given);
    bool takes_all_settings = false;

    /// An option of that name as people write it; program_options says "--u".
    [[nodiscard]] std::string shown(const std::string& option) const {
        const auto known = std::ranges::find(options, option, &Option::name);
        return known == options.end() ? "--" + option : known->shown();
    }
};

const std::vector<Row>& rows() {
    using enum Option::Kind;
    static const std::vector<Row> all = {
        {"user create",
         {{"u"}, {"p"}, {"e"}, {"admin", toggle}},
         [](Given& given) -> Action {
             return UserCreate{given.take("u"), given.take("p"), given.take("e"), given.has("admin")};
         }},
        {"user changepass",
         {{"u"}, {"p"}},
         [](Given& given) -> Action { return UserChangepass{given.take("u"), given.take("p")}; }},
        {"user list", {}, [](Given&) -> Action { return UserList{}; }},
        {"user disable", {{"u"}}, [](Given& given) -> Action { return UserDisable{given.take("u")}; }},
        {"user enable", {{"u"}}, [](Given& given) -> Action { return UserEnable{given.take("u")}; }},
        {"token create",
         {{"u"}, {"n", optional}},
         [](Given& given) -> Action {
             return TokenCreate{given.take("u"), given.take_if("n").value_or("command line")};
         }},
        {"token list", {{"u", optional}}, [](Given& given) -> Action { return TokenList{given.take_if("u")}; }},
        {"token revoke",
         {{"u", optional}, {"TOKEN", word}},
         [](Given& given) -> Action { return TokenRevoke{given.take("TOKEN"), given.take_if("u")}; }},
        {"room list", {}, [](Given&) -> Action { return RoomList{}; }},
        {"serve", {}, [](Given&) -> Action { return Serve{}; }, true},
        {"bench",
         {{"json", toggle},
          {"growth", toggle},
          {"only", optional},
          {"url", optional},
          {"token", optional},
          {"folder", optional}},
         [](Given& given) -> Action {
             const auto text = [&](const char* name) { return given.take_if(name).value_or(""); };
             return Bench{given.has("json"), given.has("growth"), text("only"),
                          text("url"),       text("token"),       text("folder")};
         }},
        {"check-config", {}, [](Given&) -> Action { return CheckConfig{}; }, true},
        {"version", {}, [](Given&) -> Action { return Version{}; }},
    };
    return all;
}

Outcome misuse(std::string_view command, const std::string& text) {
    return {usage_error, {}, fmt::format("{}ERROR: {}\n", usage_of(command), text)};
}

bool asks_for_help(const std::string& word) { return word == "-h" || word == "--help"; }

std::vector<SettingFlag> settings_of(const Row& row, std::span<const SettingFlag> settings) {
    std::vector<SettingFlag> taken;
    std::ranges::copy_if(settings, std::back_inserter(taken), [&row](const SettingFlag& setting) {
        return row.takes_all_settings || setting.flag == "--data" || setting.flag == "--config";
    });
    return taken;
}

po::options_description describe(const Row& row, const std::vector<SettingFlag>& settings) {
    po::options_description all;
    all.add_options()("help,h", "");
    for (const auto& option : row.options) {
        // The letter as a long name too: so `-u=anna` means what it meant to argparse.
        auto name = fmt::format("{},{}", option.name, option.name.front());
        if (option.kind == Option::Kind::word) name = option.name;
        if (option.kind == Option::Kind::toggle) {
            all.add_options()(name.c_str(), "");
        } else {
            all.add_options()(name.c_str(), po::value<std::string>(), "");
        }
    }
    for (const auto& setting : settings)
        all.add_options()(std::string(setting.flag.substr(2)).c_str(), po::value<std::string>(), "");
    return all;
}

/// "-admin" is a long option with one dash; nothing may be abbreviated.
constexpr auto style = (po::command_line_style::unix_style & ~po::command_line_style::allow_guessing) |
                       po::command_line_style::allow_long_disguise;

/// The first letter of the option that begins with `byte`, "…" for the rest. program_options takes bytes for letters.
std::string first_letter(const std::vector<std::string>& words, char byte) {
    const auto word =
        std::ranges::find_if(words, [byte](const auto& w) { return w.starts_with(std::string{'-', byte}); });
    if (word == words.end()) return "…";
    const auto name = std::string_view(*word).substr(1, word->find('=') - 1);
    std::size_t size = 1;
    while (size < name.size() && !is_valid_utf8(name.substr(0, size))) ++size;
    return fmt::format("{}{}", name.substr(0, size), size < name.size() ? "…" : "");
}

/// What is wrong, without the value that may be a password: program_options shows whole words.
std::string text_of(const po::error& error, const Row& row, const std::vector<std::string>& words) {
    if (dynamic_cast<const po::too_many_positional_options_error*>(&error)) return "there is a word too many";
    const auto* about = dynamic_cast<const po::error_with_option_name*>(&error);
    if (!about) return error.what();
    auto name = about->get_option_name();
    name.erase(0, name.find_first_not_of('-'));
    name.erase(std::min(name.find('='), name.size()));
    if (dynamic_cast<const po::unknown_option*>(&error)) {
        const bool one_dash = !about->get_option_name().starts_with("--");
        if (one_dash && !name.empty()) return "there is no option -" + first_letter(words, name.front());  // -Phunter2
        return "there is no option --" + name;
    }
    const auto shown = row.shown(name);
    if (dynamic_cast<const po::multiple_occurrences*>(&error)) return shown + " is given twice";
    const auto* syntax = dynamic_cast<const po::invalid_syntax*>(&error);
    if (syntax && syntax->kind() == po::invalid_syntax::extra_parameter) return shown + " takes no value";
    return shown + " wants a value";
}

/// `-p -admin` is a password that was forgotten, not one that is "-admin"; `-p=-admin` is one.
bool looks_forgotten(const po::option& option, const po::options_description& all) {
    if (option.original_tokens.size() != 2) return false;
    const auto& value = option.original_tokens[1];
    if (!value.starts_with('-')) return false;
    const auto name = value.substr(value.find_first_not_of('-') == 2 ? 2 : 1);
    return !name.empty() && all.find_nothrow(name, false) != nullptr;
}

std::expected<Given, std::string> read_options(const Row& row, const std::vector<SettingFlag>& settings,
                                               const std::vector<std::string>& words) {
    const auto all = describe(row, settings);
    po::positional_options_description alone;
    for (const auto& option : row.options)
        if (option.kind == Option::Kind::word) alone.add(std::string(option.name).c_str(), 1);
    try {
        const auto parsed = po::command_line_parser(words).options(all).positional(alone).style(style).run();
        po::variables_map checked;
        po::store(parsed, checked);
        Given given;
        for (const auto& option : parsed.options) {
            if (looks_forgotten(option, all)) return std::unexpected(row.shown(option.string_key) + " wants a value");
            given.put(option.string_key, option.value.empty() ? std::string{} : option.value.front());
        }
        return given;
    } catch (const po::error& error) {
        return std::unexpected(text_of(error, row, words));
    }
}

std::expected<Command, Outcome> parse_row(const Row& row, std::span<const std::string> words,
                                          std::span<const SettingFlag> all_settings) {
    const auto settings = settings_of(row, all_settings);
    auto given = read_options(row, settings, {words.begin(), words.end()});
    if (!given) return std::unexpected(misuse(row.command, given.error()));
    if (given->has("help")) return std::unexpected(Outcome{0, help_of(row.command, all_settings), {}});
    std::vector<std::string> missing;
    for (const auto& option : row.options)
        if (option.needed() && !given->has(std::string(option.name))) missing.push_back(option.shown());
    if (!missing.empty())
        return std::unexpected(
            misuse(row.command, fmt::format("the following arguments are required: {}", fmt::join(missing, ", "))));
    Command command;
    for (const auto& [flag, metavar, help] : settings)
        if (auto value = given->take_if(std::string(flag.substr(2))))
            command.settings.push_back({std::string(flag), std::move(*value)});
    command.action = row.make(*given);
    return command;
}

/// "create, changepass, list": the second words of the commands that begin with `group`.
std::vector<std::string_view> actions_of(std::string_view group) {
    std::vector<std::string_view> actions;
    for (const auto& row : rows()) {
        const auto space = row.command.find(' ');
        if (space != std::string_view::npos && row.command.substr(0, space) == group)
            actions.push_back(row.command.substr(space + 1));
    }
    return actions;
}

/// For the words that no row has.
Outcome no_command(std::span<const std::string> words) {
    if (words.empty()) return misuse("", "which command? `makechat -h` lists them");
    const auto& first = words.front();
    if (first.starts_with('-')) return misuse("", "the command comes first: makechat COMMAND [options]");
    const auto actions = actions_of(first);
    if (actions.empty()) return misuse("", fmt::format("there is no command '{}'; `makechat -h` lists them", first));
    const auto choice = fmt::format("choose from {}", fmt::join(actions, ", "));
    if (words.size() == 1 || words[1].starts_with('-')) return misuse(first, choice);
    return misuse(first, fmt::format("there is no '{} {}': {}", first, words[1], choice));
}

const Row* find_row(std::span<const std::string> words, std::size_t count) {
    if (words.size() < count) return nullptr;
    const auto command = fmt::format("{}", fmt::join(words.first(count), " "));
    const auto found = std::ranges::find(rows(), command, &Row::command);
    return found == rows().end() ? nullptr : &*found;
}

}  // namespace

std::expected<Command, Outcome> parse(std::span<const std::string> words, std::span<const SettingFlag> settings) {
    if (!std::ranges::all_of(words, [](const std::string& word) { return is_valid_utf8(word); }))
        return std::unexpected(failure(usage_error, "an argument is not valid UTF-8"));
    for (const std::size_t count : {1U, 2U})
        if (const auto* row = find_row(words, count)) return parse_row(*row, words.subspan(count), settings);
    if (!words.empty() && words[0] == "--version") return Command{Version{}, {}};
    if (!words.empty() && asks_for_help(words[0])) return std::unexpected(Outcome{0, help_of("", settings), {}});
    if (words.size() > 1 && asks_for_help(words[1]) && !actions_of(words[0]).empty())
        return std::unexpected(Outcome{0, help_of(words[0], settings), {}});
    return std::unexpected(no_command(words));
}

}  // namespace makechat::cli
