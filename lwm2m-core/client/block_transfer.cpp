#include "lwm2m-core/client/block_transfer.h"

#include <algorithm>

namespace scef::client {

using coap::Block;
namespace codes = coap::codes;
namespace options = coap::options;

std::optional<coap::Code> RequestBlocks::take(coap::Message& request, std::size_t payload_max) {
    const auto block = Block::from(request, options::block1);
    if (!block) return std::nullopt;
    std::string key = request.code.text() + request.path_text();
    if (block->number == 0) {
        payload_.clear();
        key_ = std::move(key);
    } else if (key != key_ || payload_.size() != block->number * block->size()) {
        return codes::request_entity_incomplete;
    }
    if (payload_.size() + request.payload.size() > payload_max) {
        return codes::request_entity_too_large;
    }
    payload_.insert(payload_.end(), request.payload.begin(), request.payload.end());
    if (block->more) return codes::continue_;
    request.payload = std::move(payload_);
    payload_.clear();
    key_.clear();
    return std::nullopt;
}

void cut_to_block(coap::Message& response, const coap::Message* request) {
    const auto asked = request ? Block::from(*request, options::block2) : std::nullopt;
    Block block = asked.value_or(Block{});
    if (response.payload.empty() || (!asked && response.payload.size() <= block.size())) return;
    const std::size_t offset = block.number * block.size();
    if (offset >= response.payload.size()) {
        response.code = codes::bad_request;
        response.payload.clear();
        response.remove(options::content_format);
        return;
    }
    const std::size_t end = std::min(offset + block.size(), response.payload.size());
    block.more = end < response.payload.size();
    response.add_uint(options::block2, block.value());
    const auto begin = response.payload.begin();
    response.payload = Bytes(begin + static_cast<std::ptrdiff_t>(offset),
                             begin + static_cast<std::ptrdiff_t>(end));
}

}  // namespace scef::client
