#include "scef-adapter/webhooks/webhook.h"

#include "lwm2m-core/vocabulary/base64.h"
#include "queueing/record.h"

namespace scef::adapter {
namespace {

constexpr std::uint8_t version = 1;
constexpr std::string_view secret_prefix = "whsec_";
constexpr std::size_t secret_octets_min = 24;
constexpr std::size_t secret_octets_max = 64;

}  // namespace

Bytes to_record(const Webhook& webhook) {
    queueing::RecordWriter writer(version);
    writer.text(webhook.url).text(webhook.device).octets(webhook.secret);
    writer.raw(webhook.after.octets()).number(static_cast<std::uint8_t>(webhook.types.size()));
    for (const std::string& type : webhook.types) writer.text(type);
    return writer.take();
}

Result<Webhook> webhook_from_record(ByteView key, ByteView value) {
    queueing::RecordReader reader(value);
    const bool is_known = reader.number<std::uint8_t>() == version;
    Webhook webhook;
    webhook.id = MessageId::from_octets(key);
    webhook.url = reader.text();
    webhook.device = reader.text();
    const ByteView secret = reader.octets();
    webhook.secret.assign(secret.begin(), secret.end());
    webhook.after = MessageId::from_octets(reader.raw(16));
    const auto types = reader.number<std::uint8_t>();
    for (unsigned i = 0; i < types && reader.ok(); ++i) webhook.types.push_back(reader.text());
    if (!is_known || !reader.ok() || webhook.id.empty()) {
        return fail(Errc::corrupt, "a webhook's record cannot be read");
    }
    return webhook;
}

std::string secret_text(ByteView secret) { return std::string(secret_prefix) + to_base64(secret); }

Result<Bytes> secret_from_text(std::string_view text) {
    if (text.starts_with(secret_prefix)) {
        auto secret = from_base64(text.substr(secret_prefix.size()));
        if (secret && secret->size() >= secret_octets_min && secret->size() <= secret_octets_max) {
            return secret;
        }
    }
    return fail(Errc::invalid_argument,
                "must be whsec_ and the base64 of 24 to 64 octets; leave it out to be given one");
}

}  // namespace scef::adapter
