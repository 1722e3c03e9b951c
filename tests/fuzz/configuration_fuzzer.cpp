// What an operator writes: a configuration file is taken or has mistakes in sentences, and none of
// its values is taken twice differently; addresses and URLs have one form; time zones of the system
// never turn a clock by more than they may.
#include <algorithm>

#include "scef-adapter/config/config.h"
#include "scef-adapter/config/config_values.h"
#include "scef-adapter/config/network_values.h"
#include "scef-adapter/config/time_zone_file.h"
#include "scef-adapter/config/time_zone_rule.h"
#include "tests/fuzz/require.h"

using namespace scef;

namespace {

void check_mistakes(const adapter::ConfigMistakes& mistakes) {
    require(!mistakes.sentences.empty(), "a refusal has a sentence");
    for (const std::string& sentence : mistakes.sentences) {
        require(sentence.starts_with("fuzz.yaml"), "a mistake names its file");
        require(std::none_of(sentence.begin(), sentence.end(),
                             [](unsigned char c) { return c < 0x20 || c == 0x7f; }),
                "a mistake is one line without control characters");
    }
}

/// Secrets are read from files whose names it holds: it is never given any that is there.
void check_configuration(const std::string& text) {
    const auto config = adapter::parse_config(text, "fuzz.yaml");
    const auto again = adapter::parse_config(text, "fuzz.yaml");
    require(config.has_value() == again.has_value(), "the same text is judged alike");
    if (!config) {
        check_mistakes(config.error());
        require(config.error().sentences == again.error().sentences, "and with the same words");
        return;
    }
    require(config->shards >= 1 && config->shards <= 4096, "the shards are within bounds");
    for (const auto& scef : config->scefs) require(!scef.name.empty(), "a SCEF has a name");
    for (const auto& server : config->lwm2m_servers) {
        require(!server.name.empty(), "a server has a name");
    }
}

/// What is read from its own form is the same.
template <typename Parse>
void has_one_form(std::string_view text, Parse parse) {
    const auto value = parse(text);
    if (!value) {
        require(!value.error().message.empty(), "a refusal has its sentence");
        return;
    }
    if (value->empty()) return;  // the path `/`, which goes before others
    const auto again = parse(*value);
    require(again && *again == *value, "a value is read from its own form");
}

void check_values(std::string_view text) {
    has_one_form(text, adapter::parse_cidr);
    has_one_form(text, adapter::parse_listen);
    has_one_form(text, adapter::parse_http_url);
    has_one_form(text, adapter::parse_http_path);
    has_one_form(text, adapter::parse_domain);
    if (const auto uri = adapter::parse_coap_uri(text)) {
        const auto again = adapter::parse_coap_uri(uri->text());
        require(again && again->text() == uri->text() && again->port == uri->port,
                "a CoAP URI is read from its own form");
        require(!uri->address || uri->address->port == uri->port, "its address has its port");
    }
    const auto number = adapter::parse_number(text, 3, 4000);
    require(!number || (*number >= 3 && *number <= 4000), "a number is within its bounds");
    const auto percentage = adapter::parse_percentage(text);
    require(!percentage || (*percentage >= 0 && *percentage <= 1), "a percentage is one");
    const auto decimal = adapter::parse_decimal(text, 1, 9);
    require(!decimal || (*decimal >= 1 && *decimal <= 9), "a decimal is within its bounds");
    const auto duration =
        adapter::parse_duration_within(text, std::chrono::seconds(1), std::chrono::hours(1));
    require(
        !duration || (*duration >= std::chrono::seconds(1) && *duration <= std::chrono::hours(1)),
        "a duration is within its bounds");
    const auto rate = adapter::parse_message_rate(text);
    require(!rate || (rate->amount > 0 && rate->period > Duration{}), "a rate has a period");
    (void)adapter::parse_size(text);
    (void)adapter::parse_byte_allowance(text);
    (void)adapter::parse_message_allowance(text);
    (void)adapter::parse_serving_plmn_rate(text);
    (void)adapter::parse_coap_error(text);
    (void)adapter::parse_weekday(text);
}

void check_zone(const quota::TimeZone& zone) {
    using std::chrono::seconds;
    constexpr seconds most = quota::TimeZone::offset_max;
    require(zone.first_offset() < most && zone.first_offset() > -most, "an offset is one");
    const auto& transitions = zone.transitions();
    for (std::size_t i = 0; i < transitions.size(); ++i) {
        require(transitions[i].offset < most && transitions[i].offset > -most, "an offset is one");
        require(i == 0 || transitions[i - 1].at < transitions[i].at, "transitions are in order");
    }
    for (const std::int64_t at : {0LL, 1'790'000'000LL, 4'000'000'000LL}) {
        const std::chrono::sys_seconds time{seconds(at)};
        const auto shown = zone.first_showing(zone.local(time));
        require(shown <= time, "the first time that shows it is not later");
        require(zone.local(shown) >= zone.local(time), "and shows it, or what is behind a gap");
    }
}

void check_zones(ByteView octets) {
    const auto zone = adapter::time_zone_from_tzif("Fuzz/Zone", octets);
    if (zone) {
        check_zone(*zone);
    } else {
        require(!zone.error().message.empty(), "a refusal has its sentence");
    }
    const auto rule = adapter::TimeZoneRule::parse(as_text(octets));
    if (rule) check_zone(rule->continued({"Fuzz/Zone", std::chrono::seconds(0), {}}, 2100));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0 || size > 16384) return 0;
    const ByteView octets(data + 1, size - 1);
    switch (data[0]) {
        case 'Z':
            check_zones(octets);
            break;
        case 'V':
            check_values(as_text(octets));
            break;
        default:
            check_configuration(std::string(as_text({data, size})));
            break;
    }
    return 0;
}
