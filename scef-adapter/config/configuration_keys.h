#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "lwm2m-core/vocabulary/result.h"

/// The reference of the configuration's keys: the tables of docs/configuration.md.
namespace scef::adapter {

/// One key of the configuration file, for those who write it.
struct ConfigurationKey {
    /// From the beginning of its table's prefix: `auth.oauth2.token_url`, `errors[].status`.
    std::string path;
    std::string_view value;  ///< type, unit and bounds; what names a file begins with `file`
    /// As it would be written; empty: there is none, and `otherwise` says what is so without it.
    std::string_view fallback{};
    std::string_view otherwise{};  ///< `required`, `none`, `unlimited`, `that of …`
    std::string_view example{};    ///< of a key without a fallback, as it would be written
    bool at_restart = false;       ///< only a restart changes it; else SIGHUP does, too
    std::string_view meaning;
    std::string_view cat_m1{}, always_on{};  ///< fallbacks of these built-in profiles, if others
    std::string_view same_as{};              ///< under it are the keys that are under this one
    std::vector<std::string_view> more{};    ///< further keys of which the same is true, full paths
};

/// Keys that belong together, in the order of the documentation.
struct ConfigurationTable {
    std::string_view name;    ///< of its place in the page
    std::string_view prefix;  ///< `scefs[].`, `profiles.NAME.`; NAME is any name
    std::vector<ConfigurationKey> keys;
};

/// Every key that the readers accept: the one place that describes them.
const std::vector<ConfigurationTable>& configuration_tables();
/// All keys with their whole paths; `same_as` and `more` have become keys of their own.
std::vector<ConfigurationKey> configuration_keys();

/// The tables in Markdown, each between its marks `<!-- keys: NAME -->` and `<!-- end of keys -->`;
/// `scef-adapter --print-configuration-reference` prints them.
std::string configuration_reference();
/// The page with what stands between its marks made anew. Fails if a mark is wrong, or a table has
/// none.
Result<std::string> with_configuration_reference(const std::string& page);

/// The keys of several parts of a table, one after the other.
std::vector<ConfigurationKey> joined(std::initializer_list<std::vector<ConfigurationKey>> parts);

// The tables, each in a file with its neighbours.
ConfigurationTable keys_of_store();
ConfigurationTable keys_at_the_top();
ConfigurationTable keys_of_admin();
ConfigurationTable keys_of_notifications();
ConfigurationTable keys_of_scefs();
ConfigurationTable keys_of_servers();
ConfigurationTable keys_of_virtual_endpoints();
ConfigurationTable keys_of_profiles();
ConfigurationTable keys_of_quotas();
ConfigurationTable keys_of_quota_scopes();
ConfigurationTable keys_of_usage();
ConfigurationTable keys_of_webhooks();
ConfigurationTable keys_of_limits();
ConfigurationTable keys_of_log();

}  // namespace scef::adapter
