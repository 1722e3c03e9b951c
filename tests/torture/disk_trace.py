"""What a program did to the files of one folder, from strace's log: operations in their order."""

import os
import re

# What a trace must hold; everything else does not change files.
CALLS = ("openat,write,pwrite64,writev,pwritev,pwritev2,fdatasync,fsync,ftruncate,rename,renameat,"
         "renameat2,unlink,unlinkat,mkdir,mkdirat,link,linkat,lseek")
STRACE = ["strace", "-D", "-f", "-qq", "-ttt", "-T", "-y", "-xx", "-s", "33554432", "-e",
          "trace=" + CALLS]

LINE = re.compile(r"^(\d+) +(\d+\.\d+) (.*)$")
QUOTED = re.compile(r'"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?')
DESCRIPTOR = re.compile(r"^(\d+)<([^>]*)>")


class Operation:
    """`kind` is create, truncate, write, sync, rename, unlink or mkdir. `began` and `ended` are places
    in the order of the trace, `time` is Unix time at its end."""

    def __init__(self, kind, path, began, ended, time, **more):
        self.kind, self.path, self.began, self.ended, self.time = kind, path, began, ended, time
        self.offset, self.data = more.get("offset", 0), more.get("data", b"")
        self.target = more.get("target")

    def __repr__(self):
        return f"{self.kind} {self.path} {self.offset}+{len(self.data)} @{self.ended}"


class UnknownCall(Exception):
    """The trace has something that this model of a disk does not know."""


def _plain(path):
    """Paths of descriptors are in hexadecimal, too, where strace writes all strings so."""
    return bytes.fromhex(path.replace("\\x", "")).decode() if path.startswith("\\x") else path


def _strings(text):
    found = []
    for octets, cut in QUOTED.findall(text):
        if cut:
            raise UnknownCall("strace cut a string: " + text[:80])
        found.append(bytes.fromhex(octets.replace("\\x", "")))
    return found


class Trace:
    """Reads the logs of one process after another over the same folder."""

    def __init__(self, folder):
        self.folder = os.path.realpath(folder)
        self.operations = []
        self.place = 0
        self.known = set()     # paths that are there
        self.offsets = {}      # descriptor -> where the next write goes

    def read(self, log):
        """One life. Threads of a process share its descriptors."""
        self.offsets, begun = {}, {}
        with open(log, encoding="latin-1") as file:
            for line in file:
                self.place += 1
                matched = LINE.match(line)
                if not matched:
                    continue
                thread, time, text = matched.group(1), float(matched.group(2)), matched.group(3)
                if text.endswith("<unfinished ...>"):
                    begun[thread] = (self.place, text[:-len("<unfinished ...>")])
                    continue
                place = self.place
                if text.startswith("<... "):
                    place, start = begun.pop(thread, (None, None))
                    if place is None:
                        continue
                    text = start + text.partition("resumed>")[2]
                    self._call(text, place, time)
                else:
                    spent = re.search(r"<(\d+\.\d+)>$", text)
                    self._call(text, place, time + (float(spent.group(1)) if spent else 0.0))
        # What a kill cut short may have been done or not: it stays among the unsynced.
        for place, text in begun.values():
            name, _, rest = text.partition("(")
            if name in ("write", "pwrite64"):
                self._written(name, rest, place, self.operations[-1].time, cut=True)

    def _call(self, text, began, time):
        name, _, rest = text.partition("(")
        result = re.search(r"\)\s*= (-?\d+)", rest)
        if not result or int(result.group(1)) < 0:
            return
        result = int(result.group(1))
        handler = getattr(self, "_on_" + name, None)
        if handler is not None:
            handler(rest, began, time, result)
        elif self._file(rest)[1] is not None:
            raise UnknownCall(text[:200])

    def _add(self, kind, path, began, time, **more):
        self.operations.append(Operation(kind, path, began, self.place, time, **more))

    def _inside(self, path):
        return path == self.folder or path.startswith(self.folder + "/")

    def _path(self, octets):
        return os.path.realpath(os.path.dirname(octets.decode())) + "/" + os.path.basename(octets.decode())

    def _file(self, rest):
        found = DESCRIPTOR.match(rest)
        path = _plain(found.group(2)) if found else ""
        return (int(found.group(1)), path) if self._inside(path) else (None, None)

    def _on_openat(self, rest, began, time, result):
        path = self._path(_strings(rest)[0])
        if not self._inside(path):
            self.offsets.pop(result, None)
            return
        flags = rest.rpartition('"')[2]
        if "O_DIRECTORY" in flags:
            return
        self.offsets[result] = None if "O_APPEND" in flags else 0
        if "O_CREAT" in flags and path not in self.known:
            self.known.add(path)
            self._add("create", path, began, time)
        elif "O_TRUNC" in flags:
            self._add("truncate", path, began, time, offset=0)

    def _written(self, name, rest, began, time, cut=False):
        descriptor, path = self._file(rest)
        if path is None:
            return
        data = _strings(rest)[0]
        if name == "pwrite64":
            offset = int(rest.rpartition('"')[2].split(",")[2].strip(" )").split(")")[0])
        else:
            offset = self.offsets.get(descriptor, 0)
            if offset is None:
                raise UnknownCall("a write to a file that was opened to append: " + path)
            if not cut:
                self.offsets[descriptor] = offset + len(data)
        self._add("write", path, began, time, offset=offset, data=data)

    def _on_write(self, rest, began, time, result):
        self._written("write", rest, began, time)

    def _on_pwrite64(self, rest, began, time, result):
        self._written("pwrite64", rest, began, time)

    def _on_lseek(self, rest, began, time, result):
        descriptor, path = self._file(rest)
        if path is not None:
            self.offsets[descriptor] = result

    def _on_fdatasync(self, rest, began, time, result):
        _, path = self._file(rest)
        if path is not None:
            self._add("sync", path, began, time)

    _on_fsync = _on_fdatasync

    def _on_ftruncate(self, rest, began, time, result):
        _, path = self._file(rest)
        if path is not None:
            self._add("truncate", path, began, time,
                      offset=int(rest.split(",")[1].strip().split(")")[0]))

    def _on_rename(self, rest, began, time, result):
        old, new = (self._path(octets) for octets in _strings(rest)[:2])
        if self._inside(old):
            self.known.discard(old)
            self.known.add(new)
            self._add("rename", old, began, time, target=new)

    _on_renameat = _on_renameat2 = _on_rename

    def _on_unlink(self, rest, began, time, result):
        path = self._path(_strings(rest)[0])
        if self._inside(path):
            self.known.discard(path)
            self._add("unlink", path, began, time)

    _on_unlinkat = _on_unlink

    def _on_mkdir(self, rest, began, time, result):
        path = self._path(_strings(rest)[0])
        if self._inside(path) and path not in self.known:
            self.known.add(path)
            self._add("mkdir", path, began, time)

    _on_mkdirat = _on_mkdir
