#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lwm2m-core/vocabulary/result.h"
#include "nidd/client/connection_pool.h"
#include "nidd/client/token_meter.h"

namespace scef::nidd {

/// Access tokens by the client credentials grant (RFC 6749 4.4): fetched when first asked for,
/// kept, fetched again in the background after 80 % of their life. Everybody who waits shares one
/// fetch. Belongs to its pool's thread.
class TokenSource : public std::enable_shared_from_this<TokenSource> {
public:
    using OnToken = std::function<void(Result<std::string>)>;

    /// `pool` leads to the token server, whose URL is `token_url`. `meter` counts; may be null.
    TokenSource(std::shared_ptr<ConnectionPool> pool, ApiRoot token_url, std::string client_id,
                std::string client_secret, std::shared_ptr<TokenMeter> meter = nullptr);

    /// Gives a token, at once if there is a valid one.
    void get(OnToken on_token);
    /// Gives a token that is not `refused`, which a server answered with 401.
    void replace(const std::string& refused, OnToken on_token);
    void shut_down();

private:
    using Clock = std::chrono::steady_clock;

    void fetch();
    void on_answer(const T8Answer& answer);
    Status accept(const std::string& body);

    std::shared_ptr<ConnectionPool> pool_;
    std::shared_ptr<TokenMeter> meter_;
    std::string request_;
    std::string token_;
    Clock::time_point refresh_at_;
    Clock::time_point expires_at_;
    bool fetching_ = false;
    std::vector<OnToken> waiting_;
};

}  // namespace scef::nidd
