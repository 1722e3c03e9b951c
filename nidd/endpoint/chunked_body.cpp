#include <algorithm>

#include "nidd/endpoint/http_policy.h"

namespace scef::nidd {
namespace {

constexpr std::size_t size_digits_max = 8;
constexpr std::size_t line_octets_max = 256;
constexpr std::size_t overhead_octets_max = std::size_t{16} * 1024;

int hex_value(char octet) {
    if (octet >= '0' && octet <= '9') return octet - '0';
    if (octet >= 'a' && octet <= 'f') return octet - 'a' + 10;
    if (octet >= 'A' && octet <= 'F') return octet - 'A' + 10;
    return -1;
}

}  // namespace

ChunkedBody::State ChunkedBody::refuse(int status, const char* reason) {
    refusal_ = {status, reason};
    return State::refused;
}

ChunkedBody::State ChunkedBody::take(std::string_view& input, std::string& body) {
    if (refusal_.reason[0] != '\0') return State::refused;
    while (!input.empty()) {
        if (expect_ == Expect::data) {
            const std::size_t octets = std::min(chunk_left_, input.size());
            body.append(input.substr(0, octets));
            input.remove_prefix(octets);
            chunk_left_ -= octets;
            if (chunk_left_ == 0) expect_ = Expect::data_cr;
            continue;
        }
        const char octet = input.front();
        input.remove_prefix(1);
        // Many tiny chunks cost more than they carry: what is no data has a limit of its own.
        if (++overhead_octets_ > overhead_octets_max) {
            return refuse(413, "the body has too many chunks");
        }
        const State state = take_octet(octet);
        if (state != State::incomplete) return state;
    }
    return State::incomplete;
}

ChunkedBody::State ChunkedBody::take_octet(char octet) {
    switch (expect_) {
        case Expect::size:
        case Expect::size_digits:
            return take_size_digit(octet);
        case Expect::extension:
            return take_after_size(octet);
        case Expect::size_lf:
            if (octet != '\n') return refuse(400, "a chunk is malformed");
            expect_ = chunk_left_ == 0 ? Expect::end_cr : Expect::data;
            return State::incomplete;
        case Expect::data_cr:
            if (octet != '\r') return refuse(400, "a chunk is malformed");
            expect_ = Expect::data_lf;
            return State::incomplete;
        case Expect::data_lf:
            if (octet != '\n') return refuse(400, "a chunk is malformed");
            expect_ = Expect::size;
            return State::incomplete;
        case Expect::end_cr:
            if (octet != '\r') return refuse(400, "trailer fields are not taken");
            expect_ = Expect::end_lf;
            return State::incomplete;
        case Expect::end_lf:
            return octet == '\n' ? State::complete : refuse(400, "a chunk is malformed");
        case Expect::data:
            break;
    }
    return refuse(400, "a chunk is malformed");
}

ChunkedBody::State ChunkedBody::take_size_digit(char octet) {
    const int value = hex_value(octet);
    if (value < 0) {
        if (expect_ == Expect::size) return refuse(400, "a chunk size is no number");
        if (body_octets_ + chunk_left_ > body_octets_max_) {
            return refuse(413, "the body is too large");
        }
        body_octets_ += chunk_left_;
        return take_after_size(octet);
    }
    if (expect_ == Expect::size) {
        expect_ = Expect::size_digits;
        line_octets_ = 0;
        chunk_left_ = 0;
    }
    if (++line_octets_ > size_digits_max) return refuse(413, "the body is too large");
    chunk_left_ = chunk_left_ << 4 | static_cast<std::size_t>(value);
    return State::incomplete;
}

ChunkedBody::State ChunkedBody::take_after_size(char octet) {
    if (octet == '\r') {
        expect_ = Expect::size_lf;
        return State::incomplete;
    }
    const bool starts = expect_ == Expect::size_digits;
    const bool printable = octet == '\t' || (octet >= ' ' && octet < '\x7f');
    if ((starts && octet != ';') || !printable) return refuse(400, "a chunk size is no number");
    expect_ = Expect::extension;
    if (++line_octets_ > line_octets_max) return refuse(400, "a chunk extension is too long");
    return State::incomplete;
}

}  // namespace scef::nidd
