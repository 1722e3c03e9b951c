#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "scef-adapter/config/config.h"

namespace scef::adapter {

/// The configuration in force, shared by all copies of this: a reload replaces it for all of them.
/// What a caller was given stays as it is for as long as the caller holds it. Thread-safe.
class LiveConfig {
public:
    LiveConfig(std::shared_ptr<const Config> config)  // NOLINT(google-explicit-constructor)
        : place_(std::make_shared<Place>()) {
        place_->config = std::move(config);
    }

    std::shared_ptr<const Config> get() const {
        const std::lock_guard lock(place_->mutex);
        return place_->config;
    }
    /// For one member at a time: the next call may see the next configuration.
    std::shared_ptr<const Config> operator->() const { return get(); }

    void set(std::shared_ptr<const Config> config) {
        const std::lock_guard lock(place_->mutex);
        place_->config = std::move(config);
    }

private:
    struct Place {
        std::mutex mutex;
        std::shared_ptr<const Config> config;
    };
    std::shared_ptr<Place> place_;
};

}  // namespace scef::adapter
