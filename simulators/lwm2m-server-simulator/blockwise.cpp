#include "simulators/lwm2m-server-simulator/blockwise.h"

#include <algorithm>

namespace scef::lwm2m_server_simulator {
namespace {

constexpr std::size_t whole_payload_max = 1024;
constexpr std::size_t collected_max = 1024 * 1024;
constexpr unsigned restarts_max = 3;

}  // namespace

std::uint32_t Block::value() const { return number << 4 | (more ? 8u : 0u) | size_exponent; }

std::optional<Block> Block::from(const CoapMessage& message, std::uint16_t option_number) {
    const auto value = message.uint_option(option_number);
    if (!value || (*value & 7) == 7) return std::nullopt;
    return Block{*value >> 4, (*value & 8) != 0, *value & 7};
}

CoapMessage BlockwiseTransfer::next_message() const {
    CoapMessage message = request_;
    if (wanted_) {
        message.remove(coap::observe);
        message.payload.clear();
        message.remove(coap::content_format);
        message.add_uint(coap::block2, wanted_->value());
        return message;
    }
    const bool small = request_.payload.size() <= whole_payload_max && sent_.size_exponent == 6;
    if (small || request_done_) return message;
    const std::size_t begin = std::min(sent_.number * sent_.size(), request_.payload.size());
    const std::size_t end = std::min(begin + sent_.size(), request_.payload.size());
    Block block = sent_;
    block.more = end < request_.payload.size();
    message.payload = Bytes(request_.payload.begin() + static_cast<std::ptrdiff_t>(begin),
                            request_.payload.begin() + static_cast<std::ptrdiff_t>(end));
    message.add_uint(coap::block1, block.value());
    if (block.number == 0) {
        message.add_uint(coap::size1, static_cast<std::uint32_t>(request_.payload.size()));
    }
    return message;
}

bool BlockwiseTransfer::is_of_other_block(const CoapMessage& response) const {
    const auto block = Block::from(response, coap::block1);
    const bool is_sending = !request_done_ && !wanted_ && sent_.number > 0;
    return block && is_sending && block->number != sent_.number &&
           block->number * block->size() != sent_.number * sent_.size();
}

std::size_t BlockwiseTransfer::arrived() const {
    return std::min(sent_.number * sent_.size(), request_.payload.size());
}

bool BlockwiseTransfer::restart_after(const CoapMessage& response) {
    if (response.code != coap::code(4, 8) || sent_.number == 0) return false;
    if (restarts_++ == restarts_max) return false;
    sent_.number = 0;
    return true;
}

bool BlockwiseTransfer::advance(CoapMessage& response) {
    if (!wanted_ && advance_request(response)) return true;
    request_done_ = true;
    return advance_response(response);
}

bool BlockwiseTransfer::advance_request(const CoapMessage& response) {
    if (!request_done_ && restart_after(response)) return true;
    const auto block = Block::from(response, coap::block1);
    if (!block || request_done_) return false;
    const bool smaller = block->size_exponent < sent_.size_exponent;
    if (response.code == coap::code(4, 13) && smaller && sent_.number == 0) {
        sent_.size_exponent = block->size_exponent;
        return true;
    }
    if (response.code != coap::code(2, 31)) return false;
    const std::size_t taken = (std::size_t{sent_.number} + 1) * sent_.size();
    if (smaller) sent_.size_exponent = block->size_exponent;
    sent_.number = static_cast<std::uint32_t>(taken / sent_.size());
    return taken < request_.payload.size();
}

bool BlockwiseTransfer::advance_response(CoapMessage& response) {
    const auto block = Block::from(response, coap::block2);
    if (!block || !coap::is_success(response.code)) return false;
    const bool in_order = block->number * block->size() == collected_.size();
    if (in_order)
        collected_.insert(collected_.end(), response.payload.begin(), response.payload.end());
    if (in_order && block->more && collected_.size() < collected_max) {
        wanted_ = Block{block->number + 1, false, block->size_exponent};
        return true;
    }
    response.payload = collected_;
    return false;
}

std::uint8_t BlockAssembly::add(const std::string& peer, CoapMessage& request) {
    if (request.find(coap::block1) == nullptr) return 0;
    const auto block = Block::from(request, coap::block1);
    if (!block) return coap::code(4, 0);
    std::string key = peer;
    for (const std::string& segment : request.path()) key += "/" + segment;

    if (block->number == 0) parts_[key].clear();
    const auto part = parts_.find(key);
    if (part == parts_.end() || part->second.size() != block->number * block->size()) {
        return coap::code(4, 8);
    }
    if (part->second.size() + request.payload.size() > payload_bytes_max) {
        parts_.erase(part);
        return coap::code(4, 13);
    }
    part->second.insert(part->second.end(), request.payload.begin(), request.payload.end());
    if (block->more) return coap::code(2, 31);
    request.payload = std::move(part->second);
    parts_.erase(part);
    return 0;
}

}  // namespace scef::lwm2m_server_simulator
