#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include <boost/beast/http.hpp>

#include "lwm2m-core/vocabulary/bytes.h"
#include "nidd/endpoint/http_policy.h"

namespace {

namespace http = boost::beast::http;
using namespace scef::nidd;

/// Whatever our policy lets pass, an independent parser must read alike.
void compare_with_beast(std::string_view octets, const HttpHead& head) {
    http::request_parser<http::string_body> beast;
    beast.header_limit(16 * 1024);
    boost::system::error_code error;
    beast.put(boost::asio::buffer(octets.data(), head.octets), error);
    if (error && error != http::error::need_more) std::abort();
    if (!beast.is_header_done()) std::abort();
    const auto& read = beast.get();
    if (std::string_view(read.method_string()) != head.request.method) std::abort();
    const std::string target =
        head.request.path + (head.request.query.empty() ? "" : "?" + head.request.query);
    if (std::string_view(read.target()).substr(0, target.size()) != target) std::abort();
    if (beast.chunked() != head.chunked) std::abort();
    if (!head.chunked && beast.content_length().value_or(0) != head.content_length) std::abort();
}

}  // namespace

/// Head and chunked body of a request: no crash, no growth beyond the limits, the same result in
/// one piece and octet by octet.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view octets = scef::as_text({data, size});
    const HttpPolicy policy;
    const auto found = read_head(octets, policy);
    if (const auto* head = std::get_if<HttpHead>(&found)) {
        if (head->octets > octets.size() || head->octets > policy.header_octets) std::abort();
        if (head->content_length > policy.body_octets) std::abort();
        compare_with_beast(octets, *head);
    }
    ChunkedBody whole(1000);
    ChunkedBody pieces(1000);
    std::string whole_body;
    std::string pieces_body;
    std::string_view input = octets;
    const auto state = whole.take(input, whole_body);
    auto piece_state = ChunkedBody::State::incomplete;
    for (std::size_t i = 0; i < size && piece_state == ChunkedBody::State::incomplete; ++i) {
        std::string_view piece = octets.substr(i, 1);
        piece_state = pieces.take(piece, pieces_body);
    }
    if (state != piece_state || whole_body != pieces_body || whole_body.size() > 1000) std::abort();
    return 0;
}
