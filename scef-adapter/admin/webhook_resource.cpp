#include "scef-adapter/admin/webhook_resource.h"

#include <algorithm>
#include <array>

#include "lwm2m-core/vocabulary/external_id.h"
#include "lwm2m-core/vocabulary/time_text.h"
#include "scef-adapter/admin/body_reader.h"
#include "scef-adapter/admin/event_query.h"

namespace scef::adapter {
namespace {

constexpr std::size_t url_octets_max = 1024;
constexpr std::size_t secret_octets_max = 128;
constexpr std::size_t types_max = 8;

std::string_view name_of(WebhookHealth::State state) {
    static constexpr std::array<std::string_view, 3> names{"active", "failing", "gone"};
    return names[static_cast<std::size_t>(state)];
}

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json webhook_json(const Webhooks::View& view) {
    const auto& [webhook, health] = view;
    Json document{{"id", webhook.id.text()},
                  {"url", webhook.url},
                  {"types", webhook.types},
                  {"externalId", text_or_null(webhook.device)},
                  {"createdAt", to_rfc3339(webhook.id.created_at())},
                  {"state", name_of(health.state)},
                  {"after", text_or_null(webhook.after.empty() ? "" : webhook.after.text())},
                  {"failures", health.failures},
                  {"lastError", text_or_null(health.last_error)},
                  {"lastSuccessAt", nullptr},
                  {"waitingSince", nullptr}};
    if (health.last_success_at != WallTime{}) {
        document["lastSuccessAt"] = to_rfc3339(health.last_success_at);
    }
    if (!health.waiting_for.empty()) {
        document["waitingSince"] = to_rfc3339(health.waiting_for.created_at());
    }
    return document;
}

Result<MessageId> id_in(const ApiCall& call) {
    auto id = MessageId::parse(call.path.find("id")->second);
    if (!id) return fail(Errc::not_found, "no such webhook");
    return id;
}

Webhooks::Done answer_with(const ApiCallPtr& call) {
    return [call](const Result<Webhooks::View>& view) {
        if (!view) return call->answer_error(view.error());
        call->answer(200, webhook_json(*view));
    };
}

}  // namespace

std::vector<Route> WebhookResource::routes() {
    const auto to = [this](void (WebhookResource::*handler)(const ApiCallPtr&)) {
        return [this, handler](const ApiCallPtr& call) { (this->*handler)(call); };
    };
    return {
        {"GET", "/api/v1/webhooks", Role::admin, false, {}, to(&WebhookResource::list)},
        {"POST", "/api/v1/webhooks", Role::admin, true, {}, to(&WebhookResource::add)},
        {"GET", "/api/v1/webhooks/{id}", Role::admin, false, {}, to(&WebhookResource::show)},
        {"DELETE", "/api/v1/webhooks/{id}", Role::admin, false, {}, to(&WebhookResource::remove)},
        {"POST", "/api/v1/webhooks/{id}:replay", Role::admin, true, {}, to(&WebhookResource::replay)},
    };
}

void WebhookResource::list(const ApiCallPtr& call) {
    webhooks_.list([call](const std::vector<Webhooks::View>& views) {
        Json items = Json::array();
        for (const Webhooks::View& view : views) items.push_back(webhook_json(view));
        call->answer(200, {{"items", std::move(items)}});
    });
}

void WebhookResource::add(const ApiCallPtr& call) {
    BodyReader reader(call->body);
    Webhook webhook;
    webhook.url = reader.required_text("url", url_octets_max);
    webhook.types = reader.texts("types", types_max, 64).value_or(std::vector<std::string>{});
    for (const std::string& type : webhook.types) {
        if (is_event_type(type)) continue;
        reader.refuse("types", "each is one of " + std::string(event_types_text));
    }
    if (const auto text = reader.text("externalId", 255)) {
        const auto device = ExternalId::parse(*text);
        if (!device) {
            reader.refuse("externalId", device.error());
        } else {
            webhook.device = device->text();
        }
    }
    if (const auto text = reader.text("secret", secret_octets_max)) {
        auto secret = secret_from_text(*text);
        if (!secret) {
            reader.refuse("secret", secret.error());
        } else {
            webhook.secret = std::move(*secret);
        }
    }
    if (const auto text = reader.text("since", 64)) {
        const auto after = position_since(*text, wall_());
        if (!after) {
            reader.refuse(after.error());
        } else {
            webhook.after = *after;
        }
    }
    if (auto valid = reader.finish(); !valid) return call->answer_error(valid.error());
    webhooks_.add(std::move(webhook), call->audit_note(), [call](const Result<Webhooks::View>& view) {
        if (!view) return call->answer_error(view.error());
        Json document = webhook_json(*view);
        document["secret"] = secret_text(view->webhook.secret);
        call->answer(201, document,
                     {{"Location", "/api/v1/webhooks/" + view->webhook.id.text()},
                      {"Cache-Control", "no-store"}});
    });
}

void WebhookResource::show(const ApiCallPtr& call) {
    const auto id = id_in(*call);
    if (!id) return call->answer_error(id.error());
    webhooks_.list([call, id = *id](const std::vector<Webhooks::View>& views) {
        const auto found = std::find_if(views.begin(), views.end(), [&](const auto& view) {
            return view.webhook.id == id;
        });
        if (found == views.end()) return call->answer_error({Errc::not_found, "no such webhook"});
        call->answer(200, webhook_json(*found));
    });
}

void WebhookResource::remove(const ApiCallPtr& call) {
    const auto id = id_in(*call);
    if (!id) return call->answer_error(id.error());
    webhooks_.remove(*id, call->audit_note(), [call](const Result<Webhooks::View>& view) {
        if (!view) return call->answer_error(view.error());
        call->answer_nothing();
    });
}

void WebhookResource::replay(const ApiCallPtr& call) {
    const auto id = id_in(*call);
    if (!id) return call->answer_error(id.error());
    BodyReader reader(call->body);
    const std::string since = reader.required_text("since", 64);
    if (auto valid = reader.finish(); !valid) return call->answer_error(valid.error());
    const auto after = position_since(since, wall_());
    if (!after) return call->answer_error(after.error());
    webhooks_.replay(*id, *after, call->audit_note(), answer_with(call));
}

}  // namespace scef::adapter
