#include "lwm2m-core/client/firmware.h"

#include <utility>

#include "lwm2m-core/client/firmware_package.h"
#include "lwm2m-core/client/objects/definitions.h"

namespace scef::client {
namespace {

using coap::Block;
using coap::Message;
namespace codes = coap::codes;
namespace options = coap::options;

constexpr std::uint16_t package = 0, package_uri = 1, state_id = 3, update_result = 5, name = 6,
                        version = 7;
const Path firmware(ids::firmware_update, 0);
const Path device_model(ids::device, 0, 1), device_version(ids::device, 0, 3);

/// A package with this in its version fails while it is installed, so that result 8 can be seen.
constexpr std::string_view failing_version = "fail";

/// How long a pushed package may pause.
constexpr Duration push_patience = std::chrono::minutes(5);

/// An empty value, or the NUL that the specification names, resets the state machine.
bool is_null(const Bytes& octets) {
    return octets.empty() || (octets.size() == 1 && octets.front() == 0);
}

std::vector<Path> state_paths() {
    return {firmware.child(state_id), firmware.child(update_result), firmware.child(name),
            firmware.child(version)};
}

}  // namespace

void Firmware::set(std::uint16_t resource, std::int64_t value) {
    (void)model_.set(firmware.child(resource), value);
}

void Firmware::enter(FirmwareState next, UpdateResult result) {
    state_ = next;
    set(state_id, static_cast<std::int64_t>(next));
    set(update_result, static_cast<std::int64_t>(result));
    if (next == FirmwareState::idle) forget_package();
}

void Firmware::forget_package() {
    package_.clear();
    package_.shrink_to_fit();
    etag_.clear();
    uri_.reset();
    is_open_ = is_pushed_ = false;
    size_exponent_ = 6;
    due_ = never;
    model_.clear(firmware.child(name));
    model_.clear(firmware.child(version));
}

std::optional<coap::Code> Firmware::refuse(const Record& record) const {
    const bool is_package = record.path == firmware.child(package);
    if (!is_package && record.path != firmware.child(package_uri)) return std::nullopt;
    const bool is_reset = is_package ? is_null(std::get<Bytes>(record.value))
                                     : std::get<std::string>(record.value).empty();
    const bool is_awaited = is_package && is_pushed_ && state_ == FirmwareState::downloading;
    const bool may = state_ == FirmwareState::idle || is_awaited ||
                     (is_reset && state_ != FirmwareState::updating);
    return may ? std::nullopt : std::optional(codes::method_not_allowed);
}

std::vector<Path> Firmware::on_push_block(Instant now) {
    if (state_ != FirmwareState::idle && state_ != FirmwareState::downloading) return {};
    const bool is_first = state_ == FirmwareState::idle;
    if (is_first) enter(FirmwareState::downloading, UpdateResult::initial);
    is_pushed_ = true;
    due_ = now + push_patience;
    return is_first ? state_paths() : std::vector<Path>{};
}

std::vector<Path> Firmware::on_push_too_large() {
    if (state_ != FirmwareState::idle && !is_pushed_) return {};
    enter(FirmwareState::idle, UpdateResult::not_enough_storage);
    return state_paths();
}

std::vector<Path> Firmware::on_package_written() {
    const Value* const written = model_.peek(firmware.child(package));
    const auto* const octets = written == nullptr ? nullptr : std::get_if<Bytes>(written);
    if (octets == nullptr) return {};
    Bytes whole = *octets;
    model_.clear(firmware.child(package));  // it is write-only, and kept once
    enter(FirmwareState::idle, UpdateResult::initial);
    if (is_null(whole)) return state_paths();
    package_ = std::move(whole);
    check();
    return state_paths();
}

/// Integrity and fitness of the package that is there (Core TS, E.6.1).
void Firmware::check() {
    const auto read = read_firmware_package(package_);
    if (!read || read->model != package_model(text_at(model_, device_model))) {
        return enter(FirmwareState::idle, UpdateResult::unsupported_package);
    }
    if (crc32(read->body) != read->crc) {
        return enter(FirmwareState::idle, UpdateResult::integrity_check_failed);
    }
    enter(FirmwareState::downloaded, UpdateResult::initial);
    (void)model_.set(firmware.child(name), read->name);
    (void)model_.set(firmware.child(version), read->version);
}

std::vector<Path> Firmware::on_uri_written() {
    const std::string text = text_at(model_, firmware.child(package_uri));
    enter(FirmwareState::idle, UpdateResult::initial);
    if (text.empty()) return state_paths();
    auto uri = parse_package_uri(text);
    if (!uri) {
        const bool is_invalid = uri.error() == PackageUriProblem::invalid;
        enter(FirmwareState::idle,
              is_invalid ? UpdateResult::invalid_uri : UpdateResult::unsupported_protocol);
        return state_paths();
    }
    uri_ = std::move(*uri);
    enter(FirmwareState::downloading, UpdateResult::initial);
    return state_paths();
}

std::optional<Message> Firmware::take_request() {
    if (state_ != FirmwareState::downloading || is_open_ || !uri_) return std::nullopt;
    is_open_ = true;
    Message message;
    message.code = codes::get;
    for (const std::string& segment : uri_->path) message.add_text(options::uri_path, segment);
    for (const std::string& part : uri_->query) message.add_text(options::uri_query, part);
    Block block;
    block.size_exponent = size_exponent_;
    block.number = static_cast<std::uint32_t>(package_.size() / block.size());
    message.add_uint(options::block2, block.value());
    return message;
}

std::vector<Path> Firmware::on_block(const std::optional<Message>& response) {
    if (state_ != FirmwareState::downloading || !is_open_) return {};
    is_open_ = false;
    if (!response || response->code.code_class() == 5) {
        enter(FirmwareState::idle, UpdateResult::connection_lost);
    } else if (response->code != codes::content) {
        enter(FirmwareState::idle, UpdateResult::invalid_uri);
    } else {
        take_block(*response);
    }
    return state_ == FirmwareState::downloading ? std::vector<Path>{} : state_paths();
}

/// RFC 7959 2.4: blocks come in order, of one representation by its ETag; the server may choose
/// smaller ones at the first.
void Firmware::take_block(const Message& response) {
    const auto block = Block::from(response, options::block2).value_or(Block{});
    const coap::Option* const etag = response.find(options::etag);
    const Bytes tag = etag == nullptr ? Bytes{} : etag->value;
    const bool is_first = package_.empty();
    const bool is_next = package_.size() == block.number * block.size();
    const bool is_short = block.more && response.payload.size() != block.size();
    if (!is_next || is_short || (!is_first && tag != etag_)) {
        return enter(FirmwareState::idle, UpdateResult::connection_lost);
    }
    if (package_.size() + response.payload.size() > package_bytes_max) {
        return enter(FirmwareState::idle, UpdateResult::not_enough_storage);
    }
    etag_ = tag;
    size_exponent_ = block.size_exponent;
    package_.insert(package_.end(), response.payload.begin(), response.payload.end());
    if (!block.more) check();
}

Answer<std::vector<Path>> Firmware::update(Instant now) {
    if (state_ != FirmwareState::downloaded) return tl::unexpected(codes::method_not_allowed);
    state_ = FirmwareState::updating;
    set(state_id, static_cast<std::int64_t>(state_));
    due_ = now + update_time_;
    return std::vector<Path>{firmware.child(state_id)};
}

std::vector<Path> Firmware::on_time(Instant now, bool& restarts) {
    if (now < due_) return {};
    std::vector<Path> changed = state_paths();
    if (state_ != FirmwareState::updating) {
        enter(FirmwareState::idle, UpdateResult::connection_lost);
        return changed;
    }
    const auto read = read_firmware_package(package_);
    restarts = read && read->version.find(failing_version) == std::string::npos;
    if (restarts) {
        (void)model_.set(device_version, read->version);
        changed.push_back(device_version);
    }
    enter(FirmwareState::idle, restarts ? UpdateResult::success : UpdateResult::update_failed);
    return changed;
}

void Firmware::on_restart() {
    if (state_ == FirmwareState::downloading) {
        enter(FirmwareState::idle, UpdateResult::connection_lost);
    }
}

void Firmware::on_factory_reset() { enter(FirmwareState::idle, UpdateResult::initial); }

}  // namespace scef::client
