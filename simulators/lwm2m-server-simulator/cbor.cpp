#include "simulators/lwm2m-server-simulator/cbor.h"

#include <bit>
#include <cmath>
#include <limits>
#include <optional>

#include "lwm2m-core/vocabulary/utf8.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;

constexpr unsigned levels_max = 4;
constexpr auto integer_max = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());

double from_half(std::uint64_t bits) {
    const int exponent = static_cast<int>(bits >> 10 & 0x1f);
    const double mantissa = static_cast<double>(bits & 0x3ff);
    double value = 0;
    if (exponent == 0) {
        value = std::ldexp(mantissa, -24);
    } else if (exponent != 31) {
        value = std::ldexp(mantissa + 1024, exponent - 25);
    } else {
        value = mantissa == 0 ? INFINITY : NAN;
    }
    return (bits & 0x8000) != 0 ? -value : value;
}

class Reader {
public:
    Reader(ByteView octets, CborKeyName name_of_key) : octets_(octets), name_of_key_(name_of_key) {}

    std::optional<json> item(unsigned levels_left) {
        if (octets_.empty() || levels_left == 0) return std::nullopt;
        const unsigned major = octets_[0] >> 5;
        const unsigned info = octets_[0] & 0x1fu;
        octets_ = octets_.subspan(1);
        if (major == 7) return simple(info);
        const bool indefinite = info == 31;
        const auto count = indefinite ? std::optional<std::uint64_t>(0) : argument(info);
        if (!count || (indefinite && major != 4 && major != 5)) return std::nullopt;
        switch (major) {
            case 0:
                return json(*count);
            case 1:
                return negative(*count);
            case 2:
            case 3:
                return text(*count, major == 2);
            case 4:
                return array(*count, indefinite, levels_left);
            case 5:
                return map(*count, indefinite, levels_left);
            case 6:
                return *count == 4 ? decimal_fraction() : std::nullopt;
            default:
                return std::nullopt;
        }
    }

    bool at_end() const { return octets_.empty(); }

private:
    std::optional<std::uint64_t> argument(unsigned info) {
        if (info < 24) return info;
        if (info > 27) return std::nullopt;
        const std::size_t size = std::size_t{1} << (info - 24);
        if (octets_.size() < size) return std::nullopt;
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < size; ++i) value = value << 8 | octets_[i];
        octets_ = octets_.subspan(size);
        return value;
    }

    static json negative(std::uint64_t argument) {
        if (argument > integer_max) return -1.0 - static_cast<double>(argument);
        return -1 - static_cast<std::int64_t>(argument);
    }

    /// Exponent and mantissa, to the base of ten (RFC 8949 3.4.4).
    std::optional<json> decimal_fraction() {
        const auto pair = item(2);
        if (!pair || !pair->is_array() || pair->size() != 2) return std::nullopt;
        const json& exponent = (*pair)[0];
        const json& mantissa = (*pair)[1];
        if (!exponent.is_number_integer() || !mantissa.is_number_integer()) return std::nullopt;
        const double power = std::pow(10.0, std::abs(exponent.get<double>()));
        return finite(exponent < 0 ? mantissa.get<double>() / power
                                   : mantissa.get<double>() * power);
    }

    /// JSON has no other number.
    static std::optional<json> finite(double value) {
        return std::isfinite(value) ? std::optional(json(value)) : std::nullopt;
    }

    std::optional<json> simple(unsigned info) {
        if (info == 20 || info == 21) return json(info == 21);
        if (info == 22) return json(nullptr);
        const auto bits = info < 25 ? std::nullopt : argument(info);
        if (!bits) return std::nullopt;
        if (info == 25) return finite(from_half(*bits));
        if (info == 26) return finite(std::bit_cast<float>(static_cast<std::uint32_t>(*bits)));
        return finite(std::bit_cast<double>(*bits));
    }

    std::optional<json> text(std::uint64_t size, bool octets) {
        if (size > octets_.size()) return std::nullopt;
        const ByteView content = octets_.first(static_cast<std::size_t>(size));
        octets_ = octets_.subspan(content.size());
        if (octets) return json::binary(Bytes(content.begin(), content.end()));
        return is_utf8(content) ? std::optional(json(as_text(content))) : std::nullopt;
    }

    bool take_break() {
        if (octets_.empty() || octets_[0] != 0xff) return false;
        octets_ = octets_.subspan(1);
        return true;
    }

    std::optional<json> array(std::uint64_t count, bool indefinite, unsigned levels_left) {
        json elements = json::array();
        for (std::uint64_t i = 0; indefinite ? !take_break() : i < count; ++i) {
            auto element = item(levels_left - 1);
            if (!element) return std::nullopt;
            elements.push_back(std::move(*element));
        }
        return elements;
    }

    std::optional<json> map(std::uint64_t count, bool indefinite, unsigned levels_left) {
        json members = json::object();
        for (std::uint64_t i = 0; indefinite ? !take_break() : i < count; ++i) {
            const auto key = item(levels_left - 1);
            if (!key || (!key->is_number_integer() && !key->is_string())) return std::nullopt;
            auto value = item(levels_left - 1);
            if (!value) return std::nullopt;
            members[name_of_key_(*key)] = std::move(*value);
        }
        return members;
    }

    ByteView octets_;
    CborKeyName name_of_key_;
};

}  // namespace

Result<json> parse_cbor(ByteView octets, CborKeyName name_of_key) {
    Reader reader(octets, name_of_key);
    auto value = reader.item(levels_max);
    if (!value || !reader.at_end()) return fail(Errc::malformed, "the payload is no CBOR");
    return std::move(*value);
}

void CborWriter::put_head(unsigned major, std::uint64_t argument) {
    const std::size_t size = argument < 24            ? 0
                             : argument < 0x100       ? 1
                             : argument < 0x10000     ? 2
                             : argument < 0x100000000 ? 4
                                                      : 8;
    const unsigned info = size == 0 ? static_cast<unsigned>(argument)
                                    : 24U + static_cast<unsigned>(std::countr_zero(size));
    octets_.push_back(static_cast<std::uint8_t>(major << 5 | info));
    for (std::size_t i = size; i > 0; --i) {
        octets_.push_back(static_cast<std::uint8_t>(argument >> 8 * (i - 1)));
    }
}

void CborWriter::put_integer(std::int64_t value) {
    if (value >= 0) return put_head(0, static_cast<std::uint64_t>(value));
    put_head(1, static_cast<std::uint64_t>(-1 - value));
}

void CborWriter::put_double(double value) {
    const auto narrow = static_cast<float>(value);
    const bool is_narrow = static_cast<double>(narrow) == value;
    const std::uint64_t bits =
        is_narrow ? std::bit_cast<std::uint32_t>(narrow) : std::bit_cast<std::uint64_t>(value);
    octets_.push_back(is_narrow ? 0xfa : 0xfb);
    for (std::size_t i = is_narrow ? 4 : 8; i > 0; --i) {
        octets_.push_back(static_cast<std::uint8_t>(bits >> 8 * (i - 1)));
    }
}

void CborWriter::put_text(std::string_view value) {
    put_head(3, value.size());
    octets_.insert(octets_.end(), value.begin(), value.end());
}

void CborWriter::put_octets(ByteView value) {
    put_head(2, value.size());
    octets_.insert(octets_.end(), value.begin(), value.end());
}

}  // namespace scef::lwm2m_server_simulator
