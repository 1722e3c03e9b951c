"""The installed programs at work in a system below a folder: unshare --net trial.py SYSTEM first|later

`first` adds a device, brings a message to it and makes a backup; `later` finds them again. The daemon is
started as its unit says, in a network of its own, with the configuration that came with it.
"""

import json
import os
import re
import stat
import subprocess
import sys

from notify_socket import NotifySocket
from stack import Program, call, eventually

DEVICE = "meter-1@iot.operator-a.example"
UNIT = "lib/systemd/system/scef-adapter.service"
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8"}


class Trial:
    def __init__(self, system, phase):
        self.system = system
        self.logs = os.path.join(system, "packages", "log-" + phase)
        os.mkdir(self.logs)
        with open(os.path.join(system, UNIT), encoding="utf-8") as file:
            self.unit = dict(re.findall(r"^(\w+)=(.*)$", file.read(), re.MULTILINE))
        self.notified = NotifySocket(os.path.join(system, "run"))
        os.chmod(self.notified.path, 0o666)
        self.programs = []

    def inside(self, *arguments):
        """What a program of the system prints; an error if it fails."""
        done = subprocess.run(["chroot", self.system, *arguments], env=ENVIRONMENT, text=True, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}")
        return done.stdout

    def start(self, user, group, *arguments, waits_for_line):
        """As systemd would: another user without any capability. What follows is its environment."""
        told = {**ENVIRONMENT, "NOTIFY_SOCKET": "/run/notify"}
        program = Program(os.path.basename(arguments[0]), [
            "env", "--ignore-environment", *(f"{name}={value}" for name, value in told.items()),
            "chroot", self.system, "setpriv", "--reuid", user, "--regid", group, "--clear-groups",
            "--no-new-privs", "--inh-caps=-all", *arguments],
            os.path.join(self.logs, os.path.basename(arguments[0]) + ".log"))
        self.programs.append(program)
        return program.start(waits_for_line)

    def simulator(self, *arguments):
        return self.start("nobody", "nogroup", *arguments, waits_for_line=True)

    def service(self):
        """The unit's user, its folder and its program; until it has told that it is ready."""
        user, group = self.unit["User"], self.unit["Group"]
        self.inside("install", "-d", "-m", self.unit["StateDirectoryMode"], "-o", user, "-g", group,
                    "/var/lib/" + self.unit["StateDirectory"])
        daemon = self.start(user, group, *self.unit["ExecStart"].split(), waits_for_line=False)
        eventually("READY=1", lambda: daemon.is_running() and any(
            message.get("READY") == "1" for message in self.notified.heard), 60)
        return daemon

    def ctl(self, *arguments):
        return self.inside("scef-adapterctl", *arguments)

    def message_through_the_chain(self):
        """The server, the SCEF and the device are the packaged simulators at their default addresses."""
        self.simulator("lwm2m-server-simulator")
        self.simulator("scef-simulator")
        self.ctl("devices", "add", DEVICE, "--profile", "always-on")
        self.simulator("modem-simulator", "--device", DEVICE, "--api", "127.0.0.1:8083")
        eventually("the device is registered", lambda: any(
            client["endpoint"] == "meter-1" for client in call("GET", "http://127.0.0.1:8090/clients")[1]), 60)
        answer = call("POST", "http://127.0.0.1:8090/clients/meter-1/read", {"path": "/3/0/0"})[1]
        assert answer["code"] == "2.05", answer
        said = self.ctl("messages", "send", DEVICE, "--coap", "GET /3/0/1", "--wait")
        assert "2.05" in said, said

    def first(self):
        self.message_through_the_chain()
        backup = self.ctl("store", "backup")
        assert "/var/lib/scef-adapter/backups/" in backup, backup

    def later(self):
        """What an older version wrote is read by the one that is installed now."""
        device = json.loads(self.ctl("--json", "devices", "show", DEVICE))
        assert device["profile"] == "always-on", device
        said = self.ctl("messages", "list", DEVICE)
        for request in ("GET /3/0/0", "GET /3/0/1"):
            assert re.search(rf"DELIVERED \(coap\) +{request} ", said), said

    def permissions(self):
        """Nobody else reads what is stored."""
        folder = os.path.join(self.system, "var/lib", self.unit["StateDirectory"])
        mode = stat.S_IMODE(os.stat(folder).st_mode)
        assert mode == 0o700, oct(mode)

    def stop(self):
        """The status of the daemon is that of systemctl stop."""
        statuses = {program.name: program.stop(30) for program in reversed(self.programs)}
        self.notified.close()
        os.remove(self.notified.path)
        assert set(statuses.values()) <= {0}, statuses


def main():
    system, phase = sys.argv[1:]
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    trial = Trial(system, phase)
    try:
        trial.service()
        getattr(trial, phase)()
        trial.permissions()
    finally:
        trial.stop()
    with open(os.path.join(trial.logs, "scef-adapter.log"), encoding="utf-8") as log:
        print(log.read())


if __name__ == "__main__":
    main()
