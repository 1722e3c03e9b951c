#include "scef-adapter/admin/audit_resource.h"

#include "lwm2m-core/vocabulary/time_text.h"
#include "scef-adapter/admin/cursor.h"
#include "scef-adapter/audit/audit_record.h"
#include "scef-adapter/feed/merged_read.h"

namespace scef::adapter {
namespace {

Json text_or_null(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }

Json audit_json(const AuditEntry& entry) {
    return {{"id", entry.id.text()},
            {"at", to_rfc3339(entry.id.created_at())},
            {"role", text_or_null(entry.note.role)},
            {"token", text_or_null(entry.note.token)},
            {"address", entry.note.address},
            {"method", entry.note.method},
            {"path", entry.note.path},
            {"change", text_or_null(entry.note.change)},
            {"messageId", text_or_null(entry.message)},
            {"affected", entry.affected}};
}

}  // namespace

std::vector<Route> AuditResource::routes() {
    return {{"GET",
             "/api/v1/audit",
             Role::admin,
             false,
             {"limit", "cursor"},
             [this](const ApiCallPtr& call) { list(call); }}};
}

void AuditResource::list(const ApiCallPtr& call) {
    const auto limit = limit_of(*call);
    if (!limit) return call->answer_error(limit.error());
    MessageId before;
    if (const auto text = call->query.find("cursor"); text != call->query.end()) {
        const auto cursor = Cursor::parse(text->second);
        const auto id = cursor ? cursor->id(0) : std::nullopt;
        if (!id || cursor->tag() != "a" || cursor->size() != 1) {
            return call->answer_error(bad_cursor());
        }
        before = *id;
    }
    const bool is_taken = cold_.run(
        [this, call, limit = *limit, before] { answer_page(*call, limit, before); });
    if (!is_taken) {
        call->answer_error({Errc::overloaded, "too many requests wait for the disk"},
                           std::chrono::seconds(1));
    }
}

void AuditResource::answer_page(const ApiCall& call, std::size_t limit, const MessageId& before) {
    MergedRange range{queueing::RecordKind::audit, {}, {}, true};
    if (!before.empty()) range.to.assign(before.octets().begin(), before.octets().end());
    const auto page = read_merged(shards_.store(), shards_.shards(), range, {limit});
    if (!page) return call.answer_error(page.error());
    Json items = Json::array();
    Json next;
    for (const queueing::StoredRecord& record : page->records) {
        const auto entry = audit_entry_from_record(record.key, record.value);
        if (!entry) return call.answer_error(entry.error());
        items.push_back(audit_json(*entry));
        if (page->more) next = Cursor("a").add(entry->id).text();
    }
    call.answer(200, {{"items", std::move(items)}, {"next", std::move(next)}});
}

}  // namespace scef::adapter
