#include "simulators/lwm2m-server-simulator/rest_api.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <limits>

#include <sys/socket.h>

#include "lwm2m-core/vocabulary/time_text.h"
#include "simulators/lwm2m-server-simulator/growing_pool.h"
#include "simulators/lwm2m-server-simulator/payload.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;
using Outcome = DeviceAnswer::Outcome;

constexpr std::size_t threads_max = 4096;
constexpr std::size_t body_bytes_max = 1024 * 1024;
constexpr int backlog = 1024;
constexpr time_t idle_connection_seconds = 5;
constexpr Duration stream_step = std::chrono::milliseconds(500);
constexpr int steps_between_comments = 20;

void reply(httplib::Response& response, int status, const json& body,
           const char* type = "application/json") {
    response.status = status;
    response.set_content(to_text(body), type);
}

const char* title_of(int status) {
    switch (status) {
        case 400:
            return "Bad Request";
        case 404:
            return "Not Found";
        case 409:
            return "Conflict";
        case 413:
            return "Content Too Large";
        default:
            return "Error";
    }
}

/// A problem document (RFC 9457).
void reply_problem(httplib::Response& response, int status, const std::string& detail) {
    reply(response, status, {{"status", status}, {"title", title_of(status)}, {"detail", detail}},
          "application/problem+json");
}

double milliseconds_of(Duration duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
}

struct Ending {
    int status;
    const char* error;
};

Ending ending_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::answered:
            return {200, nullptr};
        case Outcome::timeout:
            return {504, "timeout"};
        case Outcome::reset:
            return {502, "reset"};
        case Outcome::not_observed:
            return {409, "there is no such observation"};
        case Outcome::not_sent:
            return {502, "the request was not sent"};
        case Outcome::unknown_client:
            return {404, "no client of that name is registered"};
        case Outcome::stopped:
            return {503, "the server stops"};
    }
    return {500, "unknown"};
}

void reply_answer(httplib::Response& response, const DeviceAnswer& answer) {
    const Ending ending = ending_of(answer.outcome);
    if (answer.outcome == Outcome::unknown_client || answer.outcome == Outcome::not_observed) {
        return reply_problem(response, ending.status, ending.error);
    }
    json body{{"code", nullptr},
              {"payload", answer.payload},
              {"latencyMs", milliseconds_of(answer.latency)},
              {"retransmissions", answer.retransmissions}};
    if (ending.error != nullptr) {
        body["error"] = ending.error;
        return reply(response, ending.status, body);
    }
    body["code"] = code_text(answer.code);
    body["separate"] = answer.separate;
    if (answer.content_format) body["contentFormat"] = *answer.content_format;
    if (!answer.location.empty()) body["location"] = answer.location;
    reply(response, ending.status, body);
}

/// A number from the query or a header; nothing if there is none or it is no number.
std::optional<std::uint64_t> to_number(const std::string& text) {
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (text.empty() || read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    return number;
}

std::string server_sent_event(const Event& event) {
    return "id: " + std::to_string(event.sequence) + "\nevent: " + event.type +
           "\ndata: " + to_text(event.data) + "\n\n";
}

}  // namespace

Result<std::unique_ptr<RestApi>> RestApi::open(const HostPort& listen, Lwm2mServer& server) {
    std::unique_ptr<RestApi> self(new RestApi(server));
    httplib::Server& http = self->http_;
    int listener = -1;
    // Not SO_REUSEPORT, the library's own choice, under which a taken port goes unnoticed.
    http.set_socket_options([&listener](int socket) {
        const int on = 1;
        ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
        listener = socket;
    });
    http.new_task_queue = [] { return new GrowingPool(threads_max); };
    http.set_keep_alive_max_count(std::numeric_limits<std::size_t>::max());
    http.set_keep_alive_timeout(idle_connection_seconds);
    http.set_payload_max_length(body_bytes_max);
    http.set_tcp_nodelay(true);
    self->add_routes();

    int port = listen.port;
    errno = 0;
    if (port == 0) {
        port = http.bind_to_any_port(listen.host);
    } else if (!http.bind_to_port(listen.host, port)) {
        port = -1;
    }
    if (port <= 0) {
        return fail(Errc::unavailable,
                    "cannot listen for HTTP on " + to_text(listen) + ": " + std::strerror(errno));
    }
    ::listen(listener, backlog);  // the library's own backlog is 5
    self->address_ = to_text(HostPort{listen.host, static_cast<std::uint16_t>(port)});
    self->thread_ = std::thread([raw = self.get()] { raw->http_.listen_after_bind(); });
    return self;
}

RestApi::~RestApi() { stop(); }

void RestApi::stop() {
    if (!thread_.joinable()) return;
    while (!http_.is_running()) std::this_thread::yield();
    http_.stop();
    thread_.join();
}

void RestApi::add_routes() {
    http_.Get("/clients", [this](const httplib::Request&, httplib::Response& response) {
        reply(response, 200, server_.clients());
    });
    http_.Get("/counters", [this](const httplib::Request&, httplib::Response& response) {
        reply(response, 200, server_.counters().to_json());
    });
    http_.Get("/events", [this](const httplib::Request& request, httplib::Response& response) {
        tell_events("", request, response);
    });
    http_.Get(R"(/clients/([^/]+)/events)",
              [this](const httplib::Request& request, httplib::Response& response) {
                  tell_events(request.matches[1], request, response);
              });
    http_.Get(R"(/clients/([^/]+))",
              [this](const httplib::Request& request, httplib::Response& response) {
                  const json client = server_.client(request.matches[1]);
                  if (client.is_null()) {
                      const Ending ending = ending_of(Outcome::unknown_client);
                      return reply_problem(response, ending.status, ending.error);
                  }
                  reply(response, 200, client);
              });
    http_.Post(R"(/clients/([^/]+)/([a-z-]+))",
               [this](const httplib::Request& request, httplib::Response& response) {
                   operate(request.matches[1], request.matches[2], request.body, response);
               });
    http_.set_error_handler([](const httplib::Request&, httplib::Response& response) {
        if (response.body.empty()) {
            reply_problem(response, response.status, "there is nothing under this path and method");
        }
    });
    http_.set_exception_handler(
        [](const httplib::Request&, httplib::Response& response, std::exception_ptr) {
            reply_problem(response, 500, "the request could not be handled");
        });
}

void RestApi::operate(const std::string& endpoint, const std::string& operation,
                      const std::string& body, httplib::Response& response) {
    const json parsed = json::parse(body, nullptr, false);
    if (parsed.is_discarded()) return reply_problem(response, 400, "the body is no JSON");
    auto request = make_device_request(operation, parsed, server_.request_timeout());
    if (!request) {
        const int status = http_status_of(request.error().code);
        return reply_problem(response, status == 404 ? 404 : 400, request.error().message);
    }
    reply_answer(response, server_.request(endpoint, std::move(*request)).get());
}

void RestApi::tell_events(const std::string& endpoint, const httplib::Request& request,
                          httplib::Response& response) {
    auto since = to_number(request.get_param_value("since"));
    if (request.has_param("since") && !since) {
        return reply_problem(response, 400, "'since' is no number");
    }
    if (request.get_param_value("format") != "json") {
        if (!since) since = to_number(request.get_header_value("Last-Event-ID"));
        return stream_events(endpoint, since.value_or(server_.events().last_sequence()), response);
    }
    Duration patience{};
    if (request.has_param("wait")) {
        const auto wait = parse_duration(request.get_param_value("wait"));
        if (!wait) return reply_problem(response, 400, "'wait' is no duration like 10s");
        patience = *wait;
    }
    json all = json::array();
    for (const Event& event : server_.events().read(since.value_or(0), endpoint, patience)) {
        all.push_back(event.data);
    }
    reply(response, 200, all);
}

void RestApi::stream_events(const std::string& endpoint, std::uint64_t since,
                            httplib::Response& response) {
    response.set_header("Cache-Control", "no-store");
    response.set_chunked_content_provider(
        "text/event-stream",
        [this, endpoint, position = since, silent_steps = steps_between_comments](
            std::size_t, httplib::DataSink& sink) mutable {
            const auto events = server_.events().read(position, endpoint, stream_step);
            std::string text;
            for (const Event& event : events) {
                text += server_sent_event(event);
                position = event.sequence;
            }
            if (text.empty() && ++silent_steps > steps_between_comments) text = ": still here\n\n";
            if (!text.empty()) {
                silent_steps = 0;
                if (!sink.write(text.data(), text.size())) return false;
            }
            if (server_.events().is_closed()) sink.done();
            return true;
        });
}

}  // namespace scef::lwm2m_server_simulator
