#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "scef-adapter/admin/access_tokens.h"
#include "scef-adapter/admin/api_call.h"

namespace scef::adapter {

/// One row of the table of what the API offers; what is not in it does not exist.
struct Route {
    std::string_view method;
    /// `/api/v1/devices/{externalId}:pause`: segments are literal or a variable, which a verb may
    /// follow. A variable's value has no colon, unless it is written `{+scope}`.
    std::string_view pattern;
    Role role = Role::admin;
    bool takes_body = false;
    std::vector<std::string_view> query;  ///< names of query parameters that it knows
    std::function<void(ApiCallPtr)> handler;
    bool may_lack_body = false;     ///< it takes a body, or none, which is as an empty object
    bool takes_large_body = false;  ///< up to `large_body_octets`
};

/// 1000 messages of 1358 octets, which is what one operator takes, have 2 MiB as JSON; 50,000 names
/// of members have as much.
inline constexpr std::size_t large_body_octets = std::size_t{4} * 1024 * 1024;

/// Finds the route of a request among all rows. Immutable.
class Router {
public:
    explicit Router(std::vector<Route> routes);

    struct Match {
        const Route* route = nullptr;
        std::map<std::string, std::string, std::less<>> path;
        std::string allowed;  ///< no route, but the path has these methods (RFC 9110 10.2.1)
    };
    Match find(std::string_view method, const std::vector<std::string>& segments) const;

    const std::vector<Route>& routes() const { return routes_; }

private:
    std::vector<Route> routes_;
    std::vector<std::vector<std::string>> patterns_;  ///< segments, by route
};

}  // namespace scef::adapter
