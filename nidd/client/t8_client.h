#pragma once

#include <functional>

#include "nidd/types/t8_exchange.h"

namespace scef::nidd {

/// The way to one SCEF: makes T8 calls and reports how each ended. One implementation speaks
/// HTTP/1.1 with Boost.Beast (`beast_t8_client.h`); an HTTP/2 one can take its place.
/// Belongs to one worker thread: `submit` is called there and `done` is called there, exactly once,
/// never before `submit` returned.
class T8Client {
public:
    using Done = std::function<void(T8Answer)>;

    virtual ~T8Client() = default;
    virtual void submit(T8Request request, Done done) = 0;
};

}  // namespace scef::nidd
