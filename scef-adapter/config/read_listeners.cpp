#include "scef-adapter/config/config_readers.h"
#include "scef-adapter/config/config_values.h"
#include "scef-adapter/config/file_checks.h"
#include "scef-adapter/config/network_values.h"

namespace scef::adapter {
namespace {

void report(const Section& section, std::string_view key, const Status& status) {
    if (!status) section.mistakes().add(section.path_of(key), status.error().message);
}

}  // namespace

void read_file_name(Section& section, std::string_view key, std::string& file) {
    section.read(key, file, parse_text);
    if (section.has(key) && !file.empty()) report(section, key, check_file(file));
}

void read_secret_file_name(Section& section, std::string_view key, std::string& file) {
    section.read(key, file, parse_text);
    if (section.has(key) && !file.empty()) report(section, key, check_secret_file(file));
}

void read_tls(Section& tls, TlsFiles& files, std::string_view ca_key) {
    read_file_name(tls, ca_key, files.ca_file);
    read_file_name(tls, "certificate_file", files.certificate_file);
    read_secret_file_name(tls, "key_file", files.key_file);
    read_file_name(tls, "crl_file", files.crl_file);
    if (files.certificate_file.empty() != files.key_file.empty()) {
        tls.mistakes().add(tls.path(), "needs certificate_file and key_file together");
    }
}

void read_admin(Section& admin, AdminConfig& config) {
    admin.read("listen", config.listen, parse_listen);
    read_secret_file_name(admin, "tokens_file", config.tokens_file);
}

void read_notifications(Section& notifications, NotificationsConfig& config) {
    notifications.read("listen", config.listen, parse_listen);
    notifications.read("public_url", config.public_url, parse_http_url);
    notifications.section("tls", [&](Section& tls) {
        read_tls(tls, config.tls, "client_ca_file");
        if (!config.tls.ca_file.empty() && config.tls.certificate_file.empty()) {
            tls.mistakes().add(tls.path(),
                               "client_ca_file needs certificate_file and key_file too");
        }
        if (!config.tls.crl_file.empty() && config.tls.ca_file.empty()) {
            tls.mistakes().add(tls.path(), "crl_file needs client_ca_file too");
        }
    });
    read_secret_file_name(notifications, "tokens_file", config.tokens_file);
    notifications.read_list("sources", config.sources, parse_cidr);
}

}  // namespace scef::adapter
