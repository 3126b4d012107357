#pragma once

#include "http/message.hpp"
#include "site/files.hpp"

#include <functional>
#include <memory>
#include <string_view>
#include <variant>

namespace makechat::site {

/// The web client's pages and files, in front of the API: what is neither is passed on to it. All pages are one document,
/// which looks at its own address; a browser that asks for an address of nobody's gets it too, with 404. Threads: its
/// loop's; `files` may be shared by all.
class Site final : public http::Handler {
public:
    /// `counted` is told the status of each answer that is the site's own. All of them outlive it.
    Site(const Files& files, http::Handler& api, std::function<void(int status)> counted)
        : files_(files), api_(api), counted_(std::move(counted)) {}

    std::variant<http::Reply, std::unique_ptr<http::Exchange>> admit(const http::Head& head) override;
    http::Reply refuse(int status, std::string_view why) override { return api_.refuse(status, why); }

private:
    http::Reply document(const http::Head& head, int status) const;
    http::Reply answer(const http::Head& head, const File& file, int status) const;
    http::Reply counted(http::Reply reply) const;

    const Files& files_;
    http::Handler& api_;
    std::function<void(int)> counted_;
};

/// Whether the web client has a page at this address.
bool is_page(std::string_view path);

}  // namespace makechat::site
