#include <algorithm>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/simulation/simulation.h"

namespace scef::simulation {
namespace {

struct Plan {
    std::uint64_t seeds = 200;
    std::uint64_t first = 1;
    std::uint64_t events = 10'000;
    unsigned jobs = 1;
    bool quiet = false;
};

/// What a child tells its parent, in shared memory: nothing in it needs more than a plain store.
struct Slot {
    Coverage coverage;
    std::uint64_t seed = 0;  ///< in work
    std::uint64_t failures = 0;
    bool finished = false;
};

void print_replay(std::uint64_t seed, std::uint64_t events) {
    std::printf("replay: scripts/simulate --seed %llu --events %llu --trace\n",
                static_cast<unsigned long long>(seed), static_cast<unsigned long long>(events));
}

/// Runs a seed that failed once more and prints how it came to that.
void explain(std::uint64_t seed, std::uint64_t events) {
    Coverage unused;
    count_rows_in(&unused);
    Simulation again(seed, unused);
    again.trace(History::Mode::keep_last);
    again.run(events);
    std::string text = "\nseed " + std::to_string(seed) + " failed; the last events were\n";
    for (const std::string& line : again.history().last_lines()) text += line + '\n';
    for (const auto& broken : again.verdicts().list()) {
        text += "broken " + broken.rule + ": " + broken.what + '\n';
    }
    std::fputs(text.c_str(), stdout);
    print_replay(seed, events);
    std::fflush(stdout);
    trace_rows(false);
}

int run_one(std::uint64_t seed, std::uint64_t events, bool trace) {
    Coverage coverage;
    count_rows_in(&coverage);
    Simulation simulation(seed, coverage);
    if (trace) simulation.trace(History::Mode::print);
    const bool good = simulation.run(events);
    for (const auto& broken : simulation.verdicts().list()) {
        std::printf("broken %s: %s\n", broken.rule.c_str(), broken.what.c_str());
    }
    std::printf("seed %llu: %s after %llu turns\n", static_cast<unsigned long long>(seed),
                good ? "good" : "failed", static_cast<unsigned long long>(coverage.turns));
    return good ? 0 : 1;
}

/// The seeds `begin`, `begin + step`, … below the plan's end.
void work(const Plan& plan, unsigned job, Slot& slot) {
    count_rows_in(&slot.coverage);
    for (std::uint64_t i = job; i < plan.seeds; i += plan.jobs) {
        slot.seed = plan.first + i;
        bool good = false;
        {
            Simulation simulation(slot.seed, slot.coverage);
            good = simulation.run(plan.events);
        }
        if (good) continue;
        ++slot.failures;
        if (slot.failures <= 3) explain(slot.seed, plan.events);
        count_rows_in(&slot.coverage);
    }
    slot.finished = true;
}

void show_progress(const Slot* slots, const Plan& plan, double seconds) {
    std::uint64_t seeds = 0, failures = 0;
    for (unsigned i = 0; i < plan.jobs; ++i) {
        seeds += slots[i].coverage.seeds;
        failures += slots[i].failures;
    }
    std::fprintf(stderr, "\r%llu of %llu seeds, %llu failed, %.0f s ",
                 static_cast<unsigned long long>(seeds),
                 static_cast<unsigned long long>(plan.seeds),
                 static_cast<unsigned long long>(failures), seconds);
}

/// One process a job: a history that kills its process is named by the parent.
int run_all(const Plan& plan) {
    const std::size_t octets = sizeof(Slot) * plan.jobs;
    void* memory = mmap(nullptr, octets, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        std::perror("simulate: no shared memory");
        return 1;
    }
    auto* slots = static_cast<Slot*>(memory);
    for (unsigned i = 0; i < plan.jobs; ++i) new (slots + i) Slot;
    const auto begin = std::chrono::steady_clock::now();
    const auto seconds = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    sigset_t child_ends;
    sigemptyset(&child_ends);
    sigaddset(&child_ends, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child_ends, nullptr);
    std::vector<pid_t> children;
    for (unsigned job = 0; job < plan.jobs; ++job) {
        const pid_t child = fork();
        if (child == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);  // not longer than the parent
            work(plan, job, slots[job]);
            std::exit(slots[job].failures == 0 ? 0 : 1);
        }
        children.push_back(child);
    }
    std::size_t running = children.size();
    while (running > 0) {
        int status = 0;
        while (running > 0 && waitpid(-1, &status, WNOHANG) > 0) --running;
        if (!plan.quiet) show_progress(slots, plan, seconds());
        const timespec at_most{0, 200'000'000};
        if (running > 0) sigtimedwait(&child_ends, nullptr, &at_most);
    }
    if (!plan.quiet) std::fprintf(stderr, "\n");
    Coverage total;
    std::uint64_t failures = 0;
    for (unsigned i = 0; i < plan.jobs; ++i) {
        total += slots[i].coverage;
        failures += slots[i].failures;
        if (slots[i].finished) continue;
        ++failures;
        std::printf("\nseed %llu killed its process\n",
                    static_cast<unsigned long long>(slots[i].seed));
        print_replay(slots[i].seed, plan.events);
    }
    print_coverage(total, seconds());
    std::printf("%-14s %14llu\n", "failures", static_cast<unsigned long long>(failures));
    munmap(memory, octets);
    return failures == 0 ? 0 : 1;
}

int run(int argc, char** argv) {
    Plan plan;
    plan.jobs = std::max(1u, std::thread::hardware_concurrency());
    std::uint64_t seed = 0;
    bool trace = false;
    CLI::App app(
        "Plays histories of the adapter's engine with models of everything around it, on "
        "virtual time, and judges each by the invariants of tests/simulation/README.md.");
    app.add_option("--seeds", plan.seeds, "how many histories")->capture_default_str();
    app.add_option("--first-seed", plan.first, "the first one's seed")->capture_default_str();
    app.add_option("--events", plan.events, "turns of the engine in each, before the calm")
        ->capture_default_str();
    auto* one = app.add_option("--seed", seed, "plays this one only");
    app.add_flag("--trace", trace, "prints the history of --seed");
    app.add_option("--jobs", plan.jobs, "processes at once")
        ->check(CLI::Range(1, 256))
        ->capture_default_str();
    app.add_flag("--quiet", plan.quiet, "no progress on stderr");
    CLI11_PARSE(app, argc, argv);
    if (one->count() > 0) return run_one(seed, plan.events, trace);
    return run_all(plan);
}

}  // namespace
}  // namespace scef::simulation

int main(int argc, char** argv) { return scef::simulation::run(argc, argv); }
