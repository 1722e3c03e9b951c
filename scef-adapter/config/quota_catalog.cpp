#include "scef-adapter/config/quota_catalog.h"

#include <yaml-cpp/yaml.h>

#include "scef-adapter/config/config_readers.h"

namespace scef::adapter {
namespace {

/// Without the file and line that a text of the API has not: `key 'downlink.bytes': …`.
std::string first_of(const ConfigMistakes& mistakes) {
    const std::string& sentence = mistakes.sentences.front();
    const std::size_t key = sentence.find("key '");
    return key == std::string::npos ? sentence : sentence.substr(key);
}

Result<QuotaConfig> parse_quota(std::string_view text) {
    Mistakes mistakes("quota");
    QuotaConfig quota;
    try {
        const YAML::Node document = YAML::Load(std::string(text));
        Section section(document, "", mistakes);
        read_quota(section, quota);
        section.finish();
    } catch (const YAML::Exception& error) {
        return fail(Errc::invalid_argument, "this is no quota: " + error.msg);
    }
    if (!mistakes.empty()) return fail(Errc::invalid_argument, first_of(mistakes.take()));
    return quota;
}

}  // namespace

Result<const NamedQuota*> QuotaCatalog::find(std::string_view text) {
    const std::lock_guard lock(mutex_);
    if (const auto known = quotas_.find(text); known != quotas_.end()) return &*known;
    auto quota = parse_quota(text);
    if (!quota) return tl::unexpected<Error>(std::move(quota.error()));
    return &*quotas_.emplace(std::string(text), std::move(*quota)).first;
}

Result<const NamedQuota*> find_quota(const Config& config, std::string_view name_or_text) {
    if (name_or_text.starts_with('{') && config.given_quotas) {
        return config.given_quotas->find(name_or_text);
    }
    const auto named = config.quotas.find(name_or_text);
    if (named == config.quotas.end()) {
        return fail(Errc::invalid_argument, "quota: there is no quota of that name");
    }
    return &*named;
}

}  // namespace scef::adapter
