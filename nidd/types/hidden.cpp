#include "nidd/types/hidden.h"

namespace scef::nidd {

std::string hidden(std::string text, std::string_view secret) {
    constexpr std::string_view stars = "***";
    if (secret.empty()) return text;
    for (auto place = text.find(secret); place != std::string::npos;
         place = text.find(secret, place + stars.size())) {
        text.replace(place, secret.size(), stars);
    }
    return text;
}

}  // namespace scef::nidd
