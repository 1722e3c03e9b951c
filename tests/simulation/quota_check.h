#pragma once

#include <algorithm>
#include <cmath>
#include <deque>
#include <string>
#include <unordered_map>
#include <utility>

#include "queueing/message.h"
#include "quota/quota_limits.h"
#include "tests/simulation/verdicts.h"

namespace scef::simulation {

/// I4: in any window W at most rate * W + burst messages that a quota can hold back, and in each
/// window of fixed length at most the octets allowed; of each kind the first limit. Counted from
/// the POSTs, by a token bucket of its own. Once the wall clock was set, the adapter's windows
/// begin where nobody else can tell: then no more than two of them may lie in less time than one
/// takes.
class QuotaCheck {
public:
    explicit QuotaCheck(Verdicts& verdicts) : verdicts_(verdicts) {}

    void set_limits(queueing::DeviceIndex device, const quota::QuotaLimits& limits) {
        Book& book = books_[device];
        book.limits = limits;
        book.tokens = burst_of(book);
    }
    /// Of all devices together.
    void set_account_limits(const quota::QuotaLimits& limits) { set_limits(account, limits); }
    /// A message that the quota may hold back leaves. Octets of a window are told apart by `wall`.
    void on_post(queueing::DeviceIndex device, std::size_t octets, Moment moment) {
        if (device != account) on_post(account, octets, moment);
        const auto found = books_.find(device);
        if (found == books_.end()) return;
        Book& book = found->second;
        if (!book.limits.messages.empty()) judge_rate(device, book, moment.now);
        if (!book.limits.allowances.empty()) judge_octets(device, book, octets, moment);
    }
    /// It takes the place of one that was charged and is not on the air yet.
    void on_put(queueing::DeviceIndex device, std::size_t octets, std::size_t replaced,
                Moment moment) {
        const auto found = books_.find(device);
        if (found == books_.end() || octets <= replaced) return;
        if (found->second.limits.allowances.empty()) return;
        judge_octets(device, found->second, octets - replaced, moment);
    }
    /// What was used is stored in the time of the adapter's own calendar. Only one that did not run
    /// to see the clock set takes the hour for one that passed.
    void on_clock_set(Instant now) {
        clock_set_at_ = now;
        windows_are_known_ = false;
        clock_set_unseen_ = true;
        for (auto& [device, book] : books_) book.sent.clear();
    }
    /// A turn of then is on stable storage.
    void on_commit(Instant turned_at) {
        if (turned_at > clock_set_at_) clock_set_unseen_ = false;
    }
    void on_start() {
        if (!std::exchange(clock_set_unseen_, false)) return;
        for (auto& [device, book] : books_) {
            book.tokens = burst_of(book);
            book.sent.clear();
        }
    }

private:
    static constexpr queueing::DeviceIndex account = 0xffff'ffff;
    struct Book {
        quota::QuotaLimits limits;
        double tokens = 0;
        Instant filled{};
        std::int64_t window = -1;
        std::uint64_t octets = 0;
        std::deque<std::pair<Instant, std::size_t>> sent;  ///< since the clock was set
    };
    static constexpr double rounding = 1e-6;

    static double burst_of(const Book& book) {
        return book.limits.messages.empty() ? 0 : book.limits.messages[0].burst;
    }

    void judge_rate(queueing::DeviceIndex device, Book& book, Instant now) {
        const quota::Rate& rate = book.limits.messages[0].rate;
        const double per_second =
            static_cast<double>(rate.amount) / std::chrono::duration<double>(rate.period).count();
        const double passed = std::chrono::duration<double>(now - book.filled).count();
        book.tokens = std::min(burst_of(book), book.tokens + passed * per_second);
        book.filled = now;
        book.tokens -= 1;
        if (book.tokens < -rounding) {
            verdicts_.broken("I4", "device " + std::to_string(device) + ": more messages than " +
                                       std::to_string(rate.amount) +
                                       " in its period and a burst of " +
                                       std::to_string(book.limits.messages[0].burst));
        }
    }
    void judge_octets(queueing::DeviceIndex device, Book& book, std::size_t octets, Moment moment) {
        if (!windows_are_known_) return judge_two_windows(device, book, octets, moment.now);
        const quota::AllowanceLimit& allowance = book.limits.allowances[0];
        const std::int64_t window = moment.wall.time_since_epoch() / allowance.period.length;
        if (window != book.window) book.octets = 0;
        book.window = window;
        const bool whole = book.octets == 0;
        book.octets += octets;
        if (book.octets > allowance.amount && !whole) {
            verdicts_.broken("I4", "device " + std::to_string(device) + ": " +
                                       std::to_string(book.octets) + " octets in a window of " +
                                       std::to_string(allowance.amount));
        }
    }

    /// The calendar runs faster than time by a sixteenth at most.
    void judge_two_windows(queueing::DeviceIndex device, Book& book, std::size_t octets,
                           Instant now) {
        const quota::AllowanceLimit& allowance = book.limits.allowances[0];
        const Duration shortest = allowance.period.length / 17 * 16;
        while (!book.sent.empty() && book.sent.front().first <= now - shortest) {
            book.sent.pop_front();
        }
        book.sent.emplace_back(now, octets);
        std::uint64_t all = 0;
        for (const auto& [at, size] : book.sent) all += size;
        if (all > 2 * allowance.amount) {
            verdicts_.broken("I4", "device " + std::to_string(device) + ": " + std::to_string(all) +
                                       " octets in less than a window of " +
                                       std::to_string(allowance.amount));
        }
    }

    Verdicts& verdicts_;
    std::unordered_map<queueing::DeviceIndex, Book> books_;
    bool windows_are_known_ = true;
    bool clock_set_unseen_ = false;
    Instant clock_set_at_{};
};

}  // namespace scef::simulation
