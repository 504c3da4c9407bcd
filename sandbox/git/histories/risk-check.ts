import { AUTHORS, type History, older } from "../history.ts";

const { chen, wang, zhou, daniel } = AUTHORS;

const noDeviation = older(
  ["  if (order.reference > 0) {\n", ""],
  ["    const deviation = (Math.abs(order.price - order.reference) / order.reference) * 100;\n", ""],
  ['    if (deviation > limits.priceDeviationPercent) reasons.push("PRICE_DEVIATION");\n  }\n', ""],
);

/** Limits come from a server that the demo does not have: the program ends as a real one would. */
const limitsFromRedis = () => `/** The limits in force, shared by all instances. */
export async function loadLimits() {
  const source = process.env.RISK_LIMIT_SOURCE || "10.32.8.14:6379";
  console.error(\`FATAL RISK_LIMIT_SOURCE is not reachable: connect ECONNREFUSED \${source}\`);
  process.exit(1);
}
`;

export const riskCheck: History = {
  name: "risk-check",
  commits: [
    {
      branch: "main",
      author: zhou,
      date: "2026-08-10T09:40:00+08:00",
      message: "QT-1811 初始化风控检查工程",
      files: {
        ".gitignore": "now",
        "README.md": older(["金额、价格偏离、禁止证券", "金额、禁止证券"]),
        "build.mjs": "now",
        "src/log.mjs": "now",
        "src/settings.mjs": "now",
      },
    },
    {
      branch: "main",
      author: zhou,
      date: "2026-08-12T14:08:00+08:00",
      message: "QT-1812 单笔金额与禁止证券检查",
      files: {
        "data/limits.json": older(['  "priceDeviationPercent": 10,\n', ""], ["5000000", "3000000"]),
        "src/limit-source.mjs": "now",
        "src/rules.mjs": noDeviation,
        "src/server.mjs": "now",
      },
    },
    {
      branch: "main",
      author: wang,
      date: "2026-08-13T10:00:00+08:00",
      message: "QT-1813 Dockerfile on the business base image",
      files: { Dockerfile: "now" },
      tag: { name: "v1.0.0", text: "风控检查 1.0.0" },
    },
    {
      branch: "feature/QT-1828-deviation",
      from: "main",
      author: zhou,
      date: "2026-08-27T16:15:00+08:00",
      message: "QT-1828 价格偏离检查",
      files: {
        "data/limits.json": older(["5000000", "3000000"]),
        "src/rules.mjs": "now",
        "README.md": "now",
      },
    },
    {
      branch: "main",
      merge: "feature/QT-1828-deviation",
      author: chen,
      date: "2026-08-31T11:20:00+08:00",
      message: "Merge branch 'feature/QT-1828-deviation'",
      files: {
        "data/limits.json": older(["5000000", "3000000"]),
        "src/rules.mjs": "now",
        "README.md": "now",
      },
      tag: { name: "v1.1.0", text: "风控检查 1.1.0" },
    },
    {
      branch: "release/11.3",
      from: "v1.1.0",
      author: zhou,
      date: "2026-09-09T13:05:00+08:00",
      message: "QT-1834 11.3 版本单笔限额调整为 400 万",
      files: { "data/limits.json": older(["5000000", "4000000"]) },
    },
    {
      branch: "main",
      author: zhou,
      date: "2026-10-12T09:35:00+08:00",
      message: "QT-1845 单笔限额调整为 500 万",
      files: { "data/limits.json": "now" },
      tag: { name: "v2.0.0", text: "风控检查 2.0.0" },
    },
    {
      branch: "feature/QT-1877-shared-limits",
      from: "main",
      author: daniel,
      date: "2026-11-04T19:10:00+08:00",
      message: "QT-1877 改为从共享缓存读取风控限额",
      files: { "src/limit-source.mjs": limitsFromRedis },
      tag: { name: "v2.1.0-crash" },
    },
    {
      branch: "fix/QT-1880-limit-source-fallback",
      from: "feature/QT-1877-shared-limits",
      author: zhou,
      date: "2026-11-05T10:22:00+08:00",
      message: "QT-1880 共享缓存不可用时使用版本内置限额\n\n恢复本地文件，服务不再因缓存不可达而退出。",
      files: { "src/limit-source.mjs": "now" },
      tag: { name: "v2.1.1", text: "风控检查 2.1.1" },
    },
  ],
};
