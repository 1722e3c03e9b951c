#include "simulators/lwm2m-server-simulator/rest_api.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <limits>

#include <sys/socket.h>

#include "lwm2m-core/vocabulary/time_text.h"
#include "simulators/lwm2m-server-simulator/event_types.h"
#include "simulators/lwm2m-server-simulator/growing_pool.h"
#include "simulators/lwm2m-server-simulator/operations.h"
#include "simulators/lwm2m-server-simulator/payload.h"
#include "simulators/lwm2m-server-simulator/rest_reply.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;

constexpr std::size_t threads_max = 4096;
constexpr std::size_t body_bytes_max =
    std::size_t{32} * 1024 * 1024;  // a package of 16 MiB in base64
constexpr int backlog = 1024;
constexpr time_t idle_connection_seconds = 5;
constexpr Duration stream_step = std::chrono::milliseconds(500);
constexpr int steps_between_comments = 20;

/// A number from the query or a header; nothing if there is none or it is no number.
std::optional<std::uint64_t> to_number(const std::string& text) {
    std::uint64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto read = std::from_chars(text.data(), end, number);
    if (text.empty() || read.ec != std::errc{} || read.ptr != end) return std::nullopt;
    return number;
}

/// The types in `?type=NOTIFICATION,SEND`; an error lists those that there are.
Result<std::vector<std::string>> read_types(const std::string& text) {
    std::vector<std::string> types;
    for (std::size_t begin = 0; begin < text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        types.push_back(text.substr(begin, end - begin));
        begin = end + 1;
        if (is_event_type(types.back())) continue;
        return fail(Errc::invalid_argument,
                    "'" + types.back() + "' is no type of event; there are " + event_type_names());
    }
    return types;
}

/// The body of a call; an empty one counts as `{}`.
json body_of(const httplib::Request& request) {
    return request.body.empty() ? json::object() : json::parse(request.body, nullptr, false);
}

void reply_or_404(httplib::Response& response, const json& body, const char* why) {
    if (body.is_null()) return reply_problem(response, 404, why);
    reply(response, 200, body);
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
    using Request = httplib::Request;
    using Response = httplib::Response;
    http_.Get("/clients", [this](const Request&, Response& response) {
        reply(response, 200, server_.clients());
    });
    http_.Get("/counters", [this](const Request&, Response& response) {
        reply(response, 200, server_.counters().to_json());
    });
    http_.Get("/files", [this](const Request&, Response& response) {
        reply(response, 200, server_.files());
    });
    http_.Get("/operations", [](const Request&, Response& response) {
        reply(response, 200, operations_as_json());
    });
    http_.Get("/event-types", [](const Request&, Response& response) {
        reply(response, 200, event_types_as_json());
    });
    http_.Get("/events", [this](const Request& request, Response& response) {
        tell_events("", request, response);
    });
    add_client_routes();
    http_.set_error_handler([](const Request&, Response& response) {
        if (!response.body.empty()) return;
        reply_problem(
            response, response.status,
            "there is nothing under this path and method; GET /clients, "
            "/clients/{endpoint}[/events|/observations|/firmware], /events, /event-types, "
            "/operations, /files, /counters; POST /clients/{endpoint}/{operation}");
    });
    http_.set_exception_handler([](const Request&, Response& response, std::exception_ptr) {
        reply_problem(response, 500, "the request could not be handled");
    });
}

void RestApi::add_client_routes() {
    using Request = httplib::Request;
    using Response = httplib::Response;
    static const char* const unknown = error_text(DeviceAnswer::Outcome::unknown_client);
    http_.Get(R"(/clients/([^/]+)/events)", [this](const Request& request, Response& response) {
        tell_events(request.matches[1], request, response);
    });
    http_.Get(R"(/clients/([^/]+)/observations)",
              [this](const Request& request, Response& response) {
                  reply_or_404(response, server_.observations(request.matches[1]), unknown);
              });
    http_.Get(R"(/clients/([^/]+)/firmware)", [this](const Request& request, Response& response) {
        reply_or_404(response, server_.firmware(request.matches[1]),
                     "no firmware update of a client of that name was started");
    });
    http_.Get(R"(/clients/([^/]+))", [this](const Request& request, Response& response) {
        reply_or_404(response, server_.client(request.matches[1]), unknown);
    });
    http_.Post(R"(/clients/([^/]+)/([a-z-]+))", [this](const Request& request, Response& response) {
        const json body = body_of(request);
        if (body.is_discarded()) return reply_problem(response, 400, "the body is no JSON");
        operate(request.matches[1], request.matches[2], body, response);
    });
}

void RestApi::operate(const std::string& endpoint, const std::string& operation, const json& body,
                      httplib::Response& response) {
    const bool is_bootstrap = server_.role() == ServerRole::bootstrap;
    if (operation == (is_bootstrap ? "bootstrap" : "firmware")) {
        const auto started = is_bootstrap ? server_.start_bootstrap(endpoint, body)
                                          : server_.start_firmware(endpoint, body);
        if (!started) return reply_problem(response, started.error());
        return reply(response, 202, *started);
    }
    auto request = make_device_request(operation, body, server_.request_timeout(), server_.role());
    if (!request) return reply_problem(response, request.error());
    reply_answer(response, server_.request(endpoint, std::move(*request)).get());
}

void RestApi::tell_events(const std::string& endpoint, const httplib::Request& request,
                          httplib::Response& response) {
    auto since = to_number(request.get_param_value("since"));
    if (request.has_param("since") && !since) {
        return reply_problem(response, 400, "'since' is no number");
    }
    auto types = read_types(request.get_param_value("type"));
    if (!types) return reply_problem(response, types.error());
    EventFilter filter{endpoint, std::move(*types)};
    if (request.get_param_value("format") != "json") {
        if (!since) since = to_number(request.get_header_value("Last-Event-ID"));
        const std::uint64_t position = since.value_or(server_.events().last_sequence());
        return stream_events(std::move(filter), position, response);
    }
    Duration patience{};
    if (request.has_param("wait")) {
        const auto wait = parse_duration(request.get_param_value("wait"));
        if (!wait) return reply_problem(response, 400, "'wait' is no duration like 10s");
        patience = *wait;
    }
    json all = json::array();
    for (const Event& event : server_.events().read(since.value_or(0), filter, patience)) {
        all.push_back(event.data);
    }
    reply(response, 200, all);
}

void RestApi::stream_events(EventFilter filter, std::uint64_t since, httplib::Response& response) {
    response.set_header("Cache-Control", "no-store");
    response.set_chunked_content_provider(
        "text/event-stream",
        [this, filter = std::move(filter), position = since, silent_steps = steps_between_comments](
            std::size_t, httplib::DataSink& sink) mutable {
            const auto events = server_.events().read(position, filter, stream_step);
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
