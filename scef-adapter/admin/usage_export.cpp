#include "scef-adapter/admin/usage_export.h"

#include <algorithm>
#include <set>

#include "lwm2m-core/vocabulary/time_text.h"
#include "scef-adapter/admin/cursor.h"
#include "scef-adapter/admin/usage_rows.h"

namespace scef::adapter {
namespace {

using Kind = QuotaScope::Kind;

constexpr std::size_t records_per_read = 1000;

/// One page on its way. Each step runs on the thread that has the data and starts the next one: the
/// cold reader's threads, and the shard's when it must be asked who is in a group.
class UsagePage : public std::enable_shared_from_this<UsagePage> {
public:
    UsagePage(ShardAccess& shards, ColdReader& cold, std::shared_ptr<const Config> config,
              ApiCallPtr call, UsageQuery query)
        : shards_(shards),
          cold_(cold),
          config_(std::move(config)),
          call_(std::move(call)),
          query_(std::move(query)) {
        const bool is_of_one = query_.scope.kind == Kind::device;
        first_shard_ = is_of_one ? query_.scope.device.shard(shards_.shards()) : ShardId{0};
        last_shard_ = is_of_one ? first_shard_ : static_cast<ShardId>(shards_.shards() - 1);
        shard_ = first_shard_;
        csv_ = query_.summary ? UsageSummary::header() : usage_header();
    }

    /// `u shard charge`: after that one.
    Status start_at(std::string_view text) {
        const auto cursor = Cursor::parse(text);
        if (!cursor) return tl::unexpected<Error>(cursor.error());
        const auto shard = cursor->number(0, last_shard_);
        const auto id = cursor->id(1);
        if (cursor->tag() != "u" || cursor->size() != 2 || !shard || !id || *shard < first_shard_) {
            return tl::unexpected<Error>(bad_cursor());
        }
        shard_ = static_cast<ShardId>(*shard);
        seen_ = *id;
        is_first_page_ = false;
        return {};
    }

    void read() {
        queueing::Range range{shard_, queueing::RecordKind::charge, {}, {}, false};
        range.from = charge_key(seen_.empty() ? MessageId::floor(query_.period.from) : seen_);
        if (!seen_.empty()) range.from.push_back(0);
        range.to = charge_key(MessageId::floor(query_.period.to));
        cold_.read(std::move(range), {records_per_read},
                   [self = shared_from_this()](const Result<queueing::Page>& page) {
                       page ? self->take(*page) : self->call_->answer_error(page.error());
                   });
    }

private:
    void take(const queueing::Page& page) {
        more_ = page.more;
        charges_.clear();
        for (const queueing::StoredRecord& record : page.records) {
            auto charge = charge_from_record(record.key, record.value);
            if (!charge) return call_->answer_error(charge.error());
            charges_.push_back(std::move(*charge));
        }
        const bool asks = query_.scope.kind == Kind::group &&
                          std::any_of(charges_.begin(), charges_.end(), [&](const Charge& charge) {
                              return !asked_.contains(charge.external_id);
                          });
        if (!asks) return write();
        shards_.query(shard_, [self = shared_from_this()](const Engine& engine, const Turn&) {
            self->find_members(engine);
            self->write();
        });
    }

    void find_members(const Engine& engine) {
        for (const Charge& charge : charges_) {
            if (!asked_.insert(charge.external_id).second) continue;
            const auto id = ExternalId::parse(charge.external_id);
            const DeviceView device = id ? engine.find_device(*id) : DeviceView();
            if (device == nullptr) continue;
            const auto& groups = device->spec.groups;
            if (std::find(groups.begin(), groups.end(), query_.scope.group) != groups.end()) {
                members_.insert(charge.external_id);
            }
        }
    }

    bool is_wanted(const Charge& charge) const {
        switch (query_.scope.kind) {
            case Kind::device:
                return charge.external_id == query_.scope.device.text();
            case Kind::group:
                return members_.contains(charge.external_id);
            case Kind::scef: {
                const auto id = ExternalId::parse(charge.external_id);
                return id && scef_serving(*config_, *id) == query_.scope.scef;
            }
            case Kind::account:
                return true;
        }
        return false;
    }

    bool is_full() const { return rows_ >= query_.rows_max || scanned_ >= charges_scanned_max; }

    void write() {
        for (const Charge& charge : charges_) {
            if (!query_.summary && is_full()) return finish(next_page());
            ++scanned_;
            seen_ = charge.id;
            if (!is_wanted(charge)) continue;
            if (query_.summary) {
                summary_.add(charge);
            } else {
                csv_ += usage_row(charge);
                ++rows_;
            }
        }
        if (more_) return read();
        rows_ += summary_.size();
        csv_ += summary_.take_rows();
        if (shard_ == last_shard_) return end();
        ++shard_;
        seen_ = MessageId();
        asked_.clear();
        members_.clear();
        if (is_full()) return finish(next_page());
        read();
    }

    /// Removed devices have usage, too; one without any may never have been.
    void end() {
        if (query_.scope.kind != Kind::device || rows_ > 0 || !is_first_page_) return finish({});
        shards_.query(shard_, [self = shared_from_this()](const Engine& engine, const Turn&) {
            if (engine.find_device(self->query_.scope.device) != nullptr) return self->finish({});
            self->call_->answer_error(
                {Errc::not_found, "no such device, and no usage of one in this period"});
        });
    }

    /// With the period of this one, whatever time it is then.
    std::string next_page() const {
        std::string target = "/api/v1/quotas/" + encode_segment(call_->path.find("scope")->second) +
                             "/usage?from=" + to_rfc3339(query_.period.from) +
                             "&to=" + to_rfc3339(query_.period.to);
        if (query_.summary) target += "&summary=true";
        return target + "&limit=" + std::to_string(query_.rows_max) +
               "&cursor=" + Cursor("u").add(shard_).add(seen_).text();
    }

    void finish(const std::string& next) {
        HeaderFields fields;
        if (!next.empty()) fields.emplace_back("Link", '<' + next + ">; rel=\"next\"");
        if (query_.period.from < query_.kept_since) {
            fields.emplace_back("Usage-Kept-Since", to_rfc3339(query_.kept_since));
        }
        call_->reply(
            {200, "text/csv; charset=utf-8; header=present", std::move(csv_), std::move(fields)});
    }

    ShardAccess& shards_;
    ColdReader& cold_;
    const std::shared_ptr<const Config> config_;
    const ApiCallPtr call_;
    const UsageQuery query_;

    ShardId first_shard_ = 0, last_shard_ = 0, shard_ = 0;
    bool is_first_page_ = true;
    MessageId seen_;  ///< the last charge of the shard that was looked at; empty: none yet
    bool more_ = false;
    std::vector<Charge> charges_;            ///< of the read that is being looked at
    std::set<std::string> asked_, members_;  ///< of a group: devices of this shard
    std::size_t scanned_ = 0, rows_ = 0;
    UsageSummary summary_;
    std::string csv_;
};

}  // namespace

void export_usage(ShardAccess& shards, ColdReader& cold, std::shared_ptr<const Config> config,
                  const ApiCallPtr& call, UsageQuery query) {
    const auto page =
        std::make_shared<UsagePage>(shards, cold, std::move(config), call, std::move(query));
    if (const auto cursor = call->query.find("cursor"); cursor != call->query.end()) {
        const auto valid = page->start_at(cursor->second);
        if (!valid) return call->answer_error(valid.error());
    }
    page->read();
}

}  // namespace scef::adapter
