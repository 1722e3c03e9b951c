#include "scef-adapter/admin/event_stream.h"

#include <utility>

namespace scef::adapter {
namespace {

constexpr std::size_t events_per_piece = 256;
/// Proxies and clients give up a connection that is silent for longer.
constexpr auto silence_max = std::chrono::seconds(15);

}  // namespace

EventStream::EventStream(EventFeed& feed, ColdReader& cold, EventFilter filter,
                         FeedPosition position, std::shared_ptr<std::atomic<std::size_t>> open)
    : feed_(feed),
      cold_(cold),
      filter_(std::move(filter)),
      position_(position),
      open_(std::move(open)) {
    ++*open_;
}

EventStream::~EventStream() { --*open_; }

void EventStream::next(Take take) {
    take_ = std::move(take);
    if (!std::exchange(greeted_, true)) return give("retry: 2000\n\n");
    look(false);
}

/// `is_second`: it was waited for already.
void EventStream::look(bool is_second) {
    if (closed_) return;
    if (auto page = feed_.read_memory(position_, events_per_piece)) {
        return take_page(*page, is_second);
    }
    const bool is_taken = cold_.run([self = shared_from_this(), is_second] {
        if (self->closed_) return;
        auto page = self->feed_.read_store(self->position_, events_per_piece);
        if (!page) return self->give({});  // the reader comes back with its last id
        self->take_page(*page, is_second);
    });
    if (!is_taken) give({});
}

void EventStream::take_page(const FeedPage& page, bool is_second) {
    const bool is_moved = page.next.after != position_.after;
    const bool is_at_end = page.items.empty() && page.next.sequence != 0;
    position_ = page.next;
    std::string piece;
    for (const FeedItemPtr& item : page.items) {
        if (!filter_.admits(*item)) continue;
        piece += "id: " + item->id.text() + "\nevent: " + item->type + "\ndata: " + item->json +
                 "\n\n";
    }
    if (!piece.empty()) return give(std::move(piece));
    if (is_moved) return give("id: " + position_.after.text() + "\n\n");
    if (is_second) return give(": nothing new\n\n");
    if (!is_at_end) return look(false);
    feed_.wait(position_, silence_max, [self = shared_from_this()] { self->look(true); });
}

void EventStream::give(std::string octets) {
    if (auto take = std::exchange(take_, nullptr)) take(std::move(octets));
}

}  // namespace scef::adapter
