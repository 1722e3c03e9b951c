#include "nidd/client/replaceable_client.h"

#include <utility>

#include <boost/asio/post.hpp>

namespace scef::nidd {

ReplaceableClient::ReplaceableClient(boost::asio::io_context& context,
                                     std::unique_ptr<T8Client> client)
    : context_(context) {
    generations_.push_back({std::move(client)});
}

void ReplaceableClient::submit(T8Request request, Done done) {
    Generation& generation = generations_.back();
    ++generation.open;
    generation.client->submit(std::move(request),
                              [this, &generation, done = std::move(done)](T8Answer answer) {
                                  --generation.open;
                                  forget_ended();
                                  done(std::move(answer));
                              });
}

void ReplaceableClient::replace(std::unique_ptr<T8Client> client) {
    generations_.push_back({std::move(client)});
    forget_ended();
}

/// Later: it may be one of them that calls.
void ReplaceableClient::forget_ended() {
    if (generations_.size() == 1) return;
    boost::asio::post(context_, [this, alive = std::weak_ptr(alive_)] {
        if (alive.expired()) return;
        const Generation* const used = &generations_.back();
        generations_.remove_if(
            [used](const Generation& one) { return one.open == 0 && &one != used; });
    });
}

}  // namespace scef::nidd
