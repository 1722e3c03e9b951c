#include "lwm2m-core/client/content_format.h"
#include "tests/unit/lwm2m-core/client/bench.h"

namespace scef::client {
namespace {

namespace codes = coap::codes;
namespace options = coap::options;

/// Every content format on every operation that takes it.
class FormatsTest : public ::testing::Test {
protected:
    coap::Code put(std::string_view path, std::uint32_t format, Bytes payload) {
        return bench.write(codes::put, path, format, std::move(payload)).code;
    }
    std::string hex(std::string_view path, std::uint32_t accept) {
        return to_hex(bench.get(path, accept).payload);
    }
    Bench bench{Bench::with_objects(object_sets::all())};
};

TEST_F(FormatsTest, a_resource_is_read_in_each) {
    EXPECT_EQ(payload_of(bench.get("/3303/0/5700", 0)), "21.5");
    EXPECT_EQ(hex("/3303/0/5700", 11542), "e4164441ac0000");
    EXPECT_EQ(payload_of(bench.get("/3303/0/5700", 110)), R"([{"bn":"/3303/0/5700","v":21.5}])");
    EXPECT_EQ(hex("/3303/0/5700", 112), "81a2216c2f333330332f302f3537303002fa41ac0000");
    EXPECT_EQ(bench.get("/3303/0/5700", 42).code, codes::not_acceptable);
}

TEST_F(FormatsTest, octets_are_read_as_they_are_unless_asked_otherwise) {
    const coap::Message answer = bench.get("/10/0/9");
    EXPECT_EQ(answer.uint_option(options::content_format), 42U);
    EXPECT_EQ(to_hex(answer.payload), "25");
    EXPECT_EQ(payload_of(bench.get("/10/0/9", 0)), "JQ==");
    EXPECT_EQ(payload_of(bench.get("/10/0/9", 110)), R"([{"bn":"/10/0/9","vd":"JQ"}])");
    EXPECT_EQ(hex("/10/0/9", 11542), "c10925");
}

TEST_F(FormatsTest, object_links_and_unsigned_numbers_have_their_own_form) {
    EXPECT_EQ(payload_of(bench.get("/10/0/11/0")), "11:0");
    EXPECT_EQ(hex("/10/0/11", 11542), "860b4400000b0000");
    EXPECT_EQ(payload_of(bench.get("/10/0/11", 110)),
              R"([{"bn":"/10/0/11/","n":"0","vlo":"11:0"}])");
    EXPECT_EQ(hex("/10/0/11/0", 112), "81a2216a2f31302f302f31312f3063766c6f6431313a30");
    EXPECT_EQ(put("/10/0/13", 0, to_bytes("200")), codes::changed);
    EXPECT_EQ(hex("/10/0/13", 11542), "c10dc8");
    EXPECT_EQ(put("/10/0/13", 11542, from_hex("c10dff")), codes::changed);
    EXPECT_EQ(payload_of(bench.get("/10/0/13")), "255");
    EXPECT_EQ(put("/10/0/13", 0, to_bytes("-1")), codes::bad_request);
    EXPECT_EQ(put("/10/0/13", 110, to_bytes(R"([{"n":"/10/0/13","v":-1}])")), codes::bad_request);
}

TEST_F(FormatsTest, a_resource_is_written_in_each) {
    EXPECT_EQ(put("/10/0/9", 42, from_hex("2a")), codes::changed);
    EXPECT_EQ(put("/10/0/9", 0, to_bytes("Kw==")), codes::changed);
    EXPECT_EQ(hex("/10/0/9", 42), "2b");
    EXPECT_EQ(put("/10/0/9", 0, to_bytes("?")), codes::bad_request);
    EXPECT_EQ(put("/11/0/1", 0, to_bytes("a")), codes::changed);
    EXPECT_EQ(put("/11/0/1", 11542, from_hex("c10162")), codes::changed);
    EXPECT_EQ(payload_of(bench.get("/11/0/1")), "b");
    EXPECT_EQ(put("/11/0/1", 110, to_bytes(R"([{"n":"/11/0/1","vs":"c"}])")), codes::changed);
    EXPECT_EQ(put("/11/0/1", 112, from_hex("81a200672f31312f302f31036164")), codes::changed);
    EXPECT_EQ(payload_of(bench.get("/11/0/1")), "d");
    EXPECT_EQ(put("/11/0/1", 42, to_bytes("e")), codes::bad_request);  // it is no octets
    EXPECT_EQ(put("/11/0/1", 40, to_bytes("e")), codes::unsupported_content_format);
    EXPECT_EQ(put("/11/0/1", 110, to_bytes("[")), codes::bad_request);
}

TEST_F(FormatsTest, a_resource_instance_is_read_and_written_alone) {
    EXPECT_EQ(put("/13/0/0/0", 0, to_bytes("6")), codes::changed);
    EXPECT_EQ(put("/13/0/0/1", 11542, from_hex("410107")), codes::changed);
    EXPECT_EQ(payload_of(bench.get("/13/0/0/1")), "7");
    EXPECT_EQ(payload_of(bench.get("/13/0/0", 110)),
              R"([{"bn":"/13/0/0/","n":"0","v":6},{"n":"1","v":7}])");
    EXPECT_EQ(bench.get("/13/0/0/2").code, codes::not_found);
    EXPECT_EQ(bench.get("/13/0/7/0").code, codes::not_found);
    EXPECT_EQ(put("/13/0/7/0", 0, to_bytes("1")), codes::bad_request);
    EXPECT_EQ(put("/13/0/0", 0, to_bytes("1")), codes::unsupported_content_format);
}

TEST_F(FormatsTest, a_put_replaces_the_instances_of_a_resource_and_a_post_adds_to_them) {
    EXPECT_EQ(put("/13/0/0", 11542, from_hex("8600410106410205")), codes::changed);
    EXPECT_EQ(hex("/13/0/0", 11542), "8600410106410205");
    EXPECT_EQ(put("/13/0/0", 11542, from_hex("86004101064102")), codes::bad_request);
    EXPECT_EQ(put("/13/0/0", 110, to_bytes(R"([{"bn":"/13/0/0/","n":"4","v":6}])")),
              codes::changed);
    EXPECT_EQ(payload_of(bench.get("/13/0/0", 110)), R"([{"bn":"/13/0/0/","n":"4","v":6}])");
    EXPECT_EQ(
        bench.write(codes::post, "/13/0/0", 110, to_bytes(R"([{"bn":"/13/0/0/","n":"5","v":7}])"))
            .code,
        codes::changed);
    EXPECT_EQ(payload_of(bench.get("/13/0/0", 110)),
              R"([{"bn":"/13/0/0/","n":"4","v":6},{"n":"5","v":7}])");
}

TEST_F(FormatsTest, an_instance_is_created_from_tlv_and_senml) {
    EXPECT_EQ(bench
                  .write(codes::post, "/3303", 110,
                         to_bytes(R"([{"bn":"/3303/7/","n":"5750","vs":"roof"}])"))
                  .code,
              codes::created);
    EXPECT_EQ(payload_of(bench.get("/3303/7/5750")), "roof");
    EXPECT_EQ(bench
                  .write(codes::post, "/3303", 112,
                         from_hex("81a321682f333330332f382f0064353735300365 6174746963"))
                  .code,
              codes::created);
    EXPECT_EQ(payload_of(bench.get("/3303/8/5750")), "attic");
    EXPECT_EQ(
        bench.write(codes::post, "/3303", 110, to_bytes(R"([{"n":"/3303/7/5750","vs":"x"}])")).code,
        codes::bad_request);  // it is there
    EXPECT_EQ(bench.write(codes::post, "/3303", 0, to_bytes("x")).code,
              codes::unsupported_content_format);
}

TEST_F(FormatsTest, a_composite_takes_and_gives_senml_alone) {
    coap::Message request = bench.request(codes::fetch, "");
    request.add_uint(options::content_format, 110);
    request.payload = to_bytes(R"([{"n":"/3303/0/5700"},{"n":"/10/0/11"}])");
    EXPECT_EQ(payload_of(bench.ask(request)),
              R"([{"n":"/3303/0/5700","v":21.5},{"n":"/10/0/11/0","vlo":"11:0"}])");
    request.message_id = bench.next_message_id++;
    request.add_uint(options::accept, 112);
    EXPECT_EQ(bench.ask(request).uint_option(options::content_format), 112U);
    EXPECT_EQ(bench.write(codes::fetch, "", 11542, {}).code, codes::unsupported_content_format);
    EXPECT_EQ(bench.write(codes::ipatch, "", 0, {}).code, codes::unsupported_content_format);
    EXPECT_EQ(bench.write(codes::fetch, "/3", 110, {}).code, codes::method_not_allowed);
}

}  // namespace
}  // namespace scef::client
