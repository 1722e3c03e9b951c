#include "lwm2m-core/client/attributes.h"

#include <charconv>
#include <cmath>

namespace scef::client {
namespace {

template <typename Number>
bool assign(std::optional<Number>& target, std::optional<std::string_view> text) {
    if (!text) {
        target.reset();
        return true;
    }
    Number number{};
    const char* const end = text->data() + text->size();
    const auto [rest, error] = std::from_chars(text->data(), end, number);
    if (error != std::errc{} || rest != end || text->empty()) return false;
    if constexpr (std::is_floating_point_v<Number>) {
        if (!std::isfinite(number)) return false;
    }
    target = number;
    return true;
}

bool assign_flag(std::optional<bool>& target, std::optional<std::string_view> text) {
    if (text && *text != "0" && *text != "1") return false;
    target = text ? std::optional(*text == "1") : std::nullopt;
    return true;
}

bool set(NotificationAttributes& attributes, std::string_view name,
         std::optional<std::string_view> value) {
    if (name == "pmin") return assign(attributes.pmin, value);
    if (name == "pmax") return assign(attributes.pmax, value);
    if (name == "gt") return assign(attributes.gt, value);
    if (name == "lt") return assign(attributes.lt, value);
    if (name == "st") return assign(attributes.st, value) && attributes.st.value_or(1) > 0;
    if (name == "epmin") return assign(attributes.epmin, value);
    if (name == "epmax") return assign(attributes.epmax, value);
    if (name == "con") return assign_flag(attributes.con, value);
    return false;
}

template <typename T>
void inherit(std::optional<T>& own, const std::optional<T>& above) {
    if (!own) own = above;
}

}  // namespace

bool NotificationAttributes::is_met(double before, double now) const {
    const auto crossed = [&](const std::optional<double>& limit) {
        return limit && (before > *limit) != (now > *limit);
    };
    if (!has_condition()) return before != now;
    return crossed(gt) || crossed(lt) || (st && std::abs(now - before) >= *st);
}

bool NotificationAttributes::is_contradictory() const {
    return gt && lt && *lt + 2 * st.value_or(0) >= *gt;
}

std::vector<std::pair<std::string, std::string>> NotificationAttributes::list() const {
    std::vector<std::pair<std::string, std::string>> list;
    if (pmin) list.emplace_back("pmin", std::to_string(*pmin));
    if (pmax) list.emplace_back("pmax", std::to_string(*pmax));
    if (gt) list.emplace_back("gt", number_text(*gt));
    if (lt) list.emplace_back("lt", number_text(*lt));
    if (st) list.emplace_back("st", number_text(*st));
    if (epmin) list.emplace_back("epmin", std::to_string(*epmin));
    if (epmax) list.emplace_back("epmax", std::to_string(*epmax));
    if (con) list.emplace_back("con", *con ? "1" : "0");
    return list;
}

Answer<void> Attributes::write(const Path& path, const std::vector<std::string_view>& queries,
                               bool is_numeric) {
    NotificationAttributes changed = at(path);
    for (const std::string_view query : queries) {
        const std::size_t equals = query.find('=');
        const auto value = equals == std::string_view::npos
                               ? std::nullopt
                               : std::optional(query.substr(equals + 1));
        if (!set(changed, query.substr(0, equals), value)) {
            return tl::unexpected(coap::codes::bad_request);
        }
    }
    if ((!is_numeric && changed.has_condition()) || changed.is_contradictory()) {
        return tl::unexpected(coap::codes::bad_request);
    }
    if (changed.list().empty()) {
        by_path_.erase(path);
    } else {
        by_path_[path] = changed;
    }
    return {};
}

NotificationAttributes Attributes::at(const Path& path) const {
    const auto found = by_path_.find(path);
    return found == by_path_.end() ? NotificationAttributes{} : found->second;
}

NotificationAttributes Attributes::effective(const Path& path) const {
    NotificationAttributes result;
    for (std::size_t depth = path.depth(); depth > 0; --depth) {
        const NotificationAttributes level = at(path.prefix(depth));
        inherit(result.pmin, level.pmin);
        inherit(result.pmax, level.pmax);
        inherit(result.gt, level.gt);
        inherit(result.lt, level.lt);
        inherit(result.st, level.st);
        inherit(result.epmin, level.epmin);
        inherit(result.epmax, level.epmax);
        inherit(result.con, level.con);
    }
    return result;
}

void Attributes::remove_below(const Path& path) {
    std::erase_if(by_path_, [&](const auto& entry) { return path.contains(entry.first); });
}

}  // namespace scef::client
