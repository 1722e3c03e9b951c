#pragma once

#include <functional>
#include <iosfwd>
#include <string>

#include "lwm2m-core/vocabulary/turn.h"
#include "scef-adapter/ctl/api_client.h"

namespace scef::ctl {

/// What every command of one run shares: where the API is, and how the outcome is shown. Commands
/// return the exit status: 0, or 1 with one sentence on `err`.
struct Session {
    ApiAddress address;
    bool json = false;  ///< documents for scripts instead of text for people
    std::ostream& out;
    std::ostream& err;

    int complain(const std::string& sentence) const;
    void print(const nlohmann::json& document) const;

    /// Makes one call and shows its answer: the body with `--json`, else what `people` writes.
    using Call = std::function<Result<ApiAnswer>(ApiClient&)>;
    int run(const Call& call, const std::function<void(const nlohmann::json&)>& people) const;

    /// The pages of a list one after the other, at most `limit` items (0: all); ends early when
    /// `each` says that it has enough.
    using Page = std::function<bool(nlohmann::json items)>;
    Status for_each_page(ApiClient& client, const std::string& path, const std::string& query,
                         std::size_t limit, const Page& each) const;

    /// All items of a list, page by page, at most `limit` (0: all).
    Result<nlohmann::json> fetch_all(ApiClient& client, const std::string& path,
                                     const std::string& query, std::size_t limit) const;
};

/// The system's clock.
WallTime wall_now();

/// A member as text, a list of texts with commas; `-` if it is absent, null or empty.
std::string cell(const nlohmann::json& document, const char* name);

}  // namespace scef::ctl
