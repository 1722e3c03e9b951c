#include "lwm2m-core/client/firmware.h"

#include "lwm2m-core/client/firmware_package.h"
#include "tests/unit/lwm2m-core/client/bench.h"

namespace scef::client {
namespace {

using namespace std::chrono_literals;
namespace codes = coap::codes;
namespace options = coap::options;

constexpr std::string_view model_number = "NB-IoT-thermometer";

class FirmwareTest : public ::testing::Test {
protected:
    void SetUp() override { bench.registered(); }

    static Bytes package(std::string_view version = "2.0.0", std::size_t size = 100) {
        return make_firmware_package("thermo", version, model_number, Bytes(size, 0x5a));
    }
    std::int64_t state() { return integer_at(bench.dut.model(), Path(5, 0, 3)); }
    std::int64_t result() { return integer_at(bench.dut.model(), Path(5, 0, 5)); }
    coap::Code push(Bytes octets) {
        return bench.write(codes::put, "/5/0/0", 42, std::move(octets)).code;
    }
    /// Writes the URI; gives the first request of the download, if there is one.
    coap::Message pull_from(std::string_view uri) {
        coap::Message write = bench.request(codes::put, "/5/0/1");
        write.payload = to_bytes(uri);
        bench.give(write);
        const auto messages = bench.take();
        EXPECT_EQ(messages.front().code, codes::changed);
        return messages.size() == 2 ? messages[1] : coap::Message{};
    }
    /// The block of `whole` that `request` asks for.
    static coap::Message block_of(const coap::Message& request, const Bytes& whole,
                                  std::uint8_t size_exponent, Bytes etag = {1}) {
        coap::Block block = *coap::Block::from(request, options::block2);
        if (block.number == 0) block.size_exponent = size_exponent;
        const std::size_t from = block.number * block.size();
        const std::size_t to = std::min(from + block.size(), whole.size());
        block.more = to < whole.size();
        coap::Message response = coap::make_response(request, codes::content);
        response.add(options::etag, std::move(etag));
        response.add_uint(options::block2, block.value());
        const auto begin = whole.begin();
        response.payload.assign(begin + static_cast<std::ptrdiff_t>(from),
                                begin + static_cast<std::ptrdiff_t>(to));
        return response;
    }
    /// Serves blocks until the client asks for no more; gives their number.
    std::size_t serve(coap::Message request, const Bytes& whole, std::uint8_t size_exponent) {
        std::size_t blocks = 0;
        while (request.code == codes::get) {
            ++blocks;
            bench.give(block_of(request, whole, size_exponent));
            const auto next = bench.take();
            request = next.empty() ? coap::Message{} : next.front();
        }
        return blocks;
    }
    Bench bench{Bench::with_objects(object_sets::all())};
};

TEST_F(FirmwareTest, a_pushed_package_is_checked_installed_and_registered_with) {
    EXPECT_EQ(push(package()), codes::changed);
    EXPECT_EQ(state(), 2);
    EXPECT_EQ(payload_of(bench.get("/5/0/6")), "thermo");
    EXPECT_EQ(payload_of(bench.get("/5/0/7")), "2.0.0");
    EXPECT_EQ(bench.post("/5/0/2").code, codes::changed);
    EXPECT_EQ(state(), 3);
    bench.advance(5s);
    EXPECT_EQ(state(), 0);
    EXPECT_EQ(result(), 1);
    bench.advance(2s);
    EXPECT_EQ(bench.only_frame().path_text(), "/rd");
    EXPECT_EQ(payload_of(bench.get("/3/0/3")), "2.0.0");
    EXPECT_EQ(bench.get("/5/0/0").code, codes::method_not_allowed);
}

TEST_F(FirmwareTest, a_package_pushed_in_blocks_shows_its_progress) {
    const Bytes whole = package("3.1", 5000);
    for (std::uint32_t number = 0; number * 1024 < whole.size(); ++number) {
        const std::size_t to = std::min<std::size_t>((number + 1) * 1024, whole.size());
        coap::Message part = bench.request(codes::put, "/5/0/0");
        part.add_uint(options::content_format, 42);
        part.add_uint(options::block1, coap::Block{number, to < whole.size(), 6}.value());
        part.payload.assign(whole.begin() + number * 1024,
                            whole.begin() + static_cast<std::ptrdiff_t>(to));
        EXPECT_EQ(state(), number == 0 ? 0 : 1);
        EXPECT_EQ(bench.ask(part).code, to < whole.size() ? codes::continue_ : codes::changed);
    }
    EXPECT_EQ(state(), 2);
}

TEST_F(FirmwareTest, a_push_that_stops_is_given_up) {
    coap::Message part = bench.request(codes::put, "/5/0/0");
    part.add_uint(options::block1, coap::Block{0, true, 0}.value());
    part.payload = Bytes(16, 1);
    EXPECT_EQ(bench.ask(part).code, codes::continue_);
    EXPECT_EQ(state(), 1);
    bench.advance(5min);
    EXPECT_EQ(state(), 0);
    EXPECT_EQ(result(), 4);
}

TEST_F(FirmwareTest, a_push_beyond_the_storage_is_refused) {
    const Bytes octets(1024, 0);
    for (std::uint32_t number = 0; number <= 1024; ++number) {
        coap::Message part = bench.request(codes::put, "/5/0/0");
        part.add_uint(options::block1, coap::Block{number, true, 6}.value());
        part.payload = octets;
        EXPECT_EQ(bench.ask(part).code,
                  number < 1024 ? codes::continue_ : codes::request_entity_too_large);
    }
    EXPECT_EQ(result(), 2);
}

TEST_F(FirmwareTest, damaged_and_foreign_packages_are_told_apart) {
    Bytes damaged = package();
    damaged.back() ^= 1;
    EXPECT_EQ(push(damaged), codes::changed);
    EXPECT_EQ(state(), 0);
    EXPECT_EQ(result(), 5);
    EXPECT_EQ(push(make_firmware_package("x", "1", "other-model", {})), codes::changed);
    EXPECT_EQ(result(), 6);
    EXPECT_EQ(push(to_bytes("hello")), codes::changed);
    EXPECT_EQ(result(), 6);
    EXPECT_EQ(bench.post("/5/0/2").code, codes::method_not_allowed);
}

TEST_F(FirmwareTest, an_empty_package_or_uri_resets) {
    push(package());
    EXPECT_EQ(push({0}), codes::changed);
    EXPECT_EQ(state(), 0);
    EXPECT_EQ(bench.get("/5/0/7").code, codes::not_found);
    push(package());
    EXPECT_EQ(pull_from("").code, codes::empty);
    EXPECT_EQ(state(), 0);
    EXPECT_EQ(result(), 0);
}

TEST_F(FirmwareTest, while_a_package_is_there_no_other_is_taken) {
    push(package());
    EXPECT_EQ(push(package("9")), codes::method_not_allowed);
    EXPECT_EQ(bench.write(codes::put, "/5/0/1", 0, to_bytes("coap://h/f")).code,
              codes::method_not_allowed);
    EXPECT_EQ(
        bench.write(codes::ipatch, "", 110, to_bytes(R"([{"n":"/5/0/1","vs":"coap://h/f"}])")).code,
        codes::method_not_allowed);
    EXPECT_EQ(bench.post("/5/0/2").code, codes::changed);
    EXPECT_EQ(push({}), codes::method_not_allowed);  // not even a reset while it updates
}

TEST_F(FirmwareTest, an_update_that_fails_says_so_and_keeps_the_old_version) {
    push(package("2.0-fail"));
    bench.post("/5/0/2");
    bench.advance(10s);
    EXPECT_EQ(result(), 8);
    EXPECT_TRUE(bench.dut.is_registered());
    EXPECT_EQ(payload_of(bench.get("/3/0/3")), "1.4.2");
}

TEST_F(FirmwareTest, a_package_is_pulled_block_by_block_from_the_server_of_the_uri) {
    const Bytes whole = package("4.0", 3000);
    const coap::Message first = pull_from("coap://fw.example:5683/files/thermo%204?v=4&m=1");
    EXPECT_EQ(first.path_text(), "/files/thermo 4");
    EXPECT_EQ(first.query("v"), "4");
    EXPECT_EQ(first.query("m"), "1");
    EXPECT_EQ(state(), 1);
    EXPECT_EQ(serve(first, whole, 4), (whole.size() + 255) / 256);
    EXPECT_EQ(state(), 2);
    EXPECT_EQ(payload_of(bench.get("/5/0/7")), "4.0");
}

TEST_F(FirmwareTest, an_observer_of_the_state_follows_a_pull) {
    bench.observe("/5/0/3");
    const coap::Message first = [&] {
        coap::Message write = bench.request(codes::put, "/5/0/1");
        write.payload = to_bytes("coap://h/f");
        bench.give(write);
        const auto messages = bench.take();
        EXPECT_EQ(messages.size(), 3U);
        EXPECT_EQ(payload_of(messages[1]), "1");
        return messages[2];
    }();
    bench.give(block_of(first, package(), 6));
    EXPECT_EQ(payload_of(bench.only_frame()), "2");
}

TEST_F(FirmwareTest, a_server_without_the_file_and_a_server_that_is_silent_are_told_apart) {
    const coap::Message first = pull_from("coap://h/f");
    bench.give(coap::make_response(first, codes::not_found));
    EXPECT_EQ(result(), 7);
    pull_from("coap://h/f");
    bench.advance(1000s);
    EXPECT_EQ(result(), 4);
    EXPECT_EQ(state(), 0);
}

TEST_F(FirmwareTest, a_file_that_changes_on_the_way_ends_the_pull) {
    const Bytes whole = package("4.0", 3000);
    bench.give(block_of(pull_from("coap://h/f"), whole, 4));
    bench.give(block_of(bench.only_frame(), whole, 4, {2}));
    EXPECT_EQ(result(), 4);
    EXPECT_TRUE(bench.take().empty());
}

TEST_F(FirmwareTest, uris_that_it_cannot_follow_are_refused_by_their_kind) {
    for (const std::string_view uri :
         {"hello", "://x", "coap:///x", "coap://h/%zz", "coap://h/#f"}) {
        pull_from(uri);
        EXPECT_EQ(result(), 7) << uri;
    }
    for (const std::string_view uri : {"http://h/f", "coaps://h/f", "ftp://h"}) {
        pull_from(uri);
        EXPECT_EQ(result(), 9) << uri;
    }
}

TEST_F(FirmwareTest, a_reboot_loses_a_download_and_keeps_a_package) {
    pull_from("coap://h/f");
    bench.post("/3/0/4");
    EXPECT_EQ(result(), 4);
    push(package());
    bench.ask(bench.request(codes::post, "/3/0/4"));
    EXPECT_EQ(state(), 2);
}

TEST(FirmwarePackage, what_is_made_is_read_back) {
    const Bytes octets = make_firmware_package("a", "1.0", "m", to_bytes("123456789"));
    EXPECT_EQ(as_text(octets), "SCEFFW a 1.0 m cbf43926\n123456789");
    const auto read = read_firmware_package(octets);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->version, "1.0");
    EXPECT_EQ(read->crc, crc32(read->body));
    for (std::size_t size = 0; size < 24; ++size) {
        EXPECT_FALSE(read_firmware_package(ByteView(octets).first(size))) << size;
    }
}

}  // namespace
}  // namespace scef::client
