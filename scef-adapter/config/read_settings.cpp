#include "scef-adapter/config/config_readers.h"
#include "scef-adapter/config/config_values.h"
#include "scef-adapter/config/network_values.h"

namespace scef::adapter {
namespace {

using namespace std::chrono_literals;

Result<std::string> parse_engine(std::string_view text) {
    if (text == "postgresql") {
        return fail(Errc::unsupported, "postgresql is not in this version; use rocksdb");
    }
    return Choice<std::string>{{"rocksdb", "rocksdb"}, {"memory", "memory"}}(text);
}

void read_store(Section& store, StoreConfig& config) {
    store.read("engine", config.engine, parse_engine);
    store.read("path", config.path, parse_text);
    store.read("retention", config.retention, duration_within(1min, 3650 * 24h));
    store.read("backup_path", config.backups.path, parse_text);
    store.read("backups_kept", config.backups.kept, number_within<std::uint32_t>(1, 1000));
    store.refuse("dsn_file",
                 "belongs to the engine postgresql, which is not in this version; remove the key");
}

void read_limits(Section& limits, LimitsConfig& config) {
    limits.read("queue_messages_per_device", config.queue_messages_per_device,
                number_within<std::uint32_t>(1, 1'000'000));
    limits.read("queue_bytes_per_device", config.queue_bytes_per_device, parse_size);
    limits.read("queue_messages", config.queue_messages,
                number_within<std::uint64_t>(1, 1'000'000'000));
}

void read_virtual_endpoints(Section& section, VirtualEndpointsConfig& config) {
    section.read("prefix", config.prefix, parse_cidr);
    section.read("port", config.port, number_within<std::uint16_t>(1, 65535));
}

void read_log(Section& log, Config& config) {
    log.read("level", config.log.level,
             Choice<std::string>{{"trace", "trace"},
                                 {"debug", "debug"},
                                 {"info", "info"},
                                 {"warn", "warn"},
                                 {"error", "error"}});
    log.read("format", config.log.format, Choice<std::string>{{"text", "text"}, {"json", "json"}});
}

}  // namespace

void read_settings(Section& root, Config& config) {
    root.section("store", [&](Section& store) { read_store(store, config.store); });
    root.read("shards", config.shards, number_within<std::uint16_t>(1, 4096));
    root.read("workers", config.workers, number_within<std::uint32_t>(0, 1024));
    root.read("ack_hold", config.ack_hold, duration_within(100ms, 1900ms));
    root.section("virtual_endpoints", [&](Section& endpoints) {
        read_virtual_endpoints(endpoints, config.virtual_endpoints);
    });
    root.section("usage",
                 [&](Section& usage) { usage.read("ledger", config.usage.ledger, parse_bool); });
    root.section("webhooks", [&](Section& webhooks) {
        read_file_name(webhooks, "ca_file", config.webhooks.ca_file);
    });
    root.section("limits", [&](Section& limits) { read_limits(limits, config.limits); });
    root.section("log", [&](Section& log) { read_log(log, config); });
}

}  // namespace scef::adapter
