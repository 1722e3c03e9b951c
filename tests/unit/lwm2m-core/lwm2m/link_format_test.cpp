#include "lwm2m-core/lwm2m/link_format.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

namespace scef::lwm2m {
namespace {

TEST(LinkFormat, reads_the_payload_of_a_register) {
    const auto links = parse_link_format(
        "</>;rt=\"oma.lwm2m\";ct=\"60 110 112\";hb,</1>;ver=1.1,</1/0>,</3303/0>;gt=-5.5");
    ASSERT_TRUE(links);
    ASSERT_EQ(links->size(), 4u);
    EXPECT_EQ((*links)[0].target, "/");
    EXPECT_EQ((*links)[0].attribute("rt"), "oma.lwm2m");
    EXPECT_EQ((*links)[0].attribute("ct"), "60 110 112");
    EXPECT_EQ((*links)[0].attribute("hb"), "");
    EXPECT_EQ((*links)[1].attribute("ver"), "1.1");
    EXPECT_EQ((*links)[2].attribute("ver"), std::nullopt);
    EXPECT_EQ((*links)[3].attribute("gt"), "-5.5");
}

TEST(LinkFormat, of_nothing_is_no_link) {
    EXPECT_TRUE(parse_link_format("")->empty());
    EXPECT_TRUE(parse_link_format(" \r\n")->empty());
}

TEST(LinkFormat, blanks_around_separators_are_no_error) {
    const auto links = parse_link_format(" </1/0> ; ver=1.0 ,\r\n </3/0> ");
    ASSERT_TRUE(links);
    EXPECT_EQ(links->size(), 2u);
    EXPECT_EQ((*links)[0].attribute("ver"), "1.0");
}

TEST(LinkFormat, a_backslash_takes_the_next_character_as_it_is) {
    const auto links = parse_link_format(R"(</1>;title="a\"b\\c,;<")");
    ASSERT_TRUE(links);
    EXPECT_EQ((*links)[0].attribute("title"), R"(a"b\c,;<)");
}

struct Broken {
    std::string_view text;
    std::size_t position;
};

class BrokenLinkFormat : public testing::TestWithParam<Broken> {};

TEST_P(BrokenLinkFormat, is_refused_with_the_position) {
    const auto links = parse_link_format(GetParam().text);
    ASSERT_FALSE(links) << GetParam().text;
    EXPECT_EQ(links.error().code, Errc::malformed);
    EXPECT_EQ(links.error().message,
              "link-format: broken at octet " + std::to_string(GetParam().position));
}

INSTANTIATE_TEST_SUITE_P(LinkFormat, BrokenLinkFormat,
                         testing::Values(Broken{"/1/0", 1}, Broken{"<", 2}, Broken{"</1/0", 6},
                                         Broken{"</1 0>", 5}, Broken{"<<1>>", 2},
                                         Broken{"</1>,", 6}, Broken{"</1>,,</2>", 6},
                                         Broken{"</1></2>", 5}, Broken{"</1>;", 6},
                                         Broken{"</1>;=1", 6}, Broken{"</1>;a=", 8},
                                         Broken{"</1>;a=\"b", 10}, Broken{"</1>;a=\"b\\", 11},
                                         Broken{"</1>;a=\"b\nc\"", 10}, Broken{"</1>;a=b c", 10}));

TEST(LinkFormat, that_is_not_utf8_is_refused) { EXPECT_FALSE(parse_link_format("</\xc3>")); }

TEST(LinkFormat, takes_512_links_and_not_one_more) {
    std::string text = "</0>";
    for (int i = 1; i < 512; ++i) text += ",</" + std::to_string(i) + ">";
    EXPECT_EQ(parse_link_format(text)->size(), 512u);
    const auto links = parse_link_format(text + ",</512>");
    ASSERT_FALSE(links);
    EXPECT_EQ(links.error().code, Errc::too_large);
}

TEST(LinkFormat, quotes_values_that_are_no_plain_token) {
    const std::vector<Link> links{{"/", {{"rt", "oma.lwm2m"}, {"ct", "60 110"}, {"hb", ""}}},
                                  {"/3/0", {{"dim", "8"}, {"uri", "coap://a\"b"}}}};
    EXPECT_EQ(to_link_format(links),
              R"(</>;rt=oma.lwm2m;ct="60 110";hb,</3/0>;dim=8;uri="coap://a\"b")");
}

TEST(LinkFormat, a_target_cannot_break_out_of_its_brackets) {
    const std::string text = to_link_format({{"/1>,</2 \n", {}}});
    EXPECT_EQ(text, "</1%3E,%3C/2%20%0A>");
    EXPECT_EQ(parse_link_format(text)->size(), 1u);
}

TEST(LinkFormat, every_document_survives) {
    const auto character = rc::gen::elementOf(std::string("a1 \"\\;,<>=\n/.-"));
    EXPECT_TRUE(rc::check("links come back", [&] {
        std::vector<Link> links;
        const auto count = *rc::gen::inRange(0, 5);
        for (int i = 0; i < count; ++i) {
            Link& link = links.emplace_back();
            link.target = "/" + std::to_string(i);
            link.attributes.emplace_back("a", *rc::gen::container<std::string>(character));
        }
        const auto read = parse_link_format(to_link_format(links));
        RC_ASSERT(read.has_value());
        RC_ASSERT(read->size() == links.size());
        for (std::size_t i = 0; i < links.size(); ++i) {
            RC_ASSERT((*read)[i].target == links[i].target);
            RC_ASSERT((*read)[i].attributes == links[i].attributes);
        }
    }));
}

}  // namespace
}  // namespace scef::lwm2m
