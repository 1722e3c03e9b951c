#pragma once

#include <string>
#include <vector>

#include "lwm2m-core/vocabulary/turn.h"
#include "scef-adapter/feed/feed_item.h"
#include "scef-adapter/webhooks/webhook.h"

namespace scef::adapter {

/// One POST to a webhook: body and the fields of Standard Webhooks, by which the receiver knows that
/// it is ours (`webhook-signature`), new (`webhook-timestamp`: refuse what is older than 5 min) and
/// not a repetition (`webhook-id`, the same for every try).
struct WebhookRequest {
    std::string body;
    std::string id, timestamp, signature;
};

/// `{"webhook": id, "events": [...]}`, signed as of `now`. `events` is not empty.
WebhookRequest webhook_request(const Webhook& webhook, const std::vector<FeedItemPtr>& events,
                               WallTime now);

/// `v1,` and base64 of HMAC-SHA256 over `id.timestamp.body`.
std::string webhook_signature(ByteView secret, std::string_view id, std::string_view timestamp,
                              std::string_view body);

}  // namespace scef::adapter
