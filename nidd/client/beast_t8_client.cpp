#include "nidd/client/beast_t8_client.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "nidd/client/api_root.h"
#include "nidd/client/connection_pool.h"
#include "nidd/client/token_source.h"
#include "nidd/client/wire_request.h"
#include "nidd/tls/tls_context.h"
#include "nidd/types/hidden.h"

namespace scef::nidd {
namespace asio = boost::asio;
namespace {

constexpr std::size_t token_connections = 2;
constexpr std::size_t secret_octets = 4096;

/// One T8 call on its way: each of its two repetitions happens at most once.
struct Call {
    WireRequest request;
    std::size_t response_octets = 0;
    Urgency urgency;
    Instant not_after = never;
    T8Client::Done done;
    bool token_replaced = false;
    bool redirected = false;
};

class BeastT8Client final : public T8Client {
public:
    BeastT8Client(T8ClientOptions options, ApiRoot root, std::shared_ptr<ConnectionPool> pool,
                  std::shared_ptr<TokenSource> tokens)
        : scs_as_id_(std::move(options.scs_as_id)),
          prefixes_{root.path + options.nidd_path, root.path + options.trigger_path,
                    root.path + options.monitoring_path},
          response_octets_(options.response_octets),
          collection_octets_(options.collection_octets),
          root_(std::move(root)),
          pool_(std::move(pool)),
          tokens_(std::move(tokens)) {}

    ~BeastT8Client() override {
        pool_->shut_down();
        if (tokens_) tokens_->shut_down();
    }
    BeastT8Client(const BeastT8Client&) = delete;
    BeastT8Client& operator=(const BeastT8Client&) = delete;

    void submit(T8Request request, Done done) override {
        HttpCall http = http_call_of(request, prefixes_, scs_as_id_);
        if (!request.media_type.empty()) http.content_type = request.media_type;
        auto call = std::make_shared<Call>();
        call->request = {std::move(http.method),
                         std::move(http.target),
                         std::move(http.content_type),
                         std::move(request.body),
                         {}};
        const bool is_collection = request.operation == T8Request::Operation::list_configurations;
        call->response_octets = is_collection ? collection_octets_ : response_octets_;
        call->urgency = request.urgency;
        call->not_after = request.not_after;
        call->done = std::move(done);
        if (!tokens_) {
            send(call);
            return;
        }
        tokens_->get([this, call](Result<std::string> token) {
            on_token(call, std::move(token), T8Answer{});
        });
    }

private:
    using CallPtr = std::shared_ptr<Call>;

    void on_token(const CallPtr& call, Result<std::string> token, T8Answer otherwise) {
        if (token) {
            call->request.bearer = std::move(*token);
            send(call);
            return;
        }
        if (otherwise.transport == T8Answer::Transport::not_sent) {
            otherwise.error = token.error().message;
        }
        call->done(std::move(otherwise));
    }

    void send(const CallPtr& call) {
        pool_->submit({to_wire(call->request, root_.authority()), call->response_octets,
                       call->urgency, call->not_after},
                      [this, call](T8Answer answer) { on_answer(call, std::move(answer)); });
    }

    void on_answer(const CallPtr& call, T8Answer answer) {
        const bool answered = answer.transport == T8Answer::Transport::answered;
        if (answered && answer.status >= 400) {  // its text goes to logs and reports
            answer.body = hidden(std::move(answer.body), call->request.bearer);
        }
        if (answered && answer.status == 401 && tokens_ && !call->token_replaced) {
            call->token_replaced = true;
            tokens_->replace(call->request.bearer, [this, call, answer](Result<std::string> token) {
                on_token(call, std::move(token), answer);
            });
            return;
        }
        const bool redirect = answered && (answer.status == 307 || answer.status == 308);
        if (redirect && !call->redirected) {
            if (auto target = own_target(answer.location)) {
                call->redirected = true;
                call->request.target = std::move(*target);
                send(call);
                return;
            }
        }
        call->done(std::move(answer));
    }

    /// The path of a redirection if it stays on the configured server.
    std::optional<std::string> own_target(const std::string& location) const {
        const bool path_only = location.starts_with('/') && !location.starts_with("//");
        const std::string own = root_.tls ? "https://" : "http://";
        const auto parsed =
            ApiRoot::parse(path_only ? own + root_.authority() + location : location);
        if (!parsed || !parsed->is_same_server(root_) || parsed->path.empty()) return std::nullopt;
        return location.ends_with('/') ? parsed->path + '/' : parsed->path;
    }

    std::string scs_as_id_;
    T8Prefixes prefixes_;
    std::size_t response_octets_;
    std::size_t collection_octets_;
    ApiRoot root_;
    std::shared_ptr<ConnectionPool> pool_;
    std::shared_ptr<TokenSource> tokens_;
};

Result<std::string> read_secret(const std::string& file) {
    std::ifstream stream(file, std::ios::binary);
    std::string secret;
    if (stream) secret.assign(std::istreambuf_iterator<char>(stream), {});
    while (secret.ends_with('\n') || secret.ends_with('\r')) secret.pop_back();
    if (secret.empty() || secret.size() > secret_octets) {
        return fail(Errc::invalid_argument, "no client secret can be read from " + file);
    }
    return secret;
}

Result<std::shared_ptr<ConnectionPool>> make_pool(asio::io_context& context,
                                                  const T8ClientOptions& options,
                                                  const ApiRoot& server, std::size_t connections) {
    auto settings = std::make_shared<HttpConnectionSettings>();
    settings->server = server;
    settings->connect_timeout = options.connect_timeout;
    settings->request_timeout = options.request_timeout;
    settings->idle_timeout = options.idle_timeout;
    if (server.tls) {
        auto tls = make_client_tls(options.tls);
        if (!tls) return tl::unexpected(tls.error());
        settings->tls = std::move(*tls);
    }
    return std::make_shared<ConnectionPool>(context, std::move(settings), connections);
}

Result<std::shared_ptr<TokenSource>> make_tokens(asio::io_context& context,
                                                 const T8ClientOptions& options) {
    if (options.oauth2_token_url.empty()) return std::shared_ptr<TokenSource>{};
    const auto url = ApiRoot::parse(options.oauth2_token_url);
    if (!url) return fail(Errc::invalid_argument, "oauth2 token URL: " + url.error().message);
    auto secret = read_secret(options.oauth2_client_secret_file);
    if (!secret) return tl::unexpected(secret.error());
    auto pool = make_pool(context, options, *url, token_connections);
    if (!pool) return tl::unexpected(pool.error());
    return std::make_shared<TokenSource>(std::move(*pool), *url, options.oauth2_client_id,
                                         std::move(*secret), options.token_meter);
}

}  // namespace

Result<std::unique_ptr<T8Client>> make_beast_t8_client(asio::io_context& context,
                                                       T8ClientOptions options) {
    auto root = ApiRoot::parse(options.api_root);
    if (!root) return fail(Errc::invalid_argument, "api_root: " + root.error().message);
    if (options.scs_as_id.empty()) return fail(Errc::invalid_argument, "scs_as_id is empty");
    auto pool = make_pool(context, options, *root, options.connections_max);
    if (!pool) return tl::unexpected(pool.error());
    auto tokens = make_tokens(context, options);
    if (!tokens) return tl::unexpected(tokens.error());
    return std::make_unique<BeastT8Client>(std::move(options), std::move(*root), std::move(*pool),
                                           std::move(*tokens));
}

}  // namespace scef::nidd
