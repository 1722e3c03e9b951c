"""I2 time to live, I4 quota, I6 accounting, I8 bounds, I9 liveness, I10 uplinks."""

import collections

from facts import OPEN, labels, unix_time
from messages import name_of

RATE, BURST = 5.0, 5        # of the quota `rated` in the adapter's configuration
CAP_PER_HOUR = 40           # of `capped`
FDS_MAX, THREADS_MAX, RSS_MAX = 400, 40, 2 << 30


def times_to_live(facts):
    """I2: by the adapter's own timeline exactly; by the arrival of the POST within what the peers were late."""
    for post in facts.posts:
        expiry = facts.expiry_of(post.serial) if post.serial is not None else None
        if expiry is None:
            continue
        late = facts.allowance(post.t)
        if post.w > expiry + late:
            yield f"{name_of(post.serial)} was POSTed {post.w - expiry:.3f} s after its TTL"
        if post.latency is None or post.latency > max(0.0, expiry - post.w) + late:
            yield (f"{name_of(post.serial)} was POSTed with maximumLatency {post.latency}, "
                   f"{expiry - post.w:.3f} s before its TTL ends")
    for id, items in facts.timelines.items():
        expiry = unix_time(facts.message_by_id[id]["expiresAt"])
        for item in items:
            if item["deviceLeg"] == "submitting" and unix_time(item["at"]) > expiry:  # milliseconds
                yield f"{id} was submitted at {item['at']}, its TTL had ended"


def quotas(facts):
    """I4: a rate holds in every window, an amount in its hour; a crash adds none."""
    for device, posts in facts.posts_to.items():
        quota = facts.devices[device]["quota"]
        if quota == "capped":
            for hour, count in collections.Counter(int(p.w // 3600) for p in posts).items():
                if count > CAP_PER_HOUR:
                    yield f"{device} was sent {count} requests in hour {hour}; {CAP_PER_HOUR} are allowed"
        if quota == "rated":
            yield from _rate(facts, device, posts)


def _rate(facts, device, posts):
    """Generic cell rate: a bucket that arrivals fill and time empties."""
    level, last = 0.0, None
    for post in posts:
        if last is not None:
            level = max(0.0, level - (post.t - last) * RATE)
        level, last = level + 1, post.t
        if level > BURST + RATE * facts.allowance(post.t):
            yield f"{device}: {level:.1f} requests above its rate at {post.t:.3f}; its burst is {BURST}"
            level = BURST


def accounting(facts):
    """I6: the gauges are what the list of messages says, before and after a restart."""
    for asked in (facts.settled, facts.final):
        if asked is None:
            continue
        listed = collections.Counter(m["state"] for m in asked["messages"] if m["state"] in OPEN)
        gauges = collections.Counter()
        queued = 0
        for gauge, value in asked["gauges"].items():
            name, label = labels(gauge)
            if name == "messages_open" and label["state"] in OPEN:
                gauges[label["state"]] += value
            if name == "queue_messages":
                queued += value
        if +gauges != +listed:
            yield f"{asked['e']}: messages_open says {dict(+gauges)}, the list {dict(+listed)}"
        if queued != listed["QUEUED"]:
            yield f"{asked['e']}: queue_messages says {queued}, the list {listed['QUEUED']}"


def bounds(facts):
    """I8: descriptors, threads and memory stay within what the configuration can need."""
    for sample in facts.by_kind["sample"]:
        for name, most in (("fds", FDS_MAX), ("threads", THREADS_MAX), ("rss", RSS_MAX)):
            if sample[name] > most:
                yield f"life {sample['life']} had {sample[name]} {name}; {most} are allowed"


def liveness(facts):
    """I9: in the calm everything ends, but what waits for a device that never hears; and nobody who was
    promised something was left out."""
    if facts.final is None:
        return
    served = {device for device, posts in facts.posts_to.items() if posts}
    for device, fields in facts.devices.items():
        if fields["profile"] != "hears":
            continue
        rest = [m for m in facts.messages if m["externalId"] == device and m["state"] in OPEN]
        if rest:
            yield f"{device} has {len(rest)} open messages after the calm, such as {rest[0]}"
        if device not in served and any(one.device == device and one.accepted
                                        for one in facts.asked.values()):
            yield f"{device} was never sent anything"


def uplinks(facts):
    """I10: what was answered 204 reached the LwM2M server."""
    received = {e["marker"] for e in facts.by_kind["server_received"]}
    taken = {e["marker"]: e for e in facts.by_kind["uplink_answer"]
             if e["code"] == 204 and e.get("marker")}
    if facts.final is None:
        return
    for marker, event in taken.items():
        if marker not in received:
            yield f"uplink {marker} was answered 204 at {event['t']:.3f}, and the LwM2M server never had it"
