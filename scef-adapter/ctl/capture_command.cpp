#include "scef-adapter/ctl/capture_command.h"

#include <csignal>
#include <fstream>
#include <iostream>
#include <thread>

#include "lwm2m-core/vocabulary/time_text.h"
#include "scef-adapter/ctl/capture_writer.h"

namespace scef::ctl {
namespace {

using Clock = std::chrono::steady_clock;
using nlohmann::json;

volatile std::sig_atomic_t interrupted = 0;

/// SIGINT and SIGTERM only end the capture while this lives.
class EndOnSignal {
public:
    EndOnSignal() {
        interrupted = 0;
        for (std::size_t i = 0; i < 2; ++i)
            before_[i] = std::signal(signals[i], &EndOnSignal::note);
    }
    ~EndOnSignal() {
        for (std::size_t i = 0; i < 2; ++i) std::signal(signals[i], before_[i]);
    }
    EndOnSignal(const EndOnSignal&) = delete;
    EndOnSignal& operator=(const EndOnSignal&) = delete;

private:
    static constexpr int signals[] = {SIGINT, SIGTERM};
    static void note(int) { interrupted = 1; }
    using Handler = void (*)(int);
    Handler before_[2]{};
};

/// Reads packets until the time is over, and writes them.
class Capture {
public:
    Capture(const Session& session, ApiClient& client, std::ostream& out,
            const CaptureOptions& options)
        : session_(session), client_(client), writer_(out), options_(options) {}

    Status run(Clock::time_point end) {
        while (true) {
            // Asked before the last read, so that what passed until then is in it.
            const bool is_last = interrupted != 0 || Clock::now() >= end;
            if (auto read = read_page(); !read) return read;
            if (is_last) return {};
            std::this_thread::sleep_for(options_.pause);
        }
    }

    const CaptureWriter& written() const { return writer_; }
    std::uint64_t lost() const { return lost_; }

private:
    Status read_page() {
        const auto answer =
            client_.get("/api/v1/devices/" + path_segment(options_.external_id) + "/capture" +
                        (began_ ? "?after=" + std::to_string(last_) : ""));
        if (!answer) return tl::unexpected(answer.error());
        if (!answer->is_success()) return fail(Errc::unavailable, sentence_of(*answer));
        if (began_ && answer->body.value("isNew", false)) {
            session_.err << "the capture began anew: the adapter was started, or was not asked for "
                            "a minute\n";
        }
        if (!began_) {
            session_.err << "capturing " << options_.external_id << "; Ctrl-C ends\n";
        }
        began_ = true;
        last_ = answer->body.value("last", last_);
        const std::uint64_t lost = answer->body.value("lost", std::uint64_t{0});
        if (lost > 0) session_.err << lost << " packets were lost: they came too fast\n";
        lost_ += lost;
        for (const json& packet : answer->body.value("packets", json::array())) {
            if (auto written = writer_.write(packet); !written) return written;
        }
        return {};
    }

    const Session& session_;
    ApiClient& client_;
    CaptureWriter writer_;
    const CaptureOptions& options_;
    bool began_ = false;
    std::uint64_t last_ = 0, lost_ = 0;
};

}  // namespace

int devices_capture(const Session& session, const CaptureOptions& options) {
    auto end = Clock::time_point::max();
    if (!options.duration.empty()) {
        const auto duration = parse_duration(options.duration);
        if (!duration) return session.complain("--for: " + duration.error().message);
        end = Clock::now() + std::chrono::duration_cast<Clock::duration>(*duration);
    }
    auto client = ApiClient::open(session.address);
    if (!client) return session.complain(client.error().message);
    std::ofstream file;
    if (options.output != "-") {
        file.open(options.output, std::ios::binary);
        if (!file) return session.complain(options.output + " cannot be written");
    }
    const EndOnSignal end_on_signal;
    Capture capture(session, **client, options.output == "-" ? session.out : file, options);
    if (const Status done = capture.run(end); !done) return session.complain(done.error().message);
    const CaptureWriter& written = capture.written();
    if (session.json && options.output != "-") {
        session.print({{"serverLeg", written.server_leg()},
                       {"deviceLeg", written.device_leg()},
                       {"lost", capture.lost()}});
    } else {
        session.err << written.server_leg() << " datagrams of the server leg and "
                    << written.device_leg() << " frames of the device leg"
                    << (options.output == "-" ? "" : " in " + options.output) << '\n';
    }
    return 0;
}

}  // namespace scef::ctl
