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
    return RecordWriter().number(check_of(stored_key, value)).raw(value).take();
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
