#include <gtest/gtest.h>

#include "nidd/types/t8_exchange.h"

namespace scef::nidd {
namespace {

TEST(T8Links, absolute_and_relative_configuration_links_give_the_id) {
    for (const char* link :
         {"http://scef:8081/3gpp-nidd/v1/dm/configurations/c-1",
          "https://[::1]/dm/configurations/c-1", "/3gpp-nidd/v1/dm/configurations/c-1",
          "dm/configurations/c-1", "/a%40b/configurations/c-1"}) {
        EXPECT_EQ(configuration_id_of(link), "c-1") << link;
    }
}

TEST(T8Links, a_transfer_link_gives_both_ids) {
    const auto link =
        transfer_link_of("https://h/p/dm/configurations/c1/downlink-data-deliveries/t~1");

    ASSERT_TRUE(link);
    EXPECT_EQ(link->configuration_id, "c1");
    EXPECT_EQ(link->transfer_id, "t~1");
    EXPECT_FALSE(configuration_id_of("/dm/configurations/c1/downlink-data-deliveries/t1"));
}

TEST(T8Links, transactions_and_subscriptions_have_ids_of_their_own) {
    const char* transaction = "https://h/3gpp-device-triggering/v1/dm/transactions/t-1";
    const char* subscription = "/3gpp-monitoring-event/v1/dm/subscriptions/s-1";

    EXPECT_EQ(transaction_id_of(transaction), "t-1");
    EXPECT_EQ(subscription_id_of(subscription), "s-1");
    EXPECT_FALSE(transaction_id_of(subscription));
    EXPECT_FALSE(subscription_id_of(transaction));
    EXPECT_FALSE(transaction_id_of("/dm/transactions/.."));
    EXPECT_FALSE(subscription_id_of("http://u@h/dm/subscriptions/s"));
}

TEST(T8Links, everything_else_is_no_link) {
    const std::string long_id(129, 'x');
    for (const std::string& link :
         {std::string(), std::string("/"), std::string("c-1"), std::string("/dm/configurations/"),
          std::string("//evil/dm/configurations/c"), std::string("file:///dm/configurations/c"),
          std::string("http://user@h/dm/configurations/c"), std::string("http://h"),
          std::string("http:///dm/configurations/c"), std::string("/dm/configurations/.."),
          std::string("/dm/configurations/%2e%2e"), std::string("/dm/../configurations/c"),
          std::string("/dm/configurations/c?x=1"), std::string("/dm/configurations/c#f"),
          std::string("/dm/configurations/c\r\nX: y"), std::string("/dm/configurations/c d"),
          std::string("/dm//configurations/c"), "/dm/configurations/" + long_id,
          "/" + std::string(10'000, 'a') + "/configurations/c"}) {
        EXPECT_FALSE(configuration_id_of(link)) << link;
    }
}

TEST(T8Links, an_id_of_128_characters_passes) {
    const std::string id(128, 'x');
    EXPECT_EQ(configuration_id_of("/dm/configurations/" + id), id);
}

TEST(T8Links, transfer_links_of_another_shape_are_refused) {
    EXPECT_FALSE(transfer_link_of("/dm/configurations/c1/deliveries/t1"));
    EXPECT_FALSE(transfer_link_of("/downlink-data-deliveries/t1"));
    EXPECT_FALSE(transfer_link_of("/dm/configurations/c1/downlink-data-deliveries/a%2Fb"));
    EXPECT_FALSE(transfer_link_of("/dm/configurations/../downlink-data-deliveries/t1"));
}

}  // namespace
}  // namespace scef::nidd
