#include "queueing/store/sealed_record.h"

#include "queueing/record.h"
#include "queueing/store/crc32c.h"

namespace scef::queueing {
namespace {

std::uint32_t check_of(ByteView stored_key, ByteView value) {
    return crc32c(value, crc32c(stored_key));
}

}  // namespace

Bytes seal(ByteView stored_key, ByteView value) {
    const std::uint32_t check = check_of(stored_key, value);
    Bytes sealed;
    sealed.reserve(sizeof check + value.size());
    for (int shift = 24; shift >= 0; shift -= 8) {
        sealed.push_back(static_cast<std::uint8_t>(check >> shift));
    }
    sealed.insert(sealed.end(), value.begin(), value.end());
    return sealed;
}

std::optional<ByteView> unseal(ByteView stored_key, ByteView sealed) {
    RecordReader reader(sealed);
    const auto check = reader.number<std::uint32_t>();
    if (!reader.ok()) return std::nullopt;
    const ByteView value = sealed.subspan(sizeof(check));
    if (check != check_of(stored_key, value)) return std::nullopt;
    return value;
}

}  // namespace scef::queueing
