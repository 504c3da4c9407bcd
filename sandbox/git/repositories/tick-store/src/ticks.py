"""The last ticks of each symbol, in memory."""

import threading
from collections import defaultdict, deque


class TickStore:
    def __init__(self, keep):
        self._ticks = defaultdict(lambda: deque(maxlen=keep))
        self._lock = threading.Lock()

    def add(self, symbol, price, at):
        with self._lock:
            self._ticks[symbol].append({"price": price, "at": at})

    def latest(self, symbol, count=20):
        with self._lock:
            return list(self._ticks.get(symbol, ()))[-count:]

    def sizes(self):
        with self._lock:
            return {symbol: len(ticks) for symbol, ticks in self._ticks.items()}
