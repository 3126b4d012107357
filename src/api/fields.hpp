#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The JSON object of a request, read field by field with errors that name the parameter and the rule.
namespace makechat::api {

class Fields {
public:
    /// An empty body counts as {}. Errors: malformed_json with line and column; bad_parameter for what is not an object,
    /// too deep (limits::json_depth_max), or names a key twice.
    static Result<Fields> parse(std::string_view body);

    Fields(Fields&&) noexcept;
    Fields& operator=(Fields&&) noexcept;
    ~Fields();

    // Errors of all: bad_parameter (another type). Required ones: missing. A reference that is null is absent, for answers
    // show `"reply_to": null`.
    [[nodiscard]] Result<std::string> text(std::string_view key) const;
    [[nodiscard]] Result<std::optional<std::string>> optional_text(std::string_view key) const;
    [[nodiscard]] Result<std::int64_t> integer(std::string_view key) const;
    [[nodiscard]] Result<std::optional<bool>> optional_boolean(std::string_view key) const;
    /// An id as {"$oid": "…"} or a plain string: as plain text, whatever stands in it.
    [[nodiscard]] Result<std::string> reference(std::string_view key) const;
    [[nodiscard]] Result<std::optional<std::string>> optional_reference(std::string_view key) const;
    [[nodiscard]] Result<std::vector<std::string>> references(std::string_view key) const;
    /// A JSON object, as compact text.
    [[nodiscard]] Result<std::optional<std::string>> optional_object(std::string_view key) const;

    [[nodiscard]] bool has(std::string_view key) const;

    /// Gives its memory back, ten times the body's, before a wait; nothing more may be asked of it.
    void drop();

private:
    struct Document;
    explicit Fields(std::unique_ptr<Document> document);
    std::unique_ptr<Document> document_;
};

Error missing(std::string_view key);
/// "The 'key' parameter <rule>."
Error bad(std::string_view key, std::string_view rule);

}  // namespace makechat::api
