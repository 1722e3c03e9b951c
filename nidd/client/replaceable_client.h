#pragma once

#include <cstddef>
#include <list>
#include <memory>

#include <boost/asio/io_context.hpp>

#include "nidd/client/t8_client.h"

namespace scef::nidd {

/// A client that another one may take the place of while calls are open: new certificates, another
/// secret. Each call ends with the client that it began with, which goes when its last call ended.
/// Belongs to the thread of its `io_context`; after its end no `done` is called any more.
class ReplaceableClient final : public T8Client {
public:
    ReplaceableClient(boost::asio::io_context& context, std::unique_ptr<T8Client> client);

    void submit(T8Request request, Done done) override;
    void replace(std::unique_ptr<T8Client> client);

    /// That are still there.
    std::size_t clients() const { return generations_.size(); }

private:
    struct Generation {
        std::unique_ptr<T8Client> client;
        std::size_t open = 0;
    };

    void forget_ended();

    boost::asio::io_context& context_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
    std::list<Generation> generations_;  ///< the last one is in use
};

}  // namespace scef::nidd
