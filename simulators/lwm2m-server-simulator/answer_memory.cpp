#include "simulators/lwm2m-server-simulator/answer_memory.h"

namespace scef::lwm2m_server_simulator {

const CoapMessage* AnswerMemory::find(const std::string& peer, const CoapMessage& request) const {
    const auto found = entries_.find({peer, request.message_id});
    if (found == entries_.end() || !(found->second.request == request)) return nullptr;
    return &found->second.answer;
}

void AnswerMemory::remember(const std::string& peer, CoapMessage request, CoapMessage answer,
                            Instant now) {
    const std::pair key{peer, request.message_id};
    entries_.insert_or_assign(key, Entry{std::move(request), std::move(answer), now + lifetime});
}

void AnswerMemory::forget_before(Instant now) {
    std::erase_if(entries_, [now](const auto& entry) { return entry.second.expires_at <= now; });
}

}  // namespace scef::lwm2m_server_simulator
