#include "scef-adapter/admin/admin_api.h"

#include <algorithm>
#include <atomic>
#include <mutex>

#include "nidd/types/strict_json.h"
#include "scef-adapter/admin/api_call.h"
#include "scef-adapter/admin/audit_resource.h"
#include "scef-adapter/admin/batch_resource.h"
#include "scef-adapter/admin/capture_resource.h"
#include "scef-adapter/admin/cold_reader.h"
#include "scef-adapter/admin/dead_letter_resource.h"
#include "scef-adapter/admin/device_resource.h"
#include "scef-adapter/admin/dry_run_resource.h"
#include "scef-adapter/admin/event_resource.h"
#include "scef-adapter/admin/failed_logins.h"
#include "scef-adapter/admin/group_resource.h"
#include "scef-adapter/admin/message_resource.h"
#include "scef-adapter/admin/openapi.h"
#include "scef-adapter/admin/quota_resource.h"
#include "scef-adapter/admin/request_target.h"
#include "scef-adapter/admin/router.h"
#include "scef-adapter/admin/scef_resource.h"
#include "scef-adapter/admin/store_resource.h"
#include "scef-adapter/admin/trace_resource.h"
#include "scef-adapter/admin/usage_resource.h"
#include "scef-adapter/admin/webhook_resource.h"
#include "scef-adapter/console/console.h"

namespace scef::adapter {
namespace {

using nidd::HttpReply;
using nidd::HttpRequest;

constexpr nidd::JsonLimits small_json;
constexpr nidd::JsonLimits large_json{.octets = large_body_octets, .members = 100'000};

AdminApi::Clocks with_defaults(AdminApi::Clocks clocks) {
    using std::chrono::duration_cast;
    if (!clocks.steady) {
        clocks.steady = [] {
            return Instant(
                duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
        };
    }
    if (!clocks.wall) {
        clocks.wall = [] {
            return WallTime(
                duration_cast<Duration>(std::chrono::system_clock::now().time_since_epoch()));
        };
    }
    return clocks;
}

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return (x >= 'A' && x <= 'Z' ? x + 32 : x) == (y >= 'A' && y <= 'Z' ? y + 32 : y);
    });
}

std::string_view header(const HttpRequest& request, std::string_view name) {
    const auto found = request.headers.find(name);
    return found == request.headers.end() ? std::string_view{} : std::string_view(found->second);
}

/// `application/json`, with no parameter but `charset=utf-8` (RFC 8259 8.1).
bool is_json(std::string_view content_type) {
    std::string text;
    for (const char c : content_type) {
        if (c != ' ' && c != '\t') text += c;
    }
    return equal_ignoring_case(text, "application/json") ||
           equal_ignoring_case(text, "application/json;charset=utf-8") ||
           equal_ignoring_case(text, "application/json;charset=\"utf-8\"");
}

/// A page of another site made a browser send this (no cookies here, but loopback needs no token).
bool is_cross_site(const HttpRequest& request) {
    const std::string_view origin = header(request, "origin");
    if (origin.empty()) return false;
    const std::size_t slashes = origin.find("://");
    return slashes == std::string_view::npos ||
           !equal_ignoring_case(origin.substr(slashes + 3), header(request, "host"));
}

}  // namespace

/// Everything behind the header: the table of routes and what its rows need.
class AdminApi::Service {
public:
    Service(ShardAccess& shards, DoctorAccess& doctor, Webhooks& webhooks, LiveConfig config,
            AccessTokens tokens, MetricsSource metrics, Clocks clocks)
        : shards_(shards),
          config_(std::move(config)),
          tokens_(std::make_shared<const AccessTokens>(std::move(tokens))),
          metrics_(std::move(metrics)),
          clocks_(with_defaults(std::move(clocks))),
          cold_(shards.store()),
          devices_(shards, config_),
          messages_(shards, cold_, clocks_.wall),
          scefs_(shards, doctor, config_),
          quotas_(shards, config_),
          dry_runs_(shards, clocks_.wall),
          usage_(shards, cold_, config_, clocks_.wall),
          captures_(shards),
          events_(shards, cold_, clocks_.wall),
          audit_(shards, cold_),
          webhooks_(webhooks, clocks_.wall),
          batches_(shards, clocks_.wall),
          dead_letters_(shards, cold_, clocks_.wall),
          groups_(shards, cold_, clocks_.wall),
          traces_(shards),
          backups_(shards, config_, clocks_.wall),
          router_(make_routes()) {}

    void handle(HttpRequest request, HttpReply reply) {
        if (answer_health(request, reply)) return;
        if (auto file = console_response(request)) return reply(std::move(*file));
        Role role = Role::admin;
        AuditNote caller{{}, {}, request.peer_address, request.method, request.path, {}};
        if (auto refusal = authenticate(request, role, caller)) return reply(std::move(*refusal));
        const auto segments = path_segments(request.path);
        if (!segments) return reply(problem_response(segments.error()));
        const std::string_view method =
            request.method == "HEAD" ? std::string_view("GET") : std::string_view(request.method);
        auto match = router_.find(method, *segments);
        if (match.route == nullptr) return reply(no_route(match.allowed));
        if (match.route->role > role) {
            return reply(
                problem_response({Errc::forbidden, "this needs a token of the role " +
                                                       std::string(name_of(match.route->role))}));
        }
        if (is_cross_site(request)) {
            return reply(problem_response({Errc::forbidden, "a request of another site's page"}));
        }
        auto call = std::make_shared<ApiCall>();
        call->path = std::move(match.path);
        call->caller = std::move(caller);
        call->reply = std::move(reply);
        if (auto valid = read_form(*match.route, request, *call); !valid) {
            return call->answer_error(valid.error());
        }
        call->headers = std::move(request.headers);
        match.route->handler(call);
    }

    bool takes_large_body(const HttpRequest& head) const {
        const auto segments = path_segments(head.path);
        const auto match = segments ? router_.find(head.method, *segments) : Router::Match{};
        if (match.route == nullptr || !match.route->takes_large_body) return false;
        const auto tokens = current_tokens();
        if (tokens->empty()) return true;
        const auto token = bearer_token(head);
        const auto holder = token ? tokens->holder_of(*token) : std::nullopt;
        return holder && holder->role >= match.route->role;
    }

    const Router& router() const { return router_; }

    void replace_tokens(AccessTokens tokens) {
        const std::lock_guard lock(tokens_mutex_);
        tokens_ = std::make_shared<const AccessTokens>(std::move(tokens));
    }

private:
    std::shared_ptr<const AccessTokens> current_tokens() const {
        const std::lock_guard lock(tokens_mutex_);
        return tokens_;
    }

    std::vector<Route> make_routes() {
        std::vector<Route> routes{
            {"GET",
             "/metrics",
             Role::read,
             false,
             {},
             [this](const ApiCallPtr& call) {
                 metrics_([call](std::string text) {
                     call->reply(
                         {200, "text/plain; version=0.0.4; charset=utf-8", std::move(text), {}});
                 });
             }},
            {"GET",
             "/api/v1/openapi.json",
             Role::read,
             false,
             {},
             [](const ApiCallPtr& call) {
                 call->reply({200, "application/json", std::string(openapi_document()), {}});
             }},
        };
        for (auto& route : devices_.routes()) routes.push_back(std::move(route));
        for (auto& route : messages_.routes()) routes.push_back(std::move(route));
        for (auto& route : scefs_.routes()) routes.push_back(std::move(route));
        for (auto& route : quotas_.routes()) routes.push_back(std::move(route));
        for (auto& route : dry_runs_.routes()) routes.push_back(std::move(route));
        for (auto& route : usage_.routes()) routes.push_back(std::move(route));
        for (auto& route : batches_.routes()) routes.push_back(std::move(route));
        for (auto& route : dead_letters_.routes()) routes.push_back(std::move(route));
        for (auto& route : groups_.routes()) routes.push_back(std::move(route));
        for (auto& route : captures_.routes()) routes.push_back(std::move(route));
        for (auto& route : events_.routes()) routes.push_back(std::move(route));
        for (auto& route : audit_.routes()) routes.push_back(std::move(route));
        for (auto& route : webhooks_.routes()) routes.push_back(std::move(route));
        for (auto& route : traces_.routes()) routes.push_back(std::move(route));
        for (auto& route : backups_.routes()) routes.push_back(std::move(route));
        return routes;
    }

    /// The two paths that need no credentials.
    bool answer_health(const HttpRequest& request, const HttpReply& reply) const {
        const bool health = request.path == "/healthz";
        if (!health && request.path != "/readyz") return false;
        if (request.method != "GET" && request.method != "HEAD") {
            reply(no_route("GET, HEAD"));
        } else if (health) {
            reply({200, "application/json", R"({"status":"ok"})", {}});
        } else if (shards_.is_ready()) {
            reply({200, "application/json", R"({"status":"ready"})", {}});
        } else {
            reply(problem_response({Errc::unavailable, "not ready: starting or shutting down"}));
        }
        return true;
    }

    static nidd::HttpResponse no_route(const std::string& allowed) {
        if (allowed.empty()) return problem_response({Errc::not_found, "there is nothing here"});
        auto response = problem_response(405, "", "METHOD_NOT_ALLOWED");
        response.headers.emplace_back("Allow", allowed);
        return response;
    }

    std::optional<nidd::HttpResponse> authenticate(const HttpRequest& request, Role& role,
                                                   AuditNote& caller) {
        const auto tokens = current_tokens();
        if (tokens->empty()) return std::nullopt;
        const auto token = bearer_token(request);
        if (!token) return unauthorized("a bearer token is needed");
        if (auto known = tokens->holder_of(*token)) {
            role = known->role;
            caller.role = name_of(role);
            caller.token = std::move(known->fingerprint);
            return std::nullopt;
        }
        const auto wait = failed_logins_.on_failure(request.peer_address, clocks_.steady());
        if (!wait) return unauthorized("the token is not known");
        auto response = problem_response(429, "too many wrong tokens came from this address",
                                         "TOO_MANY_FAILURES");
        response.headers.emplace_back("Retry-After", retry_after_text(*wait));
        return response;
    }

    static nidd::HttpResponse unauthorized(std::string detail) {
        auto response = problem_response({Errc::unauthorized, std::move(detail)});
        response.headers.emplace_back("WWW-Authenticate", "Bearer");
        return response;
    }

    /// Query and body of the request, as far as they are the same for every route.
    static Status read_form(const Route& route, const HttpRequest& request, ApiCall& call) {
        auto query = query_parameters(request.query);
        if (!query) return tl::unexpected<Error>(std::move(query.error()));
        for (const auto& [name, value] : *query) {
            if (std::find(route.query.begin(), route.query.end(), name) == route.query.end()) {
                return fail(Errc::invalid_argument,
                            "the query has a parameter that is not known "
                            "here");
            }
        }
        call.query = std::move(*query);
        const std::string_view encoding = header(request, "content-encoding");
        if (!encoding.empty() && !equal_ignoring_case(encoding, "identity")) {
            return fail(Errc::unsupported, "no Content-Encoding is taken");
        }
        if (request.body.empty() && (!route.takes_body || route.may_lack_body)) {
            call.body = Json::object();
            return {};
        }
        if (!is_json(header(request, "content-type"))) {
            return fail(Errc::unsupported, "the Content-Type must be application/json");
        }
        auto body =
            nidd::parse_strict_json(request.body, route.takes_large_body ? large_json : small_json);
        if (!body) return tl::unexpected<Error>(std::move(body.error()));
        if (!body->is_object()) return fail(Errc::malformed, "the body must be a JSON object");
        if (!route.takes_body && !body->empty()) {
            return fail(Errc::invalid_argument, "this takes no body");
        }
        call.body = std::move(*body);
        return {};
    }

    ShardAccess& shards_;
    LiveConfig config_;
    mutable std::mutex tokens_mutex_;
    std::shared_ptr<const AccessTokens> tokens_;
    FailedLogins failed_logins_;
    MetricsSource metrics_;
    Clocks clocks_;
    ColdReader cold_;
    DeviceResource devices_;
    MessageResource messages_;
    ScefResource scefs_;
    QuotaResource quotas_;
    DryRunResource dry_runs_;
    UsageResource usage_;
    CaptureResource captures_;
    EventResource events_;
    AuditResource audit_;
    WebhookResource webhooks_;
    BatchResource batches_;
    DeadLetterResource dead_letters_;
    GroupResource groups_;
    TraceResource traces_;
    StoreResource backups_;
    Router router_;
};

AdminApi::AdminApi(ShardAccess& shards, DoctorAccess& doctor, Webhooks& webhooks, LiveConfig config,
                   AccessTokens tokens, MetricsSource metrics, Clocks clocks)
    : service_(std::make_unique<Service>(shards, doctor, webhooks, std::move(config),
                                         std::move(tokens), std::move(metrics),
                                         std::move(clocks))) {}

AdminApi::~AdminApi() = default;

void AdminApi::replace_tokens(AccessTokens tokens) { service_->replace_tokens(std::move(tokens)); }

void AdminApi::handle(HttpRequest request, HttpReply reply) {
    service_->handle(std::move(request), std::move(reply));
}

bool AdminApi::takes_large_body(const HttpRequest& head) const {
    return service_->takes_large_body(head);
}

const Router& AdminApi::router() const { return service_->router(); }

}  // namespace scef::adapter
