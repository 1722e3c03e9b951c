#include <array>
#include <cstddef>

#include "lwm2m-core/vocabulary/result.h"

namespace scef {
namespace {

struct Row {
    Errc code;
    std::string_view name;
    int http_status;
    std::uint8_t coap_code;
};

constexpr std::uint8_t coap(unsigned code_class, unsigned detail) {
    return static_cast<std::uint8_t>(code_class << 5 | detail);
}

constexpr std::array<Row, 16> rows{{
    {Errc::malformed, "malformed", 400, coap(4, 0)},
    {Errc::invalid_argument, "invalid_argument", 400, coap(4, 0)},
    {Errc::not_found, "not_found", 404, coap(4, 4)},
    {Errc::conflict, "conflict", 409, coap(4, 9)},
    {Errc::too_large, "too_large", 413, coap(4, 13)},
    {Errc::unsupported, "unsupported", 415, coap(4, 15)},
    {Errc::unauthorized, "unauthorized", 401, coap(4, 1)},
    {Errc::forbidden, "forbidden", 403, coap(4, 3)},
    {Errc::queue_full, "queue_full", 429, coap(5, 3)},
    {Errc::quota_exceeded, "quota_exceeded", 429, coap(4, 29)},
    {Errc::overloaded, "overloaded", 503, coap(5, 3)},
    {Errc::unavailable, "unavailable", 503, coap(5, 2)},
    {Errc::storage, "storage", 503, coap(5, 3)},
    {Errc::corrupt, "corrupt", 500, coap(5, 0)},
    {Errc::key_reused, "key_reused", 422, coap(4, 0)},
    {Errc::internal, "internal", 500, coap(5, 0)},
}};

const Row& row_of(Errc code) {
    for (const Row& row : rows) {
        if (row.code == code) return row;
    }
    return rows.back();
}

}  // namespace

std::string_view name_of(Errc code) { return row_of(code).name; }
int http_status_of(Errc code) { return row_of(code).http_status; }
std::uint8_t coap_code_of(Errc code) { return row_of(code).coap_code; }

}  // namespace scef
