#include "lwm2m-core/client/objects/table.h"

namespace scef::client::objects {
namespace {

constexpr std::array security_resources{
    within({0, 255}, {0, "LwM2M Server URI", text, none, single, mandatory}),
    ResourceDefinition{1, "Bootstrap-Server", boolean, none, single, mandatory},
    within({0, 4}, {2, "Security Mode", integer, none, single, mandatory}),
    ResourceDefinition{3, "Public Key or Identity", opaque, none, single, mandatory},
    ResourceDefinition{4, "Server Public Key", opaque, none, single, mandatory},
    ResourceDefinition{5, "Secret Key", opaque, none, single, mandatory},
    within({0, 255}, {6, "SMS Security Mode", integer, none, single, optional}),
    ResourceDefinition{7, "SMS Binding Key Parameters", opaque, none, single, optional},
    ResourceDefinition{8, "SMS Binding Secret Key(s)", opaque, none, single, optional},
    ResourceDefinition{9, "LwM2M Server SMS Number", text, none, single, optional},
    within({0, 65535}, {10, "Short Server ID", integer, none, single, optional}),
    ResourceDefinition{11, "Client Hold Off Time", integer, none, single, optional},
    ResourceDefinition{12, "Bootstrap-Server Account Timeout", integer, none, single, optional},
    within({0, 3}, {13, "Matching Type", unsigned_integer, none, single, optional}),
    ResourceDefinition{14, "SNI", text, none, single, optional},
    within({0, 3}, {15, "Certificate Usage", unsigned_integer, none, single, optional}),
    ResourceDefinition{16, "DTLS/TLS Ciphersuite", unsigned_integer, none, multiple, optional},
    ResourceDefinition{17, "OSCORE Security Mode", object_link, none, single, optional},
    // Of version 1.2: by which ports of the pipe this server is reached.
    ResourceDefinition{28, "RDS Destination Port", integer, none, single, optional},
    ResourceDefinition{29, "RDS Source Port", integer, none, single, optional},
    ResourceDefinition{30, "RDS Application ID", text, none, single, optional},
};

constexpr std::array server_resources{
    ResourceDefinition{0, "Short Server ID", integer, read, single, mandatory},
    ResourceDefinition{1, "Lifetime", integer, read_write, single, mandatory},
    ResourceDefinition{2, "Default Minimum Period", integer, read_write, single, optional},
    ResourceDefinition{3, "Default Maximum Period", integer, read_write, single, optional},
    ResourceDefinition{4, "Disable", text, execute, single, optional},
    ResourceDefinition{5, "Disable Timeout", integer, read_write, single, optional},
    ResourceDefinition{6, "Notification Storing When Disabled or Offline", boolean, read_write,
                       single, mandatory},
    ResourceDefinition{7, "Binding", text, read_write, single, mandatory},
    ResourceDefinition{8, "Registration Update Trigger", text, execute, single, mandatory},
    ResourceDefinition{9, "Bootstrap-Request Trigger", text, execute, single, optional},
    ResourceDefinition{10, "APN Link", object_link, read_write, single, optional},
    ResourceDefinition{11, "TLS-DTLS Alert Code", unsigned_integer, read, single, optional},
    ResourceDefinition{12, "Last Bootstrapped", DataType::time, read, single, optional},
    ResourceDefinition{13, "Registration Priority Order", unsigned_integer, none, single, optional},
    ResourceDefinition{14, "Initial Registration Delay Timer", unsigned_integer, none, single,
                       optional},
    ResourceDefinition{15, "Registration Failure Block", boolean, none, single, optional},
    ResourceDefinition{16, "Bootstrap on Registration Failure", boolean, none, single, optional},
    ResourceDefinition{17, "Communication Retry Count", unsigned_integer, none, single, optional},
    ResourceDefinition{18, "Communication Retry Timer", unsigned_integer, none, single, optional},
    ResourceDefinition{19, "Communication Sequence Delay Timer", unsigned_integer, none, single,
                       optional},
    ResourceDefinition{20, "Communication Sequence Retry Count", unsigned_integer, none, single,
                       optional},
    ResourceDefinition{21, "Trigger", boolean, read_write, single, optional},
    ResourceDefinition{22, "Preferred Transport", text, read_write, single, optional},
    ResourceDefinition{23, "Mute Send", boolean, read_write, single, optional},
};

constexpr std::array access_control_resources{
    ResourceDefinition{0, "Object ID", integer, read, single, mandatory},
    ResourceDefinition{1, "Object Instance ID", integer, read, single, mandatory},
    within({0, 65535}, {2, "ACL", integer, read_write, multiple, optional}),
    within({0, 65535}, {3, "Access Control Owner", integer, read_write, single, mandatory}),
};

constexpr std::array device_resources{
    ResourceDefinition{0, "Manufacturer", text, read, single, optional},
    ResourceDefinition{1, "Model Number", text, read, single, optional},
    ResourceDefinition{2, "Serial Number", text, read, single, optional},
    ResourceDefinition{3, "Firmware Version", text, read, single, optional},
    ResourceDefinition{4, "Reboot", text, execute, single, mandatory},
    ResourceDefinition{5, "Factory Reset", text, execute, single, optional},
    ResourceDefinition{6, "Available Power Sources", integer, read, multiple, optional},
    ResourceDefinition{7, "Power Source Voltage", integer, read, multiple, optional},
    ResourceDefinition{8, "Power Source Current", integer, read, multiple, optional},
    ResourceDefinition{9, "Battery Level", integer, read, single, optional},
    ResourceDefinition{10, "Memory Free", integer, read, single, optional},
    ResourceDefinition{11, "Error Code", integer, read, multiple, mandatory},
    ResourceDefinition{12, "Reset Error Code", text, execute, single, optional},
    ResourceDefinition{13, "Current Time", DataType::time, read_write, single, optional},
    ResourceDefinition{14, "UTC Offset", text, read_write, single, optional},
    ResourceDefinition{15, "Timezone", text, read_write, single, optional},
    ResourceDefinition{16, "Supported Binding and Modes", text, read, single, mandatory},
    ResourceDefinition{17, "Device Type", text, read, single, optional},
    ResourceDefinition{18, "Hardware Version", text, read, single, optional},
    ResourceDefinition{19, "Software Version", text, read, single, optional},
    ResourceDefinition{20, "Battery Status", integer, read, single, optional},
    ResourceDefinition{21, "Memory Total", integer, read, single, optional},
    ResourceDefinition{22, "ExtDevInfo", object_link, read, multiple, optional},
};

}  // namespace

const ObjectDefinition security{
    ids::security, "LwM2M Security", "1.1", 8, Upkeep::bootstrap_configuration, security_resources};
const ObjectDefinition server{
    ids::server, "LwM2M Server", "1.1", 8, Upkeep::bootstrap_configuration, server_resources};
const ObjectDefinition access_control{
    ids::access_control,     "LwM2M Access Control", "", 64, Upkeep::bootstrap_configuration,
    access_control_resources};
const ObjectDefinition device{ids::device, "Device", "1.1", 1, Upkeep::device, device_resources};

}  // namespace scef::client::objects
