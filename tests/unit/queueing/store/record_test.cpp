#include "queueing/record.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace scef::queueing {
namespace {

enum class Colour : std::uint8_t { red, green, blue };

struct Fields {
    std::uint8_t small;
    std::uint16_t port;
    std::uint32_t count;
    std::uint64_t big;
    bool flag;
    std::int64_t time;
    Bytes octets;
    std::string text;
};

Bytes written(const Fields& f) {
    return RecordWriter(1)
        .number(f.small)
        .number(f.port)
        .number(f.count)
        .number(f.big)
        .flag(f.flag)
        .time(WallTime(Duration(f.time)))
        .octets(f.octets)
        .text(f.text)
        .number(Colour::blue)
        .raw(Bytes{7, 8})
        .take();
}

/// Reads in the order of `written`; says whether all of it was there.
bool reads_back(ByteView record, const Fields& f) {
    RecordReader reader(record);
    bool same = reader.number<std::uint8_t>() == 1;
    same = reader.number<std::uint8_t>() == f.small && same;
    same = reader.number<std::uint16_t>() == f.port && same;
    same = reader.number<std::uint32_t>() == f.count && same;
    same = reader.number<std::uint64_t>() == f.big && same;
    same = reader.flag() == f.flag && same;
    same = reader.time() == WallTime(Duration(f.time)) && same;
    const ByteView octets = reader.octets();
    same = Bytes(octets.begin(), octets.end()) == f.octets && same;
    same = reader.text() == f.text && same;
    same = reader.enumerator(Colour::blue) == Colour::blue && same;
    const ByteView raw = reader.raw(2);
    same = Bytes(raw.begin(), raw.end()) == Bytes{7, 8} && same;
    return reader.ok() && reader.at_end() && same;
}

Fields any_fields() {
    return {*rc::gen::arbitrary<std::uint8_t>(),  *rc::gen::arbitrary<std::uint16_t>(),
            *rc::gen::arbitrary<std::uint32_t>(), *rc::gen::arbitrary<std::uint64_t>(),
            *rc::gen::arbitrary<bool>(),          *rc::gen::arbitrary<std::int64_t>(),
            *rc::gen::arbitrary<Bytes>(),         *rc::gen::arbitrary<std::string>()};
}

RC_GTEST_PROP(Record, reads_back_what_was_written, ()) {
    const Fields fields = any_fields();
    RC_ASSERT(reads_back(written(fields), fields));
}

RC_GTEST_PROP(Record, a_truncated_record_is_not_ok, ()) {
    const Fields fields = any_fields();
    const Bytes record = written(fields);
    const auto size = *rc::gen::inRange<std::size_t>(0, record.size());
    RC_ASSERT(!reads_back(ByteView(record).first(size), fields));
}

RC_GTEST_PROP(Record, foreign_octets_never_read_past_the_end, (const Bytes& octets)) {
    RecordReader reader(octets);
    std::size_t taken = 0;
    while (reader.ok() && !reader.at_end()) taken += reader.octets().size() + 4;
    RC_ASSERT(!reader.ok() || taken == octets.size());
}

TEST(Record, numbers_are_big_endian_behind_the_version) {
    EXPECT_EQ(RecordWriter(3).number(std::uint16_t{0x0102}).text("a").take(),
              (Bytes{3, 1, 2, 0, 0, 0, 1, 'a'}));
}

TEST(Record, an_enumerator_beyond_the_last_spoils_the_record) {
    const Bytes octets{3, 1};
    RecordReader reader(octets);
    EXPECT_EQ(reader.enumerator(Colour::blue), Colour::red);
    EXPECT_FALSE(reader.ok());
    EXPECT_EQ(reader.number<std::uint8_t>(), 0);
}

TEST(Record, after_a_short_field_every_later_one_is_empty) {
    const Bytes octets{0, 0, 0, 9, 'a', 'b'};
    RecordReader reader(octets);
    EXPECT_EQ(reader.text(), "");
    EXPECT_FALSE(reader.ok());
    EXPECT_TRUE(reader.octets().empty());
    EXPECT_EQ(reader.number<std::uint64_t>(), 0u);
}

}  // namespace
}  // namespace scef::queueing
