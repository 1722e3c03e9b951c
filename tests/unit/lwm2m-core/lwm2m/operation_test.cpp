#include "lwm2m-core/lwm2m/operation.h"

#include <ostream>
#include <set>

#include <gtest/gtest.h>

namespace scef::lwm2m {
namespace {

using namespace coap;

/// A request as a test says it: `path` without its first slash.
struct Spoken {
    Code code;
    std::string_view path;
    std::string_view payload{};
    std::optional<std::uint32_t> observe{};
    std::optional<std::uint32_t> accept{};
    std::string_view query{};
};

Message request_of(const Spoken& spoken) {
    Message request;
    request.code = spoken.code;
    std::string_view rest = spoken.path;
    while (!rest.empty()) {
        const std::size_t slash = rest.find('/');
        request.add_text(coap::options::uri_path, rest.substr(0, slash));
        rest = slash == std::string_view::npos ? "" : rest.substr(slash + 1);
    }
    if (spoken.observe) request.add_uint(coap::options::observe, *spoken.observe);
    if (spoken.accept) request.add_uint(coap::options::accept, *spoken.accept);
    if (!spoken.query.empty()) request.add_text(coap::options::uri_query, spoken.query);
    request.payload = to_bytes(spoken.payload);
    return request;
}

struct Row {
    Spoken request;
    Operation expected;
};

std::ostream& operator<<(std::ostream& out, const Row& row) {
    return out << row.request.code.text() << " /" << row.request.path;
}

using O = Operation;
constexpr std::nullopt_t none = std::nullopt;

const Row from_server[] = {
    {{codes::get, "3/0/1"}, O::read},
    {{codes::get, "3"}, O::read},
    {{codes::get, "3/0", "", 0}, O::observe},
    {{codes::get, "3/0", "", 1}, O::cancel_observation},
    {{codes::get, "3/0", "", 0, 40}, O::observe},
    {{codes::get, "3/0", "", none, 40}, O::discover},
    {{codes::get, "3/0", "", none, 11542}, O::read},
    {{codes::put, "3/0", "x"}, O::write},
    {{codes::put, "3/0/15", "x"}, O::write},
    {{codes::put, "3/0/15/0", "x"}, O::write},
    {{codes::put, "3/0/15", ""}, O::write},
    {{codes::put, "3", "x"}, O::other},
    {{codes::put, "3/0/9", "", none, none, "pmin=10"}, O::write_attributes},
    {{codes::put, "3", "", none, none, "pmin=10"}, O::write_attributes},
    {{codes::put, "3/0/9", "x", none, none, "pmin=10"}, O::write},
    {{codes::post, "3/0/4"}, O::execute},
    {{codes::post, "3/0/4", "0='x'"}, O::execute},
    {{codes::post, "d01/3/0/4"}, O::execute},
    {{codes::post, "d01/3/0", "x"}, O::write},
    {{codes::post, "3/0", "x"}, O::write},
    {{codes::post, "3303", "x"}, O::create},
    {{codes::post, "d01/3303", "x"}, O::create},
    {{codes::post, "d01"}, O::other},
    {{codes::post, ""}, O::other},
    {{codes::post, "3/x/4"}, O::other},
    {{codes::post, "3/0/65536"}, O::other},
    {{codes::post, "3/0/-1"}, O::other},
    {{codes::post, "bs"}, O::bootstrap_finish},
    {{codes::del, "3303/1"}, O::delete_},
    {{codes::fetch, "", "x"}, O::read_composite},
    {{codes::fetch, "", "x", 0}, O::observe_composite},
    {{codes::fetch, "", "x", 1}, O::cancel_observation},
    {{codes::ipatch, "", "x"}, O::write_composite},
    {{codes::patch, "", "x"}, O::write_composite},
    {{Code(0, 31), "3/0"}, O::other},
};

const Row from_bootstrap_server[] = {
    {{codes::put, "0/1", "x"}, O::bootstrap_write}, {{codes::put, "0", "x"}, O::bootstrap_write},
    {{codes::del, ""}, O::bootstrap_delete},        {{codes::del, "0/1"}, O::bootstrap_delete},
    {{codes::get, "", "", none, 40}, O::discover},  {{codes::get, "1/0"}, O::read},
    {{codes::post, "bs"}, O::bootstrap_finish},
};

const Row from_device[] = {
    {{codes::post, "rd", "</1/0>", none, none, "ep=a"}, O::register_},
    {{codes::post, "rd/5a3f"}, O::update},
    {{codes::put, "rd/5a3f"}, O::update},
    {{codes::post, "rd/a/b"}, O::update},
    {{codes::del, "rd/5a3f"}, O::deregister},
    {{codes::get, "rd/5a3f"}, O::other},
    {{codes::del, "rd"}, O::other},
    {{codes::put, "rd"}, O::other},
    {{codes::post, "rdx"}, O::other},
    {{codes::post, "dp", "x"}, O::send},
    {{codes::post, "bs", "", none, none, "ep=a"}, O::bootstrap_request},
    {{codes::get, "bspack", "", none, none, "ep=a"}, O::bootstrap_pack_request},
    {{codes::post, "bspack"}, O::other},
    {{codes::get, ""}, O::other},
};

class Downlink : public testing::TestWithParam<Row> {};
class BootstrapDownlink : public testing::TestWithParam<Row> {};
class Uplink : public testing::TestWithParam<Row> {};

TEST_P(Downlink, has_the_meaning_of_the_core_specification) {
    const Operation operation = classify_downlink(request_of(GetParam().request), false);
    EXPECT_EQ(name_of(operation), name_of(GetParam().expected));
}

TEST_P(BootstrapDownlink, has_the_meaning_of_the_core_specification) {
    const Operation operation = classify_downlink(request_of(GetParam().request), true);
    EXPECT_EQ(name_of(operation), name_of(GetParam().expected));
}

TEST_P(Uplink, has_the_meaning_of_the_core_specification) {
    const Operation operation = classify_uplink(request_of(GetParam().request));
    EXPECT_EQ(name_of(operation), name_of(GetParam().expected));
}

INSTANTIATE_TEST_SUITE_P(Operation, Downlink, testing::ValuesIn(from_server));
INSTANTIATE_TEST_SUITE_P(Operation, BootstrapDownlink, testing::ValuesIn(from_bootstrap_server));
INSTANTIATE_TEST_SUITE_P(Operation, Uplink, testing::ValuesIn(from_device));

TEST(Operation, an_update_to_a_location_in_one_segment_is_an_update) {
    Message request;
    request.code = codes::post;
    request.add_text(coap::options::uri_path, "rd/2");
    EXPECT_EQ(classify_uplink(request), O::update);
}

TEST(Operation, an_update_goes_to_the_location_that_the_server_chose) {
    const std::string_view location = "/reg/1/";
    Message update = request_of({codes::post, "reg/1"});
    update.add_text(coap::options::uri_path, "");
    EXPECT_EQ(classify_uplink(update), O::other);
    EXPECT_EQ(classify_uplink(update, location), O::update);
    update.code = codes::del;
    EXPECT_EQ(classify_uplink(update, location), O::deregister);
    update.code = codes::get;
    EXPECT_EQ(classify_uplink(update, location), O::other);
    EXPECT_EQ(classify_uplink(request_of({codes::del, "reg/2"}), location), O::other);
    EXPECT_EQ(classify_uplink(request_of({codes::del, ""}), ""), O::other);
}

TEST(Operation, a_register_is_one_whatever_the_location_is) {
    EXPECT_EQ(classify_uplink(request_of({codes::post, "rd", "</1/0>"}), "/rd"), O::register_);
    EXPECT_EQ(classify_uplink(request_of({codes::del, "rd"}), "/rd"), O::deregister);
}

TEST(Operation, oscore_shows_nothing_but_an_observation) {
    Message request = request_of({codes::post, ""});
    request.add(coap::options::oscore, {0x09, 0x14});
    EXPECT_EQ(classify_downlink(request, false), O::other);
    request.code = codes::fetch;
    request.add_uint(coap::options::observe, 0);
    EXPECT_EQ(classify_downlink(request, false), O::observe);
}

TEST(Operation, every_one_has_its_own_name) {
    std::set<std::string_view> names;
    for (int i = 0; i <= static_cast<int>(O::other); ++i) names.insert(name_of(O(i)));
    EXPECT_EQ(names.size(), static_cast<std::size_t>(O::other) + 1);
    EXPECT_EQ(name_of(O::delete_), "delete");
    EXPECT_EQ(name_of(O::register_), "register");
    EXPECT_EQ(name_of(O::bootstrap_pack_request), "bootstrap-pack-request");
}

TEST(Operation, only_get_fetch_put_and_delete_may_be_repeated) {
    for (const Code code : {codes::get, codes::fetch, codes::put, codes::del}) {
        EXPECT_TRUE(is_idempotent(code)) << code.text();
    }
    for (const Code code : {codes::post, codes::patch, codes::ipatch, Code(0, 31)}) {
        EXPECT_FALSE(is_idempotent(code)) << code.text();
    }
}

}  // namespace
}  // namespace scef::lwm2m
