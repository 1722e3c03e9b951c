#pragma once

#include "scef-adapter/config/config_section.h"

/// One function for each part of the file: reads it, reports what is wrong in it.
namespace scef::adapter {

void read_settings(Section& root, Config& config);  ///< store, shards, workers, limits, log, …
void read_admin(Section& admin, AdminConfig& config);
void read_notifications(Section& notifications, NotificationsConfig& config);
void read_scef(Section& scef, ScefConfig& config);
void read_server(Section& server, LwM2mServerConfig& config);
void read_profile(Section& profile, ProfileConfig& config);
void read_quota(Section& quota, QuotaConfig& config);
void read_quota_scopes(Section& scopes, QuotaScopesConfig& config);

/// `ca_key`, `certificate_file` and `key_file`; the last two only together.
void read_tls(Section& tls, TlsFiles& files, std::string_view ca_key);
/// A file that must be readable, and one with a secret.
void read_file_name(Section& section, std::string_view key, std::string& file);
void read_secret_file_name(Section& section, std::string_view key, std::string& file);

/// What concerns several keys or parts.
void check_config(const Config& config, Mistakes& mistakes);

}  // namespace scef::adapter
