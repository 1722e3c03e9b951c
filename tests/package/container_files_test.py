"""The image and the composition as they are written, where no Docker is: what they copy, run and mount is there."""

import fnmatch
import os
import re
import shlex
import subprocess
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDER = os.path.join(ROOT, "packaging", "docker")
BIN = os.environ.get("SCEF_BIN", os.path.join(ROOT, "build/release/bin"))

# Programs of debian:12-slim, whose packages are essential, and those that packages bring.
ESSENTIAL = {"apt-get", "rm", "install", "bash"}
BROUGHT_BY = {"curl": "curl", "scef-adapter": "scef-adapter", "scef-simulator": "scef-adapter-simulators"}


def read(*path):
    with open(os.path.join(*path), encoding="utf-8") as file:
        return file.read()


def instructions():
    """(stage, its base, instruction, arguments) of the Dockerfile, lines joined."""
    text = re.sub(r"^\s*#.*\n", "", read(FOLDER, "Dockerfile"), flags=re.MULTILINE)
    stage = base = ""
    for line in text.replace("\\\n", " ").splitlines():
        if not line.strip():
            continue
        word, arguments = line.split(None, 1)
        if word == "FROM":
            base, stage = re.fullmatch(r"(\S+) AS (\w+)", arguments).groups()
        yield stage, base, word, arguments.strip()


def commands(arguments):
    """The commands of a RUN, each as its words."""
    return [shlex.split(part) for part in arguments.split("&&")]


def compose_volumes():
    """Sources and targets of what is mounted into containers."""
    return re.findall(r"^      - ([\w./-]+):(/[\w./-]+?)(?::ro)?$", read(FOLDER, "compose.yaml"), re.MULTILINE)


class Image(unittest.TestCase):
    def setUp(self):
        self.lines = list(instructions())
        self.stages = {stage: base for stage, base, word, _ in self.lines if word == "FROM"}

    def line_of_stages(self, stage):
        """It and the stages that it is built on."""
        while stage in self.stages:
            yield stage
            stage = self.stages[stage]

    def installed_in(self, stage):
        """What apt-get installs there, or before; packages of a file by their name."""
        names = set()
        for one, _, word, arguments in self.lines:
            if word != "RUN" or one not in set(self.line_of_stages(stage)):
                continue
            for words in commands(arguments):
                if words[:2] == ["apt-get", "install"]:
                    names |= {os.path.basename(name).split("_")[0] for name in words[2:] if name[0] != "-"}
        return names

    def test_stages_are_built_on_debian_or_on_an_earlier_one(self):
        known = set()
        for stage, base, word, _ in self.lines:
            if word == "FROM":
                self.assertIn(base, known | {"debian:12-slim"})
                known.add(stage)
        self.assertEqual([*self.stages][-1], "adapter")  # what is built without --target

    def test_what_is_copied_is_there_and_not_ignored(self):
        ignored = [line.rstrip("/") for line in read(ROOT, ".dockerignore").split()]
        copied = [arguments.split() for _, _, word, arguments in self.lines if word == "COPY"]
        self.assertGreaterEqual(len(copied), 3)
        for *sources, _ in copied:
            if sources[0].startswith("--from="):
                self.assertIn(sources.pop(0).removeprefix("--from="), self.stages)
                output = [words[words.index("--output") + 1] for _, _, word, arguments in self.lines
                          if word == "RUN" for words in commands(arguments) if "--output" in words]
                self.assertEqual(sources, output)
                continue
            for source in sources:
                self.assertTrue(os.path.exists(os.path.join(ROOT, source)), source)
                self.assertFalse([rule for rule in ignored if fnmatch.fnmatch("/" + source, rule)], source)

    def test_what_is_run_is_there_and_knows_its_options(self):
        for stage, _, word, arguments in self.lines:
            for words in commands(arguments) if word == "RUN" else []:
                program = words[0]
                if not program.startswith("scripts/"):
                    self.assertIn(program, ESSENTIAL, stage)
                    continue
                self.assertTrue(os.access(os.path.join(ROOT, program), os.X_OK), program)
                usage = subprocess.run([os.path.join(ROOT, program), "--help"], check=True, text=True,
                                       capture_output=True).stdout
                for option in words[1:]:
                    self.assertTrue(not option.startswith("--") or option in usage, f"{program} {option}")

    def test_packages_that_are_installed_are_made_by_that_name(self):
        made = set(re.findall(r"CPACK_DEBIAN_\w+_PACKAGE_NAME (\S+)\)", read(ROOT, "packaging", "CMakeLists.txt")))
        for stage in ("adapter", "simulators"):
            ours = {name for name in self.installed_in(stage) if name.startswith("scef-")}
            self.assertTrue(ours and ours <= made, f"{stage} installs {ours}, made are {made}")

    def test_what_is_started_in_a_container_is_installed_there(self):
        started = [(stage, re.findall(r'"([^"]+)"', arguments)[0]) for stage, _, word, arguments in self.lines
                   if word in ("ENTRYPOINT", "CMD", "HEALTHCHECK") and re.search(r'\["[^-]', arguments)]
        self.assertEqual({os.path.basename(program) for _, program in started}, set(BROUGHT_BY))
        for stage, program in started:
            self.assertIn(BROUGHT_BY[os.path.basename(program)], self.installed_in(stage), program)

    def test_it_runs_as_the_user_that_the_package_makes(self):
        users = {arguments for _, _, word, arguments in self.lines if word == "USER"}
        self.assertEqual(len(users), 1)
        self.assertRegex(read(ROOT, "packaging/deb/postinst"), rf"adduser [^;]*{users.pop()}\n")


class Composition(unittest.TestCase):
    def test_what_is_mounted_is_there_or_a_volume_of_its_own(self):
        volumes = compose_volumes()
        self.assertGreaterEqual(len(volumes), 8)
        own = re.findall(r"^  (\w+):$", read(FOLDER, "compose.yaml").split("\nvolumes:\n")[1], re.MULTILINE)
        for source, _ in volumes:
            if source.startswith("."):
                self.assertTrue(os.path.exists(os.path.join(FOLDER, source)), source)
            else:
                self.assertIn(source, own)

    def test_what_programs_are_pointed_at_is_mounted(self):
        mounts = {target: os.path.join(FOLDER, source) for source, target in compose_volumes()}
        options = re.findall(r"--(?:config\.file|web\.console\.templates)=(/\S+)", read(FOLDER, "compose.yaml"))
        self.assertEqual(len(options), 2)
        provider = re.search(r"path: (\S+)", read(FOLDER, "grafana/dashboards.yaml"))[1]
        for place in [*options, provider]:
            target = max((one for one in mounts if place.startswith(one)), key=len)
            self.assertTrue(os.path.exists(mounts[target] + place[len(target):]), place)

    def test_it_builds_a_target_of_the_dockerfile(self):
        text = read(FOLDER, "compose.yaml")
        self.assertIn(re.search(r"target: (\w+)", text)[1], [stage for stage, *_ in instructions()])
        context = os.path.join(FOLDER, re.search(r"context: (\S+)", text)[1])
        self.assertTrue(os.path.exists(os.path.join(context, re.search(r"dockerfile: (\S+)", text)[1])))

    def test_grafana_asks_prometheus_and_prometheus_the_adapter_where_they_listen(self):
        listens = re.search(r"--web\.listen-address=(\S+)", read(FOLDER, "compose.yaml"))[1]
        self.assertIn(f"url: http://{listens}\n", read(FOLDER, "grafana/datasources.yaml"))
        admin = re.search(r"^admin:\n  listen: (\S+)", read(FOLDER, "etc/adapter.yaml"), re.MULTILINE)[1]
        self.assertIn(f'targets: ["{admin}"]', read(ROOT, "packaging/prometheus/prometheus.yml"))
        self.assertIn(f"http://{admin}/readyz", read(FOLDER, "Dockerfile"))

    def test_the_adapter_takes_both_configurations_that_are_shipped(self):
        for file in ("packaging/docker/etc/adapter.yaml", "packaging/deb/adapter.yaml"):
            done = subprocess.run([os.path.join(BIN, "scef-adapter"), "--config", os.path.join(ROOT, file),
                                   "--check-config"], text=True, capture_output=True)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)


if __name__ == "__main__":
    unittest.main(verbosity=2)
