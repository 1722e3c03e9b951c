#include "simulators/modem-simulator/control_api.h"

#include <atomic>
#include <charconv>
#include <regex>
#include <thread>

#include <httplib.h>

#include "lwm2m-core/client/firmware_package.h"
#include "simulators/modem-simulator/device_json.h"
#include "simulators/modem-simulator/power_json.h"
#include "simulators/modem-simulator/runtime.h"

namespace scef::modem_simulator {
namespace {

using httplib::Request;
using httplib::Response;
using nlohmann::json;

void answer(Response& response, int status, const json& body) {
    response.status = status;
    response.set_content(body.dump(-1, ' ', false, json::error_handler_t::replace),
                         "application/json");
}

void refuse(Response& response, const Error& error) {
    const int status = http_status_of(error.code);
    const json body{
        {"title", std::string(name_of(error.code))}, {"status", status}, {"detail", error.message}};
    response.status = status;
    response.set_content(body.dump(-1, ' ', false, json::error_handler_t::replace),
                         "application/problem+json");
}

std::uint64_t number_parameter(const Request& request, const char* name, std::uint64_t otherwise) {
    if (!request.has_param(name)) return otherwise;
    const std::string text = request.get_param_value(name);
    std::uint64_t number = 0;
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc{} && rest == text.data() + text.size() ? number : otherwise;
}

Result<client::Path> resource_path(const std::string& text) {
    const auto path = client::Path::parse(text);
    if (!path || path->depth() < 1) {
        return fail(Errc::invalid_argument, "the path must be /object/instance/resource");
    }
    return *path;
}

json described(const Device& device, const Turn& turn) {
    json body = device_json(device);
    body["energy"] = energy_json(device, turn.now);
    return body;
}

json summary(const Simulation& simulation, const Turn& turn) {
    json body = totals_json(simulation.totals());
    body["energy"] = energy_json(simulation, turn.now);
    return body;
}

constexpr const char* act_pattern =
    R"(/devices/([^/:]+):(register|update|deregister|send|bootstrap|offline|online))";

/// Carries out what a POST asks of a device.
Status carry_out(Device& device, const std::string& verb, const client::SendContent& content,
                 Turn& turn) {
    if (verb == "register") return device.register_now(turn);
    if (verb == "update") return device.update_now(turn);
    if (verb == "deregister") return device.deregister_now(turn);
    if (verb == "bootstrap") return device.bootstrap_now(turn);
    if (verb == "offline" || verb == "online") return device.set_offline(verb == "offline", turn);
    return device.send_now(content, turn);
}

}  // namespace

class ControlApi::Server {
public:
    explicit Server(Runtime& runtime) : runtime_(runtime) {
        constexpr std::size_t threads = 16, body_bytes_max = 64 * 1024;
        http_.new_task_queue = [] { return new httplib::ThreadPool(threads); };
        http_.set_payload_max_length(body_bytes_max);
        http_.set_keep_alive_timeout(1);
        // The library's default would share a taken port with its owner.
        http_.set_socket_options([](socket_t socket) {
            const int yes = 1;
            (void)::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
        });
        add_routes();
    }

    ~Server() { stop(); }

    Status listen(const SocketAddress& local) {
        local_ = local;
        const std::string host = local.address_text();
        if (local.port == 0) {
            const int port = http_.bind_to_any_port(host.c_str());
            if (port <= 0) return fail(Errc::conflict, "cannot listen on " + local.text());
            local_.port = static_cast<std::uint16_t>(port);
        } else if (!http_.bind_to_port(host.c_str(), local.port)) {
            return fail(Errc::conflict, "cannot listen on " + local.text() + ": it is in use");
        }
        thread_ = std::thread([this] {
            http_.listen_after_bind();
            ended_ = true;
        });
        // The library's stop() does nothing before it runs.
        while (!http_.is_running() && !ended_) std::this_thread::yield();
        return {};
    }

    void stop() {
        if (!thread_.joinable()) return;
        http_.stop();
        thread_.join();
    }

    const SocketAddress& local() const { return local_; }

private:
    void add_routes() {
        using Handler = void (Server::*)(const Request&, Response&);
        const auto bound = [this](Handler handler) {
            return [this, handler](const Request& request, Response& response) {
                (this->*handler)(request, response);
            };
        };
        http_.Get("/summary", bound(&Server::get_summary));
        http_.Get("/devices", bound(&Server::get_devices));
        http_.Get(R"(/devices/([^/:]+))", bound(&Server::get_device));
        http_.Get(R"(/devices/([^/:]+)/log)", bound(&Server::get_log));
        http_.Get(R"(/devices/([^/:]+)/objects)", bound(&Server::get_objects));
        http_.Get(R"(/devices/([^/:]+)/observations)", bound(&Server::get_observations));
        http_.Get("/firmware-package", bound(&Server::get_firmware_package));
        http_.Post(act_pattern, [this](const Request& request, Response& response) {
            act(request.matches[1].str(), request.matches[2].str(), request.body, response);
        });
        http_.set_pre_routing_handler([this](const Request& request, Response& response) {
            return on_request_without_length(request, response);
        });
        http_.Get(R"(/devices/([^/:]+)/resources(/[0-9/]+))", bound(&Server::get_resource));
        http_.Put(R"(/devices/([^/:]+)/resources(/[0-9/]+))", bound(&Server::put_resource));
        http_.set_error_handler([](const Request&, Response& response) {
            if (response.body.empty() && response.status == 404) {
                refuse(response, {Errc::not_found, "no such resource of the control API"});
            }
        });
    }

    void get_summary(const Request&, Response& response) {
        answer(response, 200, runtime_.with([](Simulation& simulation, Turn& turn) {
            return summary(simulation, turn);
        }));
    }

    void get_devices(const Request& request, Response& response) {
        const std::uint64_t offset = number_parameter(request, "offset", 0);
        const std::uint64_t limit = number_parameter(request, "limit", 1000);
        json body = runtime_.with([&](Simulation& simulation, Turn& turn) {
            json list = json::array();
            for (std::uint64_t i = offset; i < simulation.size() && i - offset < limit; ++i) {
                list.push_back(described(simulation.device(i), turn));
            }
            return json{{"summary", summary(simulation, turn)}, {"devices", std::move(list)}};
        });
        answer(response, 200, body);
    }

    // Answers with what `view` makes of the device of the first path parameter.
    template <typename View>
    void show(const Request& request, Response& response, View&& view) {
        const Result<json> body =
            runtime_.with([&](Simulation& simulation, Turn& turn) -> Result<json> {
                const auto index = simulation.find(request.matches[1].str());
                if (!index) return tl::unexpected(index.error());
                return view(simulation.device(*index), turn);
            });
        if (!body) return refuse(response, body.error());
        answer(response, 200, *body);
    }

    void get_device(const Request& request, Response& response) {
        show(request, response, [](const Device& device, Turn& turn) -> Result<json> {
            return described(device, turn);
        });
    }

    void get_log(const Request& request, Response& response) {
        const std::uint64_t after = number_parameter(request, "after", 0);
        show(request, response, [after](const Device& device, Turn&) -> Result<json> {
            return json{{"entries", log_json(device.log(), after)}};
        });
    }

    void act(const std::string& id, const std::string& verb, const std::string& body,
             Response& response) {
        const auto content = send_content_from_json(verb == "send" ? body : std::string());
        if (!content) return refuse(response, content.error());
        const Result<json> done =
            runtime_.with([&](Simulation& simulation, Turn& turn) -> Result<json> {
                const Status status = simulation.act(
                    id, [&](Device& device) { return carry_out(device, verb, *content, turn); });
                if (!status) return tl::unexpected(status.error());
                return described(simulation.device(*simulation.find(id)), turn);
            });
        if (!done) return refuse(response, done.error());
        answer(response, 202, *done);
    }

    // RFC 9112 6.3: without a length a request has no body; the library would wait for one until
    // the connection ends (`curl -X POST` sends none).
    httplib::Server::HandlerResponse on_request_without_length(const Request& request,
                                                               Response& response) {
        const bool may_have_body = request.method == "POST" || request.method == "PUT" ||
                                   request.method == "PATCH" || request.method == "PRI";
        if (!may_have_body || request.has_header("Content-Length") ||
            request.has_header("Transfer-Encoding")) {
            return httplib::Server::HandlerResponse::Unhandled;
        }
        const std::regex pattern(act_pattern);
        std::smatch matches;
        if (request.method == "POST" && std::regex_match(request.path, matches, pattern)) {
            act(matches[1].str(), matches[2].str(), {}, response);
        } else {
            refuse(response, {Errc::invalid_argument, "the request needs a body"});
        }
        return httplib::Server::HandlerResponse::Handled;
    }

    // The same for a device with an LwM2M client of our own.
    template <typename View>
    void show_client(const Request& request, Response& response, View&& view) {
        show(request, response, [&](const Device& device, Turn&) -> Result<json> {
            if (device.lwm2m_client() != nullptr) return view(*device.lwm2m_client());
            return fail(Errc::conflict, "the device is a tap: its client is outside");
        });
    }

    void get_objects(const Request& request, Response& response) {
        show_client(request, response, [](const client::Client& client) -> Result<json> {
            return json{{"objects", objects_json(client.model())}};
        });
    }

    void get_observations(const Request& request, Response& response) {
        show_client(request, response, [](const client::Client& client) -> Result<json> {
            return json{{"observations", observations_json(client)}};
        });
    }

    /// A package for the simulated devices, to be given to an LwM2M server.
    void get_firmware_package(const Request& request, Response& response) {
        const auto word = [&](const char* name, const std::string& otherwise) {
            return client::package_model(request.has_param(name) ? request.get_param_value(name)
                                                                 : otherwise);
        };
        const std::uint64_t size = number_parameter(request, "size", 4096);
        const Bytes body(std::min<std::uint64_t>(size, client::Firmware::package_bytes_max), 0x5a);
        const Bytes package =
            client::make_firmware_package(word("name", "firmware"), word("version", "2.0.0"),
                                          word("model", client::DeviceDescription{}.model), body);
        response.set_content(std::string(as_text(package)), "application/octet-stream");
    }

    void get_resource(const Request& request, Response& response) {
        const auto path = resource_path(request.matches[2].str());
        if (!path) return refuse(response, path.error());
        show_client(request, response, [&](const client::Client& client) -> Result<json> {
            if (const client::Value* const value = client.model().peek(*path)) {
                return json{{"path", path->text()}, {"value", value_json(*value)}};
            }
            const auto records = client.model().read(*path);
            if (!records)
                return fail(Errc::not_found, "the device has no readable " + path->text());
            if (records->size() == 1 && records->front().path == *path) {
                return json{{"path", path->text()}, {"value", value_json(records->front().value)}};
            }
            json values = json::object();
            for (const auto& record : *records) {
                values[record.path.text()] = value_json(record.value);
            }
            return json{{"path", path->text()}, {"values", std::move(values)}};
        });
    }

    void put_resource(const Request& request, Response& response) {
        const auto path = resource_path(request.matches[2].str());
        if (!path) return refuse(response, path.error());
        const json body = json::parse(request.body, nullptr, false);
        if (!body.is_object() || !body.contains("value")) {
            return refuse(response, {Errc::invalid_argument, "the body must be {\"value\": …}"});
        }
        const Status done = runtime_.with([&](Simulation& simulation, Turn& turn) {
            return simulation.act(request.matches[1].str(), [&](Device& device) -> Status {
                const client::Client* const client = device.lwm2m_client();
                const auto* const definition =
                    client == nullptr ? nullptr : client->model().definition(*path);
                const auto value = value_from_json(body["value"], definition);
                if (value) return device.set_value(*path, *value, turn);
                return fail(Errc::invalid_argument, "the value does not fit the resource's type");
            });
        });
        if (!done) return refuse(response, done.error());
        get_resource(request, response);
    }

    Runtime& runtime_;
    httplib::Server http_;
    SocketAddress local_;
    std::atomic<bool> ended_{false};
    std::thread thread_;
};

ControlApi::ControlApi(std::unique_ptr<Server> server) : server_(std::move(server)) {}
ControlApi::~ControlApi() = default;

Result<std::unique_ptr<ControlApi>> ControlApi::open(const SocketAddress& local, Runtime& runtime) {
    auto server = std::make_unique<Server>(runtime);
    if (Status status = server->listen(local); !status) return tl::unexpected(status.error());
    return std::unique_ptr<ControlApi>(new ControlApi(std::move(server)));
}

SocketAddress ControlApi::local() const { return server_->local(); }
void ControlApi::stop() { server_->stop(); }

}  // namespace scef::modem_simulator
