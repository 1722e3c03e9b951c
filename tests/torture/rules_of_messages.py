"""I1 no loss, I3 repetitions, I5 order, I7 terminal states. Each rule yields a sentence for each violation."""

from facts import DEVICE_ACK_TIMEOUT, OPEN, TERMINAL
from messages import name_of


def no_loss(facts):
    """I1: what was acknowledged is there once, ended or open, and its key makes no second one."""
    for serial, one in facts.asked.items():
        if len(one.ids) > 1:
            yield f"{name_of(serial)}: one Idempotency-Key made {sorted(one.ids)}"
        if facts.final is None or one.accepted is None:
            continue
        known = facts.messages_of.get(serial, [])
        if len(known) != 1:
            yield (f"{name_of(serial)} for {one.device} by {one.via} was acknowledged at {one.accepted:.3f}; "
                   f"{len(known)} messages of it are there")
        for id in one.ids - {m["id"] for m in known}:
            yield f"{name_of(serial)}: {id} was acknowledged and is not there"
    for serial, known in facts.messages_of.items():
        if len(known) > 1:
            yield f"{name_of(serial)} is there {len(known)} times"
        for message in known:
            if message["state"] not in OPEN + TERMINAL:
                yield f"{name_of(serial)} is in state {message['state']}, which is none"
    yield from _sleeper(facts)


def _sleeper(facts):
    """After each restart: the queue of the device that never hears holds all that was acknowledged."""
    for look in facts.by_kind["sleeper"]:
        mine = [one for one in facts.asked.values()
                if facts.devices[one.device]["profile"] == "sleeps" and one.sent < look["t"]]
        certain = sum(1 for one in mine if one.accepted and one.accepted < look["t"])
        if not certain <= look["messages"] <= len(mine):
            yield (f"in life {look['life']} the sleeping device had {look['messages']} messages; "
                   f"{certain} were acknowledged, {len(mine)} asked for")


def repetitions(facts):
    """I3: one POST, and one more for each outcome that permits it; always the same octets."""
    for serial, posts in facts.posts_of.items():
        one = facts.asked[serial]
        resent = False
        for before, after in zip(posts, posts[1:]):
            if after.data != before.data:
                yield f"{name_of(serial)} was POSTed again with other octets: {before.data}, {after.data}"
            reason = _permit(facts, one, before, after)
            if reason is None and one.is_idempotent and not resent:
                # D19: no answer of the device within its timer; once.
                resent = after.t - before.t > 0.9 * DEVICE_ACK_TIMEOUT
                reason = resent or None
            if reason is None:
                yield (f"{name_of(serial)} ({one.operation}) was POSTed again at {after.t:.3f} as "
                       f"{after.transfer} after {before.transfer} ({before.outcome}) at {before.t:.3f}, "
                       "and nothing permits that")


def _permit(facts, one, before, after):
    """Why a message may be POSTed once more, or None."""
    if before.is_explicit_failure and before.was_read:
        return "refused"
    if any(status.startswith("FAILURE") and t < after.t for t, status in before.statuses):
        return "failed"
    killed = facts.was_killed_between(before.t, after.t)
    if not one.is_idempotent or not (before.is_doubtful or killed):
        return None
    # What is in doubt is asked for before it is repeated (D25).
    if any(before.t < t < after.t for t in facts.lists_of[one.device]):
        return "doubtful"
    return None


def order(facts):
    """I5: first POSTs in the order of acceptance; of a device's requests one is under way."""
    for device, posts in facts.posts_to.items():
        # What arrives after its TTL had left its place before: I2 judges that.
        posts = [post for post in posts if not facts.is_late(post)]
        firsts = {}
        for post in posts:
            firsts.setdefault(post.serial, post)
        earliest = None  # of those that were POSTed later, the one that was accepted first
        for serial, post in reversed(firsts.items()):
            one = facts.asked[serial]
            if earliest is not None and earliest.accepted < one.sent:
                yield (f"{device}: {name_of(serial)} was asked for at {one.sent:.3f} and POSTed at "
                       f"{post.t:.3f}, before {name_of(earliest.serial)}, accepted at "
                       f"{earliest.accepted:.3f}")
            if one.accepted is not None and (earliest is None or one.accepted < earliest.accepted):
                earliest = one
        yield from _one_under_way(facts, device, posts)


def _one_under_way(facts, device, posts):
    for before, after in zip(posts, posts[1:]):
        if before.serial == after.serial:
            continue
        if after.t < _released(facts, before, after.t):
            yield (f"{device}: {name_of(after.serial)} was POSTed at {after.t:.3f} while "
                   f"{name_of(before.serial)} ({before.transfer}, {before.outcome}, {before.t:.3f}) was under way")


def _released(facts, post, until):
    """When the next request of the device may have been sent: the first sign that this one's way is over;
    infinite if there was none before `until`."""
    one = facts.asked[post.serial]
    # An answer to an earlier POST that is still on its way to the adapter counts, too.
    signs = [max(sent, post.t) for sent, told in facts.answers_of[post.serial] if told >= post.t]
    signs += [t for t, status in post.statuses if status.startswith("FAILURE")]
    told = [t for t, status in post.statuses if status.startswith("SUCCESS")]
    if post.answered and post.was_read:
        if post.outcome == "delivered":
            told.append(post.answered)
        if post.is_explicit_failure or not one.confirmable:  # a NON expects nothing more
            signs.append(post.answered)
    for t in told:
        signs.append(t + 0.9 * DEVICE_ACK_TIMEOUT if one.confirmable else t)
    if post.is_doubtful:
        signs += [t for t in facts.lists_of[post.device] if t > post.t]
    if post.deleted:
        signs.append(post.deleted)
    if facts.was_killed_between(post.t, until):
        return post.t
    expiry = facts.expiry_of(post.serial)
    if expiry is not None:
        signs.append(post.t + max(0.0, expiry - post.w - 0.1))
    return min(signs, default=float("inf"))


def terminal_states(facts):
    """I7: an end stays; only UNCONFIRMED may become another end. DELIVERED was delivered."""
    if facts.settled is not None:
        for message in facts.settled["messages"]:
            now = facts.message_by_id.get(message["id"])
            before = message["state"]
            if now is None:
                if before in TERMINAL:
                    yield f"{message['id']} was {before}, and is not there after a restart"
            elif before in TERMINAL and not _may_become(before, now["state"]):
                yield f"{message['id']} was {before}, and is {now['state']} after a restart"
    for id, items in facts.timelines.items():
        states = [item["state"] for item in items]
        for before, after in zip(states, states[1:]):
            if before in TERMINAL and not _may_become(before, after):
                yield f"{id} went from {before} to {after}: {states}"
        message = facts.message_by_id[id]
        if states and states[-1] != message["state"]:
            yield f"{id} is {message['state']}, and its timeline ends {states[-1]}"
    for serial, known in facts.messages_of.items():
        if serial not in facts.reached and any(m["state"] == "DELIVERED" for m in known):
            yield f"{name_of(serial)} is DELIVERED, and the SCEF delivered nothing of it"


def _may_become(before, after):
    return before == after or (before == "UNCONFIRMED" and after in TERMINAL)
