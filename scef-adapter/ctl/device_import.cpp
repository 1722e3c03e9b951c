#include "scef-adapter/ctl/device_import.h"

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>

namespace scef::ctl {
namespace {

constexpr int tries_max = 5;

/// Hands out lines to the connections and collects what became of them.
class Import {
public:
    Import(const std::vector<DeviceLine>& devices, const std::function<void(std::size_t)>& progress)
        : devices_(devices), progress_(progress) {}

    void run(ApiClient& client) {
        while (const DeviceLine* line = next()) note(*line, provision(client, *line));
    }

    ImportSummary take() {
        std::sort(summary_.failed.begin(), summary_.failed.end(),
                  [](const auto& a, const auto& b) { return a.line < b.line; });
        return std::move(summary_);
    }

private:
    const DeviceLine* next() {
        const std::lock_guard lock(mutex_);
        return next_ < devices_.size() ? &devices_[next_++] : nullptr;
    }

    /// A busy adapter (429, 503) is asked again, a little later each time.
    Result<ApiAnswer> provision(ApiClient& client, const DeviceLine& line) {
        {
            const std::lock_guard lock(mutex_);
            if (unreachable_) return tl::unexpected<Error>(*unreachable_);
        }
        for (int attempt = 1;; ++attempt) {
            auto answer = client.post("/api/v1/devices", line.body);
            const bool busy = answer && (answer->status == 429 || answer->status == 503);
            if (!busy || attempt == tries_max) return answer;
            std::this_thread::sleep_for(std::chrono::milliseconds(200) * attempt);
        }
    }

    void note(const DeviceLine& line, const Result<ApiAnswer>& answer) {
        const std::lock_guard lock(mutex_);
        if (!answer) {
            unreachable_ = answer.error();
            summary_.failed.push_back({line.line, answer.error().message});
        } else if (answer->status == 201) {
            ++summary_.created;
        } else if (answer->is_success()) {
            ++summary_.unchanged;
        } else {
            summary_.failed.push_back({line.line, line.external_id + ": " + sentence_of(*answer)});
        }
        progress_(++done_);
    }

    const std::vector<DeviceLine>& devices_;
    const std::function<void(std::size_t)>& progress_;
    std::mutex mutex_;
    std::size_t next_ = 0;
    std::size_t done_ = 0;
    std::optional<Error> unreachable_;
    ImportSummary summary_;
};

}  // namespace

Result<ImportSummary> import_devices(const ApiAddress& address,
                                     const std::vector<DeviceLine>& devices,
                                     std::size_t connections,
                                     const std::function<void(std::size_t)>& progress) {
    std::vector<std::unique_ptr<ApiClient>> clients;
    for (std::size_t i = 0; i < std::min(connections, devices.size()); ++i) {
        auto client = ApiClient::open(address);
        if (!client) return tl::unexpected<Error>(std::move(client.error()));
        clients.push_back(std::move(*client));
    }
    Import import(devices, progress);
    std::vector<std::thread> threads;
    threads.reserve(clients.size());
    for (const auto& client : clients) threads.emplace_back([&] { import.run(*client); });
    for (std::thread& thread : threads) thread.join();
    return import.take();
}

}  // namespace scef::ctl
