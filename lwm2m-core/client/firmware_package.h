#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lwm2m-core/vocabulary/bytes.h"

namespace scef::client {

/// The firmware package of the simulated device: a text line
/// `SCEFFW <name> <version> <model> <CRC-32 of the rest, 8 hex digits>` and a line feed, then any
/// octets. A device takes only packages of its own model.
struct FirmwarePackage {
    std::string name;
    std::string version;
    std::string model;
    std::uint32_t crc = 0;  ///< as the header says
    ByteView body;          ///< of the octets that were read
};

/// Reads the header; nothing if the octets are no such package. Does not check the CRC.
std::optional<FirmwarePackage> read_firmware_package(ByteView octets);

/// Makes one. `name`, `version` and `model` must be without blanks.
Bytes make_firmware_package(std::string_view name, std::string_view version, std::string_view model,
                            ByteView body);

/// CRC-32 of IEEE 802.3.
std::uint32_t crc32(ByteView octets);

/// A device's model number as it stands in packages: blanks become `-`.
std::string package_model(std::string_view model_number);

}  // namespace scef::client
