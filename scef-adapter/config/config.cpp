#include "scef-adapter/config/config.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include "lwm2m-core/vocabulary/utf8.h"
#include "scef-adapter/config/config_readers.h"
#include "scef-adapter/config/file_checks.h"
#include "scef-adapter/config/quota_catalog.h"

namespace scef::adapter {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t size_max = std::size_t{1024} * 1024;

ProfileConfig built_in_profile(const std::string& name) {
    ProfileConfig profile;
    profile.name = name;
    profile.ttl = {{"default", 24h}, {"read", 1h}, {"execute", 10min}};
    return profile;
}

void check_indentation(const std::string& text, Mistakes& mistakes) {
    std::istringstream lines(text);
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
        const std::size_t end = line.find_first_not_of(" \t\r");
        if (end == std::string::npos || line[end] == '#') continue;
        if (line.find('\t') < end) {
            mistakes.add_at(number, "a tab indents this line; YAML wants blanks");
        }
    }
}

/// What YAML takes badly or not at all, with better words than its parser has.
void check_text(const std::string& text, Mistakes& mistakes) {
    if (text.size() > size_max) {
        mistakes.add_at(1, "the file is larger than 1 MiB, which no configuration needs");
    } else if (!is_utf8(as_bytes(text)) || text.find('\0') != std::string::npos) {
        mistakes.add_at(1, "the file is not text in UTF-8");
    } else {
        check_indentation(text, mistakes);
    }
}

/// Where a document begins, and whether anything is in it.
struct DocumentWatch final : YAML::EventHandler {
    YAML::Mark begin;
    bool is_empty = true;

    void OnDocumentStart(const YAML::Mark& mark) override { begin = mark; }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark&, YAML::anchor_t) override {}
    void OnAlias(const YAML::Mark&, YAML::anchor_t) override { is_empty = false; }
    void OnScalar(const YAML::Mark&, const std::string&, YAML::anchor_t,
                  const std::string&) override {
        is_empty = false;
    }
    void OnSequenceStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {
        is_empty = false;
    }
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark&, const std::string&, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {
        is_empty = false;
    }
    void OnMapEnd() override {}
};

/// Refuses what stands behind the first document. YAML::LoadAll is no way to see that: where a
/// comma or a bracket stands alone it takes the same place for one document after another, without
/// end.
void check_end(const std::string& text, Mistakes& mistakes) {
    std::istringstream stream(text);
    YAML::Parser parser(stream);
    DocumentWatch first, second;
    if (!parser.HandleNextDocument(first) || !parser.HandleNextDocument(second)) return;
    const auto at = static_cast<std::size_t>(std::max(second.begin.pos, 0));
    const bool is_marked = text.compare(std::min(at, text.size()), 3, "---") == 0;
    if (is_marked && second.is_empty) return;
    mistakes.add_at(second.begin.line + 1,
                    is_marked ? "a second YAML document begins here; write one only"
                              : "what begins here is part of nothing above it; is there a comma or "
                                "a bracket too many?");
}

/// The one document of the text; null, and a mistake, if it has none that can be read.
YAML::Node parse_yaml(const std::string& text, Mistakes& mistakes) {
    try {
        check_end(text, mistakes);
        return YAML::Load(text);
    } catch (const YAML::Exception& error) {
        mistakes.add_at(error.mark.line + 1, "this is no YAML: " + error.msg);
    }
    return {};
}

void read_config(const YAML::Node& document, Config& config, Mistakes& mistakes) {
    Section root(document, "", mistakes);
    read_settings(root, config);
    root.section("admin", [&](Section& admin) { read_admin(admin, config.admin); });
    root.section("notifications",
                 [&](Section& section) { read_notifications(section, config.notifications); });
    root.each("scefs", [&](Section& scef) { read_scef(scef, config.scefs.emplace_back()); });
    root.each("lwm2m_servers",
              [&](Section& server) { read_server(server, config.lwm2m_servers.emplace_back()); });
    root.each_named("profiles", [&](const std::string& name, Section& profile) {
        read_profile(profile,
                     config.profiles.try_emplace(name, built_in_profile(name)).first->second);
    });
    root.each_named("quotas", [&](const std::string& name, Section& quota) {
        read_quota(quota, config.quotas[name]);
    });
    root.section("quota_scopes",
                 [&](Section& scopes) { read_quota_scopes(scopes, config.quota_scopes); });
    root.finish();
}

}  // namespace

Duration ProfileConfig::ttl_of(std::string_view operation) const {
    if (const auto found = ttl.find(operation); found != ttl.end()) return found->second;
    if (const auto found = ttl.find("default"); found != ttl.end()) return found->second;
    return 24h;
}

Config default_config() {
    Config config;
    ProfileConfig cat_m1 = built_in_profile("cat-m1");
    cat_m1.reachability.kind = ReachabilityConfig::Kind::edrx;
    cat_m1.reachability.cycle = 20480ms;
    cat_m1.reachability.window = 5s;
    cat_m1.device_ack_timeout = 8s;
    ProfileConfig always_on = built_in_profile("always-on");
    always_on.reachability.kind = ReachabilityConfig::Kind::always;
    always_on.device_ack_timeout = 8s;
    config.profiles = {
        {"nb-iot", built_in_profile("nb-iot")}, {"cat-m1", cat_m1}, {"always-on", always_on}};
    config.quotas["default"] = {};
    config.given_quotas = std::make_shared<QuotaCatalog>();
    return config;
}

tl::expected<Config, ConfigMistakes> parse_config(const std::string& text,
                                                  const std::string& file) {
    KeyUses uses;
    return parse_config(text, file, uses);
}

tl::expected<Config, ConfigMistakes> parse_config(const std::string& text, const std::string& file,
                                                  KeyUses& uses) {
    Mistakes mistakes(file);
    check_text(text, mistakes);
    if (!mistakes.empty()) return tl::unexpected(mistakes.take());
    const YAML::Node document = parse_yaml(text, mistakes);
    if (!mistakes.empty()) return tl::unexpected(mistakes.take());

    Config config = default_config();
    try {
        read_config(document, config, mistakes);
    } catch (const YAML::Exception& error) {
        mistakes.add_at(error.mark.line + 1, "this is no YAML: " + error.msg);
    }
    check_config(config, mistakes);
    uses = mistakes.take_uses();
    if (!mistakes.empty()) return tl::unexpected(mistakes.take());
    return config;
}

std::optional<std::size_t> scef_serving(const Config& config, const ExternalId& device) {
    const auto& scefs = config.scefs;
    const auto found = std::find_if(scefs.begin(), scefs.end(), [&](const ScefConfig& scef) {
        return std::any_of(
            scef.domains.begin(), scef.domains.end(),
            [&](const std::string& domain) { return domain == "*" || domain == device.domain(); });
    });
    if (found == scefs.end()) return std::nullopt;
    return static_cast<std::size_t>(found - scefs.begin());
}

tl::expected<Config, ConfigMistakes> load_config(const std::string& file) {
    if (const Status readable = check_file(file); !readable) {
        return tl::unexpected(ConfigMistakes{{readable.error().message}});
    }
    std::ifstream stream(file, std::ios::binary);
    std::string text(size_max + 1, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(stream.gcount()));
    return parse_config(text, file);
}

}  // namespace scef::adapter
