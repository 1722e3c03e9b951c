#include "lwm2m-core/coap/codec.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "lwm2m-core/vocabulary/utf8.h"

namespace scef::coap {
namespace {

constexpr std::size_t header_size = 4;
constexpr std::uint8_t payload_marker = 0xff;
constexpr std::size_t options_max = 64;
/// The longest option value that the length field can name (RFC 7252 3.1).
constexpr std::size_t value_size_max = 65535 + 269;

/// Reads what follows the header. A method that returns false has left the reason.
class BodyReader {
public:
    explicit BodyReader(ByteView octets) : left_(octets) {}

    std::string_view reason() const { return reason_; }

    bool read_token(std::size_t size, Token& token) {
        if (left_.size() < size) return refuse("token_truncated");
        token = Token(left_.first(size));
        left_ = left_.subspan(size);
        return true;
    }

    bool read_options_and_payload(Message& message) {
        std::uint32_t number = 0;
        while (!left_.empty()) {
            if (left_.front() == payload_marker) return read_payload(message.payload);
            const unsigned head = left_.front();
            left_ = left_.subspan(1);
            std::uint32_t delta = 0, size = 0;
            if (!read_extended(head >> 4, delta) || !read_extended(head & 0x0f, size)) return false;
            number += delta;
            if (number > 65535) return refuse("option_number");
            if (left_.size() < size) return refuse("option_truncated");
            const ByteView value = left_.first(size);
            message.options.push_back(
                {static_cast<std::uint16_t>(number), Bytes(value.begin(), value.end())});
            left_ = left_.subspan(size);
        }
        return true;
    }

private:
    bool refuse(std::string_view reason) {
        reason_ = reason;
        return false;
    }

    /// An option delta or length: the nibble and its extension octets (RFC 7252 3.1).
    bool read_extended(unsigned nibble, std::uint32_t& value) {
        if (nibble == 15) return refuse("option_reserved");
        const std::size_t extension = nibble < 13 ? 0 : nibble - 12u;
        if (left_.size() < extension) return refuse("option_truncated");
        if (extension == 0) value = nibble;
        if (extension == 1) value = left_[0] + 13u;
        if (extension == 2) value = (static_cast<std::uint32_t>(left_[0]) << 8 | left_[1]) + 269u;
        left_ = left_.subspan(extension);
        return true;
    }

    bool read_payload(Bytes& payload) {
        if (left_.size() == 1) return refuse("payload_missing");
        payload.assign(left_.begin() + 1, left_.end());
        return true;
    }

    ByteView left_;
    std::string_view reason_;
};

/// Why type, code and size cannot belong together; empty if they can.
std::string_view check_header(const Message& message, std::size_t token_size, std::size_t size) {
    const Code code = message.code;
    if (token_size > Token::size_max) return "token_length";
    if (code.is_empty()) {
        if (message.type == Type::non_confirmable) return "empty_non_confirmable";
        return size == header_size ? "" : "empty_with_content";
    }
    if (!code.is_request() && (!code.is_response() || code.code_class() == 3)) return "code_class";
    if (message.type == Type::reset) return "reset_with_code";
    if (message.type == Type::acknowledgement && code.is_request()) return "request_in_ack";
    return "";
}

unsigned nibble_of(std::size_t value) {
    if (value < 13) return static_cast<unsigned>(value);
    return value < 269 ? 13 : 14;
}

void put_extension(Bytes& octets, std::size_t value) {
    if (value < 13) return;
    if (value >= 269) octets.push_back(static_cast<std::uint8_t>((value - 269) >> 8));
    octets.push_back(static_cast<std::uint8_t>(value < 269 ? value - 13 : value - 269));
}

void put_option(Bytes& octets, std::uint16_t& previous, const Option& option) {
    const std::size_t size = option.value.size();
    assert(size <= value_size_max);
    const std::size_t delta = static_cast<std::size_t>(option.number - previous);
    octets.push_back(static_cast<std::uint8_t>(nibble_of(delta) << 4 | nibble_of(size)));
    put_extension(octets, delta);
    put_extension(octets, size);
    octets.insert(octets.end(), option.value.begin(), option.value.end());
    previous = option.number;
}

bool by_number(const Option& left, const Option& right) { return left.number < right.number; }

void put_options(Bytes& octets, const std::vector<Option>& options) {
    std::uint16_t previous = 0;
    if (std::is_sorted(options.begin(), options.end(), by_number)) {
        for (const Option& option : options) put_option(octets, previous, option);
        return;
    }
    std::vector<Option> sorted = options;
    std::stable_sort(sorted.begin(), sorted.end(), by_number);
    for (const Option& option : sorted) put_option(octets, previous, option);
}

/// What a standard says about the value of an option and about its repetition.
struct OptionRule {
    std::uint16_t number;
    std::uint16_t size_min;
    std::uint16_t size_max;
    bool repeatable;
};

/// RFC 7252 5.10, 7641 2, 7959 2.1, 7967 2, 8613 2, 8768 3, 9175, 9177 4, 9668 3.1.
constexpr std::array<OptionRule, 28> rules{{
    {options::if_match, 0, 8, true},
    {options::uri_host, 1, 255, false},
    {options::etag, 1, 8, true},
    {options::if_none_match, 0, 0, false},
    {options::observe, 0, 3, false},
    {options::uri_port, 0, 2, false},
    {options::location_path, 0, 255, true},
    {options::oscore, 0, 255, false},
    {options::uri_path, 0, 255, true},
    {options::content_format, 0, 2, false},
    {options::max_age, 0, 4, false},
    {options::uri_query, 0, 255, true},
    {options::hop_limit, 1, 1, false},
    {options::accept, 0, 2, false},
    {options::q_block1, 0, 3, false},
    {options::location_query, 0, 255, true},
    {options::edhoc, 0, 0, false},
    {options::block2, 0, 3, false},
    {options::block1, 0, 3, false},
    {options::size2, 0, 4, false},
    {options::q_block2, 0, 3, true},
    {options::proxy_uri, 1, 1034, false},
    {options::proxy_scheme, 1, 255, false},
    {options::size1, 0, 4, false},
    {options::echo, 1, 40, false},
    {options::no_response, 0, 1, false},
    {options::request_tag, 0, 8, true},
    {options::ttl_seconds, 0, 4, false},
}};

const OptionRule* rule_of(std::uint16_t number) {
    for (const OptionRule& rule : rules) {
        if (rule.number == number) return &rule;
    }
    return nullptr;
}

enum class Verdict : std::uint8_t { good, unknown, bad };

/// An OSCORE option whose flag bits are all zero has to be empty (RFC 8613 6.1).
bool has_empty_flags(const Option& option) {
    return !option.value.empty() && option.value.front() == 0;
}

/// Judges each option of a message in turn.
class OptionJudge {
public:
    Verdict judge(const Option& option) {
        const OptionRule* rule = rule_of(option.number);
        if (rule == nullptr) return Verdict::unknown;
        if (option.value.size() < rule->size_min || option.value.size() > rule->size_max) {
            return Verdict::bad;
        }
        if (option.number == options::oscore && has_empty_flags(option)) return Verdict::bad;
        const bool again = last_good_ == option.number;
        last_good_ = option.number;
        return again && !rule->repeatable ? Verdict::bad : Verdict::good;
    }

private:
    std::uint16_t last_good_ = 0;
};

bool is_plain_text(const Option& option) {
    return is_utf8(option.value) && option.text().find('\0') == std::string_view::npos;
}

bool is_safe_segment(const Option& segment) {
    const std::string_view text = segment.text();
    return text != "." && text != ".." && text.find('/') == std::string_view::npos &&
           is_plain_text(segment);
}

bool has_reserved_block_size(const Option& option) {
    return !option.value.empty() && (option.value.back() & 7) == 7;
}

/// Is the content of a known and well-sized option acceptable?
bool is_good_content(const Option& option) {
    switch (option.number) {
        case options::uri_path:
            return is_safe_segment(option);
        case options::uri_host:
        case options::uri_query:
            return is_plain_text(option);
        case options::block1:
        case options::block2:
        case options::q_block1:
        case options::q_block2:
            return !has_reserved_block_size(option);
        default:
            return true;
    }
}

}  // namespace

bool looks_like_coap(ByteView octets) {
    return octets.size() >= header_size && octets[0] >> 6 == 1;
}

tl::expected<Message, ParseError> parse(ByteView octets) {
    if (octets.size() < header_size) {
        return tl::unexpected(ParseError{Rejection::ignore, 0, "too_short"});
    }
    if (octets[0] >> 6 != 1) return tl::unexpected(ParseError{Rejection::ignore, 0, "version"});
    Message message;
    message.type = static_cast<Type>(octets[0] >> 4 & 3);
    message.code = Code::from_octet(octets[1]);
    message.message_id = static_cast<std::uint16_t>(octets[2] << 8 | octets[3]);
    const auto refuse = [&](std::string_view reason) {
        const bool answered = message.type == Type::confirmable;
        return tl::unexpected(ParseError{answered ? Rejection::reset : Rejection::ignore,
                                         message.message_id, reason});
    };
    const std::size_t token_size = octets[0] & 0x0f;
    const std::string_view reason = check_header(message, token_size, octets.size());
    if (!reason.empty()) return refuse(reason);
    BodyReader reader(octets.subspan(header_size));
    if (!reader.read_token(token_size, message.token) ||
        !reader.read_options_and_payload(message)) {
        return refuse(reader.reason());
    }
    return message;
}

Bytes serialize(const Message& message) {
    const ByteView token = message.token.view();
    Bytes octets;
    octets.reserve(header_size + token.size() + message.options.size() * 8 +
                   message.payload.size() + 1);
    octets.push_back(static_cast<std::uint8_t>(1u << 6 | static_cast<unsigned>(message.type) << 4 |
                                               token.size()));
    octets.push_back(message.code.octet);
    octets.push_back(static_cast<std::uint8_t>(message.message_id >> 8));
    octets.push_back(static_cast<std::uint8_t>(message.message_id));
    octets.insert(octets.end(), token.begin(), token.end());
    put_options(octets, message.options);
    if (!message.payload.empty()) {
        octets.push_back(payload_marker);
        octets.insert(octets.end(), message.payload.begin(), message.payload.end());
    }
    return octets;
}

std::optional<Code> refuse_request(const Message& request) {
    if (request.options.size() > options_max) return codes::bad_option;
    if (request.code < codes::get || request.code > codes::ipatch) return codes::method_not_allowed;
    if (request.find(options::proxy_uri) != nullptr ||
        request.find(options::proxy_scheme) != nullptr) {
        return codes::proxying_not_supported;
    }
    OptionJudge judge;
    bool good_content = true;
    for (const Option& option : request.options) {
        const Verdict verdict = judge.judge(option);
        if (verdict != Verdict::good && option.is_critical()) return codes::bad_option;
        if (verdict == Verdict::good && !is_good_content(option)) good_content = false;
    }
    if (!good_content) return codes::bad_request;
    return std::nullopt;
}

void drop_bad_elective(Message& request) {
    OptionJudge judge;
    std::erase_if(request.options, [&](const Option& option) {
        return judge.judge(option) == Verdict::bad && !option.is_critical();
    });
}

}  // namespace scef::coap
