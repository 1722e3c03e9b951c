#include "scef-adapter/admin/quota_scope.h"

namespace scef::adapter {
namespace {

/// What follows the prefix; nothing if the text has another one, or nothing follows.
std::optional<std::string_view> name_after(std::string_view prefix, std::string_view text) {
    if (!text.starts_with(prefix) || text.size() == prefix.size()) return std::nullopt;
    return text.substr(prefix.size());
}

}  // namespace

Result<QuotaScope> quota_scope_named(std::string_view text, const Config& config) {
    QuotaScope scope;
    if (text == "account") return scope;
    if (const auto name = name_after("device:", text)) {
        auto id = ExternalId::parse(*name);
        if (!id) return tl::unexpected<Error>(std::move(id.error()));
        scope.kind = QuotaScope::Kind::device;
        scope.device = std::move(*id);
        return scope;
    }
    if (const auto name = name_after("group:", text)) {
        scope.kind = QuotaScope::Kind::group;
        scope.group = *name;
        return scope;
    }
    if (const auto name = name_after("scef:", text)) {
        scope.kind = QuotaScope::Kind::scef;
        for (std::size_t i = 0; i < config.scefs.size(); ++i) {
            if (config.scefs[i].name != *name) continue;
            scope.scef = i;
            return scope;
        }
        return fail(Errc::not_found, "no SCEF of that name is configured");
    }
    return fail(Errc::invalid_argument,
                "a scope is device:EXTERNAL-ID, group:NAME, scef:NAME or account");
}

}  // namespace scef::adapter
