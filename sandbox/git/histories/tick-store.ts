import { AUTHORS, type History, older } from "../history.ts";

const { chen, lin, wang } = AUTHORS;

const fixedSize = older(
  ["# How many ticks are kept for each symbol; the oldest go first.\n", ""],
  ['KEEP_TICKS = int(os.environ.get("KEEP_TICKS") or 500)', "KEEP_TICKS = 100"],
);
const noLock = older(
  ["import threading\n", ""],
  ["        self._lock = threading.Lock()\n", ""],
  [
    '        with self._lock:\n            self._ticks[symbol].append({"price": price, "at": at})',
    '        self._ticks[symbol].append({"price": price, "at": at})',
  ],
  [
    "        with self._lock:\n            return list(self._ticks.get(symbol, ()))[-count:]",
    "        return list(self._ticks.get(symbol, ()))[-count:]",
  ],
  ["        with self._lock:\n            return {symbol: len(ticks)", "        return {symbol: len(ticks)"],
);
const noPriceCheck = older([
  `        try:
            price = float(parse_qs(url.query)["price"][0])
        except (KeyError, ValueError):
            self.reply(400, {"error": "price is missing"})
            return
`,
  `        price = float(parse_qs(url.query)["price"][0])
`,
]);
const quietStop = older(['    log(f"{signal.Signals(number).name}: finishing open requests")\n', ""]);

export const tickStore: History = {
  name: "tick-store",
  commits: [
    {
      branch: "main",
      author: lin,
      date: "2026-08-04T11:30:00+08:00",
      message: "QT-1803 初始化逐笔存储工程",
      files: {
        ".gitignore": "now",
        "README.md": older(["（内存，`KEEP_TICKS` 条）", "（内存）"]),
        "build.py": "now",
        "src/settings.py": fixedSize,
      },
    },
    {
      branch: "main",
      author: lin,
      date: "2026-08-07T17:02:00+08:00",
      message: "QT-1804 逐笔写入与查询",
      files: {
        "src/ticks.py": noLock,
        "src/server.py": (now) => noPriceCheck(quietStop(now)),
      },
    },
    {
      branch: "main",
      author: wang,
      date: "2026-08-11T09:15:00+08:00",
      message: "QT-1808 Dockerfile on the business base image",
      files: { Dockerfile: "now" },
      tag: { name: "v1.0.0", text: "逐笔存储 1.0.0" },
    },
    {
      branch: "main",
      author: chen,
      date: "2026-08-25T15:26:00+08:00",
      message: "QT-1824 并发写入加锁\n\n多线程下偶发丢失逐笔。",
      files: { "src/ticks.py": "now" },
    },
    {
      branch: "main",
      author: chen,
      date: "2026-08-26T10:44:00+08:00",
      message: "QT-1825 缺少价格时返回 400",
      files: { "src/server.py": quietStop },
      tag: { name: "v1.1.0", text: "逐笔存储 1.1.0" },
    },
    {
      branch: "release/11.3",
      from: "v1.1.0",
      author: lin,
      date: "2026-09-10T16:00:00+08:00",
      message: "QT-1835 log the stop signal (11.3)",
      files: { "src/server.py": "now" },
    },
    {
      branch: "main",
      author: lin,
      date: "2026-09-10T16:30:00+08:00",
      message: "QT-1835 log the stop signal",
      files: { "src/server.py": "now" },
    },
    {
      branch: "main",
      author: lin,
      date: "2026-10-09T14:12:00+08:00",
      message: "QT-1843 每只证券保留的条数可配置",
      files: { "src/settings.py": "now", "README.md": "now" },
      tag: { name: "v2.0.0", text: "逐笔存储 2.0.0\n\n- QT-1843 KEEP_TICKS" },
    },
    {
      branch: "feature/QT-1856-more-ticks",
      from: "main",
      author: wang,
      date: "2026-11-03T13:50:00+08:00",
      message: "QT-1856 默认保留 2000 条",
      files: { "src/settings.py": older(["or 500)", "or 2000)"]) },
    },
  ],
};
