#include "lwm2m-core/client/objects/table.h"

namespace scef::client::objects {
namespace {

constexpr std::array digital_input_resources{
    ResourceDefinition{5500, "Digital Input State", boolean, read, single, mandatory},
    ResourceDefinition{5501, "Digital Input Counter", integer, read, single, optional},
    ResourceDefinition{5502, "Digital Input Polarity", boolean, read_write, single, optional},
    ResourceDefinition{5503, "Digital Input Debounce", integer, read_write, single, optional},
    within({1, 3}, {5504, "Digital Input Edge Selection", integer, read_write, single, optional}),
    ResourceDefinition{5505, "Digital Input Counter Reset", text, execute, single, optional},
    ResourceDefinition{5750, "Application Type", text, read_write, single, optional},
    ResourceDefinition{5751, "Sensor Type", text, read, single, optional},
};

/// Of every sensor with one measured value.
constexpr std::array generic_sensor_resources{
    ResourceDefinition{5601, "Min Measured Value", floating, read, single, optional},
    ResourceDefinition{5602, "Max Measured Value", floating, read, single, optional},
    ResourceDefinition{5603, "Min Range Value", floating, read, single, optional},
    ResourceDefinition{5604, "Max Range Value", floating, read, single, optional},
    ResourceDefinition{5605, "Reset Min and Max Measured Values", text, execute, single, optional},
    ResourceDefinition{5700, "Sensor Value", floating, read, single, mandatory},
    ResourceDefinition{5701, "Sensor Units", text, read, single, optional},
    ResourceDefinition{5750, "Application Type", text, read_write, single, optional},
};

constexpr std::array light_control_resources{
    ResourceDefinition{5701, "Sensor Units", text, read, single, optional},
    ResourceDefinition{5706, "Colour", text, read_write, single, optional},
    ResourceDefinition{5750, "Application Type", text, read_write, single, optional},
    ResourceDefinition{5805, "Cumulative active power", floating, read, single, optional},
    ResourceDefinition{5820, "Power factor", floating, read, single, optional},
    ResourceDefinition{5850, "On/Off", boolean, read_write, single, mandatory},
    within({0, 100}, {5851, "Dimmer", integer, read_write, single, optional}),
    ResourceDefinition{5852, "On time", integer, read_write, single, optional},
};

constexpr std::array text_display_resources{
    ResourceDefinition{5527, "Text", text, read_write, single, mandatory},
    ResourceDefinition{5528, "X Coordinate", integer, read_write, single, optional},
    ResourceDefinition{5529, "Y Coordinate", integer, read_write, single, optional},
    ResourceDefinition{5530, "Clear Display", text, execute, single, optional},
    within({0, 100}, {5531, "Contrast", floating, read_write, single, optional}),
    ResourceDefinition{5545, "Max X Coordinate", integer, read, single, optional},
    ResourceDefinition{5546, "Max Y Coordinate", integer, read, single, optional},
    within({0, 100}, {5548, "Level", floating, read_write, single, optional}),
    ResourceDefinition{5750, "Application Type", text, read_write, single, optional},
};

}  // namespace

const ObjectDefinition digital_input{ids::digital_input, "Digital Input",        "", 8,
                                     Upkeep::server,     digital_input_resources};
const ObjectDefinition illuminance{ids::illuminance, "Illuminance",           "", 8,
                                   Upkeep::server,   generic_sensor_resources};
const ObjectDefinition temperature{ids::temperature, "Temperature",           "", 8,
                                   Upkeep::server,   generic_sensor_resources};
const ObjectDefinition light_control{ids::light_control, "Light Control",        "", 8,
                                     Upkeep::server,     light_control_resources};
const ObjectDefinition text_display{ids::text_display, "Addressable Text Display", "", 8,
                                    Upkeep::server,    text_display_resources};

}  // namespace scef::client::objects
