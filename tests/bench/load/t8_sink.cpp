#include "tests/bench/load/t8_sink.h"

#include <memory>
#include <string_view>
#include <utility>

#include <boost/asio/steady_timer.hpp>

#include "lwm2m-core/vocabulary/base64.h"
#include "nidd/types/t8_json.h"

namespace scef::bench {
namespace {

namespace http = boost::beast::http;

/// The value of a text member of a compact JSON object; empty if it is not there. The hot bodies
/// are the adapter's own, so there is no need to read them with care.
std::string_view text_member(std::string_view body, std::string_view name) {
    const auto at = body.find(name);
    if (at == std::string_view::npos) return {};
    const auto begin = at + name.size();
    return body.substr(begin, body.find('"', begin) - begin);
}

std::string path_of_url(const std::string& url) {
    const auto authority = url.find("://");
    const auto path = authority == std::string::npos ? 0 : url.find('/', authority + 3);
    return path == std::string::npos ? "/" : url.substr(path);
}

}  // namespace

T8Sink::T8Sink(boost::asio::io_context& context, Fleet& fleet)
    : context_(context),
      fleet_(fleet),
      server_(context,
              [this](HttpRequest request, const HttpReply& reply) { handle(request, reply); }) {}

void T8Sink::handle(const HttpRequest& request, const HttpReply& reply) {
    const auto target = request.target();
    const bool posts = request.method() == http::verb::post;
    if (posts && target.ends_with("/downlink-data-deliveries"))
        return take_delivery(request, reply);
    if (posts && target.ends_with("/configurations")) return create_configuration(request, reply);
    reply(http_response("501 Not Implemented", {}));
}

void T8Sink::create_configuration(const HttpRequest& request, const HttpReply& reply) {
    auto configuration = nidd::parse_configuration(request.body());
    const auto device = configuration ? Fleet::number_of(configuration->external_id) : std::nullopt;
    if (!device || *device >= fleet_.size()) return reply(http_response("400 Bad Request", {}));
    ++configurations_;
    fleet_.at(*device).notification_target = path_of_url(configuration->notification_destination);
    configuration->self =
        api_root() + std::string(request.target()) + "/" + Fleet::configuration_id(*device);
    configuration->status = "ACTIVE";
    configuration->maximum_packet_size = 12'800;
    reply(http_response("201 Created", nidd::to_json(*configuration),
                        "Location: " + configuration->self + "\r\n"));
}

void T8Sink::take_delivery(const HttpRequest& request, const HttpReply& reply) {
    const auto target = request.target();
    const auto device = Fleet::number_of({target.data(), target.size()});
    const auto octets = from_base64(text_member(request.body(), "\"data\":\""));
    if (!device || !octets) return reply(http_response("400 Bad Request", {}));
    const std::string self = api_root() + std::string(target) + "/" + std::to_string(++deliveries_);
    std::string body = request.body();
    body.back() = ',';
    body.append(R"("deliveryStatus":"SUCCESS_NEXT_HOP_ACKNOWLEDGED","self":")");
    body.append(self).append("\"}");
    std::string response = http_response("201 Created", body, "Location: " + self + "\r\n");
    if (delay_ > Duration::zero()) {
        auto timer = std::make_shared<boost::asio::steady_timer>(context_, delay_);
        timer->async_wait([timer, reply, response = std::move(response), this, device = *device,
                           octets = *octets](const boost::system::error_code& error) {
            if (error) return;
            reply(response);
            if (on_delivery_) on_delivery_(device, octets);
        });
        return;
    }
    reply(std::move(response));
    if (on_delivery_) on_delivery_(*device, *octets);
}

std::string uplink_body(std::size_t device, ByteView octets) {
    std::string body;
    body.reserve(256 + octets.size() * 2);
    body.append(R"({"niddConfiguration":"/3gpp-nidd/v1/lwm2m-dm/configurations/)")
        .append(Fleet::configuration_id(device))
        .append(R"(","externalId":")")
        .append(Fleet::external_id(device))
        .append(R"(","data":")")
        .append(to_base64(octets))
        .append("\"}");
    return body;
}

}  // namespace scef::bench
