"""What the project's architecture allows, as tables. A folder's entry holds for the folders below
it, unless they have one of their own; a folder always knows itself."""

# Which folders of the project a folder may include from; the longest name decides.
ALLOWED_FOLDERS = {
    "lwm2m-core/vocabulary": {},
    "lwm2m-core/coap": {"lwm2m-core/vocabulary": True},
    "lwm2m-core/lwm2m": {"lwm2m-core/vocabulary": True, "lwm2m-core/coap": True},
    "lwm2m-core/client": {"lwm2m-core": True},
    "lwm2m-core/pcap": {"lwm2m-core/vocabulary": True},
    "nidd": {"nidd": True, "lwm2m-core": True},
    "nidd/types": {"lwm2m-core": True},
    "quota": {"lwm2m-core": True},
    "queueing": {"lwm2m-core": True, "queueing/store": False},
    "queueing/store": {"lwm2m-core": True, "queueing": True},
    "scef-adapter": {
        "lwm2m-core": True, "nidd": True, "quota": True, "queueing": True, "scef-adapter": True},
    "scef-adapter/config": {
        "lwm2m-core": True, "nidd/types": True, "quota": True, "queueing": True,
        "queueing/store": False},
    "scef-adapter/engine": {
        "lwm2m-core": True, "nidd/types": True, "quota": True, "queueing": True,
        "queueing/store": False, "scef-adapter/config": True},
    "scef-adapter/capture": {
        "lwm2m-core": True, "nidd/types": True, "scef-adapter/engine": True, "queueing": True,
        "queueing/store": False, "scef-adapter/config": True},
    "scef-adapter/audit": {
        "lwm2m-core": True, "queueing": True, "queueing/store": False,
        "scef-adapter/engine": True},
    "scef-adapter/webhooks": {
        "lwm2m-core": True, "nidd": True, "queueing": True, "scef-adapter/engine": True,
        "scef-adapter/feed": True, "scef-adapter/audit": True},
    "scef-adapter/feed": {
        "lwm2m-core": True, "nidd/types": True, "queueing": True, "scef-adapter/engine": True},
    "scef-adapter/console": {"lwm2m-core": True, "nidd": True},
    "scef-adapter/doctor": {"lwm2m-core": True, "nidd": True, "scef-adapter/config": True},
    "scef-adapter/ctl": {"lwm2m-core": True, "nidd/types": True},
    "simulators/modem-link": {"lwm2m-core/vocabulary": True},
    "simulators/scef-simulator": {"lwm2m-core/vocabulary": True, "simulators/modem-link": True},
    "simulators/modem-simulator": {
        "lwm2m-core": True, "simulators/modem-link": True, "simulators/pcap": True},
    "simulators/lwm2m-server-simulator": {
        "lwm2m-core/vocabulary": True, "lwm2m-core/lwm2m": True, "simulators/pcap": True},
    "simulators/pcap": {"lwm2m-core/vocabulary": True, "lwm2m-core/pcap": True},
    "tests": {
        "lwm2m-core": True, "nidd": True, "quota": True, "queueing": True, "scef-adapter": True,
        "simulators": True, "tests": True},
}

# Third-party headers: the beginning of the header's name -> the folders that may include it.
ADAPTER = {
    "scef-adapter": True, "scef-adapter/config": False, "scef-adapter/ctl": False,
    "scef-adapter/engine": False, "tests": True,
}
NIDD_IO = {"nidd/client": True, "nidd/endpoint": True, "nidd/tls": True}
PROGRAMS = ADAPTER | {"scef-adapter/ctl": True, "simulators": True}
STORE = {"queueing/store": True, "tests": True}
LIBCOAP = {"simulators/lwm2m-server-simulator": True, "tests": True}
ONLY_TESTS = {"tests": True}
ALLOWED_THIRD_PARTY = {
    "tl/expected": {part: True for part in
                    ("lwm2m-core", "nidd", "quota", "queueing", "scef-adapter", "simulators", "tests")},
    "nlohmann/": PROGRAMS | {"nidd": True, "scef-adapter/config": True},
    "boost/": ADAPTER | NIDD_IO,
    "openssl/": ADAPTER | NIDD_IO | {"simulators": True},
    "httplib": {"simulators": True, "scef-adapter/ctl": True, "tests": True},
    "coap3/": LIBCOAP,
    "coap/": LIBCOAP,
    "prometheus/": {"scef-adapter/metrics": True, "tests": True},
    "rocksdb/": STORE,
    "libpq": STORE,
    "yaml-cpp/": PROGRAMS | {"scef-adapter/config": True},
    "CLI/": PROGRAMS,
    "spdlog/": PROGRAMS,
    "fmt/": PROGRAMS,
    "systemd/": ADAPTER,
    "gtest/": ONLY_TESTS,
    "gmock/": ONLY_TESTS,
    "rapidcheck": ONLY_TESTS,
    "benchmark/": ONLY_TESTS,
    "valijson/": ONLY_TESTS,
    "fuzzer/": ONLY_TESTS,
}

# Headers of the operating system come from these folders, or have no folder and end in .h.
SYSTEM_FOLDERS = ("arpa/", "linux/", "net/", "netinet/", "sys/")

# Pure: no clock, sleep, thread, socket or file. Folders below a pure one are pure too, unless named
# with False.
PURE = {
    "lwm2m-core": True,
    "nidd/types": True,
    "quota": True,
    "queueing": True,
    "queueing/store": False,
    "scef-adapter/engine": True,
    "scef-adapter/audit": True,
    "scef-adapter/capture": True,
}
IMPURE_HEADERS = {
    "barrier", "condition_variable", "filesystem", "fstream", "future", "iostream",
    "latch", "mutex", "semaphore", "shared_mutex", "stop_token", "thread",
    "dirent.h", "fcntl.h", "netdb.h", "poll.h", "pthread.h", "semaphore.h", "signal.h", "stdio.h",
    "time.h", "unistd.h",
}
# inet_pton and its structures only turn text into octets.
PURE_SYSTEM_HEADERS = {"arpa/inet.h", "netinet/in.h"}
IMPURE_WORDS = {
    r"\b\w*_clock\s*::\s*now\b": "reads a clock",
    r"\b(?:clock_gettime|gettimeofday|timespec_get)\b": "reads a clock",
    r"\bstd\s*::\s*(?:time|clock)\s*\(|(?<![\w.>])time\s*\(\s*(?:nullptr|NULL|0)\s*\)": "reads a clock",
    r"\b(?:localtime|mktime)(?:_r)?\b": "reads the machine's time zone",
    r"\bthis_thread\b|\b(?:u|nano)sleep\b|(?<![\w.>])sleep\s*\(": "sleeps or asks for its thread",
    r"\bstd\s*::\s*(?:j?thread|async|(?:\w+_)?mutex|condition_variable\w*)\b": "uses threads",
    r"\bthread_local\b": "uses threads",
    r"\brandom_device\b|(?<![\w.>])s?rand\s*\(|\bgetrandom\b|\bgetentropy\b": "draws randomness of its own",
    r"\b(?:i|o)?fstream\b|\bf(?:re)?open\s*\(|\bstd\s*::\s*filesystem\b": "touches a file",
    r"\bstd\s*::\s*c(?:out|err|in|log)\b|(?<![\w.>])(?:printf|puts|fprintf|perror)\s*\(": "touches a stream",
    r"(?<![\w>])::\s*(?:socket|bind|connect|sendto|recvfrom|open|read|write|close)\s*\(": "calls the system",
    r"(?<![\w.>])(?:secure_)?getenv\s*\(": "reads the environment",
}

# Sections of docs/t8-outcomes.md whose tables no flow test sees -> what tests them.
T8_TESTED_ELSEWHERE = {
    "The gate before a SCEF": "tests/unit/nidd/client",
}

FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 70
