#pragma once

/// Messages of RFC 7252 appendix A and RFC 7641 appendix A, put into octets by RFC 7252 3. The RFC
/// prints the octets of figures 16 and 17 itself.
namespace scef::vectors {

/// RFC 7252 figure 16: a confirmable request and its piggybacked response.
inline constexpr const char* coap_figure_16_request = "40017d34 bb 74656d7065726174757265";
inline constexpr const char* coap_figure_16_response = "60457d34 ff 32322e332043";

/// Figure 17: the same with a token.
inline constexpr const char* coap_figure_17_request = "41017d35 20 bb 74656d7065726174757265";
inline constexpr const char* coap_figure_17_response = "61457d35 20 ff 32322e332043";

/// Figure 20: a separate response.
inline constexpr const char* coap_figure_20_request = "41017d38 53 bb 74656d7065726174757265";
inline constexpr const char* coap_figure_20_acknowledgement = "60007d38";
inline constexpr const char* coap_figure_20_response = "4145ad7b 53 ff 32322e332043";
inline constexpr const char* coap_figure_20_last_acknowledgement = "6000ad7b";

/// Figure 21: a client that has forgotten its request resets the separate response.
inline constexpr const char* coap_figure_21_response = "4145ad7c 64 ff 32322e332043";
inline constexpr const char* coap_figure_21_reset = "7000ad7c";

/// Figure 22: non-confirmable both ways.
inline constexpr const char* coap_figure_22_request = "51017d40 75 bb 74656d7065726174757265";
inline constexpr const char* coap_figure_22_response = "5145ad7d 75 ff 32322e332043";

/// RFC 7641 appendix A: registration with Observe 0 and the first notification, with Observe 9 and
/// Max-Age 15. The message ids are not the RFC's.
inline constexpr const char* observe_registration = "41011633 4a 60 5b 74656d7065726174757265";
inline constexpr const char* observe_notification = "61451633 4a 6109 810f ff 31382e352043656c";

}  // namespace scef::vectors
