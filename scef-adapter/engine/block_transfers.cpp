#include "scef-adapter/engine/block_transfers.h"

#include <algorithm>

#include "scef-adapter/engine/engine.h"

/// D23: block-wise transfers (RFC 7959). One begins only when it can be carried through, and when
/// a block of it is lost the others are not sent for nothing.
namespace scef::adapter {

using coap::Block;
using queueing::DeviceLeg;
using queueing::MessageKind;
using queueing::Reason;

namespace {

bool is_block(const coap::Message& request) {
    return request.find(coap::options::block1) != nullptr ||
           request.find(coap::options::block2) != nullptr;
}

}  // namespace

bool begins_transfer(const queueing::Message& message) {
    if (message.kind != MessageKind::request || message.attempts > 0) return false;
    const auto block = Block::from(message.frame, coap::options::block1);
    return block && block->number == 0 && block->more;
}

std::uint32_t frames_of(const queueing::Message& message) {
    constexpr std::uint32_t unknown = 2;  // this block and the next
    if (!begins_transfer(message)) return 1;
    const auto size = message.frame.uint_option(coap::options::size1);
    const std::size_t block = Block::from(message.frame, coap::options::block1)->size();
    return size ? static_cast<std::uint32_t>(std::max<std::size_t>((*size + block - 1) / block, 1))
                : unknown;
}

/// A block was lost: what else waits here of the same transfer ends with it.
void Engine::flush_transfer(Device& device, const Message& lost) {
    if (lost.kind != MessageKind::request || !is_block(lost.frame)) return;
    const coap::Message frame = lost.frame;
    const queueing::ServerExchange asker = lost.server;
    const std::vector<MessageId> ids = device.active().messages;
    for (const MessageId& id : ids) {
        Message* message = message_at(id);
        if (message == nullptr || message->id == lost.id || !message->queued_here ||
            message->kind != MessageKind::request || !is_block(message->frame) ||
            message->frame.code != frame.code || message->frame.path_text() != frame.path_text() ||
            message->server.state == queueing::ServerLeg::none ||
            message->server.endpoint != asker.endpoint || message->server.peer != asker.peer) {
            continue;
        }
        cancel_waiting(device, *message, Reason::block_transfer);
    }
}

}  // namespace scef::adapter
