#include <algorithm>

#include "scef-adapter/engine/engine.h"

/// The tokens under which a device's requests and observations are known to it (RFC 7252 5.3.1,
/// RFC 7641 3.6): two of them at one time never share one, nor does a new one take that of an old
/// one of which the device may still speak.
namespace scef::adapter {

namespace {

constexpr std::size_t dead_tokens_max = 8;
constexpr std::size_t spent_tokens_max = 64;

}  // namespace

/// Tokens are unique among the open requests, the NON requests that may still be answered (D20) and
/// the observations of a device; a newcomer that collides is given another one on the device leg.
/// An Observe that renews or cancels keeps its observation's.
void Engine::choose_device_token(Device& device, Message& message) {
    if (message.frame.find(coap::options::observe) != nullptr) {
        for (const auto& [token, observation] : device.observations) {
            if (observation.endpoint == message.server.endpoint &&
                observation.peer == message.server.peer &&
                observation.server_token == message.server.token &&
                observation.path == message.frame.path_text()) {
                message.frame.token = token;
                return;
            }
        }
    }
    const auto is_taken = [&](const coap::Token& token) {
        const DeviceActivity& active = device.active();
        const auto& dead = device.dead_tokens;
        return active.open_by_token.contains(token) || device.observations.contains(token) ||
               std::find(dead.begin(), dead.end(), token) != dead.end() ||
               std::any_of(device.spent_tokens.begin(), device.spent_tokens.end(),
                           [&](const SpentToken& spent) {
                               return spent.token == token && is_spent(spent);
                           }) ||
               std::any_of(active.late_answers.begin(), active.late_answers.end(),
                           [&](const LateAnswer& late) {
                               return late.request.token == token && late.forget_at > turn_->now;
                           });
    };
    while (is_taken(message.frame.token)) {
        const std::uint64_t random = turn_->random.next();
        message.frame.token = coap::Token{
            static_cast<std::uint8_t>(random), static_cast<std::uint8_t>(random >> 8),
            static_cast<std::uint8_t>(random >> 16), static_cast<std::uint8_t>(random >> 24)};
    }
}

/// The longest that a copy of the request, or the answer to it, may still be on its way.
void Engine::remember_spent(Device& device, const coap::Token& token) {
    auto& spent = device.spent_tokens;
    std::erase_if(spent, [&](const SpentToken& old) { return !is_spent(old); });
    if (spent.size() >= spent_tokens_max) spent.erase(spent.begin());
    spent.push_back({token, turn_->wall + coap::exchange_lifetime});
    changed(device);
}

/// A clock that was set back makes it no longer.
bool Engine::is_spent(const SpentToken& spent) const {
    const Duration left = spent.until - turn_->wall;
    return left > Duration{} && left <= coap::exchange_lifetime;
}

/// U8: the next notification of an observation that its server does not know any more is answered
/// by RST.
void Engine::remember_dead(Device& device, const coap::Token& token) {
    auto& dead = device.dead_tokens;
    if (std::find(dead.begin(), dead.end(), token) != dead.end()) return;
    if (dead.size() >= dead_tokens_max) dead.erase(dead.begin());
    dead.push_back(token);
    changed(device);
}

}  // namespace scef::adapter
