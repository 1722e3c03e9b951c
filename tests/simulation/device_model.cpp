#include "tests/simulation/device_model.h"

#include "tests/simulation/describe.h"
#include "tests/simulation/oracle.h"

namespace scef::simulation {
namespace {

constexpr std::size_t answers_kept = 32;

}  // namespace

coap::Message DeviceModel::request(coap::Code code, std::string_view path,
                                   const std::string& name) {
    coap::Message message;
    message.code = code;
    message.message_id = next_id_++;
    const std::uint16_t token = next_token_++;
    message.token =
        coap::Token{static_cast<std::uint8_t>(token >> 8), static_cast<std::uint8_t>(token)};
    message.add_text(coap::options::uri_path, path);
    message.payload = to_bytes(name);
    return message;
}

void DeviceModel::ask(coap::Message message, const std::string& name) {
    asked_[message.token] = {message.message_id, name};
    if (stage_.chance(60) && message.path_text() == "/dp") {
        message.type = coap::Type::non_confirmable;
        return transmit(coap::serialize(message));
    }
    send_until_acknowledged(message);
}

void DeviceModel::send_until_acknowledged(const coap::Message& message) {
    unacknowledged_[message.message_id] = true;
    repeat(message.message_id, coap::serialize(message), 8s, 3, life_);
}

void DeviceModel::repeat(std::uint16_t message_id, Bytes octets, Duration pause, int copies,
                         std::uint32_t life) {
    if (life != life_ || !unacknowledged_.contains(message_id)) return;
    transmit(octets);
    if (copies == 0) {
        unacknowledged_.erase(message_id);
        return;
    }
    stage_.after(pause, [this, message_id, octets = std::move(octets), pause, copies, life] {
        repeat(message_id, octets, pause * 2, copies - 1, life);
    });
}

void DeviceModel::wake(Duration how_long) {
    awake_until_ = std::max(awake_until_, stage_.now + how_long);
    if (on_wake) on_wake();
}

void DeviceModel::send_data() {
    const std::string name = "u" + std::to_string(stage_.next_serial++);
    if (opaque_) return transmit(to_bytes("\xff" + name));
    ask(request(coap::codes::post, "dp", name), name);
}

void DeviceModel::register_() {
    const std::string name = "u" + std::to_string(stage_.next_serial++);
    coap::Message message = request(coap::codes::post, "rd", name);
    message.add_text(coap::options::uri_query, "ep=" + external_id_.substr(0, 4));
    message.add_text(coap::options::uri_query, "lt=86400");
    message.add_text(coap::options::uri_query, "b=N");
    if (stage_.chance(300)) message.add_text(coap::options::uri_query, "Q");
    observations_.clear();  // LwM2M Core 6.4
    observable_ = true;
    ask(std::move(message), name);
}

void DeviceModel::deregister() {
    coap::Message message = request(coap::codes::del, "rd", "");
    message.add_text(coap::options::uri_path, "5a");
    observations_.clear();
    observable_ = false;
    ask(std::move(message), "");
}

void DeviceModel::notify() {
    if (observations_.empty()) return;
    auto chosen = observations_.begin();
    std::advance(chosen, static_cast<std::ptrdiff_t>(stage_.random.below(observations_.size())));
    coap::Message message;
    message.code = coap::codes::content;
    message.message_id = next_id_++;
    message.token = chosen->first;
    message.add_uint(coap::options::observe, ++chosen->second.sequence);
    message.payload =
        to_bytes("n" + chosen->second.number + "." + std::to_string(stage_.next_serial++));
    if (stage_.chance(300)) {
        message.type = coap::Type::non_confirmable;
        return transmit(coap::serialize(message));
    }
    send_until_acknowledged(message);
}

void DeviceModel::ping() {
    coap::Message message;
    message.message_id = next_id_++;
    transmit(coap::serialize(message));
}

void DeviceModel::reboot() {
    ++life_;
    unacknowledged_.clear();
    asked_.clear();
    observations_.clear();
    answered_.clear();
    answered_order_.clear();
    next_id_ = static_cast<std::uint16_t>(7000 + stage_.random.below(50));
    stage_.history.note(stage_.now, [&] { return external_id_ + " reboots"; });
    if (!opaque_) register_();
}

void DeviceModel::receive(const Bytes& frame) {
    stage_.history.note(stage_.now, [&] { return external_id_ + " hears " + describe(frame); });
    if (opaque_) {
        if (!stage_.chance(300)) send_data();
        return;
    }
    const auto message = coap::parse(frame);
    if (!message) return;
    if (message->code.is_request()) return execute(*message);
    if (message->type != coap::Type::confirmable) unacknowledged_.erase(message->message_id);
    if (message->type == coap::Type::reset) {
        std::erase_if(observations_, [&](const auto&) { return stage_.random.below(2) == 0; });
    }
    if (message->code.is_response()) judge_answer(*message);
    if (message->type == coap::Type::confirmable && !stage_.chance(stage_.weather.devices)) {
        transmit(coap::serialize(coap::make_ack(message->message_id)));
    }
}

/// The answer to one of our questions: it repeats the question's name.
void DeviceModel::judge_answer(const coap::Message& response) {
    const auto found = asked_.find(response.token);
    if (found == asked_.end()) return;
    if (response.type == coap::Type::confirmable) unacknowledged_.erase(found->second.message_id);
    if (response.code.code_class() != 2) return;
    const std::string wanted = "a" + found->second.name;
    if (as_text(response.payload) != wanted) {
        oracle_.verdicts.broken("answers", external_id_ + " asked " + found->second.name +
                                               " and was answered '" +
                                               std::string(as_text(response.payload)) + "'");
    }
}

void DeviceModel::remember(std::uint16_t message_id, Bytes answer) {
    if (!answered_.contains(message_id)) answered_order_.push_back(message_id);
    answered_[message_id] = std::move(answer);
    if (answered_order_.size() <= answers_kept) return;
    answered_.erase(answered_order_.front());
    answered_order_.pop_front();
}

void DeviceModel::execute(const coap::Message& request) {
    if (const auto known = answered_.find(request.message_id); known != answered_.end()) {
        if (!known->second.empty()) transmit(known->second);
        return;
    }
    remember(request.message_id, {});
    const std::string number(request.query("s").value_or("?"));
    const auto observe = request.uint_option(coap::options::observe);
    if (observe) observations_.erase(request.token);
    const bool observes = observe == 0u && observable_;
    if (observes) observations_[request.token] = {number, 1};
    if (stage_.fault(Fault::device_silent, stage_.weather.devices)) return;
    if (stage_.fault(Fault::device_resets, stage_.weather.devices / 4)) {
        return transmit(coap::serialize(coap::make_reset(request.message_id)));
    }
    coap::Message response = coap::make_response(
        request, request.code == coap::codes::get ? coap::codes::content : coap::codes::changed);
    if (observes) response.add_uint(coap::options::observe, 1);
    response.payload = to_bytes("r" + number);
    if (response.type == coap::Type::non_confirmable) response.message_id = next_id_++;
    answer(request, std::move(response));
}

void DeviceModel::answer(const coap::Message& request, coap::Message response) {
    const auto later = [this](Duration delay, auto what) {
        stage_.after(delay, [this, what = std::move(what), life = life_] {
            if (life == life_) what();
        });
    };
    if (!stage_.fault(Fault::device_slow, stage_.weather.devices)) {
        const Bytes octets = coap::serialize(response);
        remember(request.message_id, octets);
        return later(stage_.between(50ms, 1500ms), [this, octets] { transmit(octets); });
    }
    if (request.type == coap::Type::confirmable && !stage_.chance(200)) {
        transmit(coap::serialize(coap::make_ack(request.message_id)));
    }
    response.type = coap::Type::confirmable;
    response.message_id = next_id_++;
    later(stage_.between(1s, 150s), [this, response] { send_until_acknowledged(response); });
}

}  // namespace scef::simulation
