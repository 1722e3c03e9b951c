#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/result.h"

namespace scef::ctl {

/// Where the adapter's API is and what opens it.
struct ApiAddress {
    std::string url = "http://127.0.0.1:9080";
    std::string token;  ///< empty: none
};

struct ApiAnswer {
    int status = 0;
    nlohmann::json body;  ///< null if there was none
    bool is_success() const { return status >= 200 && status < 300; }
};

/// A successful answer that is text.
struct TextAnswer {
    std::string text;
    std::map<std::string, std::string, std::less<>> headers;  ///< names in lower case

    /// Whatever the case of `name`; empty if it is not there.
    std::string header(std::string_view name) const;
};

/// One connection to the admin API, kept open between calls. Blocks; used by one thread at a time.
/// An answer of the API is a value whatever its status; an error means that there was none.
class ApiClient {
public:
    static Result<std::unique_ptr<ApiClient>> open(const ApiAddress& address);
    ~ApiClient();

    using Headers = std::vector<std::pair<std::string, std::string>>;
    Result<ApiAnswer> get(const std::string& path);
    /// What is no JSON. An answer that is no success is an error here: its sentence.
    Result<TextAnswer> get_text(const std::string& path);
    /// An answer that goes on: `take` gets octets as they come and says whether there shall be more.
    /// An error: `unavailable` if there is no answer, or not now, or it broke off; else a refusal.
    Status stream(const std::string& path, const Headers& headers,
                  const std::function<bool(std::string_view)>& take);
    Result<ApiAnswer> post(const std::string& path, const nlohmann::json& body,
                           const Headers& headers = {});
    Result<ApiAnswer> post(const std::string& path);
    Result<ApiAnswer> put(const std::string& path, const nlohmann::json& body,
                          const Headers& headers = {});
    Result<ApiAnswer> del(const std::string& path);

private:
    struct Connection;
    explicit ApiClient(std::unique_ptr<Connection> connection);
    std::unique_ptr<Connection> connection_;
};

/// An API answer that is no success, as one sentence for a person.
std::string sentence_of(const ApiAnswer& answer);

/// A value as it may stand in a path.
std::string path_segment(std::string_view text);

}  // namespace scef::ctl
