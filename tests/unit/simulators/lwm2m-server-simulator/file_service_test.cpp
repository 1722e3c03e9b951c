#include "simulators/lwm2m-server-simulator/file_service.h"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "simulators/lwm2m-server-simulator/blockwise.h"

namespace scef::lwm2m_server_simulator {
namespace {

namespace fs = std::filesystem;

class FileServiceTest : public ::testing::Test {
protected:
    void SetUp() override {
        const auto* const test = ::testing::UnitTest::GetInstance()->current_test_info();
        folder_ = fs::path(::testing::TempDir()) / (std::string("files-") + test->name());
        fs::remove_all(folder_);
        fs::create_directories(folder_ / "below");
        for (std::size_t i = 0; i < 2500; ++i) content_.push_back(static_cast<std::uint8_t>(i));
        write("fw.bin", content_);
        service_.emplace(
            FileStore::open(folder_.string(), "").value(),
            [this](const std::string&, const ServedBlock& block) { served_.push_back(block.end); });
    }
    void TearDown() override { fs::remove_all(folder_); }

    void write(const std::string& name, ByteView content) const {
        std::ofstream file(folder_ / name, std::ios::binary);
        file << as_text(content);
    }

    CoapMessage get(const std::string& path, std::optional<Block> block = {},
                    const Bytes& etag = {}) {
        CoapMessage request;
        request.code = coap::get;
        add_path(request, path);
        if (block) request.add_uint(coap::block2, block->value());
        if (!etag.empty()) request.options.push_back({coap::etag, etag});
        EXPECT_TRUE(FileService::is_about_files(request));
        return service_->on_request("127.0.0.1:1", request);
    }

    /// The file as a client with these blocks gets it.
    Bytes fetch(unsigned size_exponent) {
        Bytes all;
        Block block{0, false, size_exponent};
        while (true) {
            const CoapMessage answer = get("/files/fw.bin", block);
            EXPECT_EQ(code_text(answer.code), "2.05");
            all.insert(all.end(), answer.payload.begin(), answer.payload.end());
            const auto given = Block::from(answer, coap::block2);
            if (!given || !given->more) return all;
            block.number = given->number + 1;
        }
    }

    fs::path folder_;
    Bytes content_;
    std::optional<FileService> service_;
    std::vector<std::size_t> served_;
};

TEST_F(FileServiceTest, a_file_is_given_block_by_block_with_etag_and_size) {
    const CoapMessage first = get("/files/fw.bin");
    EXPECT_EQ(first.uint_option(coap::size2), 2500u);
    EXPECT_EQ(first.uint_option(coap::content_format), coap::opaque);
    EXPECT_EQ(first.payload.size(), 1024u);
    const CoapMessage second = get("/files/fw.bin", Block{1, false, 6});
    EXPECT_EQ(second.find(coap::size2), nullptr);
    EXPECT_EQ(second.find(coap::etag)->value, first.find(coap::etag)->value);
    EXPECT_EQ(served_, (std::vector<std::size_t>{1024, 2048}));
    for (const unsigned exponent : {0u, 3u, 5u, 6u}) EXPECT_EQ(fetch(exponent), content_);
}

TEST_F(FileServiceTest, a_changed_file_has_another_etag) {
    const CoapMessage before = get("/files/fw.bin");
    EXPECT_EQ(code_text(get("/files/fw.bin", {}, before.find(coap::etag)->value).code), "2.03");
    content_.push_back(1);
    write("fw.bin", content_);
    const CoapMessage after = get("/files/fw.bin", {}, before.find(coap::etag)->value);
    EXPECT_EQ(code_text(after.code), "2.05");
    EXPECT_NE(after.find(coap::etag)->value, before.find(coap::etag)->value);
}

TEST_F(FileServiceTest, what_is_none_of_the_files_is_not_found) {
    write("secret", content_);
    fs::rename(folder_ / "secret", folder_ / "below" / "secret");
    write(".hidden", content_);
    for (const char* const path :
         {"/files", "/files/other", "/files/below", "/files/below/secret", "/files/.hidden"}) {
        EXPECT_EQ(code_text(get(path).code), "4.04") << path;
    }
    for (const char* const name : {"..", "below/secret", "../", "", "/etc/passwd"}) {
        CoapMessage request;
        request.code = coap::get;
        request.add_text(coap::uri_path, "files");
        request.add_text(coap::uri_path, name);
        EXPECT_EQ(code_text(service_->on_request("", request).code), "4.04") << name;
    }
}

TEST_F(FileServiceTest, other_methods_and_blocks_behind_the_end_are_refused) {
    EXPECT_EQ(code_text(get("/files/fw.bin", Block{3, false, 6}).code), "4.00");
    EXPECT_EQ(code_text(get("/files/fw.bin", Block{0, false, 7}).code), "4.00");
    CoapMessage put;
    put.code = coap::put;
    add_path(put, "/files/fw.bin");
    EXPECT_EQ(code_text(service_->on_request("", put).code), "4.05");
}

TEST_F(FileServiceTest, an_empty_file_is_one_empty_block) {
    write("empty", {});
    const CoapMessage answer = get("/files/empty");
    EXPECT_EQ(code_text(answer.code), "2.05");
    EXPECT_TRUE(answer.payload.empty());
    EXPECT_FALSE(Block::from(answer, coap::block2)->more);
}

TEST_F(FileServiceTest, a_single_file_is_served_by_its_name) {
    auto store = FileStore::open("", (folder_ / "fw.bin").string());
    ASSERT_TRUE(store);
    EXPECT_EQ(store->find("fw.bin").value()->content, content_);
    EXPECT_EQ(store->find("other").error().code, Errc::not_found);
    EXPECT_EQ(store->to_json().size(), 1u);
    EXPECT_FALSE(FileStore::open((folder_ / "fw.bin").string(), ""));
    EXPECT_FALSE(FileStore::open("", folder_.string()));
}

}  // namespace
}  // namespace scef::lwm2m_server_simulator
