"""One round: peers, an adapter on an empty store, mixed load, kills, then calm, and what the adapter itself
says in the end. All of it goes into one history file, which oracle.py judges."""

import asyncio
import itertools
import os
import random

from adapter import Adapter, Died, Points, met
from api_peer import ApiPeer
from device_peer import DevicePeer
from facts import OPEN
from history import History
from scef_peer import ScefPeer
from server_peer import ServerPeer
from weather import Weather

# name -> (profile, quota): four without limits, one with a rate, one with a fixed amount, one that sleeps.
DEVICES = {**{f"free{n}": ("hears", "default") for n in range(1, 5)}, "rated": ("hears", "rated"),
           "capped": ("hears", "capped"), "sleeper": ("sleeps", "default")}
API_WORKERS, SERVER_WORKERS = 5, 4
DRAIN_SECONDS = 150


class Round:
    """`engine` memory is the control: an adapter that forgets everything at its end."""

    def __init__(self, bin_dir, work_dir, seed, kills, by_points=0.5, progress=lambda text: None,
                 engine="rocksdb"):
        self.engine = engine
        self.chance = random.Random(seed)
        self.dir, self.kills, self.by_points, self.progress = work_dir, kills, by_points, progress
        os.makedirs(work_dir, exist_ok=True)
        self.history = History(os.path.join(work_dir, "history.jsonl"))
        self.history.add("run", seed=seed, kills=kills)
        # Each peer draws for itself, so that a race between two does not change what a third one does.
        draw = lambda: random.Random(self.chance.getrandbits(64))
        self.weather = Weather()
        self.scef = ScefPeer(self.history, draw(), self.weather)
        self.server = ServerPeer(self.history, draw(), self.weather)
        self.adapter = Adapter(bin_dir, work_dir, self.history)
        self.load_chance, self.serials, self.uplinks = draw(), itertools.count(1), itertools.count(1)
        self.devices = {name: DevicePeer(f"{name}@torture.example", self.scef, self.history, draw(),
                                         self.weather) for name in DEVICES}
        self.scef.devices = {d.external_id: d for d in self.devices.values()}
        self.tasks, self.loaded = [], True
        self.patience = 70  # seconds that calls may still take once the load has ended
        self.moments = (0.0, 1.2)  # how long a life lasts until it is killed at a moment

    async def play(self):
        watch = asyncio.get_running_loop().create_task(self.watch_lag())
        try:
            await self.begin()
            for kill in range(self.kills):
                self.progress(kill)
                await self.one_life()
            await self.settle()
        except Died as died:
            self.history.add("died", text=str(died))
        finally:
            watch.cancel()
            self.scef.stopped = self.server.stopped = self.api.stopped = True
            for task in [*self.tasks, *self.scef.tasks]:
                task.cancel()
            self.adapter.force_end()
            self.history.close()

    async def watch_lag(self):
        """How late this process and its disk are: what the oracle must allow for."""
        loop, turns = asyncio.get_running_loop(), 0
        sync = None
        while True:
            before, turns = loop.time(), turns + 1
            await asyncio.sleep(0.05)
            self.note_lag(loop.time() - before - 0.05)
            if sync is None or sync.done():
                sync = loop.create_task(self.sync_history()) if turns % 10 == 0 else None

    async def sync_history(self):
        loop = asyncio.get_running_loop()
        before = loop.time()
        self.history.file.flush()
        await loop.run_in_executor(None, os.fdatasync, self.history.file.fileno())
        self.note_lag(loop.time() - before)

    def note_lag(self, seconds):
        if seconds > 0.1:
            self.history.add("lag", seconds=round(seconds, 3))

    # ---- Load

    async def begin(self):
        await self.scef.start()
        await self.server.start()
        self.adapter.configure(self.scef.api_root, self.server.address, self.engine)
        self.api = ApiPeer(self.adapter.admin, self.history,
                           random.Random(self.chance.getrandbits(64)))
        self.adapter.start()
        await self.adapter.ready()
        client = self.api.client()
        for name, (profile, quota) in DEVICES.items():
            device = {"externalId": f"{name}@torture.example", "profile": profile, "quota": quota,
                      "endpoint": name}
            status, _, answer = await client.call("POST", "/api/v1/devices", device)
            if status != 201:
                raise Died(f"provisioning answered {status}: {answer}")
            self.history.add("provisioned", device=device["externalId"], profile=profile, quota=quota)
        while len(self.scef.configurations) < len(DEVICES):
            await asyncio.sleep(0.02)
        awake = [d for n, d in self.devices.items() if DEVICES[n][0] == "hears"]
        await asyncio.gather(*(device.register() for device in awake))
        loop = asyncio.get_running_loop()
        for index in range(API_WORKERS):
            self.tasks.append(loop.create_task(self.api_load(index == 0)))
        for _ in range(SERVER_WORKERS):
            self.tasks.append(loop.create_task(self.server_load(awake)))
        self.tasks.append(loop.create_task(self.uplink_load(awake)))

    def pause(self, mean):
        return asyncio.sleep(self.load_chance.expovariate(1 / mean))

    def operation(self):
        return self.load_chance.choice(("read", "read", "write", "execute"))

    async def api_load(self, to_the_sleeper):
        client, chance = self.api.client(), self.load_chance
        names = ["sleeper"] if to_the_sleeper else [n for n in DEVICES if n != "sleeper"]
        while self.loaded:
            device = self.devices[chance.choice(names)]
            ttl = 86400 if to_the_sleeper else chance.choice((2, 4, 8, 12))
            await self.api.send(client, next(self.serials), device, self.operation(), ttl,
                                chance.random() < 0.8)
            await self.pause(0.5 if to_the_sleeper else 0.08)

    async def server_load(self, devices):
        while self.loaded:
            await self.server.ask(next(self.serials), self.load_chance.choice(devices),
                                  self.operation(), self.load_chance.random() < 0.8)
            await self.pause(0.15)

    async def uplink_load(self, devices):
        while self.loaded:
            self.load_chance.choice(devices).send_data(next(self.uplinks))
            await self.pause(0.08)

    # ---- Lives and deaths

    async def one_life(self):
        drawn = self.chance.random()
        if drawn < self.by_points:
            await self.die_at_a_point()
        else:
            shortest, longest = self.moments
            most = self.chance.choice((0.2, 0.6, longest)) if longest > shortest else longest
            await self.adapter.live(shortest + self.chance.random() * (most - shortest))
            await self.adapter.kill()
        self.adapter.start()
        if self.chance.random() < 0.15:  # killed once more while it recovers
            await self.adapter.live(self.chance.random() * 0.4)
            await self.adapter.kill("while it starts")
            self.adapter.start()
        await self.adapter.ready()
        await self.look_at_the_sleeper()

    async def die_at_a_point(self):
        call = self.chance.choice(Points.CALLS)
        nth = self.chance.randint(1, 12)
        log = await Points.attach(self.adapter, call, nth)
        if await self.adapter.ended(1.5):
            point = met(log, self.adapter.admin, self.adapter.notifications)
            self.history.add("kill", life=self.adapter.lives, point=point)
            await self.adapter.reap(point)
        else:
            point = "time"
            await self.adapter.kill()
        self.adapter.tracer.wait()
        os.path.exists(log) and os.remove(log)

    async def look_at_the_sleeper(self):
        """Its queue only grows: how many it holds is known after each restart (I1, I6). While the API
        peer waits for an answer, one more or less may be there."""
        self.history.add("sleeper", life=self.adapter.lives,
                         messages=await self.queued_for(self.api.client(), self.devices["sleeper"]))

    async def queued_for(self, client, device):
        answer = await self.api.get(client, "/api/v1/devices/" + device.external_id)
        return answer["queue"]["messages"] if "queue" in answer else 0

    # ---- The end

    async def settle(self):
        """Calm: everything must come to its end; then it is asked twice, with a kill between."""
        self.loaded = False
        self.weather.calm()
        self.history.add("calm")
        ended = asyncio.gather(*self.tasks, return_exceptions=True)
        try:
            await asyncio.wait_for(ended, self.patience)
        except asyncio.TimeoutError:
            pass
        await self.drain()
        await self.ask("settled")
        await self.adapter.kill("settled")
        self.adapter.start()
        await self.adapter.ready()
        await self.drain()
        await self.ask("final", timelines=True)
        await self.adapter.stop()

    async def drain(self):
        """Until nothing is open but what is for the sleeper (I9 judges whether that came about)."""
        end = asyncio.get_running_loop().time() + DRAIN_SECONDS
        client = self.api.client()
        while asyncio.get_running_loop().time() < end:
            self.progress("drains")
            waits = await self.queued_for(client, self.devices["sleeper"])
            gauges = await self.gauges(client)
            rest = sum(value for name, value in gauges.items() if name.startswith("messages_open")
                       and any(f'state="{state}"' in name for state in OPEN))
            if rest == waits and not self.scef.tasks:
                return
            await asyncio.sleep(0.2)

    async def gauges(self, client):
        found = {}
        for line in (await self.api.get(client, "/metrics")).splitlines():
            if line.startswith(("scef_adapter_messages_open{", "scef_adapter_queue_messages{")):
                name, _, value = line.rpartition(" ")
                found[name.removeprefix("scef_adapter_")] = float(value)
        return found

    async def ask(self, kind, timelines=False):
        """The adapter's own answer: messages, gauges, and what befell each message."""
        client = self.api.client()
        messages = await self.api.all_messages(client)
        self.history.add(kind, messages=messages, gauges=await self.gauges(client))
        self.adapter.sample()
        if timelines:
            for message in messages:
                items = (await self.api.get(client, f"/api/v1/messages/{message['id']}/timeline"))["items"]
                self.history.add("timeline", id=message["id"], items=items)
