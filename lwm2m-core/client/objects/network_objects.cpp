#include "lwm2m-core/client/objects/table.h"

namespace scef::client::objects {
namespace {

constexpr std::array connectivity_monitoring_resources{
    ResourceDefinition{0, "Network Bearer", integer, read, single, mandatory},
    ResourceDefinition{1, "Available Network Bearer", integer, read, multiple, mandatory},
    ResourceDefinition{2, "Radio Signal Strength", integer, read, single, mandatory},
    ResourceDefinition{3, "Link Quality", integer, read, single, optional},
    ResourceDefinition{4, "IP Addresses", text, read, multiple, mandatory},
    ResourceDefinition{5, "Router IP Addresses", text, read, multiple, optional},
    ResourceDefinition{6, "Link Utilization", integer, read, single, optional},
    ResourceDefinition{7, "APN", text, read, multiple, optional},
    ResourceDefinition{8, "Cell ID", integer, read, single, optional},
    ResourceDefinition{9, "SMNC", integer, read, single, optional},
    ResourceDefinition{10, "SMCC", integer, read, single, optional},
    ResourceDefinition{11, "SignalSNR", integer, read, single, optional},
    ResourceDefinition{12, "LAC", integer, read, single, optional},
};

constexpr std::array connectivity_statistics_resources{
    ResourceDefinition{0, "SMS Tx Counter", integer, read, single, optional},
    ResourceDefinition{1, "SMS Rx Counter", integer, read, single, optional},
    ResourceDefinition{2, "Tx Data", integer, read, single, optional},
    ResourceDefinition{3, "Rx Data", integer, read, single, optional},
    ResourceDefinition{4, "Max Message Size", integer, read, single, optional},
    ResourceDefinition{5, "Average Message Size", integer, read, single, optional},
    ResourceDefinition{6, "Start", text, execute, single, mandatory},
    ResourceDefinition{7, "Stop", text, execute, single, mandatory},
    ResourceDefinition{8, "Collection Period", integer, read_write, single, optional},
};

constexpr std::array cellular_connectivity_resources{
    ResourceDefinition{0, "SMSC address", text, read_write, single, optional},
    within({0, 65535}, {1, "Disable radio period", integer, read_write, single, optional}),
    ResourceDefinition{2, "Module activation code", text, read_write, single, optional},
    ResourceDefinition{3, "Vendor specific extensions", object_link, read, single, optional},
    ResourceDefinition{4, "PSM Timer", integer, read_write, single, optional},
    ResourceDefinition{5, "Active Timer", integer, read_write, single, optional},
    ResourceDefinition{7, "eDRX parameters for Iu mode", opaque, read_write, single, optional},
    ResourceDefinition{8, "eDRX parameters for WB-S1 mode", opaque, read_write, single, optional},
    ResourceDefinition{9, "eDRX parameters for NB-S1 mode", opaque, read_write, single, optional},
    ResourceDefinition{10, "eDRX parameters for A/Gb mode", opaque, read_write, single, optional},
    ResourceDefinition{11, "Activated Profile Names", object_link, read, multiple, mandatory},
    ResourceDefinition{12, "Supported Power Saving Modes", unsigned_integer, read, single,
                       optional},
    within({0, 255},
           {13, "Active Power Saving Modes", unsigned_integer, read_write, single, optional}),
    within({0, 255}, {14, "Release Assistance Indication Usage", unsigned_integer, read_write,
                      single, optional}),
};

constexpr std::array apn_profile_resources{
    ResourceDefinition{0, "Profile name", text, read_write, single, mandatory},
    ResourceDefinition{1, "APN", text, read_write, single, optional},
    ResourceDefinition{2, "Auto select APN by device", boolean, read_write, single, optional},
    ResourceDefinition{3, "Enable status", boolean, read_write, single, optional},
    ResourceDefinition{4, "Authentication Type", integer, read_write, single, mandatory},
    ResourceDefinition{5, "User Name", text, read_write, single, optional},
    ResourceDefinition{6, "Secret", text, read_write, single, optional},
    ResourceDefinition{7, "Reconnect Schedule", text, read_write, single, optional},
    ResourceDefinition{8, "Validity (MCC, MNC)", text, read_write, multiple, optional},
    ResourceDefinition{9, "Connection establishment time", DataType::time, read, multiple,
                       optional},
    ResourceDefinition{10, "Connection establishment result", integer, read, multiple, optional},
    ResourceDefinition{11, "Connection establishment reject cause", integer, read, multiple,
                       optional},
    ResourceDefinition{12, "Connection end time", DataType::time, read, multiple, optional},
    ResourceDefinition{13, "TotalBytesSent", integer, read, single, optional},
    ResourceDefinition{14, "TotalBytesReceived", integer, read, single, optional},
    ResourceDefinition{15, "IP address", text, read_write, multiple, optional},
    ResourceDefinition{16, "Prefix length", text, read_write, multiple, optional},
    ResourceDefinition{17, "Subnet mask", text, read_write, multiple, optional},
    ResourceDefinition{18, "Gateway", text, read_write, multiple, optional},
    ResourceDefinition{19, "Primary DNS address", text, read_write, multiple, optional},
    ResourceDefinition{20, "Secondary DNS address", text, read_write, multiple, optional},
    ResourceDefinition{21, "QCI", integer, read, single, optional},
    ResourceDefinition{22, "Vendor specific extensions", object_link, read, single, optional},
    ResourceDefinition{23, "TotalPacketsSent", integer, read, single, optional},
    ResourceDefinition{24, "PDN Type", integer, read_write, single, optional},
    ResourceDefinition{25, "APN Rate Control", integer, read, single, optional},
    ResourceDefinition{26, "Serving PLMN Rate control", unsigned_integer, read_write, single,
                       optional},
    within({0, 4}, {27, "Uplink Time Unit", unsigned_integer, read_write, single, optional}),
    ResourceDefinition{28, "APN Rate Control for Exception Data", integer, read, single, optional},
    within({0, 4}, {29, "APN Exception Data Uplink Time Unit", unsigned_integer, read_write, single,
                    optional}),
    ResourceDefinition{30, "Supported RAT Types", unsigned_integer, read_write, multiple, optional},
    ResourceDefinition{31, "RDS Application ID", text, read_write, multiple, optional},
    within({0, 15}, {32, "RDS Destination Port", integer, read_write, multiple, optional}),
    within({0, 15}, {33, "RDS Source Port", integer, read_write, multiple, optional}),
};

constexpr std::array bearer_selection_resources{
    within({0, 100},
           {0, "Preferred Communications Bearer", integer, read_write, multiple, optional}),
    within({-110, -48}, {1, "Acceptable RSSI (GSM)", integer, read_write, single, optional}),
    within({-120, -25}, {2, "Acceptable RSCP (UMTS)", integer, read_write, single, optional}),
    within({-140, -44}, {3, "Acceptable RSRP (LTE)", integer, read_write, single, optional}),
    ResourceDefinition{4, "Acceptable RSSI (1xEV-DO)", integer, read_write, single, optional},
    ResourceDefinition{5, "Cell lock list", text, read_write, single, optional},
    ResourceDefinition{6, "Operator list", text, read_write, single, optional},
    ResourceDefinition{7, "Operator list mode", boolean, read_write, single, optional},
    ResourceDefinition{8, "List of available PLMNs", text, read, single, optional},
    ResourceDefinition{9, "Vendor specific extensions", object_link, read, single, optional},
    within({-158, -44}, {10, "Acceptable RSRP (NB-IoT)", integer, read_write, single, optional}),
    ResourceDefinition{11, "Higher Priority PLMN Search Timer", integer, read_write, single,
                       optional},
    ResourceDefinition{12, "Attach without PDN connection", boolean, read_write, single, optional},
};

}  // namespace

const ObjectDefinition connectivity_monitoring{
    ids::connectivity_monitoring,     "Connectivity Monitoring", "1.2", 1, Upkeep::device,
    connectivity_monitoring_resources};
const ObjectDefinition connectivity_statistics{
    ids::connectivity_statistics,     "Connectivity Statistics", "", 1, Upkeep::device,
    connectivity_statistics_resources};
const ObjectDefinition cellular_connectivity{
    ids::cellular_connectivity,     "LwM2M Cellular Connectivity", "1.1", 1, Upkeep::device,
    cellular_connectivity_resources};
const ObjectDefinition apn_profile{
    ids::apn_profile,     "LwM2M APN Connection Profile", "1.1", 4, Upkeep::server_configuration,
    apn_profile_resources};
const ObjectDefinition bearer_selection{ids::bearer_selection, "LwM2M Bearer Selection",  "1.1", 1,
                                        Upkeep::device,        bearer_selection_resources};

}  // namespace scef::client::objects
