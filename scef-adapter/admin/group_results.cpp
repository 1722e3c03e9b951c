#include "scef-adapter/admin/group_results.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "lwm2m-core/vocabulary/time_text.h"
#include "queueing/record.h"
#include "scef-adapter/admin/cursor.h"

namespace scef::adapter {
namespace {

using queueing::DeviceIndex;
using queueing::RecordKind;

constexpr std::size_t records_per_read = 1000;

Json time_or_null(WallTime time) {
    return time == WallTime{} ? Json(nullptr) : Json(to_rfc3339(time));
}

Json text_or_null(std::string_view text) { return text.empty() ? Json(nullptr) : Json(text); }

struct Outcome {
    FanOutMember member;
    std::optional<FanOutEnd> end;
};

/// One answer on its way: shard after shard, records first, then what is still open there.
class Results : public std::enable_shared_from_this<Results> {
public:
    Results(ShardAccess& shards, ColdReader& cold, ApiCallPtr call, std::string group,
            MessageId job)
        : shards_(shards),
          cold_(cold),
          call_(std::move(call)),
          group_(std::move(group)),
          job_(job) {}

    Status read_query() {
        const auto limit = limit_of(*call_);
        if (!limit) return tl::unexpected<Error>(limit.error());
        limit_ = *limit;
        const auto text = call_->query.find("cursor");
        counts_all_ = text == call_->query.end();
        if (counts_all_) return {};
        const auto cursor = Cursor::parse(text->second);
        if (!cursor) return tl::unexpected<Error>(cursor.error());
        const auto shard = cursor->number(0, shards_.shards() - 1U);
        const auto device = cursor->number(1, UINT32_MAX);
        if (cursor->tag() != "gr" || cursor->size() != 2 || !shard || !device) {
            return tl::unexpected<Error>(bad_cursor());
        }
        shard_ = static_cast<ShardId>(*shard);
        next_ = *device;
        return {};
    }

    void run() {
        read_group_message(shards_, cold_, group_, job_,
                           [self = shared_from_this()](Result<FanOutJob> job) {
                               if (!job) return self->call_->answer_error(job.error());
                               self->take_job(*job);
                           });
    }

private:
    void take_job(const FanOutJob& job) {
        document_ = group_message_json(job);
        document_["canceledAt"] = time_or_null(job.canceled_at);
        shards_.query(job_.shard(),
                      [self = shared_from_this(), job](const Engine& engine, const Turn&) {
                          const bool is_open = engine.groups().has_open_job(self->job_);
                          self->document_["fanOut"] = fan_out_state(job, is_open);
                          self->read();
                      });
    }

    void read(ColdReader::Sees sees = ColdReader::Sees::stored) {
        queueing::Range range = range_of(shard_, RecordKind::group_member, job_);
        if (next_ > UINT32_MAX) return end_of_shard();
        range.from = fan_out_member_key(job_, static_cast<DeviceIndex>(next_));
        range.to = Bytes(job_.octets().begin(), job_.octets().end());
        range.to.insert(range.to.end(), 6, 0xff);
        cold_.read(
            range, {records_per_read},
            [self = shared_from_this()](Result<queueing::Page> page) {
                if (!page) return self->call_->answer_error(page.error());
                auto read = std::make_shared<queueing::Page>(std::move(*page));
                self->shards_.query(self->shard_, [self, read](const Engine& engine, const Turn&) {
                    self->take(engine, *read);
                });
            },
            sees);
    }

    /// The records of a page by device. The last device may have its second record behind it, and
    /// is left for the next page, unless there is none.
    static std::map<DeviceIndex, Outcome> outcomes_in(const queueing::Page& page) {
        std::map<DeviceIndex, Outcome> outcomes;
        for (const queueing::StoredRecord& record : page.records) {
            const auto key = fan_out_key(record.key);
            if (!key) continue;
            if (key->is_end) {
                const auto end = fan_out_end_from_record(record.value);
                if (end) outcomes[key->device].end = *end;
            } else if (auto member = fan_out_member_from_record(record.value)) {
                outcomes[key->device].member = std::move(*member);
            }
        }
        if (page.more && outcomes.size() > 1) outcomes.erase(std::prev(outcomes.end()));
        return outcomes;
    }

    void take(const Engine& engine, const queueing::Page& page) {
        const auto outcomes = outcomes_in(page);
        for (const auto& [device, outcome] : outcomes) {
            if (items_.size() >= limit_ && !counts_all_) return finish(device);
            const MessageView open = engine.find_message(outcome.member.message);
            const bool is_between = !outcome.end && !outcome.member.message.empty() && !open;
            if (is_between && !std::exchange(waited_, true)) {  // its end is being written
                next_ = device;
                return read(ColdReader::Sees::handed_in);
            }
            waited_ = false;
            if (items_.size() < limit_) {
                items_.push_back(item(outcome, open.get()));
            } else if (!behind_) {
                behind_ = std::pair(shard_, device);
            }
            ++counts_[state_of(outcome, open.get())];
            next_ = std::uint64_t{device} + 1;
        }
        if (page.more) return read();
        end_of_shard();
    }

    void end_of_shard() {
        if (shard_ + 1 == shards_.shards()) return finish(std::nullopt);
        ++shard_;
        next_ = 0;
        read();
    }

    static std::string state_of(const Outcome& outcome, const queueing::Message* open) {
        if (outcome.member.is_spared()) return "CANCELED";
        if (outcome.member.message.empty()) return "REFUSED";
        if (outcome.end) return std::string(queueing::name_of(outcome.end->state));
        return std::string(open != nullptr ? queueing::name_of(open->state) : "UNKNOWN");
    }

    static Json item(const Outcome& outcome, const queueing::Message* open) {
        const FanOutMember& member = outcome.member;
        Json item{{"externalId", member.external_id},
                  {"id", nullptr},
                  {"state", state_of(outcome, open)},
                  {"level", nullptr},
                  {"reason", nullptr},
                  {"notBefore", time_or_null(member.not_before)},
                  {"endedAt", nullptr},
                  {"detail", text_or_null(member.detail)}};
        if (member.message.empty()) {
            item["reason"] = member.cause;
            return item;
        }
        item["id"] = member.message.text();
        if (outcome.end) {
            item["level"] = queueing::name_of(outcome.end->level);
            item["reason"] = text_or_null(queueing::name_of(outcome.end->reason));
            item["endedAt"] = to_rfc3339(outcome.end->at);
        } else if (open != nullptr) {
            item["level"] = queueing::name_of(open->level);
            item["reason"] = text_or_null(queueing::name_of(open->reason));
        }
        return item;
    }

    void finish(std::optional<DeviceIndex> next) {
        if (next) behind_ = std::pair(shard_, *next);
        document_["items"] = std::move(items_);
        document_["next"] = behind_
                                ? Json(Cursor("gr").add(behind_->first).add(behind_->second).text())
                                : Json(nullptr);
        document_["counts"] = counts_all_ ? Json(counts_) : Json(nullptr);
        call_->answer(200, document_);
    }

    ShardAccess& shards_;
    ColdReader& cold_;
    const ApiCallPtr call_;
    const std::string group_;
    const MessageId job_;
    std::size_t limit_ = 0;
    bool counts_all_ = false;

    ShardId shard_ = 0;
    std::uint64_t next_ = 0;  ///< device; one more than the last there may be: none
    bool waited_ = false;
    std::optional<std::pair<ShardId, DeviceIndex>> behind_;  ///< the first that is not in the page
    std::map<std::string, std::uint64_t> counts_;
    Json items_ = Json::array();
    Json document_;
};

}  // namespace

Json pacing_json(const Pacing& pacing) {
    if (pacing == Pacing{}) return nullptr;
    return {{"perSecond", pacing.per_1000_seconds / 1000.0},
            {"jitter", std::chrono::duration<double>(pacing.jitter).count()}};
}

Json group_message_json(const FanOutJob& job) {
    return {{"id", job.id.text()},
            {"externalGroupId", job.group},
            {"mode", "fanout"},
            {"members", job.members()},
            {"pacing", pacing_json(job.pacing)},
            {"createdAt", to_rfc3339(job.created_at)}};
}

std::string_view fan_out_state(const FanOutJob& job, bool is_open) {
    if (job.is_canceled()) return is_open ? "canceling" : "canceled";
    return is_open ? "running" : "done";
}

void read_group_message(ShardAccess& shards, ColdReader& cold, const std::string& group,
                        const MessageId& job, std::function<void(Result<FanOutJob>)> done) {
    constexpr const char* nothing = "no such message of this group";
    if (job.shard() >= shards.shards()) return done(fail(Errc::not_found, nothing));
    cold.read(range_of(job.shard(), RecordKind::group_message, job), {1},
              [group, done = std::move(done)](const Result<queueing::Page>& page) {
                  if (!page) return done(tl::unexpected<Error>(page.error()));
                  if (page->records.empty()) return done(fail(Errc::not_found, nothing));
                  auto stored = fan_out_job_from_record(page->records[0].value);
                  if (!stored) return done(tl::unexpected<Error>(stored.error()));
                  if (stored->job.group != group) return done(fail(Errc::not_found, nothing));
                  done(std::move(stored->job));
              });
}

void list_group_results(ShardAccess& shards, ColdReader& cold, const ApiCallPtr& call,
                        const std::string& group, const MessageId& job) {
    const auto results = std::make_shared<Results>(shards, cold, call, group, job);
    if (auto valid = results->read_query(); !valid) return call->answer_error(valid.error());
    results->run();
}

}  // namespace scef::adapter
