#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <set>

#include "queueing/message.h"

namespace scef::queueing {

/// The messages that wait for one device, in sending order: order class, then priority, then age
/// (exchanges D8). Holds names only; the engine owns the messages. Pure.
class DeviceQueue {
public:
    void push(const Message& message) { places_.insert(place_of(message)); }
    void erase(const Message& message) { places_.erase(place_of(message)); }

    std::size_t size() const { return places_.size(); }
    bool empty() const { return places_.empty(); }

    /// The first message of an order class at or after `from`; an empty id if there is none.
    MessageId head(OrderClass from = OrderClass::reply) const {
        const auto place = places_.lower_bound(Place{from, 0, MessageId()});
        return place == places_.end() ? MessageId() : place->id;
    }

    template <typename Visit>
    void for_each(Visit visit) const {
        for (const Place& place : places_) visit(place.id);
    }

    /// A message and why it has its place.
    struct Place {
        OrderClass order_class;
        std::uint8_t haste;  ///< 0 is the most urgent priority
        MessageId id;
        friend auto operator<=>(const Place&, const Place&) = default;
    };
    /// In sending order; `push` of each one gives the same queue again.
    const std::set<Place>& places() const { return places_; }
    void push(const Place& place) { places_.insert(place); }

    /// Those that go before a message that comes now.
    template <typename Visit>
    void for_each_before(const Message& newcomer, Visit visit) const {
        Place end = place_of(newcomer);
        end.id = MessageId();
        ++end.haste;
        const auto behind = places_.lower_bound(end);
        for (auto place = places_.begin(); place != behind; ++place) visit(place->id);
    }

private:
    static Place place_of(const Message& message) {
        const auto haste = static_cast<std::uint8_t>(static_cast<unsigned>(Priority::emergency) -
                                                     static_cast<unsigned>(message.priority));
        return {message.order_class, haste, message.id};
    }

    std::set<Place> places_;
};

}  // namespace scef::queueing
