#include <array>

#include "scef-adapter/doctor/judgement.h"

/// Whether the SCEF can be talked to at all.
namespace scef::adapter::doctor {
namespace {

using nidd::T8Answer;

constexpr Duration clock_tolerance = std::chrono::seconds(5);

struct Hint {
    std::string_view error;
    std::string_view check;
};

/// What to look at, by what the client's sentence has in it; the first that fits.
constexpr std::array<Hint, 13> hints{{
    {"the SCEF's name has no address", "check the host in api_root and the DNS of this machine"},
    {"no connection to the SCEF", "check host and port in api_root, the VPN and firewalls"},
    {"timed out", "check the VPN and firewalls, and that the SCEF knows our address"},
    {"certificate revoked", "its authority has revoked it: the operator must install another"},
    {" CRL", "auth.tls.crl_file needs the list of the authority that signed, valid today"},
    {"certificate verify failed",
     "auth.tls.ca_file must have signed its certificate, which must name the host of api_root"},
    {"wrong version number",
     "no TLS is spoken there: should api_root be http://, or another port?"},
    {"certificate required", "it wants our certificate: auth.tls.certificate_file and key_file"},
    {"alert", "it does not accept our certificate, or TLS 1.2 and 1.3; check auth.tls"},
    {"no TLS with the SCEF", "check auth.tls"},
    {"the token server answered", "check auth.oauth2: client_id and client_secret_file"},
    {"no token", "check auth.oauth2.token_url, and that the token server can be reached"},
    {"the SCEF closed the connection", "check whether it expects https, or our certificate"},
}};

std::string with_hint(const std::string& error) {
    for (const Hint& hint : hints) {
        if (error.find(hint.error) != std::string::npos)
            return error + "; " + std::string(hint.check);
    }
    return error;
}

}  // namespace

Judged judge_reach(const T8Answer& answer, std::string_view way) {
    const std::string by = " (" + std::string(way) + ')';
    if (answer.transport != T8Answer::Transport::answered) {
        return {Verdict::fails, with_hint(answer.error) + by};
    }
    switch (answer.status) {
        case 200:
            return {Verdict::works, "it answers and lets us in" + by};
        case 401:
            return {
                Verdict::fails,
                told(answer) + ": it does not take our credentials; check auth and scs_as_id" + by};
        case 403:
        case 404:
        case 405:
        case 501:
            return {Verdict::works, "it answers" + by};
        case 307:
        case 308:
            return {Verdict::fails, told(answer) +
                                        ": it redirects to another server, which is "
                                        "never followed; put that one into api_root"};
        default:
            return {
                answer.status >= 500 || answer.status == 429 ? Verdict::fails : Verdict::deviates,
                "the list of configurations is answered " + told(answer) + by};
    }
}

Judged judge_clock(const T8Answer& answer, WallTime now) {
    if (!answer.date) return {Verdict::skipped, "the SCEF does not tell its time"};
    const Duration ahead = *answer.date - now;
    const auto seconds = std::chrono::round<std::chrono::seconds>(std::chrono::abs(ahead));
    if (std::chrono::abs(ahead) <= clock_tolerance) {
        return {Verdict::works, "its clock and ours agree"};
    }
    return {Verdict::deviates, "its clock is " + std::to_string(seconds.count()) + " s " +
                                   (ahead > Duration{} ? "ahead of" : "behind") +
                                   " ours: the end of configurations and the times of "
                                   "retransmissions are off by that"};
}

}  // namespace scef::adapter::doctor
