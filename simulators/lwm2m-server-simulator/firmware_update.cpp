#include "simulators/lwm2m-server-simulator/firmware_update.h"

#include <array>

#include "lwm2m-core/vocabulary/base64.h"

namespace scef::lwm2m_server_simulator {
namespace {

using nlohmann::json;
using Method = FirmwareOrder::Method;

constexpr const char* package_path = "/5/0/0";
constexpr const char* uri_path = "/5/0/1";
constexpr const char* update_path = "/5/0/2";
constexpr const char* state_path = "/5/0/3";
constexpr const char* result_path = "/5/0/5";

constexpr int idle = 0, downloading = 1, downloaded = 2, updating = 3;
constexpr int initial = 0, success = 1;

/// LwM2M Core TS, object 5, resource 5.
constexpr std::array results{"initial",
                             "updated",
                             "not enough flash memory",
                             "out of RAM",
                             "connection lost while downloading",
                             "integrity check failed",
                             "unsupported package type",
                             "invalid URI",
                             "update failed",
                             "unsupported protocol"};
constexpr std::array states{"idle", "downloading", "downloaded", "updating"};

template <typename Names>
std::string name_of(const Names& names, int number) {
    const bool known = number >= 0 && static_cast<std::size_t>(number) < names.size();
    return known ? names[static_cast<std::size_t>(number)] : "unknown";
}

/// What the client said of State or Update Result.
std::optional<int> number_in(const json& payload) {
    if (!payload.is_number_integer()) return std::nullopt;
    const auto number = payload.get<std::int64_t>();
    return number >= 0 && number <= 255 ? std::optional(static_cast<int>(number)) : std::nullopt;
}

std::string text_of(const char* what, const DeviceAnswer& answer) {
    const char* const error = error_text(answer.outcome);
    return std::string(what) + ": " + (error == nullptr ? code_text(answer.code) : error);
}

}  // namespace

bool FirmwareUpdates::is_over(const Update& update) {
    return update.phase == Phase::done || update.phase == Phase::failed;
}

FirmwareUpdates::Update* FirmwareUpdates::find_open(const std::string& endpoint) {
    const auto found = updates_.find(endpoint);
    return found == updates_.end() || is_over(found->second) ? nullptr : &found->second;
}

Status FirmwareUpdates::start(const std::string& endpoint, FirmwareOrder order, Instant now) {
    if (find_open(endpoint) != nullptr) {
        return fail(Errc::conflict, "a firmware update of this client is under way");
    }
    now_ = now;
    Update& update = updates_[endpoint];
    update = Update{};
    update.number = ++started_;
    update.bytes_all = order.bytes;
    update.order = std::move(order);
    enter(endpoint, update, Phase::preparing);
    ask(endpoint, "read", {{"path", state_path}},
        [this, endpoint](Update&, const DeviceAnswer& answer) { prepare(endpoint, answer); });
    return {};
}

void FirmwareUpdates::ask(const std::string& endpoint, const char* operation, const json& body,
                          Then then, std::function<void(std::size_t, std::size_t)> on_progress) {
    const Update& update = updates_.at(endpoint);
    auto request = make_device_request(operation, body, update.order.timeout);
    if (!request) return end_as_failed(endpoint, updates_.at(endpoint), request.error().message);
    request->patience = update.order.patience;
    request->hold = update.order.patience;
    request->on_progress = std::move(on_progress);
    ask_(endpoint, std::move(*request),
         [this, endpoint, number = update.number,
          then = std::move(then)](const DeviceAnswer& answer) {
             Update* const current = find_open(endpoint);
             const bool stopped = answer.outcome == DeviceAnswer::Outcome::stopped;
             if (current != nullptr && current->number == number && !stopped)
                 then(*current, answer);
         });
}

/// A client that is in the middle of another update is brought back to Idle by an empty URI.
void FirmwareUpdates::prepare(const std::string& endpoint, const DeviceAnswer& answer) {
    Update& update = updates_.at(endpoint);
    const auto state = number_in(answer.payload);
    if (!answer.is_success() || !state) {
        return end_as_failed(endpoint, update, text_of("read of /5/0/3, State", answer));
    }
    update.state = state;
    if (*state == updating) {
        return end_as_failed(endpoint, update, "the client is installing something already");
    }
    if (*state == idle) return observe(endpoint, true);
    ask(endpoint, "write", {{"path", uri_path}, {"value", ""}},
        [this, endpoint](Update& current, const DeviceAnswer& reset) {
            if (reset.is_success()) return observe(endpoint, true);
            end_as_failed(endpoint, current, text_of("reset of the State by an empty URI", reset));
        });
}

void FirmwareUpdates::observe(const std::string& endpoint, bool gives_then) {
    ask(endpoint, "observe", {{"path", state_path}}, [](Update&, const DeviceAnswer&) {});
    if (find_open(endpoint) == nullptr) return;
    // Without observations the client is looked at when it registers or updates.
    ask(endpoint, "observe", {{"path", result_path}},
        [this, endpoint, gives_then](Update& update, const DeviceAnswer&) {
            if (gives_then) return give(endpoint, update);
            look(endpoint);
        });
}

void FirmwareUpdates::give(const std::string& endpoint, Update& update) {
    enter(endpoint, update, Phase::downloading);
    const auto given = [this, endpoint](Update& current, const DeviceAnswer& answer) {
        on_given(endpoint, current, answer);
    };
    if (update.order.method == Method::pull) {
        ask(endpoint, "write", {{"path", uri_path}, {"value", update.order.uri}}, given);
        return;
    }
    ask(endpoint, "write",
        {{"path", package_path}, {"value", to_base64(update.order.package)}, {"contentFormat", 42}},
        given, [this, endpoint, number = update.number](std::size_t bytes, std::size_t all) {
            Update* const current = find_open(endpoint);
            if (current != nullptr && current->number == number) {
                progress(endpoint, *current, bytes, all);
            }
        });
}

void FirmwareUpdates::on_given(const std::string& endpoint, Update& update,
                               const DeviceAnswer& answer) {
    const bool pushes = update.order.method == Method::push;
    if (!answer.is_success()) {
        return end_as_failed(endpoint, update,
                             text_of(pushes ? "write of the package" : "write of the URI", answer));
    }
    update.given = true;
    if (pushes && update.phase == Phase::downloading) look(endpoint);
}

/// Reads State and Update Result.
void FirmwareUpdates::look(const std::string& endpoint) {
    ask(endpoint, "read", {{"path", state_path}},
        [this, endpoint](Update& update, const DeviceAnswer& answer) {
            const auto state = answer.is_success() ? number_in(answer.payload) : std::nullopt;
            if (!state) return;
            const std::uint64_t number = update.number;
            on_state(endpoint, update, *state);
            Update* const open = find_open(endpoint);
            const bool waits = open != nullptr && open->number == number && *state == idle;
            if (!waits || (open->phase != Phase::updating && !open->given)) return;
            ask(endpoint, "read", {{"path", result_path}},
                [this, endpoint](Update& current, const DeviceAnswer& result) {
                    const auto value =
                        result.is_success() ? number_in(result.payload) : std::nullopt;
                    if (!value) return;
                    if (*value != initial) return on_result(endpoint, current, *value);
                    end_as_failed(endpoint, current,
                                  "the client is idle again and tells no result");
                });
        });
}

void FirmwareUpdates::execute(const std::string& endpoint, Update& update) {
    enter(endpoint, update, Phase::updating);
    ask(endpoint, "execute", {{"path", update_path}},
        [this, endpoint](Update& current, const DeviceAnswer& answer) {
            if (answer.is_success()) return;
            // The answer to the first Execute may have been lost, and the client been restarted.
            if (answer.code == coap::code(4, 5)) return look(endpoint);
            end_as_failed(endpoint, current, text_of("execute of /5/0/2, Update", answer));
        });
}

void FirmwareUpdates::on_state(const std::string& endpoint, Update& update, int state) {
    const bool changed = update.state != state;
    update.state = state;
    if (state == downloaded && update.phase == Phase::downloading) {
        update.given = true;
        enter(endpoint, update, Phase::downloaded);
        if (update.order.installs) return execute(endpoint, update);
        return enter(endpoint, update, Phase::done);
    }
    if (changed && (state == downloading || state == updating)) {
        events_.add("FIRMWARE_STATE", endpoint, describe(update));
    }
}

void FirmwareUpdates::on_result(const std::string& endpoint, Update& update, int result) {
    update.result = result;
    const bool matters = update.phase == Phase::updating || update.given || update.bytes > 0;
    if (result == initial || !matters) return;
    if (result == success && update.phase == Phase::updating) {
        update.state = idle;
        return enter(endpoint, update, Phase::done);
    }
    if (result != success) {
        end_as_failed(endpoint, update, "Update Result: " + name_of(results, result));
    }
}

void FirmwareUpdates::on_registered(const std::string& endpoint) {
    Update* const update = find_open(endpoint);
    if (update == nullptr || update->phase == Phase::preparing) return;
    observe(endpoint, false);
}

void FirmwareUpdates::on_updated(const std::string& endpoint) {
    Update* const update = find_open(endpoint);
    if (update == nullptr) return;
    const bool pulls = update->phase == Phase::downloading && update->given;
    if (pulls || update->phase == Phase::updating) look(endpoint);
}

void FirmwareUpdates::on_notified(const std::string& endpoint, const std::string& path,
                                  const json& payload) {
    Update* const update = find_open(endpoint);
    const auto number = number_in(payload);
    if (update == nullptr || !number) return;
    if (path == state_path) on_state(endpoint, *update, *number);
    if (path == result_path) on_result(endpoint, *update, *number);
}

void FirmwareUpdates::on_block(const std::string& endpoint, const ServedBlock& block) {
    Update* const update = find_open(endpoint);
    const bool is_pull = update != nullptr && update->order.method == Method::pull;
    if (is_pull && update->order.file == block.name && update->phase == Phase::downloading) {
        progress(endpoint, *update, block.end, block.size);
    }
}

void FirmwareUpdates::progress(const std::string& endpoint, Update& update, std::size_t bytes,
                               std::size_t all) {
    update.bytes = bytes;
    update.bytes_all = all;
    update.deadline = now_ + update.order.patience;
    events_.add("FIRMWARE_PROGRESS", endpoint,
                {{"bytes", bytes},
                 {"bytesAll", all},
                 {"percent", all == 0 ? 100 : bytes * 100 / all},
                 {"method", update.order.method == Method::push ? "push" : "pull"}});
}

void FirmwareUpdates::enter(const std::string& endpoint, Update& update, Phase phase) {
    update.phase = phase;
    update.deadline = now_ + update.order.patience;
    if (is_over(update)) update.order.package = {};
    events_.add("FIRMWARE_STATE", endpoint, describe(update));
}

void FirmwareUpdates::end_as_failed(const std::string& endpoint, Update& update,
                                    const std::string& why) {
    update.failure = why;
    enter(endpoint, update, Phase::failed);
}

void FirmwareUpdates::on_time(Instant now) {
    now_ = now;
    for (auto& [endpoint, update] : updates_) {
        if (is_over(update) || update.deadline > now) continue;
        end_as_failed(endpoint, update, "the client told nothing for as long as 'patience' says");
    }
}

json FirmwareUpdates::describe(const Update& update) {
    static constexpr std::array phases{"PREPARING", "DOWNLOADING", "DOWNLOADED",
                                       "UPDATING",  "DONE",        "FAILED"};
    json data{{"phase", phases[static_cast<std::size_t>(update.phase)]},
              {"method", update.order.method == Method::push ? "push" : "pull"},
              {"bytes", update.bytes},
              {"bytesAll", update.bytes_all}};
    if (!update.order.file.empty()) data["file"] = update.order.file;
    if (!update.order.uri.empty()) data["uri"] = update.order.uri;
    if (update.state) data["state"] = *update.state;
    if (update.state) data["stateName"] = name_of(states, *update.state);
    if (update.result) data["result"] = *update.result;
    if (update.result) data["resultName"] = name_of(results, *update.result);
    if (!update.failure.empty()) data["failure"] = update.failure;
    return data;
}

json FirmwareUpdates::to_json(const std::string& endpoint) const {
    const auto found = updates_.find(endpoint);
    return found == updates_.end() ? json() : describe(found->second);
}

}  // namespace scef::lwm2m_server_simulator
