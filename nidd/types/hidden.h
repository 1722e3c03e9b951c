#pragma once

#include <string>
#include <string_view>

namespace scef::nidd {

/// `text` with three asterisks wherever `secret` was. For foreign text that is shown to people: a
/// SCEF may repeat what it was asked, with the credentials. An empty secret is nowhere.
std::string hidden(std::string text, std::string_view secret);

}  // namespace scef::nidd
