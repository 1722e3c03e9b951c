#include "scef-adapter/admin/event_resource.h"

#include <algorithm>
#include <utility>

#include "scef-adapter/admin/event_query.h"

namespace scef::adapter {
namespace {

constexpr std::size_t pages_scanned_max = 20;
constexpr std::size_t events_scanned_per_page = 500;

bool wants_stream(const ApiCall& call) {
    const auto accept = call.headers.find("accept");
    return accept != call.headers.end() &&
           accept->second.find("text/event-stream") != std::string::npos;
}

Result<EventFilter> filter_of(const ApiCall& call) {
    EventFilter filter;
    if (const auto types = call.query.find("type"); types != call.query.end()) {
        std::string_view rest = types->second;
        while (true) {
            const std::size_t comma = rest.find(',');
            const std::string_view type = rest.substr(0, comma);
            if (!is_event_type(type)) {
                return fail(Errc::invalid_argument, "type: one or more of " +
                                                        std::string(event_types_text) +
                                                        ", with commas between them");
            }
            filter.types.emplace_back(type);
            if (comma == std::string_view::npos) break;
            rest.remove_prefix(comma + 1);
        }
    }
    if (const auto device = call.query.find("externalId"); device != call.query.end()) {
        const auto id = ExternalId::parse(device->second);
        if (!id) return fail(Errc::invalid_argument, "externalId: " + id.error().message);
        filter.device = id->text();
    }
    return filter;
}

}  // namespace

std::vector<Route> EventResource::routes() {
    return {{"GET",
             "/api/v1/events",
             Role::read,
             false,
             {"type", "externalId", "after", "since", "limit"},
             [this](const ApiCallPtr& call) { read(call); }}};
}

void EventResource::read(const ApiCallPtr& call) {
    auto filter = filter_of(*call);
    if (!filter) return call->answer_error(filter.error());
    const bool is_stream = wants_stream(*call);
    const auto position = position_of(*call, is_stream);
    if (!position) return call->answer_error(position.error());
    is_stream ? stream(call, std::move(*filter), *position)
              : page(call, std::move(*filter), *position);
}

/// `Last-Event-ID` is what a reader of a stream comes back with, and goes before the query.
Result<FeedPosition> EventResource::position_of(const ApiCall& call, bool is_stream) const {
    const auto header = call.headers.find("last-event-id");
    const auto after = call.query.find("after");
    const auto since = call.query.find("since");
    if (after != call.query.end() && since != call.query.end()) {
        return fail(Errc::invalid_argument, "after and since exclude each other");
    }
    const bool has_header = header != call.headers.end() && !header->second.empty();
    if (has_header || after != call.query.end()) {
        const auto id = MessageId::parse(has_header ? header->second : after->second);
        if (id) return FeedPosition{*id, 0};
        return fail(Errc::invalid_argument, has_header ? "Last-Event-ID: must be the id of an event"
                                                       : "after: must be the id of an event");
    }
    if (since == call.query.end()) return is_stream ? shards_.feed().end() : FeedPosition{};
    const auto position = position_since(since->second, wall_());
    if (!position) return tl::unexpected<Error>(position.error());
    return FeedPosition{*position, 0};
}

void EventResource::stream(const ApiCallPtr& call, EventFilter filter,
                           const FeedPosition& position) {
    if (call->query.contains("limit")) {
        return call->answer_error({Errc::invalid_argument, "limit: a stream has none"});
    }
    if (*open_ >= streams_max) {
        return call->answer_error({Errc::overloaded, "too many event streams are open"},
                                  std::chrono::seconds(30));
    }
    nidd::HttpResponse response{200, "text/event-stream", {}, {{"Cache-Control", "no-store"}}};
    response.stream = std::make_shared<EventStream>(shards_.feed(), cold_, std::move(filter),
                                                    position, open_);
    call->reply(std::move(response));
}

/// Looks through a bounded number of events: a page may be short while `next` goes on.
void EventResource::page(const ApiCallPtr& call, EventFilter filter,
                         const FeedPosition& position) {
    const auto limit = limit_of(*call);
    if (!limit) return call->answer_error(limit.error());
    const bool is_taken = cold_.run([this, call, filter = std::move(filter), position,
                                     limit = *limit] {
        Json items = Json::array();
        FeedPosition at = position;
        bool is_over = false;
        for (std::size_t i = 0; i < pages_scanned_max && !is_over; ++i) {
            auto found = shards_.feed().read(at, std::min(limit, events_scanned_per_page));
            if (!found) return call->answer_error(found.error());
            is_over = found->items.empty() && found->next.sequence != 0;
            at = found->next;
            for (const FeedItemPtr& item : found->items) {
                if (!filter.admits(*item)) continue;
                items.push_back(Json::parse(item->json));
                if (items.size() < limit) continue;
                at = {item->id, 0};
                is_over = true;
                break;
            }
        }
        call->answer(200, {{"items", std::move(items)},
                           {"next", at.after.empty() ? Json(nullptr) : Json(at.after.text())}});
    });
    if (!is_taken) {
        call->answer_error({Errc::overloaded, "too many requests wait for the disk"},
                           std::chrono::seconds(1));
    }
}

}  // namespace scef::adapter
