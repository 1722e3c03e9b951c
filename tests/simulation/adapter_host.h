#pragma once

#include <deque>
#include <memory>

#include "scef-adapter/engine/engine.h"
#include "tests/simulation/journal.h"
#include "tests/simulation/oracle.h"
#include "tests/simulation/stage.h"

namespace scef::simulation {

/// The SCEF's answer to a call, and what it means if that was a POST.
using AnswerT8 = std::function<void(nidd::T8Answer, Told)>;

/// Where the effects of committed turns go.
struct Outside {
    std::function<void(const adapter::SendDatagram&)> datagram;
    std::function<void(const adapter::CallT8&, AnswerT8)> call;
    std::function<void(const adapter::NotificationReply&)> verdict;
    std::function<void(const adapter::CommandReply&)> reply;
};

/// The adapter: one engine, its disk, and the turns whose commit is not over. Effects leave when
/// their batch and all before it are on the disk. It may die after any turn and comes back from the
/// disk.
class AdapterHost final : public Entrance {
public:
    AdapterHost(Stage& stage, Oracle& oracle, std::shared_ptr<const adapter::Config> config);

    Outside outside;

    bool take(adapter::Event event) override;
    void pass_time();
    bool is_up() const { return engine_ != nullptr; }
    Instant next_deadline() const { return engine_ ? engine_->next_deadline() : never; }
    void start();
    /// Dies now: of the turns that wait for the disk, the first are there and the others are lost.
    void crash();
    std::uint64_t turns() const { return turns_; }
    /// Null while it is down.
    const adapter::Engine* engine() const { return engine_.get(); }
    /// I6: what the engine says that it holds is what the disk holds.
    void judge_gauges();
    /// Everything handed in is on the disk.
    bool is_settled() const { return waiting_.empty(); }

private:
    struct Turned {
        adapter::Effects effects;
        Moment moment;
        bool is_status = false;
    };
    void run(const std::function<adapter::Effects(Turn)>& turn, bool is_status);
    void commit_first();
    void release(const adapter::Effects& effects);
    void call(const adapter::CallT8& call);

    Stage& stage_;
    Oracle& oracle_;
    std::shared_ptr<const adapter::Config> config_;
    Journal journal_;
    std::unique_ptr<adapter::Engine> engine_;
    SeededRandom random_;
    std::deque<Turned> waiting_;
    std::uint64_t incarnation_ = 0;
    std::uint64_t turns_ = 0;
};

}  // namespace scef::simulation
