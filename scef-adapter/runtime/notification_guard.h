#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "lwm2m-core/vocabulary/turn.h"
#include "nidd/endpoint/http_listener.h"
#include "scef-adapter/admin/failed_logins.h"
#include "scef-adapter/admin/token_digests.h"

namespace scef::adapter {

/// Lets in notifications that carry one of some bearer tokens (`notifications.tokens_file`), or all
/// of them if there are none: T8 itself does not say how a SCEF proves who it is. Thread-safe.
class NotificationGuard {
public:
    explicit NotificationGuard(TokenDigests tokens = {}) { replace(std::move(tokens)); }

    /// The tokens of notifications that come from now on.
    void replace(TokenDigests tokens);

    /// A token a line; empty lines and lines with `#` are skipped. Refuses, in a sentence that
    /// never shows a token: a file that others may read, a bad or repeated token, none at all.
    static Result<TokenDigests> read_file(const std::string& file);
    static Result<TokenDigests> parse(std::string_view text, const std::string& file);

    /// Nothing if the request may go on. Otherwise 401; from the sixth wrong token of an address
    /// within a minute on, 429. A missing token is not counted, a right one never refused.
    std::optional<nidd::HttpResponse> refuse(const nidd::HttpRequest& request, Instant now);
    /// How many requests were refused so far.
    std::uint64_t refused() const { return refused_; }

private:
    std::mutex mutex_;
    std::shared_ptr<const TokenDigests> tokens_;
    FailedLogins failures_;
    std::atomic<std::uint64_t> refused_{0};
};

}  // namespace scef::adapter
