#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "lwm2m-core/coap/message.h"

namespace scef::adapter {

/// Frames on the device leg that are CoAP, by direction, type and class of the code. A plain value
/// of fixed size.
struct CoapCounters {
    enum class CodeClass : std::uint8_t {
        empty,
        request,
        success,
        client_error,
        server_error,
        other
    };
    static constexpr std::size_t types = 4;
    static constexpr std::size_t code_classes = 6;
    /// By coap::Type, then by CodeClass.
    using Frames = std::array<std::array<std::uint64_t, code_classes>, types>;

    Frames downlink{}, uplink{};

    static CodeClass class_of(const coap::Code& code) {
        if (code.is_empty()) return CodeClass::empty;
        switch (code.code_class()) {
            case 0:
                return CodeClass::request;
            case 2:
                return CodeClass::success;
            case 4:
                return CodeClass::client_error;
            case 5:
                return CodeClass::server_error;
            default:
                return CodeClass::other;
        }
    }
    static void count(Frames& frames, const coap::Message& message) {
        ++frames[static_cast<std::size_t>(message.type)]
                [static_cast<std::size_t>(class_of(message.code))];
    }
    CoapCounters& operator+=(const CoapCounters& other) {
        for (std::size_t type = 0; type < types; ++type) {
            for (std::size_t code = 0; code < code_classes; ++code) {
                downlink[type][code] += other.downlink[type][code];
                uplink[type][code] += other.uplink[type][code];
            }
        }
        return *this;
    }
};

/// `CON`.
constexpr std::string_view type_name(std::size_t type) {
    constexpr std::array<std::string_view, CoapCounters::types> names{"CON", "NON", "ACK", "RST"};
    return names.at(type);
}
/// As in the first digit of a response code; `empty` and `request` for class 0.
constexpr std::string_view code_class_name(std::size_t code_class) {
    constexpr std::array<std::string_view, CoapCounters::code_classes> names{
        "empty", "request", "2", "4", "5", "other"};
    return names.at(code_class);
}

}  // namespace scef::adapter
