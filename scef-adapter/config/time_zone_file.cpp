#include "scef-adapter/config/time_zone_file.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <vector>

#include "scef-adapter/config/time_zone_rule.h"

namespace scef::adapter {
namespace {

using quota::TimeZone;
using std::chrono::seconds;
using std::chrono::sys_seconds;

constexpr const char* database = "/usr/share/zoneinfo/";
constexpr std::size_t file_octets_max = 65536;
constexpr int last_year = 2100;

tl::unexpected<Error> bad(const std::string& name) {
    return fail(Errc::invalid_argument, "the system's file for the time zone " + name +
                                            " is no TZif file of version 2 or later");
}

/// Big-endian numbers, and nothing beyond the end of the file.
class TzifReader {
public:
    explicit TzifReader(ByteView file) : left_(file) {}

    bool ok() const { return ok_; }
    ByteView take(std::size_t size) {
        ok_ = ok_ && size <= left_.size();
        if (!ok_) return {};
        const ByteView taken = left_.first(size);
        left_ = left_.subspan(size);
        return taken;
    }
    std::int64_t number(std::size_t size) {
        std::uint64_t value = 0;
        const ByteView octets = take(size);
        for (const std::uint8_t octet : octets) value = value << 8 | octet;
        const unsigned unused = 64 - 8 * static_cast<unsigned>(size);
        return static_cast<std::int64_t>(value << unused) >> unused;  // with its sign
    }
    ByteView rest() const { return left_; }

private:
    ByteView left_;
    bool ok_ = true;
};

struct Header {
    std::uint8_t version = 0;
    std::size_t utc_marks = 0, standard_marks = 0, leaps = 0, times = 0, types = 0, chars = 0;

    std::size_t body_size(std::size_t time_size) const {
        return times * (time_size + 1) + types * 6 + chars + leaps * (time_size + 4) +
               standard_marks + utc_marks;
    }
};

std::optional<Header> read_header(TzifReader& reader) {
    if (as_text(reader.take(4)) != "TZif") return std::nullopt;
    Header header;
    header.version = static_cast<std::uint8_t>(reader.number(1));
    reader.take(15);
    for (std::size_t* count : {&header.utc_marks, &header.standard_marks, &header.leaps,
                               &header.times, &header.types, &header.chars}) {
        const std::int64_t value = reader.number(4);
        if (value < 0 || value > static_cast<std::int64_t>(file_octets_max)) return std::nullopt;
        *count = static_cast<std::size_t>(value);
    }
    if (!reader.ok() || header.types == 0) return std::nullopt;
    return header;
}

/// The offsets of the file's transitions; nothing if they are out of order.
std::optional<TimeZone> read_body(const std::string& name, TzifReader& reader,
                                  const Header& header) {
    std::vector<TimeZone::Transition> transitions(header.times);
    for (auto& transition : transitions) transition.at = sys_seconds(seconds(reader.number(8)));
    const ByteView types = reader.take(header.times);
    std::vector<seconds> offsets(header.types);
    for (seconds& offset : offsets) {
        offset = seconds(reader.number(4));
        reader.take(2);
        if (offset <= -TimeZone::offset_max || offset >= TimeZone::offset_max) return std::nullopt;
    }
    reader.take(header.body_size(8) - header.times * 9 - header.types * 6);
    if (!reader.ok()) return std::nullopt;
    for (std::size_t i = 0; i < transitions.size(); ++i) {
        const bool in_order = i == 0 || transitions[i - 1].at < transitions[i].at;
        if (!in_order || types[i] >= offsets.size()) return std::nullopt;
        transitions[i].offset = offsets[types[i]];
    }
    return TimeZone(name, offsets[0], std::move(transitions));
}

/// The footer: a line with the rule of the time after the last transition; empty: none is known.
std::optional<std::string> read_footer(ByteView rest) {
    const std::string_view text = as_text(rest);
    if (text.size() < 2 || text.front() != '\n' || text.back() != '\n') return std::nullopt;
    return std::string(text.substr(1, text.size() - 2));
}

bool is_zone_name(const std::string& name) {
    const bool clean = std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '/' || c == '_' || c == '-' || c == '+';
    });
    return clean && !name.empty() && name.size() <= 64 && name.front() != '/';
}

}  // namespace

Result<TimeZone> time_zone_from_tzif(const std::string& name, ByteView file) {
    TzifReader reader(file);
    const auto old_header = read_header(reader);
    if (!old_header || old_header->version < '2') return bad(name);
    reader.take(old_header->body_size(4));
    const auto header = read_header(reader);
    if (!header) return bad(name);
    const auto zone = read_body(name, reader, *header);
    const auto footer = zone ? read_footer(reader.rest()) : std::nullopt;
    if (!footer) return bad(name);
    if (footer->empty()) return *zone;
    const auto rule = TimeZoneRule::parse(*footer);
    if (!rule) return bad(name);
    return rule->continued(*zone, last_year);
}

Result<std::shared_ptr<const TimeZone>> time_zone_named(const std::string& name) {
    if (name == "UTC") return nullptr;
    const std::string unknown = "is no time zone that this system knows; write a name such as " +
                                std::string("UTC, Europe/Berlin or America/New_York");
    if (!is_zone_name(name)) return fail(Errc::invalid_argument, unknown);
    std::error_code error;
    const std::filesystem::path file = database + name;
    if (!std::filesystem::is_regular_file(file, error)) {
        return fail(Errc::invalid_argument, unknown);
    }
    std::ifstream stream(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    return time_zone_from_tzif(name, as_bytes(text)).map([](TimeZone zone) {
        return std::make_shared<const TimeZone>(std::move(zone));
    });
}

}  // namespace scef::adapter
