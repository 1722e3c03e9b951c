#include "scef-adapter/ctl/quota_commands.h"

#include <ostream>

#include "scef-adapter/ctl/next_page.h"
#include "scef-adapter/ctl/table.h"

namespace scef::ctl {
namespace {

constexpr const char* kept_since = "Usage-Kept-Since";

std::string path_of_usage(const UsageOptions& options) {
    std::string path = "/api/v1/quotas/" + path_segment(options.scope) + "/usage";
    const auto add = [&path](const char* name, const std::string& value) {
        if (value.empty()) return;
        path += path.find('?') == std::string::npos ? '?' : '&';
        path += std::string(name) + '=' + path_segment(value);
    };
    add("from", options.from);
    add("to", options.to);
    add("summary", options.summary ? "true" : "");
    return path;
}

/// Without the first line.
std::string_view rows_of(std::string_view csv) {
    const std::size_t end = csv.find("\r\n");
    return end == std::string_view::npos ? std::string_view() : csv.substr(end + 2);
}

}  // namespace

int quota_usage(const Session& session, const UsageOptions& options) {
    if (session.json) return session.complain("usage is written as CSV: leave out --json");
    auto client = ApiClient::open(session.address);
    if (!client) return session.complain(client.error().message);
    bool is_first = true;
    for (std::string path = path_of_usage(options); !path.empty();) {
        const auto page = (*client)->get_text(path);
        if (!page) return session.complain(page.error().message);
        if (is_first && !page->header(kept_since).empty()) {
            session.err << "scef-adapterctl: what was charged before "
                        << printable(page->header(kept_since))
                        << " is forgotten (store.retention)\n";
        }
        session.out << (is_first ? std::string_view(page->text) : rows_of(page->text))
                    << std::flush;
        is_first = false;
        path = next_page(page->header("Link"));
    }
    return session.out.good() ? 0 : session.complain("the output cannot be written");
}

}  // namespace scef::ctl
