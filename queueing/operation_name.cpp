#include "queueing/operation_name.h"

namespace scef::queueing {

std::string_view operation_name(const Message& message) {
    switch (message.kind) {
        case MessageKind::request:
            break;
        case MessageKind::reply:
            return "reply";
        case MessageKind::opaque:
            return "opaque";
    }
    return lwm2m::name_of(message.operation);
}

}  // namespace scef::queueing
