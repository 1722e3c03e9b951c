#include <algorithm>

#include "lwm2m-core/vocabulary/time_text.h"
#include "nidd/types/answer_reading.h"
#include "nidd/types/member_reader.h"
#include "nidd/types/strict_json.h"
#include "scef-adapter/doctor/judgement.h"

/// What the answers about NIDD configurations say.
namespace scef::adapter::doctor {
namespace {

using nidd::NiddConfiguration;
using nidd::T8Answer;
using nlohmann::json;
using Parts = std::vector<std::pair<std::string, Judged>>;

constexpr nidd::JsonLimits list_limits{std::size_t{64} * 1024 * 1024, 16, 200'000, 64};
constexpr std::uint32_t suspiciously_small = 2048;  ///< bits; no packet is limited to 256 octets
constexpr Duration duration_tolerance = std::chrono::seconds(2);

bool is_relative(std::string_view link) { return link.find("://") == std::string_view::npos; }

Judged judge_location(const T8Answer& answer) {
    if (answer.location.empty()) {
        return {Verdict::deviates, "there is no Location, which the standard wants"};
    }
    if (!nidd::configuration_id_of(answer.location)) {
        return {Verdict::deviates, "Location does not end in /configurations/ and an id"};
    }
    return {Verdict::works, is_relative(answer.location) ? "a path" : "an absolute URI"};
}

Judged judge_self(const T8Answer& answer, const NiddConfiguration& kept) {
    const auto id = nidd::configuration_id_of(kept.self);
    const auto located = nidd::configuration_id_of(answer.location);
    if (kept.self.empty()) return {Verdict::deviates, "the body has no self"};
    if (!id) return {Verdict::deviates, "self does not end in /configurations/ and an id"};
    if (located && *located != *id) {
        return {Verdict::deviates, "self and Location name different configurations"};
    }
    if (is_relative(kept.self)) return {Verdict::deviates, "a path only, which the adapter reads"};
    return {Verdict::works, "an absolute URI"};
}

template <typename T>
void compare(const char* name, const std::optional<T>& asked, const std::optional<T>& kept,
             std::string& differing, std::string& missing) {
    if (!asked) return;
    if (!kept) {
        missing += (missing.empty() ? "" : ", ") + std::string(name);
    } else if (*kept != *asked) {
        differing += (differing.empty() ? "" : ", ") + std::string(name);
    }
}

std::optional<std::string> if_given(const std::string& text) {
    return text.empty() ? std::nullopt : std::optional(text);
}

Judged judge_echo(const NiddConfiguration& asked, const NiddConfiguration& kept) {
    std::string differing, missing;
    compare("externalId", if_given(asked.external_id), if_given(kept.external_id), differing,
            missing);
    compare("notificationDestination", if_given(asked.notification_destination),
            if_given(kept.notification_destination), differing, missing);
    compare("pdnEstablishmentOption", asked.pdn_establishment_option, kept.pdn_establishment_option,
            differing, missing);
    compare("reliableDataService", asked.reliable_data_service, kept.reliable_data_service,
            differing, missing);
    if (kept.status && *kept.status != "ACTIVE") {
        return {Verdict::deviates, "the status is " + *kept.status + ", not ACTIVE"};
    }
    if (!differing.empty()) return {Verdict::deviates, "it changes " + differing};
    if (!missing.empty()) return {Verdict::works, "all as asked, without " + missing};
    return {Verdict::works, "all as asked"};
}

Judged judge_packet_size(const NiddConfiguration& kept) {
    if (!kept.maximum_packet_size) {
        return {Verdict::lacks, "no maximumPacketSize; 1358 octets are usual"};
    }
    const std::uint32_t bits = *kept.maximum_packet_size;
    const std::string size = std::to_string(bits) + " bits, that is frames of at most " +
                             std::to_string(bits / 8) + " octets";
    if (bits <= suspiciously_small) {
        return {Verdict::deviates, size + ": so little that it is probably meant in octets"};
    }
    return {Verdict::works, size};
}

Judged judge_features(const NiddConfiguration& asked, const NiddConfiguration& kept,
                      const nidd::OperatorProfile& profile) {
    if (!kept.supported_features) return {Verdict::lacks, "it names no optional features"};
    const auto names = nidd::feature_names(profile, *kept.supported_features);
    const auto offered = nidd::feature_names(profile, asked.supported_features.value_or("0"));
    std::string list;
    bool is_common = true;
    for (const std::string& name : names) {
        list += (list.empty() ? "" : ", ") + name;
        is_common &= std::find(offered.begin(), offered.end(), name) != offered.end();
    }
    if (list.empty()) list = "none";
    if (!is_common) return {Verdict::deviates, "also such that were not asked for: " + list};
    return {Verdict::works, list};
}

Judged judge_duration(const NiddConfiguration& asked, const NiddConfiguration& kept, WallTime now) {
    if (!asked.duration) return {};
    const auto span = [&](WallTime end) {
        using std::chrono::minutes;
        const Duration left = end - now;
        return left > minutes(10) ? to_text(std::chrono::round<minutes>(left))
                                  : to_text(std::chrono::round<std::chrono::seconds>(left));
    };
    if (!kept.duration) return {Verdict::deviates, "the answer tells no end"};
    const Duration more = *kept.duration - *asked.duration;
    if (*kept.duration <= now) return {Verdict::fails, "it ends at once; do the clocks agree?"};
    if (std::chrono::abs(more) <= duration_tolerance) {
        return {Verdict::works, span(*kept.duration) + " as asked"};
    }
    const std::string sentence =
        span(*kept.duration) + " granted, " + span(*asked.duration) + " asked";
    if (more > Duration{}) return {Verdict::deviates, sentence};
    return {Verdict::works, sentence + "; the adapter renews in time"};
}

}  // namespace

Judged judge_creation(const T8Answer& answer, const nidd::OperatorProfile& profile) {
    using Kind = nidd::ConfigurationOutcome::Kind;
    const auto outcome = nidd::classify_configuration(answer, profile);
    const std::string answered = told(answer);
    switch (outcome.kind) {
        case Kind::created:
            if (answer.status == 201) return {Verdict::works, "201"};
            return {Verdict::deviates, answered + " instead of 201"};
        case Kind::exists:
            return {Verdict::fails, answered +
                                        ": it has a configuration of this device already; "
                                        "choose a device without one"};
        case Kind::not_authorized:
            return {Verdict::fails, answered +
                                        ": may this SCS/AS use NIDD, and is the device "
                                        "subscribed to it?"};
        case Kind::unknown:
            if (has_status(answer, {200, 201})) {
                return {Verdict::deviates, answered + " without a link to the configuration"};
            }
            break;
        case Kind::refused:
            if (is_absent(answer)) {
                return {Verdict::fails, answered +
                                            ": check nidd_path and scs_as_id, and that the "
                                            "operator knows the device"};
            }
            break;
        case Kind::throttled:
        case Kind::retry:
            break;
    }
    return {Verdict::fails, answered};
}

Parts judge_configuration(const T8Answer& answer, const NiddConfiguration& asked,
                          const nidd::OperatorProfile& profile, WallTime now) {
    Parts parts;
    parts.emplace_back("location", judge_location(answer));
    const auto kept = nidd::parse_configuration(answer.body);
    if (!kept) {
        parts.emplace_back(
            "self", Judged{Verdict::deviates, "the body cannot be read: " + kept.error().message});
        return parts;
    }
    parts.emplace_back("self", judge_self(answer, *kept));
    parts.emplace_back("echo", judge_echo(asked, *kept));
    parts.emplace_back("packet size", judge_packet_size(*kept));
    parts.emplace_back("features", judge_features(asked, *kept, profile));
    parts.emplace_back("duration", judge_duration(asked, *kept, now));
    return parts;
}

Judged judge_read(const T8Answer& answer, std::string_view configuration_id) {
    if (has_status(answer, {405, 501})) return {Verdict::lacks, told(answer)};
    if (!has_status(answer, {200})) return {Verdict::fails, told(answer)};
    const auto kept = nidd::parse_configuration(answer.body);
    if (!kept) {
        return {Verdict::deviates, "200, but the body cannot be read: " + kept.error().message};
    }
    const auto id = nidd::configuration_id_of(kept->self);
    if (id && *id != configuration_id) {
        return {Verdict::deviates, "200, but with another configuration's self"};
    }
    return {Verdict::works, "200"};
}

std::vector<Listed> listed_in(const T8Answer& answer) {
    std::vector<Listed> listed;
    if (!has_status(answer, {200})) return listed;
    const auto list = nidd::parse_strict_json(answer.body, list_limits);
    if (!list || !list->is_array()) return listed;
    for (const json& item : *list) {
        nidd::MemberReader reader(item);
        const auto id = nidd::configuration_id_of(reader.text("self").value_or(""));
        if (!id) continue;
        listed.push_back({*id, reader.text("externalId").value_or(""),
                          reader.text("notificationDestination").value_or("")});
    }
    return listed;
}

Judged judge_list(const T8Answer& answer, std::string_view configuration_id) {
    if (is_absent(answer)) {
        return {Verdict::lacks, told(answer) + ": what is left behind there cannot be found"};
    }
    if (!has_status(answer, {200})) return {Verdict::deviates, told(answer)};
    const auto list = nidd::parse_strict_json(answer.body, list_limits);
    if (!list || !list->is_array()) return {Verdict::deviates, "200, but the body is no list"};
    const auto listed = listed_in(answer);
    const bool found = std::any_of(listed.begin(), listed.end(),
                                   [&](const Listed& one) { return one.id == configuration_id; });
    const std::string count =
        std::to_string(list->size()) + (list->size() == 1 ? " configuration" : " configurations");
    if (!found) return {Verdict::deviates, count + ", but not the one just made"};
    return {Verdict::works, count + ", the one just made among them"};
}

Judged judge_renewal(const T8Answer& answer, bool plain) {
    const std::string answered = told(answer);
    if (has_status(answer, {200, 204})) {
        if (!plain) return {Verdict::works, answered + " to a merge patch of the duration"};
        return {Verdict::deviates, answered + " only as application/json"};
    }
    if (is_absent(answer)) {
        return {Verdict::lacks, answered + ": configurations are made anew before they end"};
    }
    return {Verdict::deviates, answered};
}

Judged judge_second_creation(const T8Answer& answer, std::string_view first_id,
                             const nidd::OperatorProfile& profile) {
    using Kind = nidd::ConfigurationOutcome::Kind;
    const auto outcome = nidd::classify_configuration(answer, profile);
    if (outcome.kind == Kind::created) {
        if (outcome.configuration_id == first_id) {
            return {Verdict::deviates, told(answer) + " with the first one: it is replaced"};
        }
        return {Verdict::works, told(answer) + ": a second one is made beside the first"};
    }
    if (outcome.kind == Kind::exists) {
        return {Verdict::lacks, told(answer) + ": a second one is refused, and told as such"};
    }
    if (outcome.kind == Kind::refused || outcome.kind == Kind::not_authorized) {
        return {Verdict::lacks, told(answer) + ": a second one is refused"};
    }
    return {Verdict::deviates, told(answer)};
}

Judged judge_no_test_notification(bool others_came) {
    if (others_came) return {Verdict::lacks, "none came, though others do: this SCEF has none"};
    return {Verdict::lacks,
            "none came, nor any other notification: either this SCEF has none, or "
            "it does not reach notifications.public_url"};
}

Judged judge_deletion(const T8Answer& answer) {
    if (has_status(answer, {204})) return {Verdict::works, "204"};
    if (has_status(answer, {200})) return {Verdict::deviates, "200 instead of 204"};
    if (has_status(answer, {404})) return {Verdict::deviates, told(answer) + ": gone before"};
    return {Verdict::fails, told(answer) + ": the configuration stays there"};
}

Judged judge_gone(const T8Answer& answer) {
    if (has_status(answer, {404})) return {Verdict::works, "404"};
    if (has_status(answer, {410})) return {Verdict::deviates, "410 instead of 404"};
    if (has_status(answer, {200})) {
        return {Verdict::deviates, "200: the configuration can still be read"};
    }
    return {Verdict::deviates, told(answer) + " instead of 404"};
}

}  // namespace scef::adapter::doctor
