import { readFile } from "node:fs/promises";
import { expect, test } from "@playwright/test";
import { as, call } from "../api/caller.ts";
import { built } from "../api/flow.ts";
import { signedIn } from "../support/browser.ts";

// An image that the registry's scanner finds a critical vulnerability in, and that is kept while its release order is on
// its way.

const COMPONENT = "tick-store";
let number = "";
let digest = "";
test.beforeAll(async () => {
  test.setTimeout(180_000);
  const release = await built(as("dev"), "quotes", COMPONENT, "保留镜像走查");
  number = release.number;
  digest = release.items[0]?.artifact?.digest ?? "";
});

test("what the scanner found stands on the image's page, and that the image is kept", async ({ browser }) => {
  const { context, page } = await signedIn(browser, "dev");
  await page.goto(`/artifacts/${encodeURIComponent(digest)}?release=${number}`);
  await expect(page.getByRole("row").filter({ hasText: "CVE-2024-45491" })).toContainText("严重", {
    timeout: 60_000,
  });
  // Kept from the next look on, a minute at the latest.
  await expect(async () => {
    await page.reload();
    await expect(page.getByRole("link", { name: /^保留中：/ })).toBeVisible({ timeout: 5_000 });
  }).toPass({ timeout: 120_000 });
  await page.getByRole("link", { name: /^保留中：/ }).click();
  const row = page.getByRole("row").filter({ hasText: number });
  await expect(row).toContainText("quotes/tick-store");
  await expect(row).toContainText("发布单流转中");
  await expect(row).toContainText("已打标签");
  await context.close();
});

test("the list is filtered by its address and given as a file", async ({ browser }) => {
  const { context, page } = await signedIn(browser, "dev");
  await page.goto(`/kept-images?search=${digest.slice(7, 27)}&reason=flow`);
  await expect(page.getByRole("row").filter({ hasText: number })).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "CSV" }).click(),
  ]);
  expect(await readFile(await download.path(), "utf8")).toContain(
    `${digest},flow,quotes,${COMPONENT},,${number}`,
  );
  await page.goto(`/kept-images?search=${digest.slice(7, 27)}&label=none`);
  await expect(page.getByText("没有符合条件的镜像")).toBeVisible();
  await context.close();
});

test("a cleanup is given all that it must spare, or nothing", async () => {
  const whole = await call(as("admin"), "GET", "/kept-images/digests?registry=registry");
  expect(whole.headers.get("content-type")).toContain("text/plain");
  expect(whole.text.split("\n")).toContain(`quotes/${COMPONENT}@${digest}`);
  expect((await call(as("dev"), "GET", "/kept-images/digests?registry=registry")).status).toBe(403);
});

test("an admin is given the rule that keeps Harbor's retention from deleting them", async ({ browser }) => {
  const { context, page } = await signedIn(browser, "admin");
  await page.goto("/kept-images");
  // One for each registry that has images of the project: the other is production's own.
  const rule = page.getByRole("region", { name: /quotes$/ }).filter({ hasText: number });
  await expect(rule).toContainText("总是保留");
  await expect(rule).toContainText(COMPONENT);
  const { json } = await call(as("auditor"), "GET", "/kept-images/retention");
  expect(JSON.stringify(json.items)).toContain(number);
  expect((await call(as("dev"), "GET", "/kept-images/retention")).status).toBe(403);
  await context.close();
});
