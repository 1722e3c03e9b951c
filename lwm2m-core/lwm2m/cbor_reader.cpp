#include "lwm2m-core/lwm2m/cbor_reader.h"

#include <bit>
#include <cmath>
#include <limits>

namespace scef::lwm2m::cbor {
namespace {

using enum Major;

constexpr unsigned depth_max = 8;

double half_precision(std::uint64_t bits) {
    const double fraction = static_cast<double>(bits & 0x3ff);
    const auto exponent = static_cast<int>(bits >> 10 & 0x1f);
    double value = exponent == 0    ? std::ldexp(fraction, -24)
                   : exponent == 31 ? std::numeric_limits<double>::infinity()
                                    : std::ldexp(fraction + 1024, exponent - 25);
    if (exponent == 31 && fraction != 0) value = std::numeric_limits<double>::quiet_NaN();
    return (bits & 0x8000) != 0 ? -value : value;
}

std::optional<Value> fraction(const Head& head) {
    double value = 0;
    if (head.information == 25) {
        value = half_precision(head.argument);
    } else if (head.information == 26) {
        value =
            static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(head.argument)));
    } else if (head.information == 27) {
        value = std::bit_cast<double>(head.argument);
    } else {
        return std::nullopt;
    }
    return std::isfinite(value) ? std::optional<Value>(value) : std::nullopt;
}

/// Integers, tags and simple values in one octet have no indefinite length, and simple values below
/// 32 no octet of their own (RFC 8949 3).
bool is_well_formed(const Head& head) {
    const bool has_length = head.major != positive && head.major != negative && head.major != tag;
    if (head.is_indefinite()) return has_length;
    return head.major != simple || head.information != 24 || head.argument >= 32;
}

}  // namespace

Head Reader::head() {
    Head head;
    if (left_.empty()) return fail(head);
    head.major = static_cast<Major>(left_[0] >> 5);
    head.information = left_[0] & 0x1f;
    left_ = left_.subspan(1);
    if (head.information < 24) {
        head.argument = head.information;
    } else if (head.information < 28) {
        const std::size_t size = std::size_t{1} << (head.information - 24);
        if (left_.size() < size) return fail(head);
        for (const std::uint8_t octet : left_.first(size)) {
            head.argument = head.argument << 8 | octet;
        }
        left_ = left_.subspan(size);
    } else if (head.information < 31) {
        return fail(head);
    }
    return is_well_formed(head) ? head : fail(head);
}

Bytes Reader::string(const Head& of) {
    Bytes out;
    if (!of.is_indefinite()) {
        append(out, of.argument);
        return out;
    }
    items(of, [&] {
        const Head chunk = head();
        if (chunk.major != of.major || chunk.is_indefinite()) failed_ = true;
        if (!failed_) append(out, chunk.argument);
    });
    return out;
}

std::optional<Value> Reader::number(const Head& head) {
    constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
    if (failed_) return std::nullopt;
    switch (head.major) {
        case positive:
            if (head.argument > most) return Value(static_cast<double>(head.argument));
            return Value(static_cast<std::int64_t>(head.argument));
        case negative:
            if (head.argument > most) return Value(-1.0 - static_cast<double>(head.argument));
            return Value(-1 - static_cast<std::int64_t>(head.argument));
        case simple:
            return fraction(head);
        case tag:
            return head.argument == 4 ? decimal_fraction() : std::nullopt;
        default:
            return std::nullopt;
    }
}

void Reader::skip(unsigned depth) {
    const Head item = head();
    if (failed_ || depth > depth_max || item.is_break()) {
        failed_ = true;
        return;
    }
    if (item.major == octet_string || item.major == text_string) string(item);
    if (item.major == array) items(item, [&] { skip(depth + 1); });
    if (item.major == map) {
        items(item, [&] {
            skip(depth + 1);
            skip(depth + 1);
        });
    }
    if (item.major == tag) skip(depth + 1);
}

Head Reader::fail(const Head& head) {
    failed_ = true;
    left_ = {};
    return head;
}

void Reader::append(Bytes& out, std::uint64_t size) {
    if (size > left_.size()) {
        failed_ = true;
        return;
    }
    out.insert(out.end(), left_.begin(), left_.begin() + static_cast<std::ptrdiff_t>(size));
    left_ = left_.subspan(size);
}

/// RFC 8949 3.4.4: exponent and mantissa, whole numbers, to the base of ten. A power of ten up to
/// 22 is exact as a double and its inverse is not: so a negative one divides.
std::optional<Value> Reader::decimal_fraction() {
    const Head pair = head();
    if (failed_ || pair.major != array || pair.argument != 2) return std::nullopt;
    const auto exponent = whole_number();
    const auto mantissa = whole_number();
    if (!exponent || !mantissa) return std::nullopt;
    const double power = std::pow(10.0, std::abs(*exponent));
    const double value = *exponent < 0 ? *mantissa / power : *mantissa * power;
    return std::isfinite(value) ? std::optional<Value>(value) : std::nullopt;
}

std::optional<double> Reader::whole_number() {
    const Head whole = head();
    if (failed_ || (whole.major != positive && whole.major != negative)) return std::nullopt;
    const auto value = number(whole);
    return value ? as_number(*value) : std::nullopt;
}

}  // namespace scef::lwm2m::cbor
