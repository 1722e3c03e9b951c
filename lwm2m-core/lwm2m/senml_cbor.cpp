#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "lwm2m-core/lwm2m/senml.h"
#include "lwm2m-core/lwm2m/senml_names.h"

/// SenML CBOR (RFC 8428 6): the part of CBOR (RFC 8949) that it takes, of definite and indefinite
/// length.
namespace scef::lwm2m {
namespace {

enum Major : std::uint8_t {
    positive,
    negative,
    octet_string,
    text_string,
    array,
    map,
    tag,
    simple
};

/// RFC 8428 table 4.
enum Label : std::int64_t {
    base_time = -3,
    base_name = -2,
    name = 0,
    v = 2,
    vs = 3,
    vb = 4,
    vd = 8
};

// ---- Writing

void append_head(Bytes& out, Major major, std::uint64_t argument) {
    const auto type = static_cast<std::uint8_t>(major << 5);
    if (argument < 24) return out.push_back(static_cast<std::uint8_t>(type | argument));
    const unsigned size_log = argument <= 0xff         ? 0
                              : argument <= 0xffff     ? 1
                              : argument <= 0xffffffff ? 2
                                                       : 3;
    out.push_back(static_cast<std::uint8_t>(type | (24 + size_log)));
    for (int shift = (8 << size_log) - 8; shift >= 0; shift -= 8) {
        out.push_back(static_cast<std::uint8_t>(argument >> shift));
    }
}

void append_integer(Bytes& out, std::int64_t value) {
    if (value >= 0) return append_head(out, positive, static_cast<std::uint64_t>(value));
    append_head(out, negative, static_cast<std::uint64_t>(-(value + 1)));
}

void append_text(Bytes& out, std::string_view text) {
    append_head(out, text_string, text.size());
    out.insert(out.end(), text.begin(), text.end());
}

/// As the shortest float that is the same number: single or double precision.
void append_double(Bytes& out, double value) {
    const auto shorter = static_cast<float>(value);
    const bool fits = static_cast<double>(shorter) == value;
    const std::uint64_t bits =
        fits ? std::bit_cast<std::uint32_t>(shorter) : std::bit_cast<std::uint64_t>(value);
    out.push_back(fits ? 0xfa : 0xfb);
    for (int shift = fits ? 24 : 56; shift >= 0; shift -= 8) {
        out.push_back(static_cast<std::uint8_t>(bits >> shift));
    }
}

void append_value(Bytes& out, const Value& value, bool is_object_link) {
    if (const auto* text = std::get_if<std::string>(&value)) {
        if (is_object_link) {
            append_text(out, "vlo");
        } else {
            append_integer(out, vs);
        }
        append_text(out, *text);
    } else if (const auto* boolean = std::get_if<bool>(&value)) {
        append_integer(out, vb);
        out.push_back(*boolean ? 0xf5 : 0xf4);
    } else if (const auto* octets = std::get_if<Bytes>(&value)) {
        append_integer(out, vd);
        append_head(out, octet_string, octets->size());
        out.insert(out.end(), octets->begin(), octets->end());
    } else {
        append_integer(out, v);
        if (const auto* number = std::get_if<double>(&value)) return append_double(out, *number);
        append_integer(out, std::get<std::int64_t>(value));
    }
}

// ---- Reading

struct Head {
    Major major = simple;
    std::uint8_t information = 0;
    std::uint64_t argument = 0;
    bool is_indefinite() const { return information == 31; }
    bool is_break() const { return major == simple && information == 31; }
};

double half_precision(std::uint64_t bits) {
    const double fraction = static_cast<double>(bits & 0x3ff);
    const auto exponent = static_cast<int>(bits >> 10 & 0x1f);
    double value = exponent == 0    ? std::ldexp(fraction, -24)
                   : exponent == 31 ? std::numeric_limits<double>::infinity()
                                    : std::ldexp(fraction + 1024, exponent - 25);
    if (exponent == 31 && fraction != 0) value = std::numeric_limits<double>::quiet_NaN();
    return (bits & 0x8000) != 0 ? -value : value;
}

/// What is not there, or not of the kind that is asked for, makes it fail for good.
class Reader {
public:
    explicit Reader(ByteView octets) : left_(octets) {}

    bool failed() const { return failed_; }
    bool at_end() const { return left_.empty(); }

    Head head() {
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
        return head;
    }

    /// Calls `each` for every item of an array or map: `count` of them, or up to the break.
    template <typename Each>
    void items(const Head& of, Each each) {
        if (!of.is_indefinite()) {
            for (std::uint64_t i = 0; i < of.argument && !failed_; ++i) each();
            return;
        }
        while (!failed_ && !(!left_.empty() && left_[0] == 0xff)) each();
        if (!failed_) left_ = left_.subspan(1);
    }

    /// The octets of a string whose head was read; of one in chunks, all of them.
    Bytes string(const Head& of) {
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

    /// A number, of any of the forms that RFC 8428 allows.
    std::optional<Value> number(const Head& head, unsigned depth = 0) {
        constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
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
                return head.argument == 4 && depth == 0 ? decimal_fraction() : std::nullopt;
            default:
                return std::nullopt;
        }
    }

    /// Passes over one item.
    void skip(unsigned depth = 0) {
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

private:
    static constexpr unsigned depth_max = 8;

    Head fail(const Head& head) {
        failed_ = true;
        left_ = {};
        return head;
    }
    void append(Bytes& out, std::uint64_t size) {
        if (size > left_.size()) {
            failed_ = true;
            return;
        }
        out.insert(out.end(), left_.begin(), left_.begin() + static_cast<std::ptrdiff_t>(size));
        left_ = left_.subspan(size);
    }
    static std::optional<Value> fraction(const Head& head) {
        double value = 0;
        if (head.information == 25) {
            value = half_precision(head.argument);
        } else if (head.information == 26) {
            value = static_cast<double>(
                std::bit_cast<float>(static_cast<std::uint32_t>(head.argument)));
        } else if (head.information == 27) {
            value = std::bit_cast<double>(head.argument);
        } else {
            return std::nullopt;
        }
        return std::isfinite(value) ? std::optional<Value>(value) : std::nullopt;
    }
    /// RFC 8949 3.4.4: exponent and mantissa, to the base of ten.
    std::optional<Value> decimal_fraction() {
        const Head pair = head();
        if (failed_ || pair.major != array || pair.argument != 2) return std::nullopt;
        const auto exponent = number(head(), 1);
        const auto mantissa = number(head(), 1);
        if (failed_ || !exponent || !mantissa) return std::nullopt;
        const auto power = as_number(*exponent);
        const double value = *as_number(*mantissa) * std::pow(10.0, *power);
        return std::isfinite(value) ? std::optional<Value>(value) : std::nullopt;
    }

    ByteView left_;
    bool failed_ = false;
};

struct RawRecord {
    std::optional<std::string> base;
    std::string name;
    std::optional<Value> value;
    bool is_object_link = false;
    bool is_good = true;
};

std::string text_of(const Bytes& octets) { return std::string(as_text(octets)); }

void read_labelled(Reader& reader, std::int64_t label, RawRecord& record) {
    switch (label) {
        case base_name:
        case name:
        case vs:
        case vd: {
            const Head head = reader.head();
            record.is_good = head.major == (label == vd ? octet_string : text_string);
            if (!record.is_good) return;
            Bytes octets = reader.string(head);
            if (label == base_name) record.base = text_of(octets);
            if (label == name) record.name = text_of(octets);
            if (label == vs) record.value = Value(text_of(octets));
            if (label == vd) record.value = Value(std::move(octets));
            return;
        }
        case v: {
            record.value = reader.number(reader.head());
            record.is_good = record.value.has_value();
            return;
        }
        case vb: {
            const Head head = reader.head();
            record.is_good = head.major == simple && (head.argument == 20 || head.argument == 21);
            record.value = Value(head.argument == 21);
            return;
        }
        default:
            reader.skip();
    }
}

/// A member with a text for its label: `vlo` (an object link) is known; one that ends with an
/// underscore must be understood (RFC 8428 4.4).
void read_named(Reader& reader, const std::string& label, RawRecord& record) {
    if (label.ends_with('_')) record.is_good = false;
    if (label != "vlo") return reader.skip();
    record.is_object_link = true;
    read_labelled(reader, vs, record);
}

RawRecord read_record(Reader& reader) {
    RawRecord record;
    const Head fields = reader.head();
    record.is_good = fields.major == map;
    if (!record.is_good) return record;
    reader.items(fields, [&] {
        if (!record.is_good) return reader.skip();
        const Head label = reader.head();
        if (label.major == text_string) {
            return read_named(reader, text_of(reader.string(label)), record);
        }
        const bool is_integer = label.major == positive || label.major == negative;
        record.is_good = is_integer && label.argument < 24;
        if (!record.is_good) return;
        const auto number = static_cast<std::int64_t>(label.argument);
        read_labelled(reader, label.major == positive ? number : -1 - number, record);
    });
    return record;
}

}  // namespace

Bytes to_senml_cbor(const SenmlRecords& records, const Path& base,
                    std::optional<std::int64_t> time) {
    const SenmlNames names(base, records.size() == 1 && records.front().path == base);
    Bytes out;
    append_head(out, array, records.size());
    bool is_first = true;
    for (const SenmlRecord& record : records) {
        const auto base_text = is_first ? names.base_name() : std::nullopt;
        const auto own = names.name_of(record.path);
        const bool has_time = std::exchange(is_first, false) && time;
        append_head(out, map,
                    std::size_t{base_text.has_value()} + std::size_t{has_time} +
                        std::size_t{own.has_value()} + std::size_t{record.value.has_value()});
        if (base_text) {
            append_integer(out, base_name);
            append_text(out, *base_text);
        }
        if (has_time) {
            append_integer(out, base_time);
            append_integer(out, *time);
        }
        if (own) {
            append_integer(out, name);
            append_text(out, *own);
        }
        if (record.value) append_value(out, *record.value, record.is_object_link);
    }
    return out;
}

std::optional<SenmlRecords> from_senml_cbor(ByteView octets) {
    Reader reader(octets);
    SenmlRecords records;
    std::string base;
    bool is_good = true;
    const Head pack = reader.head();
    if (reader.failed() || pack.major != array) return std::nullopt;
    if (!pack.is_indefinite() && pack.argument > senml_records_max) return std::nullopt;
    reader.items(pack, [&] {
        RawRecord raw = read_record(reader);
        if (raw.base) base = *raw.base;
        const auto path = path_of_names(base + raw.name);
        is_good = is_good && raw.is_good && path && records.size() < senml_records_max;
        if (is_good) records.push_back({*path, std::move(raw.value), raw.is_object_link});
    });
    if (!is_good || reader.failed() || !reader.at_end()) return std::nullopt;
    return records;
}

}  // namespace scef::lwm2m
