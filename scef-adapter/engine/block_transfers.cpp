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

constexpr std::uint32_t blocks_unknown = 2;  ///< without Size1: this block and the next

bool begins_transfer(const coap::Message& request) {
    const auto block = Block::from(request, coap::options::block1);
    return block && block->number == 0 && block->more;
}

/// Of a transfer that begins: how many frames it takes, by Size1.
std::uint32_t blocks_of(const coap::Message& request) {
    const auto block = Block::from(request, coap::options::block1);
    const auto size = request.uint_option(coap::options::size1);
    if (!block || !size) return blocks_unknown;
    const auto blocks = (*size + block->size() - 1) / block->size();
    return static_cast<std::uint32_t>(std::max<std::size_t>(blocks, 1));
}

bool is_block(const coap::Message& request) {
    return request.find(coap::options::block1) != nullptr ||
           request.find(coap::options::block2) != nullptr;
}

}  // namespace

/// A transfer begins inside a window, and when its estimated blocks fit the quota or fill it.
std::optional<Engine::Hold> Engine::transfer_hold(const Device& device,
                                                  const Message& message) const {
    if (message.kind != MessageKind::request || message.attempts > 0) return std::nullopt;
    if (!begins_transfer(message.frame)) return std::nullopt;
    const bool hands_over = message.send_now || device.profile->hold == adapter::Hold::scef;
    if (!hands_over) {
        const Window window = window_of(device);
        if (!window.open) return Hold{Reason::awaiting_window, window.until};
    }
    const std::uint32_t blocks = blocks_of(message.frame);
    const double reserve =
        message.priority == queueing::Priority::emergency ? 0 : device.quota->emergency_reserve;
    const Instant earliest =
        device.downlink_quota->earliest(*turn_, blocks * message.octets().size(), reserve, blocks);
    if (earliest > turn_->now) return Hold{Reason::quota, earliest};
    return std::nullopt;
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
