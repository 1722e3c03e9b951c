#include "simulators/scef-simulator/control_service.h"

#include <algorithm>
#include <charconv>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/base64.h"
#include "lwm2m-core/vocabulary/external_id.h"
#include "lwm2m-core/vocabulary/time_text.h"
#include "simulators/scef-simulator/rds.h"
#include "simulators/scef-simulator/ue_control.h"

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

std::string canonical(const std::string& text) {
    const Result<ExternalId> id = ExternalId::parse(text);
    return id ? id->text() : text;
}

HttpAnswer refusal_of(const Error& error) {
    return problem_answer({http_status_of(error.code), error.message, "", {}});
}

HttpAnswer bad_request(std::vector<InvalidParam> complaints) {
    return problem_answer({400, "the body is not as expected", "", std::move(complaints)});
}

/// A natural number of the query, or what it is without one.
template <typename Number>
bool read_query(const HttpRequest& request, const char* name, Number& number) {
    const auto found = request.query.find(name);
    if (found == request.query.end()) return true;
    const char* end = found->second.data() + found->second.size();
    const auto [stopped, error] = std::from_chars(found->second.data(), end, number);
    return error == std::errc{} && stopped == end;
}

std::string text_query(const HttpRequest& request, const char* name) {
    const auto found = request.query.find(name);
    return found == request.query.end() ? std::string{} : found->second;
}

}  // namespace

ControlService::ControlService(Host& host, TokenService& tokens, Faults& faults, EventLog& log,
                               Counters& counters)
    : host_(host), tokens_(tokens), faults_(faults), log_(log), counters_(counters) {}

HttpAnswer ControlService::handle(const HttpRequest& request) {
    const std::vector<std::string> segments = segments_of(request.path);
    const std::string& method = request.method;
    if (segments.size() == 2 && segments[0] == "ues") {
        if (method == "GET") return get_ue(canonical(segments[1]));
        if (method == "PATCH") return patch_ue(canonical(segments[1]), request);
        return problem_answer({405, "", "", {}});
    }
    if (segments.size() == 2 && segments[0] == "scs-as" && method == "PATCH") {
        return patch_scs_as(segments[1], request);
    }
    if (segments.size() == 2 && segments[0] == "deliveries" && method == "PATCH") {
        return patch_delivery(segments[1], request);
    }
    if (segments.size() == 2 && segments[0] == "oauth2" && segments[1] == "revoke") {
        if (method != "POST") return problem_answer({405, "", "", {}});
        return json_answer(200, {{"revoked", tokens_.revoke_all()}});
    }
    if (segments.size() != 1) return problem_answer({404, "", "", {}});
    const std::string& resource = segments[0];
    if (resource == "ues" && method == "GET") return list_ues();
    if (resource == "log" && method == "GET") return get_log(request);
    if (resource == "counters" && method == "GET") return get_counters();
    if (resource == "faults" && method == "GET") return get_faults();
    if (resource == "faults" && method == "POST") return post_faults(request);
    if (resource == "faults" && method == "DELETE") {
        faults_.clear();
        return {};
    }
    if (resource == "uplinks" && method == "POST") return post_uplink(request);
    if (resource == "state" && method == "DELETE") return delete_state();
    if (resource == "healthz" && method == "GET") return json_answer(200, {{"status", "ok"}});
    for (const char* known : {"ues", "log", "counters", "faults", "uplinks", "state", "healthz"}) {
        if (resource == known) return problem_answer({405, "", "", {}});
    }
    return problem_answer({404, "", "", {}});
}

HttpAnswer ControlService::list_ues() {
    return json_answer(200, host_.with([](Scef& scef, const Turn& turn) {
        json list = json::array();
        for (const auto& [id, record] : scef.network().ues()) {
            list.push_back(ue_to_json(id, record, scef, turn));
        }
        return list;
    }));
}

HttpAnswer ControlService::get_ue(const std::string& external_id) {
    return host_.with([&](Scef& scef, const Turn& turn) {
        const UeRecord* record = scef.network().find(external_id);
        if (record == nullptr) {
            return problem_answer({404, "this UE never attached", "", {}});
        }
        return json_answer(200, ue_to_json(external_id, *record, scef, turn));
    });
}

HttpAnswer ControlService::patch_ue(const std::string& external_id, const HttpRequest& request) {
    const Result<json> body = parse_json(request.body);
    if (!body) return problem_answer({400, body.error().message, "", {}});
    return host_.with([&](Scef& scef, const Turn& turn) {
        std::vector<InvalidParam> complaints;
        const UeChange change = read_ue_change(*body, scef.profile_of(external_id), complaints);
        if (!ExternalId::parse(external_id)) {
            complaints.push_back({"externalId", "local-part@domain is expected"});
        }
        if (!complaints.empty()) return bad_request(std::move(complaints));
        const Status done = apply(change, external_id, scef, turn);
        if (!done) return refusal_of(done.error());
        log_.append(turn.wall, "ue-changed", external_id, dump(*body));
        return json_answer(200,
                           ue_to_json(external_id, *scef.network().find(external_id), scef, turn));
    });
}

/// `{"authorized": false}`: the SCS/AS is answered 401.
HttpAnswer ControlService::patch_scs_as(const std::string& id, const HttpRequest& request) {
    const Result<json> body = parse_json(request.body);
    if (!body) return problem_answer({400, body.error().message, "", {}});
    std::vector<InvalidParam> complaints;
    BodyReader reader(*body, complaints);
    const std::optional<bool> authorized = reader.boolean("authorized");
    if (!authorized) reader.complain("authorized", "a boolean is expected");
    if (!complaints.empty()) return bad_request(std::move(complaints));
    host_.with([&](Scef& scef, const Turn&) { scef.set_scs_as_authorized(id, *authorized); });
    return json_answer(200, {{"scsAsId", id}, {"authorized", *authorized}});
}

/// `{"deliveryStatus": "..."}`: a status that did not come about by itself.
HttpAnswer ControlService::patch_delivery(const std::string& id, const HttpRequest& request) {
    const Result<json> body = parse_json(request.body);
    if (!body) return problem_answer({400, body.error().message, "", {}});
    std::vector<InvalidParam> complaints;
    BodyReader reader(*body, complaints);
    const std::string status = reader.text("deliveryStatus").value_or("");
    if (status.empty()) reader.complain("deliveryStatus", "a text is expected");
    if (!complaints.empty()) return bad_request(std::move(complaints));
    const bool is_there = host_.with(
        [&](Scef& scef, const Turn& turn) { return scef.force_status(id, status, turn); });
    if (!is_there) return problem_answer({404, "no such delivery is buffered", "", {}});
    return json_answer(200, {{"deliveryStatus", status}});
}

HttpAnswer ControlService::get_log(const HttpRequest& request) {
    EventLog::Query query;
    if (!read_query(request, "since", query.since) || !read_query(request, "limit", query.limit)) {
        return problem_answer({400, "since and limit are natural numbers", "", {}});
    }
    query.external_id = canonical(text_query(request, "externalId"));
    query.kind = text_query(request, "kind");
    query.contains = text_query(request, "contains");
    if (text_query(request, "follow") == "true") return follow_log(std::move(query));
    std::string body = "{\"entries\":[";
    const std::vector<LogEntry> entries = log_.read(query);
    for (const LogEntry& entry : entries) {
        if (body.back() != '[') body += ',';
        body += to_line(entry);
    }
    const std::uint64_t last = entries.size() == query.limit && !entries.empty()
                                   ? entries.back().sequence
                                   : std::max(query.since, log_.last());
    body += "],\"last\":" + std::to_string(last) + "}";
    HttpAnswer answer;
    answer.status = 200;
    answer.content_type = "application/json";
    answer.body = std::move(body);
    return answer;
}

/// Server-sent events (WHATWG HTML 9.2), from `since` or from now on; a comment a second where
/// nothing happens.
HttpAnswer ControlService::follow_log(EventLog::Query query) {
    if (query.since == 0) query.since = log_.last();
    HttpAnswer answer;
    answer.status = 200;
    answer.content_type = "text/event-stream";
    answer.stream = [this, query]() mutable {
        const std::uint64_t last = log_.last();
        if (last <= query.since) log_.wait_after(query.since, std::chrono::seconds(1));
        std::string piece;
        std::uint64_t read = std::max(last, query.since);
        for (const LogEntry& entry : log_.read(query)) {
            read = std::max(read, entry.sequence);
            piece += "id: " + std::to_string(entry.sequence) + "\nevent: " + entry.kind +
                     "\ndata: " + to_line(entry) + "\n\n";
        }
        query.since = read;
        return piece.empty() ? std::string(": \n\n") : piece;
    };
    return answer;
}

HttpAnswer ControlService::get_counters() {
    json body = host_.with([](Scef& scef, const Turn&) {
        AirCounters total;
        json ues = json::object();
        for (const auto& [id, record] : scef.network().ues()) {
            total.downlink += record.counters.downlink;
            total.uplink += record.counters.uplink;
            total.uplinks_over_rate += record.counters.uplinks_over_rate;
            ues[id] = {{"frames_downlink_total", record.counters.downlink},
                       {"frames_uplink_total", record.counters.uplink}};
        }
        return json{{"frames_downlink_total", total.downlink},
                    {"frames_uplink_total", total.uplink},
                    {"uplinks_over_rate_total", total.uplinks_over_rate},
                    {"uplinks_without_configuration_total", scef.uplinks_without_configuration()},
                    {"configurations", scef.configurations().size()},
                    {"ues", std::move(ues)}};
    });
    body["deliveries"] = json::object();
    body["notifications"] = json::object();
    for (const auto& [group, values] : counters_.snapshot()) body[group] = values;
    return json_answer(200, body);
}

HttpAnswer ControlService::get_faults() {
    json list = json::array();
    for (const Fault& fault : faults_.rules()) list.push_back(to_json(fault));
    return json_answer(200, list);
}

HttpAnswer ControlService::post_faults(const HttpRequest& request) {
    const Result<json> body = parse_json(request.body);
    if (!body) return problem_answer({400, body.error().message, "", {}});
    std::vector<InvalidParam> complaints;
    std::vector<Fault> rules = read_faults(*body, complaints);
    if (!complaints.empty()) return bad_request(std::move(complaints));
    faults_.add(std::move(rules));
    HttpAnswer answer = get_faults();
    answer.status = 201;
    return answer;
}

HttpAnswer ControlService::post_uplink(const HttpRequest& request) {
    const Result<json> body = parse_json(request.body);
    if (!body) return problem_answer({400, body.error().message, "", {}});
    std::vector<InvalidParam> complaints;
    BodyReader reader(*body, complaints);
    const std::string external_id = reader.text("externalId").value_or("");
    if (!ExternalId::parse(external_id)) {
        reader.complain("externalId", "local-part@domain is expected");
    }
    Result<Bytes> data = from_base64(reader.text("data").value_or(""));
    if (!data || data->empty()) reader.complain("data", "base64 is expected");
    const auto rds = read_rds_port(reader);
    const bool is_exception = reader.boolean("exception").value_or(false);
    if (!complaints.empty()) return bad_request(std::move(complaints));
    const Status done = host_.with([&](Scef& scef, const Turn& turn) {
        return scef.inject_uplink(external_id, std::move(*data), rds, turn, is_exception);
    });
    if (!done) return refusal_of(done.error());
    return json_answer(202, {{"externalId", canonical(external_id)}});
}

HttpAnswer ControlService::delete_state() {
    host_.with_operator(
        [](SimulatedOperator& simulated, const Turn& turn) { simulated.forget(turn); });
    return {};
}

}  // namespace scef::scef_simulator
