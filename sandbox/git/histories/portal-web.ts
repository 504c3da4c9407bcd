import { AUTHORS, type History, older } from "../history.ts";

const { chen, lin, zhou, daniel } = AUTHORS;

const firstPage = older(
  ["        <li>风险提示</li>\n", ""],
  ["<p>为营业部与客户提供行情、公告与交易入口。</p>", "<p>行情与公告。</p>"],
);
const noDarkMode = older(["  color-scheme: light dark;\n", ""]);

export const portalWeb: History = {
  name: "portal-web",
  commits: [
    {
      branch: "main",
      author: zhou,
      date: "2026-08-06T10:05:00+08:00",
      message: "QT-1805 初始化行情门户",
      files: {
        ".gitignore": "now",
        "README.md": "now",
        "site/index.html": firstPage,
        "site/style.css": noDarkMode,
      },
    },
    {
      branch: "main",
      author: zhou,
      date: "2026-08-07T15:21:00+08:00",
      message: "QT-1806 构建脚本与静态服务",
      files: {
        "build.mjs": "now",
        "src/log.mjs": "now",
        "src/settings.mjs": "now",
        "src/server.mjs": "now",
        Dockerfile: "now",
      },
      tag: { name: "v1.0.0", text: "行情门户 1.0.0" },
    },
    {
      branch: "feature/QT-1821-wording",
      from: "main",
      author: lin,
      date: "2026-08-20T09:48:00+08:00",
      message: "QT-1821 首页介绍文字调整",
      files: { "site/index.html": older(["        <li>风险提示</li>\n", ""]) },
    },
    {
      branch: "main",
      merge: "feature/QT-1821-wording",
      author: chen,
      date: "2026-08-24T11:11:00+08:00",
      message: "Merge branch 'feature/QT-1821-wording'",
      files: { "site/index.html": older(["        <li>风险提示</li>\n", ""]) },
      tag: { name: "v1.1.0", text: "行情门户 1.1.0" },
    },
    {
      branch: "release/11.3",
      from: "v1.1.0",
      author: zhou,
      date: "2026-09-11T10:37:00+08:00",
      message: "QT-1837 首页增加风险提示（11.3）",
      files: { "site/index.html": "now" },
    },
    {
      branch: "main",
      author: zhou,
      date: "2026-09-11T10:52:00+08:00",
      message: "QT-1837 首页增加风险提示",
      files: { "site/index.html": "now" },
    },
    {
      branch: "main",
      author: daniel,
      date: "2026-10-16T18:03:00+08:00",
      message: "QT-1847 follow the system's dark mode",
      files: { "site/style.css": "now" },
      tag: { name: "v2.0.0", text: "行情门户 2.0.0\n\n- QT-1847 深色模式" },
    },
    {
      branch: "feature/QT-1855-notice",
      from: "main",
      author: lin,
      date: "2026-11-06T14:29:00+08:00",
      message: "QT-1855 增加系统公告栏",
      files: {
        "site/index.html": older([
          "      <footer>",
          "      <section>系统公告：本周六 02:00 至 06:00 维护。</section>\n      <footer>",
        ]),
      },
    },
  ],
};
