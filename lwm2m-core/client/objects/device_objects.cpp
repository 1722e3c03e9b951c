#include "lwm2m-core/client/objects/table.h"

namespace scef::client::objects {
namespace {

constexpr std::array firmware_update_resources{
    ResourceDefinition{0, "Package", opaque, write, single, mandatory},
    within({0, 255}, {1, "Package URI", text, read_write, single, mandatory}),
    ResourceDefinition{2, "Update", text, execute, single, mandatory},
    ResourceDefinition{3, "State", integer, read, single, mandatory},
    ResourceDefinition{5, "Update Result", integer, read, single, mandatory},
    ResourceDefinition{6, "PkgName", text, read, single, optional},
    ResourceDefinition{7, "PkgVersion", text, read, single, optional},
    ResourceDefinition{8, "Firmware Update Protocol Support", integer, read, multiple, optional},
    ResourceDefinition{9, "Firmware Update Delivery Method", integer, read, single, mandatory},
};

constexpr std::array location_resources{
    ResourceDefinition{0, "Latitude", floating, read, single, mandatory},
    ResourceDefinition{1, "Longitude", floating, read, single, mandatory},
    ResourceDefinition{2, "Altitude", floating, read, single, optional},
    ResourceDefinition{3, "Radius", floating, read, single, optional},
    ResourceDefinition{4, "Velocity", opaque, read, single, optional},
    ResourceDefinition{5, "Timestamp", DataType::time, read, single, mandatory},
    ResourceDefinition{6, "Speed", floating, read, single, optional},
};

constexpr std::array binary_app_data_resources{
    ResourceDefinition{0, "Data", opaque, read_write, multiple, mandatory},
    within({0, 255}, {1, "Data Priority", integer, read_write, single, optional}),
    ResourceDefinition{2, "Data Creation Time", DataType::time, read_write, single, optional},
    within({0, 32}, {3, "Data Description", text, read_write, single, optional}),
    within({0, 32}, {4, "Data Format", text, read_write, single, optional}),
    within({0, 65535}, {5, "App ID", integer, read_write, single, optional}),
};

}  // namespace

const ObjectDefinition firmware_update{ids::firmware_update, "Firmware Update",        "1.0", 1,
                                       Upkeep::device,       firmware_update_resources};
const ObjectDefinition location{ids::location,  "Location",        "", 1,
                                Upkeep::device, location_resources};
const ObjectDefinition binary_app_data{ids::binary_app_data, "BinaryAppDataContainer", "", 8,
                                       Upkeep::server,       binary_app_data_resources};

}  // namespace scef::client::objects
