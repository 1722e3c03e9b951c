/// Reads paths of stores from the standard input, a line each, opens every one as the adapter does,
/// and writes what it holds: a line `KIND KEY VALUE` in hexadecimal for each record that others ask
/// about, then `end`, or `refused REASON`. What it opens is recovered, and so changed: give it
/// copies.
#include <cstdint>
#include <cstdlib>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <string>

#include "queueing/store/open_store.h"
#include "scef-adapter/engine/record_schema.h"

namespace {

using scef::ByteView;
using scef::queueing::RecordKind;

std::string hex(ByteView octets) {
    std::ostringstream text;
    text << std::hex << std::setfill('0');
    for (const std::uint8_t octet : octets) text << std::setw(2) << unsigned{octet};
    return text.str();
}

void write_record(RecordKind kind, ByteView key, ByteView value) {
    std::cout << unsigned{static_cast<std::uint8_t>(kind)} << ' ' << hex(key) << ' ' << hex(value)
              << '\n';
}

struct Lines final : scef::queueing::RecordVisitor {
    void on_record(RecordKind kind, ByteView key, ByteView value) override {
        write_record(kind, key, value);
    }
    void on_corrupt_record(RecordKind, ByteView key) override {
        std::cout << "corrupt " << hex(key) << '\n';
    }
};

std::string on_one_line(std::string text) {
    for (char& letter : text) {
        if (letter == '\n') letter = ' ';
    }
    return text;
}

/// All open messages and uplinks of a shard, then what ended. Gives why it could not.
scef::Status write_shard(scef::queueing::Store& store, scef::ShardId shard) {
    Lines lines;
    if (auto loaded = store.load(shard, lines); !loaded) return loaded;
    scef::queueing::Range range;
    range.shard = shard;
    range.kind = RecordKind::final_message;
    for (bool more = true; more;) {
        auto page = store.read(range, {});
        if (!page) return tl::unexpected(page.error());
        for (const auto& record : page->records) write_record(range.kind, record.key, record.value);
        more = page->more && !page->records.empty();
        if (more) {
            range.from = page->records.back().key;
            range.from.push_back(0);
        }
    }
    return {};
}

/// The store is closed when it is back: whoever waits for its end may take the folder away.
scef::Status write_store(const std::string& path, std::uint16_t shards) {
    scef::queueing::StoreOptions options;
    options.path = path;
    options.shards = shards;
    options.schema = scef::adapter::record_schema;
    options.program = "store_lines";
    options.warn = [](const std::string& sentence) { std::cerr << sentence << '\n'; };
    auto store = scef::queueing::open_store(options);
    if (!store) return tl::unexpected(store.error());
    for (std::uint16_t shard = 0; shard < shards; ++shard) {
        if (auto written = write_shard(**store, shard); !written) return written;
    }
    return {};
}

}  // namespace

int main(int count, char** words) {
    if (count != 2) {
        std::cerr << "usage: store_lines SHARDS < PATHS\n";
        return 2;
    }
    const auto shards = static_cast<std::uint16_t>(std::strtoul(words[1], nullptr, 10));
    for (std::string path; std::getline(std::cin, path);) {
        const scef::Status written = write_store(path, shards);
        if (written) {
            std::cout << "end" << std::endl;
        } else {
            std::cout << "refused " << on_one_line(written.error().message) << std::endl;
        }
    }
    return 0;
}
