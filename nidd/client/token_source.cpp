#include "nidd/client/token_source.h"

#include <algorithm>
#include <utility>

#include "nidd/client/percent_encoding.h"
#include "nidd/client/wire_request.h"
#include "nidd/types/strict_json.h"

namespace scef::nidd {
namespace {

constexpr std::uint64_t default_life_seconds = 300;
constexpr std::uint64_t life_seconds_max = std::uint64_t{30} * 24 * 3600;
constexpr std::size_t token_octets = 8192;
constexpr std::size_t answer_octets = std::size_t{64} * 1024;
constexpr JsonLimits token_limits{std::size_t{64} * 1024, 16, 256, 64};

/// application/x-www-form-urlencoded.
std::string form_encode(std::string_view text) { return percent_encode(text, "-._"); }

}  // namespace

TokenSource::TokenSource(std::shared_ptr<ConnectionPool> pool, ApiRoot token_url,
                         std::string client_id, std::string client_secret,
                         std::shared_ptr<TokenMeter> meter)
    : pool_(std::move(pool)), meter_(std::move(meter)) {
    WireRequest request;
    request.method = "POST";
    request.target = token_url.path.empty() ? "/" : token_url.path;
    request.content_type = "application/x-www-form-urlencoded";
    request.body = "grant_type=client_credentials&client_id=" + form_encode(client_id) +
                   "&client_secret=" + form_encode(client_secret);
    request_ = to_wire(request, token_url.authority());
}

void TokenSource::get(OnToken on_token) {
    const auto now = Clock::now();
    if (token_.empty() || now >= expires_at_) {
        waiting_.push_back(std::move(on_token));
        fetch();
        return;
    }
    if (now >= refresh_at_) fetch();
    on_token(token_);
}

void TokenSource::replace(const std::string& refused, OnToken on_token) {
    if (token_ == refused) token_.clear();
    get(std::move(on_token));
}

void TokenSource::shut_down() {
    waiting_.clear();
    pool_->shut_down();
}

void TokenSource::fetch() {
    if (fetching_) return;
    fetching_ = true;
    pool_->submit({request_, answer_octets}, [source = weak_from_this()](const T8Answer& answer) {
        if (const auto alive = source.lock()) alive->on_answer(answer);
    });
}

void TokenSource::on_answer(const T8Answer& answer) {
    fetching_ = false;
    Status status;
    if (answer.transport != T8Answer::Transport::answered) {
        status = fail(Errc::unavailable, "no token: " + answer.error);
    } else if (answer.status != 200) {
        status = fail(Errc::unauthorized,
                      "no token: the token server answered " + std::to_string(answer.status));
    } else {
        status = accept(answer.body);
    }
    if (!status && meter_) meter_->on_failed();
    const std::string token = token_;
    for (const OnToken& on_token : std::exchange(waiting_, {})) {
        if (status) {
            on_token(token);
        } else {
            on_token(tl::unexpected(status.error()));
        }
    }
}

Status TokenSource::accept(const std::string& body) {
    const auto value = parse_strict_json(body, token_limits);
    if (!value) return fail(Errc::malformed, "no token: " + value.error().message);
    const auto token = text_member(*value, "access_token");
    const auto life = unsigned_member(*value, "expires_in", life_seconds_max);
    const bool usable = token && *token && !(*token)->empty() && (*token)->size() <= token_octets &&
                        std::all_of((*token)->begin(), (*token)->end(),
                                    [](char octet) { return octet > ' ' && octet < '\x7f'; });
    if (!usable) return fail(Errc::malformed, "no token: access_token is missing or unusable");
    token_ = **token;
    const auto known_life = life ? *life : std::nullopt;
    const auto seconds = std::chrono::seconds(known_life.value_or(default_life_seconds));
    expires_at_ = Clock::now() + seconds;
    refresh_at_ = Clock::now() + seconds * 4 / 5;
    if (meter_) {
        meter_->on_granted(
            Instant(std::chrono::duration_cast<Duration>(expires_at_.time_since_epoch())));
    }
    return {};
}

}  // namespace scef::nidd
