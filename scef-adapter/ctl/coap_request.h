#pragma once

#include <string_view>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/result.h"

namespace scef::ctl {

/// The octets of a confirmable CoAP request that a person wrote as `METHOD PATH[?QUERY] [PAYLOAD]`:
/// `GET /3/0/0`, `PUT /1/0/1 300`, `POST /3/0/4`, `PUT /3303/0?pmin=10`, `OBSERVE /3303/0/5700`.
/// The payload goes as text/plain. Message id and token are the adapter's to set.
Result<Bytes> coap_request(std::string_view text);

}  // namespace scef::ctl
