#pragma once

#include <cstdint>
#include <optional>

#include "lwm2m-core/lwm2m/value.h"
#include "lwm2m-core/vocabulary/bytes.h"

/// The part of CBOR (RFC 8949) that SenML takes, of definite and indefinite length.
namespace scef::lwm2m::cbor {

enum class Major : std::uint8_t {
    positive,
    negative,
    octet_string,
    text_string,
    array,
    map,
    tag,
    simple
};

/// The start of an item: its type and its argument.
struct Head {
    Major major = Major::simple;
    std::uint8_t information = 0;
    std::uint64_t argument = 0;

    bool is_indefinite() const { return information == 31; }
    bool is_break() const { return major == Major::simple && information == 31; }
};

/// Reads items one after the other. What is not there, or not well-formed, makes it fail for good;
/// an item of another kind than asked for is nothing. Keeps a reference to the octets.
class Reader {
public:
    explicit Reader(ByteView octets) : left_(octets) {}

    bool failed() const { return failed_; }
    bool at_end() const { return left_.empty(); }

    Head head();

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
    Bytes string(const Head& of);
    /// A number whose head was read, of any of the forms that RFC 8428 6 allows.
    std::optional<Value> number(const Head& head);
    /// Passes over one item.
    void skip(unsigned depth = 0);

private:
    Head fail(const Head& head);
    void append(Bytes& out, std::uint64_t size);
    std::optional<Value> decimal_fraction();
    std::optional<double> whole_number();

    ByteView left_;
    bool failed_ = false;
};

}  // namespace scef::lwm2m::cbor
