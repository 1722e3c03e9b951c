"""The Debian packages on a clean Debian 12: installed, started, upgraded over themselves, purged."""

import glob
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BASE = os.path.join(ROOT, "build", "package-base")
IN_NAMESPACE = "SCEF_PACKAGE_NAMESPACE"


def run(*arguments, **options):
    """Runs a program; its output is shown if it fails."""
    result = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                            check=False, **options)
    if result.returncode != 0:
        raise AssertionError(f"{' '.join(arguments)} ended with {result.returncode}:\n{result.stdout}")
    return result.stdout


def make_base():
    """A minimal Debian 12 with the package sources of this machine."""
    if os.path.exists(os.path.join(BASE, "made")):
        return
    shutil.rmtree(BASE, ignore_errors=True)
    run("debootstrap", "--variant=minbase", "--include=ca-certificates", "bookworm", BASE)
    for name in ("sources.list", "sources.list.d", "apt.conf.d", "auth.conf.d"):
        source, target = os.path.join("/etc/apt", name), os.path.join(BASE, "etc/apt", name)
        if os.path.isdir(source):
            shutil.copytree(source, target, dirs_exist_ok=True)
        elif os.path.exists(source):
            shutil.copy(source, target)
    for foreign in glob.glob(os.path.join(BASE, "etc/apt/sources.list.d/*")):
        with open(foreign, encoding="utf-8") as file:
            if "debian.org" not in file.read():
                os.remove(foreign)
    open(os.path.join(BASE, "made"), "w", encoding="utf-8").close()


class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.packages = os.environ["SCEF_PACKAGES"]
        cls.work = tempfile.mkdtemp(prefix="scef-package-")
        run("mount", "-t", "tmpfs", "tmpfs", cls.work)
        cls.system = os.path.join(cls.work, "system")
        for name in ("upper", "work", "system"):
            os.mkdir(os.path.join(cls.work, name))
        run("mount", "-t", "overlay", "overlay", "-o",
            f"lowerdir={BASE},upperdir={cls.work}/upper,workdir={cls.work}/work", cls.system)
        run("mount", "-t", "proc", "proc", os.path.join(cls.system, "proc"))
        run("mount", "--bind", "/dev", os.path.join(cls.system, "dev"))
        shutil.copy("/etc/resolv.conf", os.path.join(cls.system, "etc/resolv.conf"))
        os.mkdir(os.path.join(cls.system, "packages"))
        for package in glob.glob(os.path.join(cls.packages, "*.deb")):
            shutil.copy(package, os.path.join(cls.system, "packages"))

    def inside(self, *arguments):
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive",
                       "LC_ALL": "C.UTF-8"}
        return run("chroot", self.system, *arguments, env={**os.environ, **environment})

    def left_over(self):
        """Files that the packages would answer for, outside of those of this test."""
        found = self.inside("sh", "-c", "find / -xdev -name '*scef*' ! -path '/packages*' "
                            "! -path '/proc/*' ! -path '/dev/*'")
        return [line for line in found.splitlines()
                if not line.startswith(("/var/log/", "/var/cache/"))]

    def start_and_ask(self):
        """The daemon as its unit starts it, on a loopback of its own; what /readyz and --version say."""
        command = """
            ip link set lo up
            chroot "$1" install -d -m 0700 -o scef-adapter -g scef-adapter /var/lib/scef-adapter
            chroot "$1" setpriv --reuid scef-adapter --regid scef-adapter --clear-groups \
                --no-new-privs --inh-caps=-all \
                /usr/bin/scef-adapter --config /etc/scef-adapter/adapter.yaml &
            daemon=$!
            for _ in $(seq 200); do
                curl -sf http://127.0.0.1:9080/readyz && break
                kill -0 $daemon || exit 1
                sleep 0.1
            done
            echo
            chroot "$1" /usr/bin/scef-adapterctl devices add meter-1@iot.example || exit 1
            chroot "$1" /usr/bin/scef-adapterctl store backup || exit 1
            kill -TERM $daemon
            wait $daemon && echo ended=0
        """
        return run("unshare", "--net", "bash", "-c", command, "-", self.system)

    def test_install_start_upgrade_and_purge(self):
        self.assertEqual(self.left_over(), [])
        self.inside("apt-get", "update")
        self.inside("sh", "-c", "apt-get install -y --no-install-recommends /packages/*.deb")
        self.assertIn("no mistakes", self.inside("scef-adapter", "--config",
                                                 "/etc/scef-adapter/adapter.yaml", "--check-config"))
        for program in ("scef-adapter", "scef-adapterctl", "scef-simulator", "modem-simulator",
                        "lwm2m-server-simulator"):
            self.assertIn("--help", self.inside(program, "--help"))
        for page in ("scef-simulator.md", "modem-simulator.md", "lwm2m-server-simulator.md"):
            self.inside("test", "-s", f"/usr/share/doc/scef-adapter-simulators/{page}")
        self.assertEqual(self.inside("dpkg-query", "-W", "-f", "${Conffiles}", "scef-adapter").split()[0],
                         "/etc/scef-adapter/adapter.yaml")
        enabled = glob.glob(os.path.join(self.system, "etc/systemd/system/*/scef-adapter*"))
        self.assertEqual(enabled, [])
        said = self.start_and_ask()
        for part in ('"status":"ready"', "READY version=", "/var/lib/scef-adapter/backups/", "ended=0"):
            self.assertIn(part, said)

        # An upgrade keeps what the operator wrote, and the store.
        configuration = os.path.join(self.system, "etc/scef-adapter/adapter.yaml")
        with open(configuration, "a", encoding="utf-8") as file:
            file.write("log: {level: debug}\n")
        self.inside("sh", "-c", "dpkg -i --force-confold /packages/*.deb")
        with open(configuration, encoding="utf-8") as file:
            self.assertTrue(file.read().endswith("log: {level: debug}\n"))
        self.assertIn("STORE_LOADED", self.start_and_ask())

        self.inside("apt-get", "remove", "-y", "scef-adapter", "scef-adapter-simulators")
        self.assertTrue(os.path.exists(configuration))
        self.assertTrue(os.path.isdir(os.path.join(self.system, "var/lib/scef-adapter/store")))
        self.inside("apt-get", "purge", "-y", "scef-adapter", "scef-adapter-simulators")
        self.assertEqual(self.left_over(), [])
        for file in ("passwd", "group"):
            with open(os.path.join(self.system, "etc", file), encoding="utf-8") as text:
                self.assertNotIn("scef", text.read())

    def test_the_unit_is_one_that_systemd_understands(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("systemd-analyze is not installed")
        unit = os.path.join(self.work, "scef-adapter.service")
        with open(os.path.join(ROOT, "packaging/systemd/scef-adapter.service"), encoding="utf-8") as file:
            text = file.read().replace("/usr/bin/scef-adapter ", "/bin/true ")
        with open(unit, "w", encoding="utf-8") as file:
            file.write(text)
        said = run("systemd-analyze", "verify", "--man=no", unit)
        self.assertNotIn("scef-adapter", said)


def main():
    if os.geteuid() != 0 or not all(map(shutil.which, ("debootstrap", "unshare", "curl", "ip"))):
        print("needs root, debootstrap, unshare, curl and ip")
        sys.exit(77)
    if IN_NAMESPACE not in os.environ:
        if "SCEF_PACKAGES" not in os.environ:
            run(os.path.join(ROOT, "scripts/package"))
            os.environ["SCEF_PACKAGES"] = os.path.join(ROOT, "build/packages")
        make_base()
        os.environ[IN_NAMESPACE] = "1"
        os.execvp("unshare", ["unshare", "--mount", sys.executable, "-B", *sys.argv])
    unittest.main()


if __name__ == "__main__":
    main()
