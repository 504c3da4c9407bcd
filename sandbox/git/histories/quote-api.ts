import { AUTHORS, changelogFrom, type History, older } from "../history.ts";

const { chen, lin, wang, daniel } = AUTHORS;

const noSingleQuote = older(
  [
    '  const found = path.startsWith("/quotes/")\n    ? quote(decodeURIComponent(path.slice("/quotes/".length)))\n    : undefined;\n',
    "",
  ],
  ["found ? [200, found] : [404", "[404"],
  ["import { quote, quotes }", "import { quotes }"],
);
const noStopping = older(
  ["let stopping = false;\n", ""],
  [
    'return stopping ? [503, { status: "stopping" }] : [200, { status: "ok" }];',
    'return [200, { status: "ok" }];',
  ],
  ["    stopping = true;\n", ""],
);
const noCache = older([
  `path.startsWith("/quotes") ? \`max-age=\${settings.cacheSeconds}\` : "no-store"`,
  '"no-store"',
]);
const noCacheSetting = older(
  ["  /** Seconds for which a client may keep a quote. */\n", ""],
  ["  cacheSeconds: Number(process.env.QUOTE_CACHE_SECONDS || 3),\n", ""],
);

export const quoteApi: History = {
  name: "quote-api",
  commits: [
    {
      branch: "main",
      author: chen,
      date: "2026-08-03T10:12:00+08:00",
      message: "QT-1801 初始化行情接口工程",
      files: {
        ".gitignore": "now",
        "README.md": older(
          ["| `/quotes/600519.SH` | 单只证券行情                   |\n", ""],
          ["、`QUOTE_CACHE_SECONDS`", ""],
        ),
        "build.mjs": "now",
        "data/symbols.json": older([
          ',\n  { "symbol": "688981.SH", "name": "中芯国际", "base": 96.8, "tick": 0.01 }',
          "",
        ]),
        "src/log.mjs": "now",
        "src/settings.mjs": noCacheSetting,
      },
    },
    {
      branch: "main",
      author: chen,
      date: "2026-08-05T16:40:00+08:00",
      message: "QT-1802 行情快照接口\n\n提供 /quotes 全部行情与 /healthz 健康检查。",
      files: {
        "src/quotes.mjs": "now",
        "src/server.mjs": (now) => noSingleQuote(noStopping(noCache(now))),
        "CHANGELOG.md": changelogFrom("## 1.0.0"),
      },
    },
    {
      branch: "main",
      author: wang,
      date: "2026-08-06T09:25:00+08:00",
      message: "QT-1808 Dockerfile: build on the business base image",
      files: { Dockerfile: "now" },
      tag: { name: "v1.0.0", text: "行情接口 1.0.0" },
    },
    {
      branch: "feature/QT-1821-single-quote",
      from: "main",
      author: lin,
      date: "2026-08-18T11:03:00+08:00",
      message: "QT-1821 支持按代码查询单只证券",
      files: { "src/server.mjs": (now) => noStopping(noCache(now)) },
    },
    {
      branch: "feature/QT-1821-single-quote",
      author: lin,
      date: "2026-08-19T15:47:00+08:00",
      message: "QT-1821 补充接口说明",
      files: { "README.md": older(["、`QUOTE_CACHE_SECONDS`", ""]) },
    },
    {
      branch: "main",
      merge: "feature/QT-1821-single-quote",
      author: chen,
      date: "2026-08-21T10:30:00+08:00",
      message: "Merge branch 'feature/QT-1821-single-quote'",
      files: {
        "src/server.mjs": (now) => noStopping(noCache(now)),
        "README.md": older(["、`QUOTE_CACHE_SECONDS`", ""]),
        "CHANGELOG.md": changelogFrom("## 1.1.0"),
      },
      tag: { name: "v1.1.0", text: "行情接口 1.1.0\n\n- QT-1821 单只证券查询" },
    },
    {
      branch: "release/11.3",
      from: "v1.1.0",
      author: daniel,
      date: "2026-09-07T14:20:00+08:00",
      message: "QT-1833 add SMIC to the symbol list for the 11.3 release",
      files: { "data/symbols.json": "now" },
    },
    {
      branch: "main",
      author: daniel,
      date: "2026-09-08T09:10:00+08:00",
      message: "QT-1833 add SMIC to the symbol list",
      files: { "data/symbols.json": "now" },
    },
    {
      branch: "main",
      author: lin,
      date: "2026-09-23T17:32:00+08:00",
      message: "QT-1836 行情响应带缓存时间",
      files: { "src/server.mjs": noStopping, "src/settings.mjs": "now", "README.md": "now" },
    },
    {
      branch: "main",
      author: wang,
      date: "2026-10-14T11:55:00+08:00",
      message: "QT-1840 停止时先摘除健康检查，再关闭连接\n\n滚动发布期间客户端曾收到连接重置。",
      files: { "src/server.mjs": "now", "CHANGELOG.md": "now" },
      tag: { name: "v2.0.0", text: "行情接口 2.0.0\n\n- QT-1836 缓存时间\n- QT-1840 平滑停止" },
    },
    {
      branch: "feature/QT-1852-more-symbols",
      from: "main",
      author: lin,
      date: "2026-11-02T10:18:00+08:00",
      message: "QT-1852 增加北交所证券",
      files: {
        "data/symbols.json": older([
          '"base": 96.8, "tick": 0.01 }',
          '"base": 96.8, "tick": 0.01 },\n  { "symbol": "835185.BJ", "name": "贝特瑞", "base": 31.4, "tick": 0.01 }',
        ]),
      },
    },
    {
      branch: "feature/QT-1860-feed-url",
      from: "main",
      author: daniel,
      date: "2026-11-09T18:44:00+08:00",
      message:
        "QT-1860 read quotes from the upstream feed\n\nNeeds QUOTE_FEED_URL; there is no default any more.",
      files: {
        "src/server.mjs": older([
          "const startedAt = new Date().toISOString();\n",
          'const startedAt = new Date().toISOString();\nif (!process.env.QUOTE_FEED_URL) {\n  console.error("FATAL QUOTE_FEED_URL is not set: no source of quotes");\n  process.exit(1);\n}\n',
        ]),
      },
      tag: { name: "v9.9.9-crash" },
    },
  ],
};
