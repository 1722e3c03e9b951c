#include "nidd/endpoint/http_listener.h"

#include <algorithm>
#include <charconv>
#include <thread>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

#include "nidd/endpoint/http_session.h"
#include "nidd/endpoint/source_list.h"
#include "nidd/tls/tls_context.h"

namespace scef::nidd {
namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using ErrorCode = boost::system::error_code;

namespace {

/// How long to wait after an accept failed for want of descriptors or memory.
constexpr Duration accept_pause = std::chrono::milliseconds(100);

Result<Tcp::endpoint> endpoint_of(const std::string& address) {
    const auto colon = address.rfind(':');
    std::uint16_t port = 0;
    ErrorCode error;
    asio::ip::address host;
    bool readable = colon != std::string::npos;
    if (readable) {
        std::string name = address.substr(0, colon);
        if (name == "localhost") name = "127.0.0.1";
        if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
        host = asio::ip::make_address(name, error);
        const char* end = address.data() + address.size();
        const auto parsed = std::from_chars(address.data() + colon + 1, end, port);
        readable = !error && parsed.ec == std::errc{} && parsed.ptr == end;
    }
    if (readable) return Tcp::endpoint(host, port);
    return fail(Errc::invalid_argument, "'" + address + "' is no address:port to listen on");
}

class AsioHttpListener final : public HttpListener {
public:
    AsioHttpListener(std::shared_ptr<ListenerCore> core, SourceList sources)
        : core_(std::move(core)),
          sources_(std::move(sources)),
          work_(asio::make_work_guard(core_->context)),
          strand_(asio::make_strand(core_->context)),
          acceptor_(strand_),
          pause_(strand_) {}

    ~AsioHttpListener() override { AsioHttpListener::stop(Duration::zero()); }
    AsioHttpListener(const AsioHttpListener&) = delete;
    AsioHttpListener& operator=(const AsioHttpListener&) = delete;

    Status open(const std::string& address) {
        const auto endpoint = endpoint_of(address);
        if (!endpoint) return tl::unexpected(endpoint.error());
        ErrorCode error;
        acceptor_.open(endpoint->protocol(), error);
        if (!error) acceptor_.set_option(Tcp::acceptor::reuse_address(true), error);
        if (!error) acceptor_.bind(*endpoint, error);
        if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
        if (!error) port_ = acceptor_.local_endpoint(error).port();
        if (!error) return {};
        return fail(Errc::unavailable, "cannot listen on " + address + ": " + error.message());
    }

    void run(unsigned threads) {
        asio::post(strand_, [this] { accept_next(); });
        for (unsigned i = 0; i < std::max(threads, 1u); ++i) {
            threads_.emplace_back([core = core_] { core->context.run(); });
        }
    }

    std::uint16_t port() const override { return port_; }

    Result<std::function<void()>> prepare(const TlsFiles& files,
                                          const std::vector<std::string>& networks) override {
        auto sources = SourceList::parse(networks);
        if (!sources) return tl::unexpected(sources.error());
        std::shared_ptr<asio::ssl::context> tls;
        if (!files.certificate.empty()) {
            auto made = make_server_tls(files);
            if (!made) return tl::unexpected(made.error());
            tls = std::move(*made);
        }
        return std::function<void()>([this, tls, sources = std::move(*sources)] {
            asio::post(strand_, [this, tls, sources] {
                core_->tls = tls;
                sources_ = sources;
            });
        });
    }

    void stop(Duration grace) override {
        if (threads_.empty()) return;
        core_->stopping = true;
        asio::post(strand_, [this] {
            ErrorCode ignored;
            acceptor_.close(ignored);
            pause_.cancel();
        });
        for (const auto& session : core_->registry.all()) session->wind_down();
        core_->registry.wait_until_empty(grace);
        for (const auto& session : core_->registry.all()) session->abort();
        work_.reset();
        for (std::thread& thread : threads_) thread.join();
        threads_.clear();
        core_->stopped = true;
    }

    Counters counters() const override {
        Counters counters;
        counters.connections = core_->connections;
        counters.requests = core_->requests;
        counters.rejected_by_policy = core_->rejected_by_policy;
        counters.timeouts = core_->timeouts;
        counters.refused_connections = core_->refused_connections;
        return counters;
    }

private:
    void accept_next() {
        if (!acceptor_.is_open()) return;
        acceptor_.async_accept(asio::make_strand(core_->context),
                               [this](const ErrorCode& error, Tcp::socket socket) {
                                   on_accepted(error, std::move(socket));
                               });
    }

    void on_accepted(const ErrorCode& error, Tcp::socket socket) {
        if (core_->stopping) return;
        if (!error) {
            admit(std::move(socket));
        } else if (error != asio::error::connection_aborted) {
            pause_.expires_after(accept_pause);
            pause_.async_wait([this](const ErrorCode& canceled) {
                if (!canceled) accept_next();
            });
            return;
        }
        accept_next();
    }

    void admit(Tcp::socket socket) {
        ErrorCode error;
        const auto remote = socket.remote_endpoint(error);
        if (error || !sources_.admits(remote.address())) {
            ++core_->refused_connections;
            return;
        }
        const std::string peer = plain_address(remote.address()).to_string();
        const int handle = socket.native_handle();
        const auto session = std::make_shared<HttpSession>(core_, std::move(socket), peer);
        if (!core_->registry.admit(session, peer)) {
            ++core_->refused_connections;
            refuse_politely(handle);
            return;
        }
        ++core_->connections;
        session->start();
        // A stop that began meanwhile did not see this connection.
        if (core_->stopping) session->abort();
    }

    /// Tells a plain HTTP peer why, if that costs no waiting.
    void refuse_politely(int handle) const {
        if (core_->tls) return;
        const std::string response =
            write_response(refusal_response({503, "there are too many connections"}), false, false);
        ::send(handle, response.data(), response.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    }

    std::shared_ptr<ListenerCore> core_;
    SourceList sources_;
    asio::executor_work_guard<asio::io_context::executor_type> work_;
    asio::strand<asio::io_context::executor_type> strand_;
    Tcp::acceptor acceptor_;
    asio::steady_timer pause_;
    std::uint16_t port_ = 0;
    std::vector<std::thread> threads_;
};

}  // namespace

Result<std::unique_ptr<HttpListener>> HttpListener::start(Options options, HttpHandler handler) {
    auto sources = SourceList::parse(options.sources);
    if (!sources) return tl::unexpected(sources.error());
    auto core = std::make_shared<ListenerCore>(options.policy, std::move(handler));
    if (!options.tls.certificate.empty()) {
        auto tls = make_server_tls(options.tls);
        if (!tls) return tl::unexpected(tls.error());
        core->tls = std::move(*tls);
    }
    auto listener = std::make_unique<AsioHttpListener>(std::move(core), std::move(*sources));
    if (const Status opened = listener->open(options.address); !opened) {
        return tl::unexpected(opened.error());
    }
    listener->run(options.threads);
    return listener;
}

}  // namespace scef::nidd
