import { createHash } from "node:crypto";
import { createReadStream, statSync } from "node:fs";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { signedIn } from "../support/browser.ts";
import { framesWhileScrolling } from "./frames.ts";
import { builtWith, consoleOf, printCommand } from "./large-log.ts";

// A hundred megabytes from the build server to the reader's screen: every byte, nothing of it alive, and smooth.

const SECONDS = 4;
/** Where the machine itself draws fewer, the log must keep up with an empty page that is scrolled the same way. */
const SMOOTH_FPS = 58;
const OF_EMPTY = 0.95;

let build = { id: "", number: 0 };
let page: Page;
let lines: Locator;
test.describe.configure({ mode: "serial" });
test.beforeAll(async ({ browser }) => {
  test.setTimeout(240_000);
  build = await builtWith(printCommand(100));
  ({ page } = await signedIn(browser, "dev"));
  lines = page.getByRole("region", { name: "quote-api 构建日志" });
});
test.afterAll(() => page.context().close());

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest("hex");
}

/** Nothing that the log says has become part of the page. */
async function expectInert(): Promise<void> {
  const found = await lines.evaluate((region) => ({
    hacked: Reflect.has(window, "hacked"),
    elements: [...region.querySelectorAll("script, img, iframe, svg, object, form, [onerror], [onclick]")]
      .length,
    schemes: [...region.querySelectorAll("a")].map((link) => link.protocol),
    opens: [...region.querySelectorAll("a")].every((link) => link.rel.includes("noopener")),
  }));
  expect(found.hacked).toBe(false);
  expect(found.elements).toBe(0);
  expect(found.schemes.filter((scheme) => scheme !== "https:" && scheme !== "http:")).toEqual([]);
  expect(found.opens).toBe(true);
}

test("it is read to its end while the page stays alive, and nothing of it is run", async () => {
  await page.goto(`/builds/${build.id}`);
  await expect(lines).toContainText("Started by");
  await expect(page.getByText(/^正在读取日志/)).toBeHidden({ timeout: 120_000 });
  await expect(lines).toContainText("window.hacked=");
  await expectInert();
  await lines.focus();
  await page.keyboard.press("G");
  await expect(lines).toContainText("Finished: SUCCESS");
  await page.keyboard.press("g");
  await expect(lines).toContainText("Started by");
});

test("search finds what stands in the middle, and the address leads to it", async () => {
  await lines.focus();
  await page.keyboard.press("/");
  const search = page.getByRole("textbox", { name: "在日志中查找" });
  await search.fill("needle-in-the-middle");
  await expect(page.getByText(/行中匹配 1 行/)).toBeVisible({ timeout: 60_000 });
  await search.press("Enter");
  const hit = lines.locator("mark").first();
  await expect(hit).toHaveText("needle-in-the-middle");
  await expect(hit).toBeInViewport();
  await lines
    .getByRole("button", { name: /^标记第 \d+ 行$/ })
    .nth(60)
    .click();
  await expect(page).toHaveURL(/#L\d+$/);
  const number = /#L(\d+)$/.exec(page.url())?.[1] ?? "";
  expect(Number(number)).toBeGreaterThan(400_000);
  await page.reload();
  const marked = lines.locator("[aria-current=true]");
  await expect(marked).toBeInViewport({ timeout: 120_000 });
  await expect(marked.getByRole("button", { name: `标记第 ${number} 行` })).toBeVisible();
  await expect(page.getByText(/^正在读取日志/)).toBeHidden({ timeout: 120_000 });
  await page.getByRole("button", { name: "跳到首个错误" }).click();
  await expect(lines.locator(".log-error").filter({ hasText: "the linker gave up" })).toBeInViewport();
  await expectInert();
});

test("it scrolls as an empty page does", async () => {
  const empty = await page.context().newPage();
  await empty.setContent('<div style="height: 60000px"></div>');
  const bare = await framesWhileScrolling(empty, 600, 500, SECONDS);
  await empty.close();
  await page.bringToFront();
  const box = await lines.boundingBox();
  if (!box) throw new Error("the log is not in sight");
  const before = await lines.evaluate((region) => region.scrollTop);
  const scrolled = await framesWhileScrolling(page, box.x + 300, box.y + 200, SECONDS);
  const moved = (await lines.evaluate((region) => region.scrollTop)) - before;
  console.info(
    `median ${scrolled.medianFps.toFixed(1)} fps over ${moved.toFixed(0)} px, ${(scrolled.slow * 100).toFixed(1)} % late; empty page ${bare.medianFps.toFixed(1)} fps, ${(bare.slow * 100).toFixed(1)} % late`,
  );
  expect(moved).toBeGreaterThan(3000);
  expect(scrolled.medianFps).toBeGreaterThanOrEqual(Math.min(SMOOTH_FPS, OF_EMPTY * bare.medianFps));
  await expectInert();
});

test("the download is every byte of the build server's console", async () => {
  const waiting = page.waitForEvent("download");
  await page.getByRole("link", { name: "下载" }).click();
  const download = await waiting;
  expect(download.suggestedFilename()).toMatch(/^\d{8}-log-[0-9a-f]{6}-\d+-quote-api-1\.log$/);
  const path = await download.path();
  const console_ = await consoleOf(build.number);
  expect(console_.bytes).toBeGreaterThan(100_000_000);
  expect(statSync(path).size).toBe(console_.bytes);
  expect(await sha256Of(path)).toBe(console_.sha256);
});
