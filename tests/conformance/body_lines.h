#pragma once

#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/turn.h"

/// What the programs that emit bodies for the conformance test share.
namespace scef::conformance {

constexpr int bodies_per_kind = 300;

/// Draws the values of one body. Of each kind the first body has all optional members, the second
/// none, the others chance's.
class Chance {
public:
    explicit Chance(std::uint64_t seed) : random_(seed) {}

    void begin(int body) { body_ = body; }
    bool maybe() {
        if (body_ < 2) return body_ == 0;
        return random_.below(2) == 0;
    }
    template <typename T>
    T one_of(const std::vector<T>& values) {
        return values[random_.below(values.size())];
    }
    WallTime time() {
        return one_of<WallTime>({WallTime{}, WallTime(std::chrono::milliseconds(1)),
                                 WallTime(std::chrono::hours(24 * 365 * 60)),
                                 WallTime(std::chrono::hours(24 * 365 * 230))});
    }
    std::uint32_t number(std::uint32_t least, std::uint32_t most) {
        return one_of<std::uint32_t>({least, most, least + (most - least) / 2, least + 1});
    }
    std::uint16_t port() { return static_cast<std::uint16_t>(number(0, 65535)); }
    bool flag() { return random_.below(2) == 0; }
    Bytes octets() {
        Bytes data(one_of<std::size_t>({1, 2, 3, 100, 1358}));
        for (std::uint8_t& octet : data) octet = static_cast<std::uint8_t>(random_.next());
        return data;
    }
    std::string external_id() {
        return one_of<std::string>(
            {"a@b", "urn-imei-004401@iot.example", std::string(64, 'd') + "@iot.example"});
    }
    std::string link(std::string_view rest) {
        return one_of<std::string>({"http://127.0.0.1:8081", "https://scef.example", ""}) +
               std::string(rest);
    }
    std::string features() { return one_of<std::string>({"0", "C", "81", "FFFFFFFF"}); }
    std::string delivery_status() {
        return one_of<std::string>(
            {"SUCCESS", "SUCCESS_NEXT_HOP_ACKNOWLEDGED", "SUCCESS_NEXT_HOP_UNACKNOWLEDGED",
             "SUCCESS_ACKNOWLEDGED", "SUCCESS_UNACKNOWLEDGED", "TRIGGERED", "BUFFERING",
             "BUFFERING_TEMPORARILY_NOT_REACHABLE", "SENDING", "FAILURE", "FAILURE_RDS_DISABLED",
             "FAILURE_NEXT_HOP", "FAILURE_TIMEOUT", "FAILURE_TEMPORARILY_NOT_REACHABLE"});
    }
    std::string pdn_option() {
        return one_of<std::string>({"WAIT_FOR_UE", "INDICATE_ERROR", "SEND_TRIGGER"});
    }

private:
    SeededRandom random_;
    int body_ = 0;
};

/// One line: the schema's name, the direction, and the body as the text that goes over the wire.
inline void print_line(std::string_view kind, std::string_view direction, const std::string& body) {
    const nlohmann::json line{{"kind", kind}, {"direction", direction}, {"body", body}};
    std::cout << line.dump() << '\n';
}

/// Prints many bodies of a kind; `make` draws one as text.
template <typename Make>
void print_many(Chance& chance, std::string_view kind, std::string_view direction, Make make) {
    for (int body = 0; body < bodies_per_kind; ++body) {
        chance.begin(body);
        print_line(kind, direction, make(chance));
    }
}

}  // namespace scef::conformance
