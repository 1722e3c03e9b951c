#pragma once

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scef-adapter/config/config.h"

namespace scef::adapter {

/// The least that a configuration needs, in five lines.
inline const std::string minimal =
    "scefs:\n"
    "  - {name: a, api_root: \"http://127.0.0.1:8081\", scs_as_id: me}\n"
    "lwm2m_servers:\n"
    "  - {name: dm, uri: \"coap://127.0.0.1:5683\"}\n";

/// The minimal configuration with more after it; what is wrong fails the test.
inline Config read_with(const std::string& more) {
    const auto config = parse_config(minimal + more, "t.yaml");
    if (config) return *config;
    for (const auto& sentence : config.error().sentences) ADD_FAILURE() << sentence;
    return default_config();
}

inline Config read_text(const std::string& text) {
    const auto config = parse_config(text, "t.yaml");
    if (config) return *config;
    for (const auto& sentence : config.error().sentences) ADD_FAILURE() << sentence;
    return default_config();
}

inline std::vector<std::string> mistakes_in(const std::string& text) {
    const auto config = parse_config(text, "t.yaml");
    return config ? std::vector<std::string>{} : config.error().sentences;
}

/// The one mistake of the minimal configuration with more after it.
inline std::string mistake_with(const std::string& more) {
    const auto mistakes = mistakes_in(minimal + more);
    EXPECT_EQ(mistakes.size(), 1u) << ::testing::PrintToString(mistakes) << " for\n" << more;
    return mistakes.empty() ? "" : mistakes.front();
}

}  // namespace scef::adapter
