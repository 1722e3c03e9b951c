#include "simulators/lwm2m-server-simulator/rest_reply.h"

#include "simulators/lwm2m-server-simulator/content_formats.h"
#include "simulators/lwm2m-server-simulator/payload.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;
using Outcome = DeviceAnswer::Outcome;

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
        case 503:
            return "Service Unavailable";
        default:
            return "Error";
    }
}

double milliseconds_of(Duration duration) {
    return std::chrono::duration<double, std::milli>(duration).count();
}

int status_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::answered:
        case Outcome::reset_later:
            return 200;
        case Outcome::timeout:
        case Outcome::asleep:
            return 504;
        case Outcome::reset:
        case Outcome::not_sent:
            return 502;
        case Outcome::not_observed:
            return 409;
        case Outcome::unknown_client:
            return 404;
        case Outcome::stopped:
            return 503;
    }
    return 500;
}

}  // namespace

void reply(httplib::Response& response, int status, const json& body, const char* type) {
    response.status = status;
    response.set_content(to_text(body), type);
}

void reply_problem(httplib::Response& response, int status, const std::string& detail) {
    reply(response, status, {{"status", status}, {"title", title_of(status)}, {"detail", detail}},
          "application/problem+json");
}

void reply_problem(httplib::Response& response, const Error& error) {
    const bool is_of_body = error.code != Errc::not_found && error.code != Errc::conflict &&
                            error.code != Errc::unavailable;
    reply_problem(response, is_of_body ? 400 : http_status_of(error.code), error.message);
}

void reply_answer(httplib::Response& response, const DeviceAnswer& answer) {
    const int status = status_of(answer.outcome);
    const char* const error = error_text(answer.outcome);
    if (answer.outcome == Outcome::unknown_client || answer.outcome == Outcome::not_observed) {
        return reply_problem(response, status, error);
    }
    json body{{"code", nullptr},
              {"payload", answer.payload},
              {"latencyMs", milliseconds_of(answer.latency)},
              {"retransmissions", answer.retransmissions}};
    if (error != nullptr) body["error"] = error;
    if (answer.outcome == Outcome::reset_later) body["by"] = "reset";
    if (answer.outcome != Outcome::answered) return reply(response, status, body);
    body["code"] = code_text(answer.code);
    body["separate"] = answer.separate;
    if (answer.content_format) {
        body["contentFormat"] = *answer.content_format;
        body["format"] = content_format_name(*answer.content_format);
    }
    if (!answer.location.empty()) body["location"] = answer.location;
    reply(response, status, body);
}

}  // namespace scef::lwm2m_server_simulator
