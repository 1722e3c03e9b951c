#include "queueing/record.h"
#include "scef-adapter/engine/events.h"
#include "scef-adapter/engine/fan_out_types.h"

namespace scef::adapter {

using queueing::RecordReader;
using queueing::RecordWriter;

namespace {

constexpr std::uint8_t version = 2;
constexpr std::uint8_t oldest_version = 1;  ///< without cancellation

Bytes copy(ByteView octets) { return {octets.begin(), octets.end()}; }

MessageId read_id(RecordReader& reader) { return MessageId::from_octets(reader.raw(16)); }

Duration read_duration(RecordReader& reader) {
    return Duration(static_cast<Duration::rep>(reader.number<std::uint64_t>()));
}

void write(RecordWriter& writer, const Pacing& pacing) {
    writer.number(pacing.per_1000_seconds)
        .number(static_cast<std::uint64_t>(pacing.jitter.count()));
}

Pacing read_pacing(RecordReader& reader) {
    Pacing pacing;
    pacing.per_1000_seconds = reader.number<std::uint32_t>();
    pacing.jitter = read_duration(reader);
    return pacing;
}

/// Reads a record by `read`, and by `read_newer` what older versions lack.
template <typename T, typename Read, typename ReadNewer>
Result<T> from_record(ByteView record, Read read, ReadNewer read_newer) {
    RecordReader reader(record);
    T value;
    const auto written_as = reader.number<std::uint8_t>();
    if (written_as >= oldest_version && written_as <= version) {
        read(reader, value);
        if (written_as > oldest_version) read_newer(reader, value);
        if (reader.ok()) return value;
    }
    return fail(Errc::corrupt, "a record of a group's message can't be read");
}

template <typename T, typename Read>
Result<T> from_record(ByteView record, Read read) {
    return from_record<T>(record, read, [](RecordReader&, T&) {});
}

}  // namespace

std::uint64_t FanOutJob::members() const {
    std::uint64_t sum = 0;
    for (const Share& share : shares) sum += share.members;
    return sum;
}

Bytes to_record(const EnqueueMessage& message) {
    RecordWriter writer(version);
    writer.octets(message.payload)
        .flag(message.opaque)
        .flag(message.ttl.has_value())
        .number(static_cast<std::uint64_t>(message.ttl.value_or(Duration{}).count()))
        .number(message.priority)
        .number(message.attempts_max.value_or(0))
        .text(message.correlation_id)
        .flag(message.send_now)
        .text(message.collapse_key)
        .number(message.ack)
        .flag(message.rds.has_value())
        .number(message.rds.value_or(nidd::RdsPort{}).port_ue)
        .number(message.rds.value_or(nidd::RdsPort{}).port_scef);
    return writer.take();
}

Result<EnqueueMessage> enqueue_message_from_record(ByteView record) {
    return from_record<EnqueueMessage>(record, [](RecordReader& reader, EnqueueMessage& message) {
        message.payload = copy(reader.octets());
        message.opaque = reader.flag();
        const bool has_ttl = reader.flag();
        const Duration ttl = read_duration(reader);
        if (has_ttl) message.ttl = ttl;
        message.priority = reader.enumerator(queueing::Priority::emergency);
        if (const auto attempts = reader.number<std::uint32_t>(); attempts > 0) {
            message.attempts_max = attempts;
        }
        message.correlation_id = reader.text();
        message.send_now = reader.flag();
        message.collapse_key = reader.text();
        message.ack = reader.enumerator(queueing::AckMode::full);
        const bool has_ports = reader.flag();
        nidd::RdsPort ports;
        ports.port_ue = reader.number<std::uint16_t>();
        ports.port_scef = reader.number<std::uint16_t>();
        if (has_ports) message.rds = ports;
    });
}

Bytes to_record(const GroupSettings& settings) {
    RecordWriter writer(version);
    write(writer, settings.pacing);
    return writer.take();
}

Result<GroupSettings> group_settings_from_record(ByteView record) {
    return from_record<GroupSettings>(record, [](RecordReader& reader, GroupSettings& settings) {
        settings.pacing = read_pacing(reader);
    });
}

Bytes to_record(const FanOutJob& job, ByteView message) {
    RecordWriter writer(version);
    writer.raw(job.id.octets()).text(job.group);
    write(writer, job.pacing);
    writer.time(job.created_at)
        .time(job.starts_at)
        .number(static_cast<std::uint32_t>(job.shares.size()));
    for (const FanOutJob::Share& share : job.shares) {
        writer.number(share.shard).number(share.members);
    }
    return writer.octets(message).time(job.canceled_at).take();
}

Result<StoredFanOutJob> fan_out_job_from_record(ByteView record) {
    const auto read = [](RecordReader& reader, StoredFanOutJob& stored) {
        FanOutJob& job = stored.job;
        job.id = read_id(reader);
        job.group = reader.text();
        job.pacing = read_pacing(reader);
        job.created_at = reader.time();
        job.starts_at = reader.time();
        const auto shares = reader.number<std::uint32_t>();
        for (std::uint32_t i = 0; i < shares && reader.ok(); ++i) {
            const auto shard = reader.number<ShardId>();
            job.shares.push_back({shard, reader.number<std::uint32_t>()});
        }
        stored.message = copy(reader.octets());
    };
    return from_record<StoredFanOutJob>(record, read,
                                        [](RecordReader& reader, StoredFanOutJob& stored) {
                                            stored.job.canceled_at = reader.time();
                                        });
}

Bytes to_record(const FanOutPart& part) {
    RecordWriter writer(version);
    writer.raw(part.job.octets()).text(part.group).octets(part.message);
    write(writer, part.pacing);
    return writer.time(part.starts_at).number(part.place).flag(part.canceled).take();
}

Result<FanOutPart> fan_out_part_from_record(ByteView record) {
    const auto read = [](RecordReader& reader, FanOutPart& part) {
        part.job = read_id(reader);
        part.group = reader.text();
        part.message = copy(reader.octets());
        part.pacing = read_pacing(reader);
        part.starts_at = reader.time();
        part.place = reader.number<std::uint64_t>();
    };
    return from_record<FanOutPart>(record, read, [](RecordReader& reader, FanOutPart& part) {
        part.canceled = reader.flag();
    });
}

Bytes to_record(const FanOutProgress& progress) {
    return RecordWriter(version)
        .number(progress.next)
        .number(progress.enqueued)
        .number(progress.refused)
        .flag(progress.done)
        .number(progress.next_queue)
        .flag(progress.queues_done)
        .number(progress.withdrawn)
        .number(progress.spared)
        .take();
}

Result<FanOutProgress> fan_out_progress_from_record(ByteView record) {
    const auto read = [](RecordReader& reader, FanOutProgress& progress) {
        progress.next = reader.number<queueing::DeviceIndex>();
        progress.enqueued = reader.number<std::uint32_t>();
        progress.refused = reader.number<std::uint32_t>();
        progress.done = reader.flag();
    };
    return from_record<FanOutProgress>(
        record, read, [](RecordReader& reader, FanOutProgress& progress) {
            progress.next_queue = reader.number<queueing::DeviceIndex>();
            progress.queues_done = reader.flag();
            progress.withdrawn = reader.number<std::uint32_t>();
            progress.spared = reader.number<std::uint32_t>();
        });
}

bool FanOutMember::is_spared() const {
    return message.empty() && cause == name_of(queueing::Reason::canceled);
}

Bytes to_record(const FanOutMember& member) {
    return RecordWriter(version)
        .text(member.external_id)
        .raw(member.message.octets())
        .time(member.not_before)
        .text(member.cause)
        .text(member.detail)
        .take();
}

Result<FanOutMember> fan_out_member_from_record(ByteView record) {
    return from_record<FanOutMember>(record, [](RecordReader& reader, FanOutMember& member) {
        member.external_id = reader.text();
        member.message = read_id(reader);
        member.not_before = reader.time();
        member.cause = reader.text();
        member.detail = reader.text();
    });
}

Bytes to_record(const FanOutEnd& end) {
    return RecordWriter(version)
        .number(end.state)
        .number(end.level)
        .number(end.reason)
        .time(end.at)
        .take();
}

Result<FanOutEnd> fan_out_end_from_record(ByteView record) {
    return from_record<FanOutEnd>(record, [](RecordReader& reader, FanOutEnd& end) {
        end.state = reader.enumerator(queueing::MessageState::unconfirmed);
        end.level = reader.enumerator(queueing::DeliveryLevel::coap);
        end.reason = reader.enumerator(queueing::Reason::last);
        end.at = reader.time();
    });
}

Bytes fan_out_member_key(const MessageId& job, queueing::DeviceIndex device) {
    return RecordWriter().raw(job.octets()).number(device).flag(false).take();
}

Bytes fan_out_end_key(const MessageId& job, queueing::DeviceIndex device) {
    return RecordWriter().raw(job.octets()).number(device).flag(true).take();
}

std::optional<FanOutKey> fan_out_key(ByteView key) {
    RecordReader reader(key);
    reader.raw(16);
    FanOutKey found;
    found.device = reader.number<queueing::DeviceIndex>();
    found.is_end = reader.flag();
    if (!reader.ok() || !reader.at_end()) return std::nullopt;
    return found;
}

}  // namespace scef::adapter
