#include "scef-adapter/admin/scef_resource.h"

#include "scef-adapter/admin/body_reader.h"
#include "scef-adapter/doctor/report_json.h"

namespace scef::adapter {
namespace {

constexpr std::size_t external_id_octets_max = 254;

Result<ExternalId> device_in(const Json& body) {
    BodyReader reader(body);
    const std::string text = reader.required_text("externalId", external_id_octets_max);
    if (auto valid = reader.finish(); !valid) return tl::unexpected<Error>(valid.error());
    auto id = ExternalId::parse(text);
    if (!id) return fail(Errc::invalid_argument, "externalId: " + id.error().message);
    return id;
}

}  // namespace

std::vector<Route> ScefResource::routes() {
    return {
        {"GET",
         "/api/v1/scefs",
         Role::read,
         false,
         {},
         [this](const ApiCallPtr& call) { list(call); }},
        {"POST",
         "/api/v1/scefs/{name}:doctor",
         Role::admin,
         true,
         {},
         [this](const ApiCallPtr& call) { examine(call); }},
        {"GET",
         "/api/v1/scefs/{name}:doctor",
         Role::admin,
         false,
         {},
         [this](const ApiCallPtr& call) { report(call); }},
    };
}

void ScefResource::list(const ApiCallPtr& call) const {
    Json items = Json::array();
    const auto config = config_.get();
    for (const ScefConfig& scef : config->scefs) {
        items.push_back({{"name", scef.name},
                         {"apiRoot", scef.api_root},
                         {"scsAsId", scef.scs_as_id},
                         {"profile", scef.profile.name},
                         {"domains", scef.domains}});
    }
    call->answer(200, {{"items", std::move(items)}, {"next", nullptr}});
}

Result<std::size_t> ScefResource::scef_of(const ApiCall& call) const {
    const std::string& name = call.path.find("name")->second;
    for (std::size_t i = 0; i < config_->scefs.size(); ++i) {
        if (config_->scefs[i].name == name) return i;
    }
    return fail(Errc::not_found, "no SCEF of that name is configured");
}

void ScefResource::examine(const ApiCallPtr& call) {
    const auto scef = scef_of(*call);
    if (!scef) return call->answer_error(scef.error());
    const auto device = device_in(call->body);
    if (!device) return call->answer_error(device.error());
    if (scef_serving(*config_.get(), *device) != *scef) {
        return call->answer_error(
            {Errc::invalid_argument, "externalId: its domain is not served by this SCEF"});
    }
    shards_.query(device->shard(shards_.shards()), [this, call, scef = *scef, device = *device](
                                                       const Engine& engine, const Turn&) {
        if (engine.find_device(device) != nullptr) {
            return call->answer_error(
                {Errc::conflict,
                 "the device is provisioned here and has a NIDD configuration that an examination "
                 "would disturb; remove it, or take another device"});
        }
        doctor_.examine(scef, device,
                        [this, call, device](const Result<doctor::Report>& report) {
                            if (!report) return call->answer_error(report.error());
                            shards_.note(device.shard(shards_.shards()), call->audit_note(),
                                         [call, document = doctor::report_json(*report)] {
                                             call->answer(202, document);
                                         });
                        });
    });
}

void ScefResource::report(const ApiCallPtr& call) {
    const auto scef = scef_of(*call);
    if (!scef) return call->answer_error(scef.error());
    doctor_.report(*scef, [call](const Result<doctor::Report>& report) {
        if (!report) return call->answer_error(report.error());
        call->answer(200, doctor::report_json(*report));
    });
}

}  // namespace scef::adapter
