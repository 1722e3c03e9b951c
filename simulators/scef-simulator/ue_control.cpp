#include "simulators/scef-simulator/ue_control.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "lwm2m-core/vocabulary/time_text.h"

namespace scef::scef_simulator {
namespace {

using nlohmann::json;

constexpr std::int64_t count_max = 1'000'000;

/// As `read_ue_change` reads it.
std::string duration_text(Duration duration) {
    return duration == Duration::zero() ? "0" : scef::to_text(duration);
}

json timers_to_json(const Timers& timers) {
    return {{"inactivity", duration_text(timers.inactivity)},
            {"active", duration_text(timers.active)},
            {"edrxCycle", duration_text(timers.edrx_cycle)},
            {"pagingWindow", duration_text(timers.paging_window)},
            {"periodicTau", duration_text(timers.periodic_tau)},
            {"contactRetry", duration_text(timers.contact_retry)}};
}

json rates_to_json(const UeRecord& record, const Turn& turn) {
    const RateLimits& limits = record.profile.rates;
    const UeRateControl::Used used = record.rates.used(turn.now);
    const auto entry = [](const Rate& rate, std::uint64_t count) {
        return json{{"limit", to_text(rate)}, {"used", count}};
    };
    json object{
        {"apnDownlink", entry(limits.apn_downlink, used.apn_downlink)},
        {"apnUplink", entry(limits.apn_uplink, used.apn_uplink)},
        {"servingPlmnDownlink", entry(limits.serving_plmn_downlink, used.serving_plmn_downlink)},
        {"servingPlmnUplink", entry(limits.serving_plmn_uplink, used.serving_plmn_uplink)},
        {"quotaDownlink", entry(limits.quota_downlink, used.quota_downlink)},
        {"uplinksRefused", record.counters.uplinks_over_rate}};
    if (limits.apn_exception) {
        object["apnException"] = entry(*limits.apn_exception, used.apn_exception);
    }
    return object;
}

/// An object member of a patch; its unknown members are complaints.
class Part {
public:
    Part(const json& parent, const char* name, std::initializer_list<std::string_view> known,
         std::vector<InvalidParam>& complaints)
        : object_(object_in(parent, name)),
          reader_(object_, complaints, name == nullptr ? "" : std::string("/") + name) {
        if (!object_.is_object()) return;
        for (const auto& [key, value] : object_.items()) {
            if (std::find(known.begin(), known.end(), key) == known.end()) {
                reader_.complain(key.c_str(), "there is no such member");
            }
        }
    }

    BodyReader& reader() { return reader_; }
    const json& object() const { return object_; }

    void duration(const char* name, Duration& target, bool may_be_zero) {
        const std::optional<std::string> text = reader_.text(name);
        if (!text) return;
        const Result<Duration> parsed = *text == "0" ? Duration::zero() : parse_duration(*text);
        if (!parsed || (*parsed == Duration::zero() && !may_be_zero)) {
            reader_.complain(name, may_be_zero ? "a duration such as 20s, or 0, is expected"
                                               : "a duration such as 20s is expected");
            return;
        }
        target = *parsed;
    }

    template <typename Read>
    void rate(const char* name, Rate& target, Read read) {
        const std::optional<std::string> text = rate_text(name);
        if (!text) return;
        const Result<Rate> parsed = read(*text);
        if (parsed) {
            target = *parsed;
        } else {
            reader_.complain(name, parsed.error().message);
        }
    }

    template <typename Value, typename Read>
    void name(const char* member, Value& target, Read read, const char* expected) {
        const std::optional<std::string> text = reader_.text(member);
        if (!text) return;
        if (const auto value = read(*text)) {
            target = *value;
        } else {
            reader_.complain(member, expected);
        }
    }

private:
    static json object_in(const json& parent, const char* name) {
        if (name == nullptr) return parent;
        if (!parent.is_object()) return json::object();
        const auto found = parent.find(name);
        return found == parent.end() || found->is_null() ? json::object() : *found;
    }

    /// A number stands for itself; null lifts the limit.
    std::optional<std::string> rate_text(const char* name) {
        if (reader_.is_null(name)) return "unrestricted";
        const auto found = object_.is_object() ? object_.find(name) : object_.end();
        if (found != object_.end() && found->is_number_integer()) return found->dump();
        return reader_.text(name);
    }

    json object_;
    BodyReader reader_;
};

void read_timers(const json& body, Timers& timers, std::vector<InvalidParam>& complaints) {
    Part part(body, "timers",
              {"inactivity", "active", "edrxCycle", "pagingWindow", "periodicTau", "contactRetry"},
              complaints);
    part.duration("inactivity", timers.inactivity, false);
    part.duration("active", timers.active, true);
    part.duration("edrxCycle", timers.edrx_cycle, false);
    part.duration("pagingWindow", timers.paging_window, false);
    part.duration("periodicTau", timers.periodic_tau, true);
    part.duration("contactRetry", timers.contact_retry, false);
    if (timers.paging_window >= timers.edrx_cycle) {
        part.reader().complain("pagingWindow", "it must be shorter than edrxCycle");
    }
}

void read_rates(const json& body, RateLimits& limits, std::vector<InvalidParam>& complaints) {
    Part part(body, "rateControl",
              {"apnDownlink", "apnUplink", "apnException", "servingPlmnDownlink",
               "servingPlmnUplink", "quotaDownlink"},
              complaints);
    part.rate("apnDownlink", limits.apn_downlink, parse_apn_rate);
    part.rate("apnUplink", limits.apn_uplink, parse_apn_rate);
    part.rate("servingPlmnDownlink", limits.serving_plmn_downlink, parse_serving_plmn_rate);
    part.rate("servingPlmnUplink", limits.serving_plmn_uplink, parse_serving_plmn_rate);
    part.rate("quotaDownlink", limits.quota_downlink, parse_apn_rate);
    if (part.reader().is_null("apnException")) {
        limits.apn_exception.reset();
    } else if (part.reader().has("apnException")) {
        part.rate("apnException", limits.apn_exception.emplace(), parse_apn_rate);
    }
}

void read_buffer(const json& body, BufferLimits& buffer, std::vector<InvalidParam>& complaints) {
    Part part(body, "buffer", {"enabled", "countMax", "octetsMax"}, complaints);
    BodyReader& reader = part.reader();
    buffer.enabled = reader.boolean("enabled").value_or(buffer.enabled);
    if (const auto count = reader.integer("countMax", 0, count_max)) {
        buffer.count_max = static_cast<std::size_t>(*count);
    }
    if (const auto octets = reader.integer("octetsMax", 0, count_max * 1'000)) {
        buffer.octets_max = static_cast<std::size_t>(*octets);
    }
}

}  // namespace

json ue_to_json(const std::string& id, const UeRecord& record, const Scef& scef, const Turn& turn) {
    const Configuration* configuration = scef.configurations().for_ue(id);
    const UeProfile& profile = record.profile;
    const std::optional<WallTime> next = scef.network().reachable_at(record, turn);
    return {{"externalId", id},
            {"state", name_of(record.ue.state())},
            {"sleepMode", name_of(record.ue.sleep_mode())},
            {"reachable", record.hears()},
            {"nextReachable", next ? json(to_rfc3339(*next)) : json(nullptr)},
            {"modem", record.has_modem},
            {"authorized", scef.subscribers().is_authorized(id)},
            {"buffered", record.queue.size()},
            {"framesDownlink", record.counters.downlink},
            {"framesUplink", record.counters.uplink},
            {"timers", timers_to_json(profile.timers)},
            {"coverage", name_of(profile.coverage)},
            {"hop", name_of(profile.hop)},
            {"reliableDataService", name_of(profile.rds)},
            {"buffer",
             {{"enabled", profile.buffer.enabled},
              {"countMax", profile.buffer.count_max},
              {"octetsMax", profile.buffer.octets_max},
              {"octets", scef.network().buffered_octets(record)}}},
            {"rateControl", rates_to_json(record, turn)},
            {"niddConfiguration",
             configuration == nullptr ? json(nullptr) : json(configuration->self)}};
}

UeChange read_ue_change(const json& body, const UeProfile& present,
                        std::vector<InvalidParam>& complaints) {
    UeChange change;
    change.profile = present;
    if (!body.is_object()) {
        complaints.push_back({"", "an object is expected"});
        return change;
    }
    Part part(body, nullptr,
              {"state", "sleepMode", "authorized", "timers", "coverage", "hop",
               "reliableDataService", "buffer", "rateControl"},
              complaints);
    part.name("state", change.state, ue_state_of,
              "connected, idle, edrx, psm, no-pdn or detached is expected");
    part.name("sleepMode", change.sleep_mode, ue_state_of, "connected, edrx or psm is expected");
    if (change.sleep_mode && !is_sleep_mode(*change.sleep_mode)) {
        part.reader().complain("sleepMode", "connected, edrx or psm is expected");
    }
    change.authorized = part.reader().boolean("authorized");
    part.name("coverage", change.profile.coverage, coverage_of,
              "normal, robust or extreme is expected");
    part.name("hop", change.profile.hop, hop_report_of,
              "acknowledged, unacknowledged, unspecified or failing is expected");
    part.name("reliableDataService", change.profile.rds, rds_conduct_of,
              "acknowledging, silent or disabled is expected");
    read_timers(body, change.profile.timers, complaints);
    read_buffer(body, change.profile.buffer, complaints);
    read_rates(body, change.profile.rates, complaints);
    return change;
}

Status apply(const UeChange& change, const std::string& id, Scef& scef, const Turn& turn) {
    if (Status done = scef.set_profile(id, change.profile, turn); !done) return done;
    const UeState now = scef.network().find(id)->ue.state();
    if (change.state || change.sleep_mode) {
        if (Status done = scef.set_state(id, change.state.value_or(now), change.sleep_mode, turn);
            !done) {
            return done;
        }
    }
    if (change.authorized) scef.set_authorized(id, *change.authorized, turn);
    return {};
}

}  // namespace scef::scef_simulator
