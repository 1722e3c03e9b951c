#include "lwm2m-core/lwm2m/senml.h"

#include <limits>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace scef::lwm2m {
namespace {

TEST(SenmlJson, base_names_numbers_texts_and_octets_are_read) {
    const auto records = from_senml_json(
        as_bytes(R"([{"bn":"/3/0/","n":"1","vs":"a\"\u00e9"},{"n":"9","v":-1.5e1},)"
                 R"({"bn":"/1/0/6","vb":true},{"bn":"/","n":"5/0/0","vd":"AQI"}])"));
    ASSERT_TRUE(records);
    ASSERT_EQ(records->size(), 4U);
    EXPECT_EQ(records->at(0).value, Value(std::string("a\"\xc3\xa9")));
    EXPECT_EQ(records->at(1).value, Value(-15.0));
    EXPECT_EQ(records->at(2).path, Path(1, 0, 6));
    EXPECT_EQ(records->at(3).path, Path(5, 0, 0));
    EXPECT_EQ(records->at(3).value, Value(Bytes{1, 2}));
}

TEST(SenmlJson, what_is_no_senml_is_refused) {
    for (const std::string_view text :
         {"", "[", "{}", "[{]", "[{\"n\":1}]", "[{\"n\":\"/x\"}]", "[{\"v\":1e999}]", "[{}] x",
          "[{\"n\":\"/3\",\"v\":[1]}]", "[{\"n\":\"/3\",\"zz_\":1}]", "[{\"n\":\"\\ud800\"}]"}) {
        EXPECT_FALSE(from_senml_json(as_bytes(text))) << text;
    }
}

TEST(SenmlJson, numbers_are_those_of_rfc_8259) {
    const auto value = [](std::string_view number) -> std::optional<Value> {
        const auto records =
            from_senml_json(as_bytes(R"([{"n":"/3/0/9","v":)" + std::string(number) + "}]"));
        return records ? records->front().value : std::nullopt;
    };
    EXPECT_EQ(value("9223372036854775807"), Value(std::numeric_limits<std::int64_t>::max()));
    EXPECT_EQ(value("-9223372036854775808"), Value(std::numeric_limits<std::int64_t>::min()));
    EXPECT_EQ(value("9007199254740993"), Value(std::int64_t{9007199254740993}));
    EXPECT_EQ(value("9223372036854775808"), Value(9223372036854775808.0));
    EXPECT_EQ(value("1.0"), Value(1.0));
    EXPECT_EQ(value("-0.5E+2"), Value(-50.0));
    for (const std::string_view bad : {"01", "1.", ".5", "+1", "-", "1e", "1e+", "0x10", "inf",
                                       "nan", "true", "null", "\"1\"", "1 2", ""}) {
        EXPECT_FALSE(value(bad)) << bad;
    }
}

TEST(SenmlJson, text_is_utf_8_and_may_be_escaped_in_surrogate_pairs) {
    const auto text = [](std::string_view escaped) -> std::optional<Value> {
        const auto records =
            from_senml_json(as_bytes(R"([{"n":"/3/0/0","vs":")" + std::string(escaped) + "\"}]"));
        return records ? records->front().value : std::nullopt;
    };
    EXPECT_EQ(text(R"(\ud83d\ude00\u20ac)"), Value(std::string("\xf0\x9f\x98\x80\xe2\x82\xac")));
    EXPECT_EQ(text("\xf0\x9f\x98\x80"), Value(std::string("\xf0\x9f\x98\x80")));
    for (const std::string_view bad : {R"(\ud83d)", R"(\ude00)", R"(\ud83d\u0041)", R"(\ud83dx)",
                                       R"(\u12)", R"(\x41)", "\xff", "\xc3", "\n"}) {
        EXPECT_FALSE(text(bad)) << bad;
    }
}

TEST(SenmlJson, a_value_has_the_type_of_its_label_and_stands_alone) {
    for (const std::string_view member :
         {R"("v":"1")", R"("v":true)", R"("vs":1)", R"("vb":1)", R"("vb":"true")", R"("vd":1)",
          R"("vd":"_")", R"("vlo":1)", R"("v":1,"vs":"1")", R"("v":1,"v":2)", R"("bv":"1")"}) {
        EXPECT_FALSE(from_senml_json(as_bytes(R"([{"n":"/3/0/9",)" + std::string(member) + "}]")))
            << member;
    }
}

TEST(SenmlJson, members_that_are_not_known_are_passed_over_whatever_they_are) {
    const auto records = from_senml_json(as_bytes(
        R"([{"x":[1,{"y":[]},"]"],"n":"/3/0/9","t":-5,"z":{"a":null,"b":{}},"v":1,"u":"%"}])"));
    ASSERT_TRUE(records);
    EXPECT_EQ(records->front().value, Value(std::int64_t{1}));
    EXPECT_FALSE(from_senml_json(as_bytes(R"([{"n":"/3/0/9","x_":[1]}])")));
    EXPECT_FALSE(from_senml_json(as_bytes(R"([{"n":"/3/0/9","x":[1}])")));
    const std::string deep(100'000, '[');
    EXPECT_FALSE(from_senml_json(as_bytes(R"([{"n":"/3/0/9","x":)" + deep)));
}

TEST(SenmlJson, an_object_link_is_text) {
    const auto records = from_senml_json(as_bytes(R"([{"n":"/2/0/1","vlo":"10:3"}])"));
    ASSERT_TRUE(records);
    EXPECT_EQ(records->at(0).value, Value(std::string("10:3")));
}

/// Items one by one, so that a test reads like the diagnostic notation.
struct Cbor {
    std::string hex;
    Cbor& add(std::string_view more) {
        hex += more;
        return *this;
    }
    Cbor& text(std::string_view text) {
        const auto head = static_cast<std::uint8_t>(0x60 + text.size());
        hex += to_hex({&head, 1}) + to_hex(as_bytes(text));
        return *this;
    }
    std::optional<SenmlRecords> read() const { return from_senml_cbor(from_hex(hex)); }
};

/// One record /3/0/9 with this member behind its name.
std::optional<SenmlRecords> with_member(std::string_view member) {
    return Cbor{}.add("81a200").text("/3/0/9").add(member).read();
}

std::optional<Value> value_of(std::string_view member) {
    const auto records = with_member(member);
    if (!records || records->size() != 1) return std::nullopt;
    return records->front().value;
}

TEST(SenmlCbor, each_kind_of_value_is_read) {
    EXPECT_EQ(value_of("0217"), Value(std::int64_t{23}));
    EXPECT_EQ(value_of("021864"), Value(std::int64_t{100}));
    EXPECT_EQ(value_of("023863"), Value(std::int64_t{-100}));
    EXPECT_EQ(value_of("02f93e00"), Value(1.5));
    EXPECT_EQ(value_of("02fac1200000"), Value(-10.0));
    EXPECT_EQ(value_of("02fb3ff199999999999a"), Value(1.1));
    EXPECT_EQ(value_of("02c4822119011a"), Value(2.82));
    EXPECT_EQ(value_of("0363616263"), Value(std::string("abc")));
    EXPECT_EQ(value_of("04f5"), Value(true));
    EXPECT_EQ(value_of("08420102"), Value(Bytes{1, 2}));
}

TEST(SenmlCbor, decimal_fractions_are_the_nearest_double) {
    EXPECT_EQ(value_of("02c4822003"), Value(0.3));
    EXPECT_EQ(value_of("02c482201837"), Value(5.5));
    EXPECT_EQ(value_of("02c4820307"), Value(7000.0));
    EXPECT_FALSE(value_of("02c482f93c0003"));  // the exponent is no whole number
}

TEST(SenmlCbor, what_is_not_well_formed_is_refused) {
    for (const std::string_view member :
         {"021f", "023f", "02df", "04f814", "04f815", "0362c328", "0361ff", "206131", "246131"}) {
        EXPECT_FALSE(value_of(member)) << member;
    }
    for (const std::string_view two_values : {"02010202", "0201036161", "04f50842ffff"}) {
        EXPECT_FALSE(Cbor{}.add("81a300").text("/3/0/9").add(two_values).read()) << two_values;
    }
}

TEST(SenmlCbor, labels_that_are_not_known_are_passed_over) {
    EXPECT_TRUE(Cbor{}.add("81a300").text("/3/0/9").add("0201186382f6a0").read());
}

TEST(SenmlCbor, base_names_and_indefinite_lengths_are_read) {
    const auto records = Cbor{}
                             .add("9fbf21")
                             .text("/10/0/")
                             .add("00")
                             .text("4")
                             .add("02191c20ff")
                             .add("a200")
                             .text("5")
                             .add("02183cff")
                             .read();
    ASSERT_TRUE(records);
    ASSERT_EQ(records->size(), 2U);
    EXPECT_EQ(records->at(0).path, Path(10, 0, 4));
    EXPECT_EQ(records->at(0).value, Value(std::int64_t{7200}));
    EXPECT_EQ(records->at(1).path, Path(10, 0, 5));
}

TEST(SenmlCbor, times_and_units_are_passed_over_and_a_path_alone_is_a_question) {
    const auto records = Cbor{}
                             .add("82a322fb41d9000000000000")
                             .add("00")
                             .text("/3/0/9")
                             .add("01")
                             .text("%EL")
                             .add("a100")
                             .text("/3/0/13")
                             .read();
    ASSERT_TRUE(records);
    EXPECT_FALSE(records->at(0).value);
    EXPECT_EQ(records->at(1).path, Path(3, 0, 13));
}

TEST(SenmlCbor, what_must_be_understood_and_is_not_is_refused) {
    EXPECT_FALSE(Cbor{}.add("81a200").text("/3/0/9").text("zz_").add("01").read());
    EXPECT_TRUE(Cbor{}.add("81a200").text("/3/0/9").text("zz").add("820102").read());
}

TEST(SenmlCbor, what_is_no_senml_is_refused) {
    for (const std::string_view member : {"02", "0261", "02f97e00", "02f97c00", "03420102", "0801",
                                          "0401", "02c48201", "1818", "029f01ff", "021bffff"}) {
        EXPECT_FALSE(with_member(member)) << member;
    }
    for (const std::string_view whole :
         {"", "a0", "9bffffffffffffffff", "9f", "81", "8100ff", "8200"}) {
        EXPECT_FALSE(from_senml_cbor(from_hex(whole))) << whole;
    }
    EXPECT_FALSE(from_senml_cbor(Bytes(100'000, 0x81)));
    EXPECT_FALSE(from_senml_cbor(Bytes(100'000, 0x9f)));
}

/// Characters of one and of two octets.
std::string random_text() {
    std::string text;
    for (const char c : *rc::gen::string<std::string>()) {
        text += (c & 0x80) == 0 ? std::string(1, c) : "\xc3" + std::string(1, '\xa4');
    }
    return text;
}

/// Texts, octets, numbers and flags below some paths of an object instance.
SenmlRecords random_records() {
    SenmlRecords records;
    const auto count = *rc::gen::inRange<std::size_t>(1, 9);
    for (std::size_t i = 0; i < count; ++i) {
        const Path path(3, 0, *rc::gen::inRange(0, 65534));
        switch (*rc::gen::inRange(0, 5)) {
            case 0:
                records.push_back({path, random_text()});
                break;
            case 1:
                records.push_back({path, *rc::gen::arbitrary<Bytes>()});
                break;
            case 2:
                records.push_back({path, *rc::gen::arbitrary<std::int64_t>()});
                break;
            case 3:
                records.push_back({path, *rc::gen::arbitrary<double>()});
                break;
            default:
                records.push_back({path, *rc::gen::arbitrary<bool>()});
                break;
        }
    }
    return records;
}

RC_GTEST_PROP(SenmlCbor, what_is_written_reads_back, ()) {
    const SenmlRecords records = random_records();
    const Path base = *rc::gen::element(Path(), Path(3), Path(3, 0));
    const auto back = from_senml_cbor(to_senml_cbor(records, base, 1'790'000'000));
    RC_ASSERT(back.has_value());
    RC_ASSERT(back->size() == records.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
        RC_ASSERT(back->at(i).path == records[i].path);
        RC_ASSERT(back->at(i).value == records[i].value);
    }
}

/// JSON does not tell a whole double from an integer; everything else reads back as it was.
RC_GTEST_PROP(SenmlJson, what_is_written_reads_back, ()) {
    const SenmlRecords records = random_records();
    const Path base = *rc::gen::element(Path(), Path(3), Path(3, 0));
    const auto back = from_senml_json(to_senml_json(records, base, 1'790'000'000));
    RC_ASSERT(back.has_value());
    RC_ASSERT(back->size() == records.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
        RC_ASSERT(back->at(i).path == records[i].path);
        const Value expected = *records[i].value;
        if (std::holds_alternative<double>(expected)) {
            RC_ASSERT(as_number(*back->at(i).value) == as_number(expected));
        } else {
            RC_ASSERT(back->at(i).value == expected);
        }
    }
}

RC_GTEST_PROP(SenmlCbor, a_cut_is_refused_and_no_octets_crash_it, ()) {
    const Bytes whole = to_senml_cbor(random_records(), Path(3, 0));
    const auto size = *rc::gen::inRange<std::size_t>(0, whole.size());
    RC_ASSERT(!from_senml_cbor(ByteView(whole).first(size)));
    Bytes damaged = whole;
    damaged[size] = *rc::gen::arbitrary<std::uint8_t>();
    from_senml_cbor(damaged);
    from_senml_json(damaged);
}

TEST(Senml, one_value_is_all_base_name) {
    const SenmlRecords one{{Path(3, 0, 9), std::int64_t{100}}};
    EXPECT_EQ(as_text(to_senml_json(one, Path(3, 0, 9))), R"([{"bn":"/3/0/9","v":100}])");
    EXPECT_EQ(to_hex(to_senml_cbor(one, Path(3, 0, 9))), "81a221662f332f302f39021864");
}

TEST(Senml, the_base_time_is_in_the_first_record_only) {
    const SenmlRecords two{{Path(3, 0, 9), std::int64_t{1}}, {Path(3, 0, 10), std::int64_t{2}}};
    EXPECT_EQ(as_text(to_senml_json(two, Path(), 5)),
              R"([{"bt":5,"n":"/3/0/9","v":1},{"n":"/3/0/10","v":2}])");
    EXPECT_EQ(as_text(to_senml_json(two, Path(3, 0))),
              R"([{"bn":"/3/0/","n":"9","v":1},{"n":"10","v":2}])");
}

}  // namespace
}  // namespace scef::lwm2m
