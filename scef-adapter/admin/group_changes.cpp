#include "scef-adapter/admin/group_changes.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "scef-adapter/admin/enqueue_refusal.h"
#include "scef-adapter/admin/group_members.h"
#include "scef-adapter/admin/windowed_work.h"
#include "scef-adapter/engine/quota_scope.h"

namespace scef::adapter {
namespace {

/// One change on its way: the settings, then one device after the other.
class GroupChange : public std::enable_shared_from_this<GroupChange> {
public:
    GroupChange(ShardAccess& shards, ApiCallPtr call, std::string group)
        : shards_(shards), call_(std::move(call)), group_(std::move(group)) {}

    void set(std::vector<ExternalId> members, std::optional<GroupSettings> settings) {
        wanted_ = std::move(members);
        std::sort(wanted_.begin(), wanted_.end());
        settings_ = std::move(settings);
        change_settings([](GroupChange& self) { self.read_members(); });
    }

    void remove() {
        is_removal_ = true;
        count_group(shards_, group_, [self = shared_from_this()](const GroupCensus& census) {
            if (census.shares.empty() && !census.settings) {
                return self->call_->answer_error({Errc::not_found, "no such group"});
            }
            self->change_settings([](GroupChange& again) { again.read_members(); });
        });
    }

private:
    struct Step {
        ExternalId device;
        bool joins = true;
    };

    void change_settings(void (*then)(GroupChange&)) {
        shards_.change(
            owner_of_scope(group_scope(group_), shards_.shards()), call_->audit_note(),
            [self = shared_from_this()](ReplyId reply) {
                return SetGroup{reply, self->group_, self->settings_};
            },
            [self = shared_from_this(), then](const Engine&, const Turn&, const CommandReply&) {
                then(*self);
            });
    }

    void read_members() {
        page_of_group(shards_, group_, 0, 0, std::numeric_limits<std::size_t>::max() / 2,
                      [self = shared_from_this()](const MemberPage& page) {
                          self->change_members(page.members);
                      });
    }

    void change_members(const std::vector<ExternalId>& members) {
        for (const ExternalId& device : members) {
            if (!std::binary_search(wanted_.begin(), wanted_.end(), device)) {
                steps_.push_back({device, false});
            }
        }
        for (const ExternalId& device : wanted_) steps_.push_back({device, true});
        results_.resize(steps_.size());
        do_windowed(
            steps_.size(),
            [self = shared_from_this()](std::size_t place, std::function<void()> done) {
                self->begin(place, std::move(done));
            },
            [self = shared_from_this()] { self->finish(); });
    }

    void begin(std::size_t place, std::function<void()> done) {
        const Step& step = steps_[place];
        shards_.change(
            step.device.shard(shards_.shards()),
            call_->audit_note({{"externalId", step.device.text()}, {"isMember", step.joins}}),
            [self = shared_from_this(), place](ReplyId reply) {
                const Step& one = self->steps_[place];
                return ChangeMembership{reply, one.device, self->group_, one.joins};
            },
            [self = shared_from_this(), place, done = std::move(done)](const Engine&, const Turn&,
                                                                       const CommandReply& reply) {
                self->note(place, reply);
                done();
            });
    }

    void note(std::size_t place, const CommandReply& reply) {
        const Step& step = steps_[place];
        Json result{{"externalId", step.device.text()}};
        if (reply.result) {
            const bool changed = reply.result->kind == CommandDone::Kind::updated;
            result["status"] = 200;
            result["change"] = !changed ? "none" : step.joins ? "added" : "removed";
        } else {
            Json problem = problem_member(reply.result.error());
            result["status"] = problem["status"];
            result["problem"] = std::move(problem);
        }
        results_[place] = std::move(result);
    }

    void finish() {
        if (is_removal_) return call_->answer_nothing();
        const auto members =
            std::count_if(results_.begin(), results_.end(), [](const Json& result) {
                return result["status"] == 200 && result["change"] != "removed";
            });
        call_->answer(
            200,
            {{"externalGroupId", group_}, {"members", members}, {"items", std::move(results_)}});
    }

    ShardAccess& shards_;
    const ApiCallPtr call_;
    const std::string group_;
    bool is_removal_ = false;
    std::vector<ExternalId> wanted_;
    std::optional<GroupSettings> settings_;
    std::vector<Step> steps_;
    std::vector<Json> results_;
};

}  // namespace

void set_group(ShardAccess& shards, const ApiCallPtr& call, const std::string& group,
               std::vector<ExternalId> members, std::optional<GroupSettings> settings) {
    std::make_shared<GroupChange>(shards, call, group)
        ->set(std::move(members), std::move(settings));
}

void delete_group(ShardAccess& shards, const ApiCallPtr& call, const std::string& group) {
    std::make_shared<GroupChange>(shards, call, group)->remove();
}

}  // namespace scef::adapter
