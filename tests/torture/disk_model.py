"""The states that a disk may be in after a power loss: everything that was synced, and of the rest whatever
the kernel happened to write, in parts of 512 octets.

Files: what was written before the beginning of a completed fsync or fdatasync is there; of each later write
every sector may be old or new. Names (create, rename, unlink): those before a completed fsync of the folder
are there; of the later ones the first n, for any n, as a journal keeps them. `ordered` says that a file
never grows over sectors that were not written, which is what journaling file systems do (ext4 data=ordered,
XFS); without it a file may have grown and hold zeros.
"""

import os

SECTOR = 512


class _File:
    def __init__(self):
        self.changes = []  # writes and truncations
        self.syncs = []


class Disk:
    """Of the operations of a Trace."""

    def __init__(self, folder, operations):
        self.folder, self.operations = os.path.realpath(folder), operations
        self.names = []
        self.files = []
        self.folder_syncs = []
        self._sort()

    def _sort(self):
        """Which file an operation is about: files keep their content when their name changes."""
        by_name = {}
        for one in self.operations:
            if one.kind in ("create", "rename", "unlink", "mkdir"):
                if one.kind == "create":
                    by_name[one.path] = len(self.files)
                    self.files.append(_File())
                number = by_name.get(one.path)
                if one.kind == "rename":
                    by_name[one.target] = by_name.pop(one.path)
                self.names.append((one, number))
            elif one.kind == "sync" and one.path not in by_name:
                self.folder_syncs.append(one)
            elif one.path in by_name:
                file = self.files[by_name[one.path]]
                (file.syncs if one.kind == "sync" else file.changes).append(one)

    def state(self, place, chance, ordered=True, lies=frozenset()):
        """{path: octets} that may be left if the power goes when the trace has come to `place`. `lies`
        are syncs that did nothing."""
        tree = self._tree(place, chance, lies)
        return {path: None if number is None else
                self._content(self.files[number], place, chance, ordered, lies)
                for path, number in tree.items()}

    @staticmethod
    def _synced_before(syncs, place, lies):
        """Everything that ended before this is on the disk."""
        return max((s.began for s in syncs if s.ended <= place and s not in lies), default=-1)

    def _tree(self, place, chance, lies):
        done = [pair for pair in self.names if pair[0].ended <= place]
        certain = self._synced_before(self.folder_syncs, place, lies)
        first = sum(1 for one, _ in done if one.ended < certain)
        kept = chance.randint(first, len(done))
        tree = {}
        for one, number in done[:kept]:
            if one.kind == "unlink":
                tree.pop(one.path, None)
            elif one.kind == "rename":
                tree[one.target] = tree.pop(one.path)
            else:
                tree[one.path] = number
        return tree

    def _content(self, file, place, chance, ordered, lies):
        certain = self._synced_before(file.syncs, place, lies)
        octets = bytearray()
        kept_share = chance.choice((0.0, 0.5, 0.9, 1.0))
        for change in file.changes:
            if change.ended < certain:
                _apply(octets, change)
            elif change.began <= place:
                if not _apply_in_part(octets, change, chance, kept_share, ordered):
                    break
        return bytes(octets)


def _apply(octets, change):
    if change.kind == "truncate":
        _resize(octets, change.offset)
        return
    end = change.offset + len(change.data)
    if len(octets) < end:
        _resize(octets, end)
    octets[change.offset:end] = change.data


def _resize(octets, size):
    if len(octets) > size:
        del octets[size:]
    else:
        octets.extend(bytes(size - len(octets)))


def _apply_in_part(octets, change, chance, kept_share, ordered):
    """Whether what follows may be on the disk, too: in an ordered file nothing is behind a gap."""
    if change.kind == "truncate":
        if chance.random() < kept_share:
            _apply(octets, change)
        return True
    at, end = change.offset, change.offset + len(change.data)
    whole = True
    while at < end:
        until = min(end, (at // SECTOR + 1) * SECTOR)
        kept = chance.random() < kept_share
        whole = whole and kept
        if kept and (at <= len(octets) or not ordered):
            if len(octets) < until:
                _resize(octets, until)
            octets[at:until] = change.data[at - change.offset:until - change.offset]
        at = until
    return whole or not ordered or end <= len(octets)


def write_out(state, folder, target):
    """Lays the state down in another folder."""
    os.makedirs(target, exist_ok=True)
    for path, octets in sorted(state.items()):
        here = os.path.join(target, os.path.relpath(path, folder))
        if octets is None:
            os.makedirs(here, exist_ok=True)
            continue
        os.makedirs(os.path.dirname(here), exist_ok=True)
        with open(here, "wb") as file:
            file.write(octets)
