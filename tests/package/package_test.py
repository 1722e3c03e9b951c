"""The Debian packages on a clean Debian 12: installed, started, upgraded, purged."""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BASE = os.path.join(ROOT, "build", "package-base")
TRIAL = os.path.join(os.path.dirname(os.path.abspath(__file__)), "trial.py")
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


PROGRAMS = {"scef-adapter": 8, "scef-adapterctl": 1, "scef-simulator": 1, "modem-simulator": 1,
            "lwm2m-server-simulator": 1}
CONFIGURATION = "etc/scef-adapter/adapter.yaml"
# What the project cannot know, and packaging/README.md tells: who answers for the packages.
PLACEHOLDERS = {"bogus-mail-host", "bogus-mail-host-in-debian-changelog", "root-in-contact"}


class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.packages = glob.glob(os.path.join(os.environ["SCEF_PACKAGES"], "*.deb"))
        cls.work = tempfile.mkdtemp(prefix="scef-package-")
        run("mount", "-t", "tmpfs", "tmpfs", cls.work)

    def make_system(self):
        """A clean system with the packages in /packages and, of a later version, in /packages/later."""
        folder = tempfile.mkdtemp(dir=self.work)
        system = os.path.join(folder, "system")
        for name in ("upper", "work", "system"):
            os.mkdir(os.path.join(folder, name))
        run("mount", "-t", "overlay", "overlay", "-o",
            f"lowerdir={BASE},upperdir={folder}/upper,workdir={folder}/work", system)
        run("mount", "-t", "proc", "proc", os.path.join(system, "proc"))
        run("mount", "--bind", "/dev", os.path.join(system, "dev"))
        shutil.copy("/etc/resolv.conf", os.path.join(system, "etc/resolv.conf"))
        later = os.path.join(system, "packages/later")
        os.makedirs(later)
        for package in self.packages:
            shutil.copy(package, os.path.join(system, "packages"))
            self.repack(package, later)
        self.system = system

    def repack(self, package, folder):
        """The same programs with the number of a later version."""
        parts = tempfile.mkdtemp(dir=self.work)
        run("dpkg-deb", "--raw-extract", package, parts)
        control = os.path.join(parts, "DEBIAN/control")
        with open(control, encoding="utf-8") as file:
            text = file.read()
        with open(control, "w", encoding="utf-8") as file:
            file.write(re.sub(r"^Version: (.*)$", r"Version: \1+later", text, flags=re.MULTILINE))
        run("dpkg-deb", "--build", "--root-owner-group", "-Znone", parts, folder)

    def inside(self, *arguments):
        environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive",
                       "LC_ALL": "C.UTF-8"}
        return run("chroot", self.system, *arguments, env={**os.environ, **environment})

    def at(self, path):
        return os.path.join(self.system, path)

    def left_over(self):
        """Files that the packages would answer for, outside of those of this test."""
        found = self.inside("sh", "-c", "find / -xdev '(' -name '*scef*' -o -name '*modem-simulator*' "
                            "-o -name '*lwm2m-server*' ')' ! -path '/packages*' "
                            "! -path '/proc/*' ! -path '/dev/*'")
        return [line for line in found.splitlines()
                if not line.startswith(("/var/log/", "/var/cache/"))]

    def install(self, folder):
        self.inside("sh", "-c", f"apt-get install -y --no-install-recommends {folder}/*.deb")

    def version(self):
        return self.inside("dpkg-query", "-W", "-f", "${Version}", "scef-adapter")

    def trial(self, phase):
        """The service and a message through the chain (trial.py); what the daemon wrote to its log."""
        return run("unshare", "--net", sys.executable, "-B", TRIAL, self.system, phase)

    def test_install_start_upgrade_and_purge(self):
        self.make_system()
        self.assertEqual(self.left_over(), [])
        self.inside("apt-get", "update")
        self.install("/packages")
        self.assertIn("no mistakes", self.inside("scef-adapter", "--config", "/" + CONFIGURATION,
                                                 "--check-config"))
        self.assertEqual(self.inside("dpkg-query", "-W", "-f", "${Conffiles}", "scef-adapter").split()[0],
                         "/" + CONFIGURATION)
        self.assertEqual(glob.glob(self.at("etc/systemd/system/*/scef-adapter*")), [])
        self.what_is_installed()
        self.assertIn("READY version=", self.trial("first"))
        self.upgrade()
        self.purge()

    def what_is_installed(self):
        for program, section in PROGRAMS.items():
            self.assertIn("--help", self.inside(program, "--help"))
            page = self.inside("gzip", "-dc", f"/usr/share/man/man{section}/{program}.{section}.gz")
            self.assertIn(f".TH {program.upper()} {section}", page)
        for file in ("share/bash-completion/completions/scef-adapterctl",
                     "share/zsh/vendor-completions/_scef-adapterctl",
                     "share/fish/vendor_completions.d/scef-adapterctl.fish",
                     "share/doc/scef-adapter/operations.md",
                     *(f"share/doc/scef-adapter-simulators/{program}.md" for program in PROGRAMS
                       if program.endswith("simulator")),
                     "share/scef-adapter/prometheus/scef-adapter.rules.yml",
                     "share/scef-adapter/grafana/scef-adapter-dashboard.json"):
            self.assertTrue(os.path.getsize(self.at("usr/" + file)), file)
        said = self.inside("bash", "-c", ". /usr/share/bash-completion/completions/scef-adapterctl; "
                           "complete -p scef-adapterctl")
        self.assertIn("complete -F", said)

    def upgrade(self):
        """It keeps what the operator wrote, and the store; the later version reads that."""
        before = self.version()
        with open(self.at(CONFIGURATION), "a", encoding="utf-8") as file:
            file.write("log: {level: debug}\n")
        self.install("/packages/later")
        self.assertEqual(self.version(), before + "+later")
        with open(self.at(CONFIGURATION), encoding="utf-8") as file:
            self.assertTrue(file.read().endswith("log: {level: debug}\n"))
        said = self.trial("later")
        self.assertIn("STORE_LOADED", said)
        self.assertNotIn(" error ", said)

    def purge(self):
        """`remove` keeps configuration and store, `purge` nothing, not even what the operator put there."""
        os.makedirs(self.at("etc/systemd/system/multi-user.target.wants"), exist_ok=True)
        os.symlink("/lib/systemd/system/scef-adapter.service",
                   self.at("etc/systemd/system/multi-user.target.wants/scef-adapter.service"))
        with open(self.at("etc/scef-adapter/admin-tokens"), "w", encoding="utf-8") as file:
            file.write("admin:a-token-that-was-secret\n")
        self.inside("apt-get", "remove", "-y", "scef-adapter", "scef-adapter-simulators")
        self.assertTrue(os.path.exists(self.at(CONFIGURATION)))
        self.assertTrue(os.path.isdir(self.at("var/lib/scef-adapter/store")))
        self.inside("apt-get", "purge", "-y", "scef-adapter", "scef-adapter-simulators")
        self.assertEqual(self.left_over(), [])
        for file in ("passwd", "group"):
            with open(self.at("etc/" + file), encoding="utf-8") as text:
                self.assertNotIn("scef", text.read())

    def test_the_unit_is_one_that_systemd_understands_and_confines(self):
        if not shutil.which("systemd-analyze"):
            self.skipTest("systemd-analyze is not installed")
        unit = os.path.join(self.work, "scef-adapter.service")
        with open(os.path.join(ROOT, "packaging/systemd/scef-adapter.service"), encoding="utf-8") as file:
            text = file.read().replace("/usr/bin/scef-adapter ", "/bin/true ")
        with open(unit, "w", encoding="utf-8") as file:
            file.write(text)
        said = run("systemd-analyze", "verify", "--man=no", unit)
        self.assertNotIn("scef-adapter", said)
        # Ends with 1 if the exposure is above what docs/operations.md says, in tenths.
        run("systemd-analyze", "security", "--offline=yes", "--threshold=16", unit)

    def test_lintian_misses_only_who_answers_for_the_packages(self):
        if not shutil.which("lintian"):
            self.skipTest("lintian is not installed")
        said = subprocess.run(["lintian", "--allow-root", *self.packages], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False).stdout
        tags = set(re.findall(r"^[EW]: \S+: (\S+)", said, re.MULTILINE))
        self.assertEqual(tags - PLACEHOLDERS, set(), said)


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
