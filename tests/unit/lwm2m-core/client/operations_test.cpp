#include "lwm2m-core/client/operations.h"

#include "tests/unit/lwm2m-core/client/bench.h"

namespace scef::client {
namespace {

using namespace std::chrono_literals;
namespace codes = coap::codes;
namespace options = coap::options;

TEST(Operations, a_single_resource_is_read_as_text) {
    Bench bench;
    const coap::Message answer = bench.get("/3303/0/5700");
    EXPECT_EQ(answer.type, coap::Type::acknowledgement);
    EXPECT_EQ(answer.code, codes::content);
    EXPECT_EQ(answer.uint_option(options::content_format), 0U);
    EXPECT_EQ(payload_of(answer), "21.5");
    EXPECT_EQ(payload_of(bench.get("/3/0/2")), "meter-17");
    EXPECT_EQ(payload_of(bench.get("/1/0/7")), "N");
    EXPECT_EQ(payload_of(bench.get("/3/0/13")), "1795000000");
}

TEST(Operations, an_instance_is_read_as_tlv) {
    Bench bench;
    const coap::Message answer = bench.get("/3303/0");
    EXPECT_EQ(answer.uint_option(options::content_format), 11542U);
    EXPECT_TRUE(to_hex(answer.payload).find("e4164441ac0000") != std::string::npos)
        << to_hex(answer.payload);  // 5700: float 21.5
}

TEST(Operations, senml_json_is_given_on_request) {
    Bench bench;
    EXPECT_EQ(payload_of(bench.get("/3303/0/5700", 110)), "[{\"bn\":\"/3303/0/5700\",\"v\":21.5}]");
    EXPECT_EQ(payload_of(bench.get("/3/0/11", 110)), "[{\"bn\":\"/3/0/11/\",\"n\":\"0\",\"v\":0}]");
    EXPECT_EQ(bench.get("/3303", 110).uint_option(options::content_format), 110U);
}

TEST(Operations, what_is_not_there_or_not_readable_says_so) {
    Bench bench;
    EXPECT_EQ(bench.get("/4711").code, codes::not_found);
    EXPECT_EQ(bench.get("/3/1").code, codes::not_found);
    EXPECT_EQ(bench.get("/3/0/99").code, codes::not_found);
    EXPECT_EQ(bench.get("/hello").code, codes::not_found);
    EXPECT_EQ(bench.get("/3/0/4").code, codes::method_not_allowed);
    EXPECT_EQ(bench.get("/3/0", 0).code, codes::not_acceptable);
    EXPECT_EQ(bench.get("/3/0/1", 50).code, codes::not_acceptable);
}

TEST(Operations, discover_lists_resources_with_attributes_and_dimensions) {
    Bench bench;
    EXPECT_EQ(bench.write_attributes("/3303/0/5700", {"pmin=5", "pmax=60"}), codes::changed);
    EXPECT_EQ(payload_of(bench.get("/3303/0/5700", 40)), "</3303/0/5700>;pmin=5;pmax=60");
    const std::string device = payload_of(bench.get("/3/0", 40));
    EXPECT_TRUE(device.starts_with("</3/0>,</3/0/0>,</3/0/1>")) << device;
    EXPECT_TRUE(device.find("</3/0/6>;dim=2") != std::string::npos) << device;
    EXPECT_EQ(bench.get("/9", 40).code, codes::not_found);
}

TEST(Operations, a_resource_is_written_as_text_and_read_back) {
    Bench bench;
    EXPECT_EQ(bench.write(codes::put, "/3303/0/5750", 0, to_bytes("cellar")).code, codes::changed);
    EXPECT_EQ(payload_of(bench.get("/3303/0/5750")), "cellar");
    EXPECT_EQ(bench.write(codes::put, "/3303/0/5700", 0, to_bytes("3")).code,
              codes::method_not_allowed);
    EXPECT_EQ(bench.write(codes::put, "/1/0/1", 0, to_bytes("soon")).code, codes::bad_request);
    EXPECT_EQ(bench.write(codes::put, "/1/0/1", 60, to_bytes("1")).code,
              codes::unsupported_content_format);
}

TEST(Operations, a_value_outside_of_its_range_is_refused_and_changes_nothing) {
    Bench bench(Bench::with_objects(object_sets::all()));
    const auto put = [&](const char* path, const std::string& value) {
        return bench.write(codes::put, path, 0, to_bytes(value)).code;
    };
    EXPECT_EQ(put("/3311/0/5851", "100"), codes::changed);
    EXPECT_EQ(put("/3311/0/5851", "101"), codes::bad_request);
    EXPECT_EQ(put("/3311/0/5851", "-1"), codes::bad_request);
    EXPECT_EQ(payload_of(bench.get("/3311/0/5851")), "100");
    EXPECT_EQ(put("/3341/0/5548", "100.5"), codes::bad_request);
    EXPECT_EQ(put("/13/0/10", "-158"), codes::changed);
    EXPECT_EQ(put("/13/0/10", "-159"), codes::bad_request);
    EXPECT_EQ(put("/5/0/1", "coap://127.0.0.1/" + std::string(239, 'x')), codes::bad_request)
        << "256 octets of text";
}

TEST(Operations, a_partial_write_keeps_what_replace_would_drop) {
    Bench bench;
    const Bytes default_periods = from_hex("c1020ac1035a");  // /1/0/2 = 10, /1/0/3 = 90
    EXPECT_EQ(bench.write(codes::post, "/1/0", 11542, default_periods).code, codes::changed);
    EXPECT_EQ(payload_of(bench.get("/1/0/3")), "90");
    const Bytes only_minimum = from_hex("c1020b");
    EXPECT_EQ(bench.write(codes::post, "/1/0", 11542, only_minimum).code, codes::changed);
    EXPECT_EQ(payload_of(bench.get("/1/0/3")), "90");
    EXPECT_EQ(bench.write(codes::put, "/1/0", 11542, only_minimum).code, codes::changed);
    EXPECT_EQ(payload_of(bench.get("/1/0/2")), "11");
    EXPECT_EQ(bench.get("/1/0/3").code, codes::not_found);
    EXPECT_EQ(payload_of(bench.get("/1/0/1")), "300");  // mandatory
}

TEST(Operations, a_write_that_partly_fails_changes_nothing) {
    Bench bench;
    const Bytes payload = from_hex("c1020ac1000a");  // /1/0/2 is writable, /1/0/0 is not
    EXPECT_EQ(bench.write(codes::post, "/1/0", 11542, payload).code, codes::method_not_allowed);
    EXPECT_EQ(payload_of(bench.get("/1/0/2")), "0");
}

TEST(Operations, reboot_answers_then_registers_anew) {
    Bench bench;
    bench.registered();
    EXPECT_EQ(bench.ask(bench.request(codes::post, "/3/0/4")).code, codes::changed);
    EXPECT_EQ(bench.counters().executed.at("/3/0/4"), 1U);
    EXPECT_FALSE(bench.dut.is_registered());
    bench.advance(2s);
    EXPECT_EQ(bench.only_frame().path_text(), "/rd");
}

TEST(Operations, the_registration_update_trigger_sends_an_update) {
    Bench bench;
    bench.registered();
    bench.give(bench.request(codes::post, "/1/0/8"));
    const auto messages = bench.take();
    ASSERT_EQ(messages.size(), 2U);
    EXPECT_EQ(messages[0].code, codes::changed);
    EXPECT_EQ(messages[1].path_text(), "/rd/7");
}

TEST(Operations, create_and_delete_change_what_an_update_announces) {
    Bench bench;
    bench.registered();
    bench.give([&] {
        coap::Message message = bench.request(codes::post, "/3303");
        message.add_uint(options::content_format, 11542);
        message.payload = from_hex("e4167661747469");  // 5750 = "atti", no instance id
        return message;
    }());
    auto messages = bench.take();
    ASSERT_EQ(messages.size(), 2U);
    EXPECT_EQ(messages[0].code, codes::created);
    EXPECT_TRUE(payload_of(messages[1]).find("</3303/2>") != std::string::npos);
    bench.give(coap::make_response(messages[1], codes::changed));
    bench.give(bench.request(codes::del, "/3303/2"));
    messages = bench.take();
    ASSERT_EQ(messages.size(), 2U);
    EXPECT_EQ(messages[0].code, codes::deleted);
    EXPECT_TRUE(payload_of(messages[1]).find("</3303/2>") == std::string::npos);
    EXPECT_EQ(bench.ask(bench.request(codes::del, "/3/0")).code, codes::method_not_allowed);
    EXPECT_EQ(bench.ask(bench.request(codes::post, "/3")).code, codes::method_not_allowed);
}

TEST(Operations, a_created_instance_has_its_initial_values_and_the_mandatory_ones) {
    Bench bench;
    const Bytes initial = from_hex("e416443fc00000");  // 5700 = 1.5, though read-only
    EXPECT_EQ(bench.write(codes::post, "/3303", 11542, initial).code, codes::created);
    EXPECT_EQ(payload_of(bench.get("/3303/2/5700")), "1.5");
    EXPECT_EQ(payload_of(bench.get("/3303/2/5602")), "1.5");
    EXPECT_EQ(bench.write(codes::post, "/3303", 11542, {}).code, codes::created);
    EXPECT_EQ(payload_of(bench.get("/3303/3/5700")), "20");
    EXPECT_EQ(bench.write(codes::post, "/3303", 11542, from_hex("e416750100")).code,
              codes::bad_request);
}

TEST(Operations, composite_read_and_write_take_senml) {
    Bench bench;
    const Bytes asked = to_bytes(R"([{"n":"/3303/0/5700"},{"n":"/3/0/2"},{"n":"/77"}])");
    const coap::Message answer = bench.write(codes::fetch, "", 110, asked);
    EXPECT_EQ(answer.code, codes::content);
    EXPECT_EQ(payload_of(answer),
              R"([{"n":"/3303/0/5700","v":21.5},{"n":"/3/0/2","vs":"meter-17"}])");
    const Bytes written = to_bytes(R"([{"bn":"/1/0/","n":"2","v":7},{"n":"3","v":70}])");
    EXPECT_EQ(bench.write(codes::ipatch, "", 110, written).code, codes::changed);
    EXPECT_EQ(payload_of(bench.get("/1/0/3")), "70");
    const Bytes mixed = to_bytes(R"([{"n":"/1/0/2","v":9},{"n":"/3/0/2","vs":"x"}])");
    EXPECT_EQ(bench.write(codes::ipatch, "", 110, mixed).code, codes::method_not_allowed);
    EXPECT_EQ(payload_of(bench.get("/1/0/2")), "7");
}

TEST(Operations, an_unknown_critical_option_is_refused) {
    Bench bench;
    coap::Message request = bench.request(codes::get, "/3/0/1");
    request.add(options::oscore, {0x09});
    EXPECT_EQ(bench.ask(request).code, codes::bad_option);
    request = bench.request(codes::get, "/3/0/1");
    request.add(options::uri_host, to_bytes("device"));
    EXPECT_EQ(bench.ask(request).code, codes::content);
}

}  // namespace
}  // namespace scef::client
