// The settings file: any bytes give a configuration or errors that name a line, and neither a crash nor a secret.
#include "app/config.hpp"

#include "app/ini.hpp"
#include "base/utf8.hpp"
#include "require.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace {

void check_reader(std::string_view bytes) {
    const auto file = makechat::app::read_ini(bytes, "DEFAULT");
    int line = 0;
    for (const auto& setting : file.settings) {
        require(setting.line > line && !setting.key.empty());
        require(makechat::is_valid_utf8(setting.key) && makechat::is_valid_utf8(setting.value));
        line = setting.line;
    }
}

void check_config(std::string_view bytes) {
    static const int file = memfd_create("makechat.conf", MFD_CLOEXEC);
    static const std::string path = "/proc/self/fd/" + std::to_string(file);
    require(ftruncate(file, 0) == 0);
    require(pwrite(file, bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
    const makechat::cli::FlagValue flags[] = {{"--config", path}};
    const auto config = makechat::app::load(flags, {{}, "/home/anna", false});
    if (!config) {
        require(!config.error().errors.empty());
        for (const auto& error : config.error().errors) {
            require(error.starts_with(path) && makechat::is_valid_utf8(error) && !error.contains('\n'));
        }
        return;
    }
    require(makechat::is_valid_utf8(config->to_json()));
    require(config->value("secret_key").shown == (config->secret_key.empty() ? "" : "********"));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    check_reader(bytes);
    check_config(bytes);
    return 0;
}
