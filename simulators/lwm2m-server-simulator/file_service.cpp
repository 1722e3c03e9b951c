#include "simulators/lwm2m-server-simulator/file_service.h"

#include <algorithm>

#include "simulators/lwm2m-server-simulator/blockwise.h"

namespace scef::lwm2m_server_simulator {
namespace {

CoapMessage answer_with(std::uint8_t code, std::string_view why = {}) {
    CoapMessage answer;
    answer.code = code;
    answer.payload = to_bytes(why);
    return answer;
}

bool has_etag(const CoapMessage& request, const Bytes& etag) {
    return std::any_of(request.options.begin(), request.options.end(),
                       [&etag](const CoapOption& option) {
                           return option.number == coap::etag && option.value == etag;
                       });
}

}  // namespace

bool FileService::is_about_files(const CoapMessage& request) {
    const auto path = request.path();
    return !path.empty() && path.front() == "files";
}

CoapMessage FileService::on_request(const std::string& peer, const CoapMessage& request) {
    const auto path = request.path();
    if (path.size() != 2) return answer_with(coap::code(4, 4));
    if (request.code != coap::get) return answer_with(coap::code(4, 5));
    const auto file = files_.find(path[1]);
    if (!file) return answer_with(coap::code(4, 4), "there is no such file");
    const ServedFile& served = **file;
    const std::size_t size = served.content.size();

    if (request.find(coap::block2) != nullptr && !Block::from(request, coap::block2)) {
        return answer_with(coap::code(4, 0), "Block2 with SZX 7");
    }
    Block block = Block::from(request, coap::block2).value_or(Block{});
    const std::size_t begin = std::size_t{block.number} * block.size();
    if (begin > 0 && begin >= size) {
        return answer_with(coap::code(4, 0), "the block lies behind the end of the file");
    }
    if (begin == 0 && has_etag(request, served.etag)) {
        CoapMessage valid = answer_with(coap::code(2, 3));
        valid.options.push_back({coap::etag, served.etag});
        return valid;
    }
    const std::size_t end = std::min(begin + block.size(), size);
    block.more = end < size;
    CoapMessage answer = answer_with(coap::code(2, 5));
    answer.options.push_back({coap::etag, served.etag});
    answer.add_uint(coap::content_format, coap::opaque);
    answer.add_uint(coap::block2, block.value());
    if (begin == 0) answer.add_uint(coap::size2, static_cast<std::uint32_t>(size));
    answer.payload.assign(served.content.begin() + static_cast<std::ptrdiff_t>(begin),
                          served.content.begin() + static_cast<std::ptrdiff_t>(end));
    told_(peer, {served.name, begin, end, size});
    return answer;
}

}  // namespace scef::lwm2m_server_simulator
