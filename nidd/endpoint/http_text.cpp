#include "nidd/endpoint/http_text.h"

#include <algorithm>

namespace scef::nidd {
namespace {

bool is_alphanumeric(char octet) {
    return is_digit(octet) || (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
}

bool is_hex(char octet) {
    return is_digit(octet) || (octet >= 'a' && octet <= 'f') || (octet >= 'A' && octet <= 'F');
}

bool is_one_of(char octet, std::string_view set) {
    return set.find(octet) != std::string_view::npos;
}

}  // namespace

bool is_token(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char octet) {
        return is_alphanumeric(octet) || is_one_of(octet, "!#$%&'*+-.^_`|~");
    });
}

bool is_field_value(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char octet) {
        const auto value = static_cast<unsigned char>(octet);
        return octet == '\t' || (value >= 0x20 && value != 0x7f);
    });
}

bool is_origin_form(std::string_view target) {
    if (!target.starts_with('/')) return false;
    for (std::size_t i = 0; i < target.size(); ++i) {
        const char octet = target[i];
        if (octet == '%') {
            if (i + 2 >= target.size() || !is_hex(target[i + 1]) || !is_hex(target[i + 2])) {
                return false;
            }
            if (target[i + 1] == '0' && target[i + 2] == '0') return false;
            i += 2;
        } else if (!is_alphanumeric(octet) && !is_one_of(octet, "/?-._~!$&'()*+,;=:@")) {
            return false;
        }
    }
    return true;
}

bool is_host(std::string_view text) {
    if (text.empty() || text.size() > 255) return false;
    std::string_view rest = text;
    if (rest.starts_with('[')) {
        const auto end = rest.find(']');
        if (end == std::string_view::npos || end == 1) return false;
        const std::string_view address = rest.substr(1, end - 1);
        if (!std::all_of(address.begin(), address.end(),
                         [](char octet) { return is_hex(octet) || is_one_of(octet, ":."); })) {
            return false;
        }
        rest.remove_prefix(end + 1);
    } else {
        const std::string_view name = rest.substr(0, rest.find(':'));
        if (name.empty() || !std::all_of(name.begin(), name.end(), [](char octet) {
                return is_alphanumeric(octet) || is_one_of(octet, "-._~");
            })) {
            return false;
        }
        rest.remove_prefix(name.size());
    }
    if (rest.empty()) return true;
    return rest.starts_with(':') && rest.size() <= 6 &&
           std::all_of(rest.begin() + 1, rest.end(), is_digit);
}

std::string to_lower(std::string_view text) {
    std::string lower(text);
    for (char& octet : lower) {
        if (octet >= 'A' && octet <= 'Z') octet = static_cast<char>(octet - 'A' + 'a');
    }
    return lower;
}

std::string_view trim_blanks(std::string_view text) {
    while (!text.empty() && is_one_of(text.front(), " \t")) text.remove_prefix(1);
    while (!text.empty() && is_one_of(text.back(), " \t")) text.remove_suffix(1);
    return text;
}

bool has_list_item(std::string_view list, std::string_view item) {
    while (!list.empty()) {
        const auto comma = list.find(',');
        if (to_lower(trim_blanks(list.substr(0, comma))) == item) return true;
        if (comma == std::string_view::npos) return false;
        list.remove_prefix(comma + 1);
    }
    return false;
}

}  // namespace scef::nidd
