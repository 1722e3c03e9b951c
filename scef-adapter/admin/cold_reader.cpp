#include "scef-adapter/admin/cold_reader.h"

#include <atomic>

#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

namespace scef::adapter {

class ColdReader::Pool {
public:
    explicit Pool(queueing::Store& store) : store_(store) {}
    ~Pool() {
        threads_.stop();
        threads_.join();
    }

    bool run(std::function<void()> work) {
        if (waiting_.fetch_add(1) >= waiting_max) {
            --waiting_;
            return false;
        }
        boost::asio::post(threads_, [this, work = std::move(work)] {
            --waiting_;
            work();
        });
        return true;
    }

    void read(queueing::Range range, queueing::PageLimit limit, Done done, Sees sees) {
        const bool waits = run([this, range = std::move(range), limit, done, sees] {
            if (sees == Sees::handed_in) {
                if (Status durable = store_.flush(); !durable) {
                    return done(tl::unexpected<Error>(std::move(durable.error())));
                }
            }
            done(store_.read(range, limit));
        });
        if (!waits) done(fail(Errc::overloaded, "too many requests wait for the disk"));
    }

private:
    queueing::Store& store_;
    std::atomic<std::size_t> waiting_{0};
    boost::asio::thread_pool threads_{2};
};

ColdReader::ColdReader(queueing::Store& store) : pool_(std::make_unique<Pool>(store)) {}
ColdReader::~ColdReader() = default;

void ColdReader::read(queueing::Range range, queueing::PageLimit limit, Done done, Sees sees) {
    pool_->read(std::move(range), limit, std::move(done), sees);
}

bool ColdReader::run(std::function<void()> work) { return pool_->run(std::move(work)); }

queueing::Range range_of(ShardId shard, queueing::RecordKind kind, const MessageId& id) {
    queueing::Range range{shard, kind, Bytes(id.octets().begin(), id.octets().end()), {}, false};
    // Keys are the id or the id and a number of two octets.
    range.to = range.from;
    range.to.insert(range.to.end(), 3, 0xff);
    return range;
}

}  // namespace scef::adapter
