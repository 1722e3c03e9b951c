#include "scef-adapter/engine/external_id_index.h"

#include <utility>

namespace scef::adapter {

using queueing::DeviceIndex;

namespace {

constexpr std::size_t places_min = 8;

}  // namespace

std::uint32_t ExternalIdIndex::hash_of(std::string_view name) const {
    return static_cast<std::uint32_t>(hash_(as_bytes(name)));
}

/// Hashes in ascending order have homes in ascending order, whatever the size of the table.
std::size_t ExternalIdIndex::home(std::uint32_t hash) const {
    return static_cast<std::size_t>(std::uint64_t{hash} * places_.size() >> 32);
}

std::size_t ExternalIdIndex::search(std::string_view name, std::uint32_t hash) const {
    std::size_t place = home(hash);
    while (places_[place].device != none &&
           (places_[place].hash != hash || !is_named_(places_[place].device, name))) {
        place = after(place);
    }
    return place;
}

DeviceIndex ExternalIdIndex::find(std::string_view name) const {
    return places_.empty() ? none : places_[search(name, hash_of(name))].device;
}

void ExternalIdIndex::insert(std::string_view name, DeviceIndex device) {
    if ((size_ + 1) * 5 > places_.size() * 4) grow();
    const std::uint32_t hash = hash_of(name);
    Place& place = places_[search(name, hash)];
    if (place.device == none) ++size_;
    place = {device, hash};
}

/// Those behind it move up, unless they would end up before their home.
void ExternalIdIndex::erase(std::string_view name, DeviceIndex device) {
    if (places_.empty()) return;
    std::size_t hole = search(name, hash_of(name));
    if (places_[hole].device != device || device == none) return;
    --size_;
    const auto distance = [&](std::size_t from, std::size_t to) {
        return to >= from ? to - from : to + places_.size() - from;
    };
    for (std::size_t place = after(hole); places_[place].device != none; place = after(place)) {
        if (distance(home(places_[place].hash), place) < distance(hole, place)) continue;
        places_[hole] = places_[place];
        hole = place;
    }
    places_[hole] = {};
}

void ExternalIdIndex::grow() {
    const std::size_t size = places_.size() + places_.size() / 2;
    std::vector<Place> old(size < places_min ? places_min : size);
    old.swap(places_);
    for (const Place& moved : old) {
        if (moved.device == none) continue;
        std::size_t place = home(moved.hash);
        while (places_[place].device != none) place = after(place);
        places_[place] = moved;
    }
}

}  // namespace scef::adapter
