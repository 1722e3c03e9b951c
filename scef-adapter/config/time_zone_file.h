#pragma once

#include <memory>
#include <string>

#include "lwm2m-core/vocabulary/bytes.h"
#include "lwm2m-core/vocabulary/result.h"
#include "quota/time_zone.h"

namespace scef::adapter {

/// The zone of that name ("Europe/Berlin") in the time zone database of the system; null for UTC.
/// The error says what to write instead.
Result<std::shared_ptr<const quota::TimeZone>> time_zone_named(const std::string& name);

/// A zone from a file of that database (TZif, RFC 8536), version 2 or later. Its rule for the time
/// after its last transition is followed to the year 2100.
Result<quota::TimeZone> time_zone_from_tzif(const std::string& name, ByteView file);

}  // namespace scef::adapter
