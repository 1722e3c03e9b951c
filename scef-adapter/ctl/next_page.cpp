#include "scef-adapter/ctl/next_page.h"

namespace scef::ctl {

std::string next_page(std::string_view link) {
    const std::size_t end = link.find('>');
    if (!link.starts_with('<') || end == std::string_view::npos) return {};
    const std::string_view target = link.substr(1, end - 1);
    const bool is_path = target.starts_with('/') && !target.starts_with("//");
    const bool is_next = link.substr(end + 1).find("rel=\"next\"") != std::string_view::npos;
    return is_path && is_next ? std::string(target) : std::string();
}

}  // namespace scef::ctl
