#include "scef-adapter/engine/delivery_body.h"

#include <algorithm>

#include "nidd/types/t8_json.h"

namespace scef::adapter {

std::string delivery_body(const Config& config, const Device& device,
                          const queueing::Message& message, WallTime wall) {
    nidd::NiddDownlinkDataTransfer transfer;
    transfer.external_id = device.spec.external_id.text();
    transfer.data = message.octets();
    const auto left = std::chrono::floor<std::chrono::seconds>(message.expires_at - wall).count();
    transfer.maximum_latency =
        static_cast<std::uint32_t>(std::clamp<std::int64_t>(left, 0, 0x7fff'ffff));
    transfer.rds_port = device.ports_of(message.via);
    const bool acknowledged = config.scefs[device.scef].configuration.reliable_data_service;
    if (acknowledged || transfer.rds_port) transfer.reliable_data_service = acknowledged;
    return nidd::to_json(transfer);
}

}  // namespace scef::adapter
