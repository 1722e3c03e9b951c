#include "nidd/types/t8_exchange.h"

namespace scef::nidd {

std::string_view name_of(T8Request::Operation operation) {
    using Operation = T8Request::Operation;
    switch (operation) {
        case Operation::create_configuration:
            return "create_configuration";
        case Operation::patch_configuration:
            return "patch_configuration";
        case Operation::read_configuration:
            return "read_configuration";
        case Operation::delete_configuration:
            return "delete_configuration";
        case Operation::create_delivery:
            return "create_delivery";
        case Operation::list_deliveries:
            return "list_deliveries";
        case Operation::delete_delivery:
            return "delete_delivery";
        case Operation::list_configurations:
            return "list_configurations";
        case Operation::read_delivery:
            return "read_delivery";
        case Operation::replace_delivery:
            return "replace_delivery";
        case Operation::list_rds_ports:
            return "list_rds_ports";
        case Operation::create_trigger:
            return "create_trigger";
        case Operation::read_trigger:
            return "read_trigger";
        case Operation::delete_trigger:
            return "delete_trigger";
        case Operation::create_subscription:
            return "create_subscription";
        case Operation::read_subscription:
            return "read_subscription";
        case Operation::delete_subscription:
            return "delete_subscription";
    }
    return "unknown";
}

}  // namespace scef::nidd
