#include "scef-adapter/ctl/message_words.h"

#include <array>
#include <string_view>

#include "scef-adapter/ctl/session.h"

namespace scef::ctl {

using nlohmann::json;

namespace {

struct Words {
    std::string_view reason;
    std::string_view means;
    std::string_view advice;
};

/// `<device>` and `<id>` stand for those of the message.
constexpr std::array reasons{
    Words{
        "awaiting-window", "the device sleeps",
        "it leaves with the device's next uplink; 'devices wake <device>' asks it to come sooner"},
    Words{"quota", "a quota is used up",
          "'quota show device:<device>' says when there is room; 'quota set' gives more"},
    Words{"paused", "the device's queue is held by an operator",
          "'devices resume <device>' lets it go"},
    Words{"not-before", "its own earliest time is not reached", ""},
    Words{"order", "another message of the device goes first",
          "'messages list <device>' shows what is before it"},
    Words{"configuration", "the NIDD configuration is not active yet",
          "'devices show <device>' says what the SCEF answered; 'doctor' examines the SCEF"},
    Words{"throttled", "the SCEF asked to slow down", ""},
    Words{"retry", "an attempt failed, another one follows", ""},
    Words{"awaiting-answer", "delivered as far as the network knows; the device has not answered",
          "'devices capture <device> --output FILE' shows what passes"},
    Words{"in-doubt", "the SCEF's answer was lost; its outcome is being found out", ""},
    Words{"ttl", "its time to live was over",
          "'deadletters replay <id> --ttl 24h' sends it again; 'devices show <device>' tells when "
          "the "
          "device was last heard"},
    Words{"deregistered", "the device left its server", ""},
    Words{"canceled", "canceled by an operator", ""},
    Words{"purged", "canceled with the device's whole queue", ""},
    Words{"device-removed", "the device was removed", ""},
    Words{"superseded", "a newer message takes its place", ""},
    Words{"unknown", "it may have been delivered; sending it again could do harm",
          "ask the device what it has (GET) before you send again"},
    Words{"too-large", "the frame is larger than the SCEF takes",
          "'devices show <device>' tells how much it takes; block-wise transfer is the server's "
          "part"},
    Words{"refused-by-scef", "the SCEF will never take it",
          "the timeline has the SCEF's cause; 'doctor' examines the SCEF"},
    Words{"not-authorized", "the SCEF does not let us reach the device",
          "ask the operator; then 'devices resume <device>'"},
    Words{"attempts", "all attempts failed",
          "the timeline has the SCEF's cause; when it is gone, 'deadletters replay <id>'"},
    Words{"reset", "the device answered RST: it does not know what to do with it", ""},
    Words{"answered", "the device's answer came", ""},
    Words{"queue-full", "the queue was full", ""},
    Words{"restart", "the adapter was restarted while it was on its way", ""},
    Words{"left-binding", "the device left NIDD for another binding", ""},
    Words{"bootstrap", "the device is being bootstrapped", ""},
    Words{"block-transfer", "another block of its transfer was lost",
          "start the whole transfer again"},
};

const Words* words_of(const json& message) {
    const std::string reason = cell(message, "reason");
    for (const Words& one : reasons) {
        if (one.reason == reason) return &one;
    }
    return nullptr;
}

void replace_all(std::string& text, std::string_view what, const std::string& by) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
}

std::string delivered_words(const json& message) {
    const std::string level = cell(message, "level");
    if (level == "coap") return "the device answered";
    if (level == "device") return "the device's modem has it";
    if (level == "nextHop") return "the network's last node has it";
    return "the SCEF has it";
}

}  // namespace

std::string state_in_words(const json& message) {
    const std::string state = cell(message, "state");
    if (state == "DELIVERED") return delivered_words(message);
    if (const Words* words = words_of(message)) return std::string(words->means);
    if (const std::string reason = cell(message, "reason"); reason != "-") return reason;
    if (state == "QUEUED") return "in the queue";
    if (state == "SENDING") return "on its way to the SCEF";
    if (state == "ACCEPTED") return "the SCEF holds it for the device";
    return "";
}

std::string advice_for(const json& message) {
    const std::string state = cell(message, "state");
    if (state == "DELIVERED" || state == "CANCELED" || state == "SUPERSEDED") return "";
    if (cell(message, "replayedAs") != "-") {
        return "it was sent again as " + cell(message, "replayedAs");
    }
    const Words* words = words_of(message);
    if (words == nullptr) return "";
    std::string advice(words->advice);
    replace_all(advice, "<device>", cell(message, "externalId"));
    replace_all(advice, "<id>", cell(message, "id"));
    return advice;
}

}  // namespace scef::ctl
