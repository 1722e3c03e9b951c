#include "simulators/pcap/capture_file.h"

#include <cerrno>
#include <cstring>

#include "lwm2m-core/pcap/pcapng.h"
#include "lwm2m-core/pcap/udp_packet.h"

namespace scef::pcap {

Result<std::unique_ptr<CaptureFile>> CaptureFile::create(const std::string& path,
                                                         std::string_view application) {
    std::FILE* const file = std::fopen(path.c_str(), "wbe");
    if (file == nullptr) {
        return fail(Errc::invalid_argument,
                    "cannot write the capture " + path + ": " + std::strerror(errno));
    }
    std::unique_ptr<CaptureFile> capture(new CaptureFile(file));
    capture->append(section_header(application));
    return capture;
}

void CaptureFile::append(const Bytes& block) {
    if (!is_good_) return;
    is_good_ = std::fwrite(block.data(), 1, block.size(), file_.get()) == block.size() &&
               std::fflush(file_.get()) == 0;
}

std::uint32_t CaptureFile::add_interface(std::string_view name) {
    const std::lock_guard lock(mutex_);
    append(interface_description(name));
    return interfaces_++;
}

void CaptureFile::write(std::uint32_t interface, WallTime time, const SocketAddress& from,
                        const SocketAddress& to, ByteView payload) {
    const Bytes block = enhanced_packet(interface, time, udp_packet(from, to, payload));
    const std::lock_guard lock(mutex_);
    append(block);
}

bool CaptureFile::is_good() const {
    const std::lock_guard lock(mutex_);
    return is_good_;
}

}  // namespace scef::pcap
