#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/turn.h"

namespace scef::queueing {

/// Writes the fields of a record, big-endian, in the order of the calls. The first octet is the
/// record's version; readers of a later version accept all earlier ones.
class RecordWriter {
public:
    explicit RecordWriter(std::uint8_t version) { octets_.push_back(version); }
    /// Without a version: for keys.
    RecordWriter() = default;

    template <std::unsigned_integral T>
    RecordWriter& number(T value) {
        for (std::size_t i = sizeof(T); i-- > 0;) {
            octets_.push_back(
                static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i)));
        }
        return *this;
    }
    template <typename T>
    requires std::is_enum_v<T> RecordWriter& number(T value) {
        return number(static_cast<std::make_unsigned_t<std::underlying_type_t<T>>>(value));
    }
    RecordWriter& flag(bool value) { return number(static_cast<std::uint8_t>(value ? 1 : 0)); }
    RecordWriter& time(WallTime value) {
        return number(static_cast<std::uint64_t>(value.time_since_epoch().count()));
    }
    RecordWriter& octets(ByteView value) {
        number(static_cast<std::uint32_t>(value.size()));
        octets_.insert(octets_.end(), value.begin(), value.end());
        return *this;
    }
    RecordWriter& text(std::string_view value) { return octets(as_bytes(value)); }
    /// Without a length: only last, or where the length is known.
    RecordWriter& raw(ByteView value) {
        octets_.insert(octets_.end(), value.begin(), value.end());
        return *this;
    }

    Bytes take() { return std::move(octets_); }

private:
    Bytes octets_;
};

/// Reads the fields back. A short or over-long field makes `ok()` false and every later field
/// empty; the caller checks once, at the end.
class RecordReader {
public:
    explicit RecordReader(ByteView octets) : left_(octets) {}

    bool ok() const { return ok_; }
    bool at_end() const { return left_.empty(); }

    template <std::unsigned_integral T>
    T number() {
        if (left_.size() < sizeof(T)) return spoil<T>();
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < sizeof(T); ++i) value = value << 8 | left_[i];
        left_ = left_.subspan(sizeof(T));
        return static_cast<T>(value);
    }
    /// An enumerator in [0, last]; anything above spoils the record.
    template <typename T>
    requires std::is_enum_v<T> T enumerator(T last) {
        using U = std::make_unsigned_t<std::underlying_type_t<T>>;
        const U value = number<U>();
        if (value > static_cast<U>(last)) return spoil<T>();
        return static_cast<T>(value);
    }
    bool flag() { return number<std::uint8_t>() != 0; }
    WallTime time() {
        return WallTime(Duration(static_cast<Duration::rep>(number<std::uint64_t>())));
    }
    ByteView octets() {
        const std::uint32_t size = number<std::uint32_t>();
        if (left_.size() < size) return spoil<ByteView>();
        const ByteView value = left_.first(size);
        left_ = left_.subspan(size);
        return value;
    }
    std::string text() { return std::string(as_text(octets())); }
    ByteView raw(std::size_t size) {
        if (left_.size() < size) return spoil<ByteView>();
        const ByteView value = left_.first(size);
        left_ = left_.subspan(size);
        return value;
    }

private:
    template <typename T>
    T spoil() {
        ok_ = false;
        left_ = {};
        return T{};
    }

    ByteView left_;
    bool ok_ = true;
};

}  // namespace scef::queueing
