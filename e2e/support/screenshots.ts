import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import config from "../../playwright.config.ts";
import { api } from "./api.ts";
import { type Look, signedIn } from "./browser.ts";

/*
 * Pictures of the pages of a running portal: `E2E_STATE=.demo/state.json node e2e/support/screenshots.ts --out <folder>`
 * takes all of them; `--pages home,plan`, `--looks zh.light,en.dark`, `--width 390` choose. Needs a portal in which the
 * stories of e2e/ have been played.
 */
const { values } = parseArgs({
  options: {
    out: { type: "string", default: "docs/screenshots" },
    pages: { type: "string" },
    looks: { type: "string", default: "zh.light,zh.dark,en.light,en.dark" },
    width: { type: "string", default: "1440" },
  },
});

type List<Item> = { items: Item[] };
type Row = { number: string; state: string; stages: { environment: string; state: string }[] };
const { body: releases } = await api<List<Row>>("dev", "GET", "/releases?limit=50");
const { body: deployments } = await api<
  List<{ id: string; release: string; environment: string; state: string; planDigest: string }>
>("ops", "GET", "/deployments?project=quotes&limit=50");
const newest = releases.items[0]?.number ?? "";
// One that is on its way tells most; else one that has arrived.
const release =
  releases.items.find(({ stages }) =>
    stages.some(({ environment, state }) => environment === "STAGING" && state === "testing"),
  )?.number ??
  releases.items.find(({ state }) => state === "released")?.number ??
  newest;
const { body: detail } = await api<{
  items: { build: { id: string } | null; artifact: { digest: string } | null }[];
}>("dev", "GET", `/releases/${release}`);
const inProd = deployments.items.find(({ environment }) => environment === "PROD");
const failed = deployments.items.find(({ state }) => ["failed", "rolled_back"].includes(state)) ?? inProd;
const { body: templates } = await api<List<{ id: string }>>("owner", "GET", "/templates?project=quotes");

const { body: images } = await api<List<{ id: string }>>("dev", "GET", "/artifacts?project=quotes&limit=1");
const imageId = images.items[0]?.id;
const image =
  imageId === undefined
    ? undefined
    : (await api<{ id: string; component: string; commit: string }>("dev", "GET", `/artifacts/${imageId}`))
        .body;

/** Page: who looks, and where. */
const PAGES: Record<string, [string, string]> = {
  login: ["", "/login"],
  home: ["ops", "/"],
  "home-tester": ["tester", "/"],
  releases: ["dev", "/releases?project=quotes"],
  release: ["tester", `/releases/${release}`],
  "release-newest": ["ops", `/releases/${newest}`],
  "release-new": ["dev", "/releases/new?project=quotes"],
  plan: ["ops", `/releases/${release}/plan/PROD`],
  "plan-done": ["ops", inProd ? `/plans/${inProd.planDigest}` : "/"],
  "deployment-done": ["ops", inProd ? `/deployments/${inProd.id}` : "/"],
  deployment: ["dev", failed ? `/deployments/${failed.id}` : "/"],
  build: ["dev", `/builds/${detail.items[0]?.build?.id ?? ""}`],
  images: ["dev", "/artifacts?project=quotes"],
  image: ["auditor", image ? `/artifacts/${image.id}` : "/artifacts"],
  commit: ["dev", image ? `/projects/quotes/components/${image.component}/commits/${image.commit}` : "/"],
  "base-images": ["admin", "/base-images?base=node-24"],
  "settings-signing-keys": ["admin", "/settings/signing-keys"],
  approvals: ["ops2", "/approvals"],
  environments: ["tester", "/environments?project=quotes"],
  live: ["ops", "/environments/quotes/PROD"],
  templates: ["owner", "/templates?project=quotes"],
  template: ["owner", `/templates/${templates.items[0]?.id ?? ""}`],
  projects: ["owner", "/projects"],
  project: ["owner", "/projects/quotes"],
  component: ["ops", "/projects/quotes/components/quote-api"],
  "component-build": ["owner", "/projects/quotes/components/quote-api?tab=build"],
  "component-variables": ["owner", "/projects/quotes/components/quote-api?tab=variables"],
  artifact: ["ops", `/artifacts/${encodeURIComponent(detail.items[0]?.artifact?.digest ?? "")}`],
  waivers: ["ops", "/waivers"],
  "kept-images": ["ops", "/kept-images"],
  statistics: ["owner", "/statistics"],
  "statistics-component": ["owner", "/statistics?project=quotes&component=quote-api&environment=FAT&days=7"],
  "statistics-empty": ["owner", "/statistics?project=quotes&component=quote-api&environment=PROD&days=7"],
  "statistics-year": ["owner", "/statistics?days=365"],
  audit: ["auditor", "/audit"],
  "audit-filtered": ["auditor", "/audit?action=build-server&from=2026-01-01T00:00:00%2B08:00"],
  settings: ["admin", "/settings"],
  "settings-freezes": ["admin", "/settings/freezes"],
  "settings-people": ["admin", "/settings/people"],
  "settings-environments": ["admin", "/settings/environments"],
  "settings-clusters": ["admin", "/settings/clusters"],
  "settings-build-servers": ["admin", "/settings/build-servers"],
  "settings-source-hosts": ["admin", "/settings/source-hosts"],
  "settings-registries": ["admin", "/settings/registries"],
};

const wanted = values.pages?.split(",") ?? Object.keys(PAGES);
const looks = values.looks.split(",").map((text): Look => {
  const [locale, theme] = text.split(".");
  return { locale: locale === "en" ? "en" : "zh", theme: theme === "dark" ? "dark" : "light" };
});
const viewport = { width: Number(values.width), height: 1000 };
mkdirSync(values.out, { recursive: true });
const browser = await chromium.launch(config.use?.launchOptions);
for (const look of looks) {
  const sessions = new Map<string, Awaited<ReturnType<typeof signedIn>>>();
  for (const name of wanted) {
    const [username, path] = PAGES[name] ?? ["ops", name];
    const session = sessions.get(username) ?? (await signedIn(browser, username || "dev", look, viewport));
    sessions.set(username, session);
    if (username === "") await session.context.clearCookies({ name: /session-token/ });
    const { page } = session;
    const problems: string[] = [];
    const note = (text: string) => problems.push(text);
    page.on("pageerror", (error) => note(String(error)));
    page.on("console", (message) => message.type() === "error" && note(message.text()));
    await page.goto(path);
    // The event stream never ends, so the network is never idle: the page is ready when its skeletons are gone.
    await page
      .waitForFunction(() => !document.querySelector("[aria-busy=true], .skeleton"), undefined, {
        timeout: 15_000,
      })
      .catch(() => note("still loading"));
    // A window as tall as the page: bars at its foot are then at the page's foot.
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    await page.setViewportSize({ width: viewport.width, height: Math.max(viewport.height, height) });
    await page.waitForTimeout(700);
    const file = join(
      values.out,
      `${name}.${look.locale}.${look.theme}${viewport.width === 1440 ? "" : `.${viewport.width}`}.png`,
    );
    await page.screenshot({ path: file });
    await page.setViewportSize(viewport);
    page.removeAllListeners();
    process.stdout.write(`${file}${problems.length > 0 ? `  ${problems.join(" | ").slice(0, 400)}` : ""}\n`);
  }
  for (const { context } of sessions.values()) await context.close();
}
await browser.close();
