#pragma once

#include "lwm2m-core/client/access_control.h"
#include "lwm2m-core/client/client_settings.h"
#include "lwm2m-core/client/object_model.h"
#include "lwm2m-core/vocabulary/result.h"

namespace scef::client {

/// Fills an empty model as the device leaves the factory: accounts, the objects that the settings
/// name with their values and, with several servers, access control that lets each server read and
/// write everything but the accounts of the others.
void add_initial_objects(ObjectModel& model, const ClientSettings& settings);

/// Sets one value of such a model from its plain text (Core TS 7.4.1); for the device's maker.
Status set_initial(ObjectModel& model, const Path& path, std::string_view text);

/// Gives an instance that a server has created the values it was not created with.
void complete_instance(ObjectModel& model, const Path& instance, WallTime wall);

}  // namespace scef::client
