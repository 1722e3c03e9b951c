// Payloads of devices and servers, which the adapter and the client read: SenML in its two formats,
// TLV, text. The first octet chooses the format and the path.
#include <array>

#include "lwm2m-core/lwm2m/reported_values.h"
#include "lwm2m-core/lwm2m/senml.h"
#include "tests/fuzz/require.h"

using namespace scef;

namespace {

/// JSON does not tell a whole double from an integer.
bool is_same(const std::optional<lwm2m::Value>& read, const std::optional<lwm2m::Value>& written) {
    if (read == written) return true;
    return read && written && lwm2m::as_number(*read) &&
           lwm2m::as_number(*read) == lwm2m::as_number(*written);
}

void require_same(const std::optional<lwm2m::SenmlRecords>& read,
                  const lwm2m::SenmlRecords& written) {
    require(read && read->size() == written.size(), "as many records are read as were written");
    for (std::size_t i = 0; i < written.size(); ++i) {
        require(read->at(i).path == written[i].path, "the path survives");
        require(is_same(read->at(i).value, written[i].value), "the value survives");
        require(read->at(i).is_object_link == written[i].is_object_link, "the kind survives");
    }
}

void read_senml(ByteView payload, bool is_json) {
    const auto records =
        is_json ? lwm2m::from_senml_json(payload) : lwm2m::from_senml_cbor(payload);
    if (!records) return;
    for (const auto& record : *records) {
        const auto* link = record.value ? std::get_if<std::string>(&*record.value) : nullptr;
        require(!record.is_object_link || link != nullptr, "an object link is text");
    }
    require_same(lwm2m::from_senml_json(to_senml_json(*records, {})), *records);
    require_same(lwm2m::from_senml_cbor(to_senml_cbor(*records, {})), *records);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const ByteView payload(data + 1, size - 1);
    constexpr std::array<std::uint32_t, 5> formats{0, 42, 110, 112, 11542};
    const std::uint32_t format = formats[data[0] % formats.size()];
    if (format == 110 || format == 112) read_senml(payload, format == 110);

    coap::Message message;
    message.code = coap::codes::content;
    message.add_uint(coap::options::content_format, format);
    message.payload.assign(payload.begin(), payload.end());
    const std::array bases{lwm2m::Path(), lwm2m::Path(3), lwm2m::Path(3, 0), lwm2m::Path(3, 0, 9),
                           lwm2m::Path(3, 0, 6, 1)};
    const lwm2m::Path base = bases[data[0] / formats.size() % bases.size()];
    for (const auto& value : lwm2m::reported_values(base, message)) {
        require(base.contains(value.path), "it lies at or below what was read");
        value.integer();
        value.octets();
    }
    return 0;
}
