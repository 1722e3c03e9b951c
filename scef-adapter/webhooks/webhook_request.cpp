#include "scef-adapter/webhooks/webhook_request.h"

#include <array>
#include <chrono>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "lwm2m-core/vocabulary/base64.h"

namespace scef::adapter {

std::string webhook_signature(ByteView secret, std::string_view id, std::string_view timestamp,
                              std::string_view body) {
    std::string text(id);
    text.append(".").append(timestamp).append(".").append(body);
    std::array<std::uint8_t, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), as_bytes(text).data(),
         text.size(), digest.data(), &size);
    return "v1," + to_base64(ByteView(digest).first(size));
}

WebhookRequest webhook_request(const Webhook& webhook, const std::vector<FeedItemPtr>& events,
                               WallTime now) {
    WebhookRequest request;
    request.body = R"({"webhook":")" + webhook.id.text() + R"(","events":[)";
    for (const FeedItemPtr& event : events) {
        if (event != events.front()) request.body += ',';
        request.body += event->json;
    }
    request.body += "]}";
    request.id = webhook.id.text() + '.' + events.front()->id.text();
    request.timestamp = std::to_string(
        std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch()).count());
    request.signature =
        webhook_signature(webhook.secret, request.id, request.timestamp, request.body);
    return request;
}

}  // namespace scef::adapter
