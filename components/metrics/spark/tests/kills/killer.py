"""Kills the job at seeded moments."""

import random
import time
from collections.abc import Iterator

from kills.cloud import Cloud, Job, wait_for

_SECONDS = {"start": (3, 15), "offsets": (0, 3), "commits": (0, 0.3)}
_NAMES = {"start": "its start", "offsets": "the begin of a batch", "commits": "the commit of a batch"}


class Killer:
    """Chooses the moments: after a start, in a batch, after a batch's commit; each once, in an order of its own."""

    def __init__(self, cloud: Cloud, seed: int):
        self._cloud = cloud
        self._random = random.Random(seed)
        self._moments = self._choose()
        self.kills: list[str] = []

    def _choose(self) -> Iterator[str]:
        while True:
            yield from self._random.sample(list(_SECONDS), len(_SECONDS))

    def kill(self, job: Job) -> None:
        """Kill a job that has just been started. Fails if it ends by itself."""
        moment = next(self._moments)
        if moment != "start":
            before = self._cloud.last(moment)
            wait_for(lambda: self._cloud.last(moment) > before or not job.running())
        seconds = self._random.uniform(*_SECONDS[moment])
        time.sleep(seconds)
        assert job.running(), job.log()
        job.kill()
        self.kills.append(f"{seconds:.2f} s after {_NAMES[moment]}")
