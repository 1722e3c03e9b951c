#include "scef-adapter/engine/quota_scope.h"

#include <gtest/gtest.h>

namespace scef::adapter {
namespace {

Config two_scefs() {
    Config config;
    config.scefs.resize(2);
    config.scefs[0].name = "operator-a";
    config.scefs[1].name = "operator-b";
    return config;
}

Errc refusal(std::string_view text) {
    const auto scope = quota_scope_named(text, two_scefs());
    return scope ? Errc::internal : scope.error().code;
}

TEST(QuotaScope, each_kind_has_its_name) {
    const Config config = two_scefs();
    EXPECT_EQ(quota_scope_named("account", config)->kind, QuotaScope::Kind::account);
    const auto device = quota_scope_named("device:meter-1@IOT.example", config);
    EXPECT_EQ(device->kind, QuotaScope::Kind::device);
    EXPECT_EQ(device->device.text(), "meter-1@iot.example");
    const auto group = quota_scope_named("group:north:water", config);
    EXPECT_EQ(group->kind, QuotaScope::Kind::group);
    EXPECT_EQ(group->group, "north:water");
    const auto scef = quota_scope_named("scef:operator-b", config);
    EXPECT_EQ(scef->kind, QuotaScope::Kind::scef);
    EXPECT_EQ(scef->scef, 1u);
}

TEST(QuotaScope, what_is_none_is_refused) {
    for (const char* text : {"", "accounts", "account:", "device", "device:", "device:x",
                             "group:", "scef:", "Device:a@b", "server:dm"}) {
        EXPECT_NE(refusal(text), Errc::internal) << text;
        EXPECT_NE(refusal(text), Errc::not_found) << text;
    }
    EXPECT_EQ(refusal("scef:operator-c"), Errc::not_found);
}

}  // namespace
}  // namespace scef::adapter
