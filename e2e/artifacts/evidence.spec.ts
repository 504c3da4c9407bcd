import { expect, test } from "@playwright/test";
import { as } from "../api/caller.ts";
import { built } from "../api/flow.ts";
import { signedIn } from "../support/browser.ts";

// An image that the build server really made: signed, with its SBOM and provenance, on layers of known bases.

const COMPONENT = "risk-check";
let number = "";
let digest = "";
test.beforeAll(async () => {
  test.setTimeout(180_000);
  const release = await built(as("dev"), "quotes", COMPONENT, "供应链走查");
  number = release.number;
  digest = release.items[0]?.artifact?.digest ?? "";
});

test("the image's page tells who vouches for it and what it stands on", async ({ browser }) => {
  const { context, page } = await signedIn(browser, "dev");
  const region = (name: string) =>
    page.locator("section.card").filter({ has: page.getByRole("heading", { name, exact: true }) });
  await page.goto(`/artifacts/${encodeURIComponent(digest)}?release=${number}`);
  const evidence = region("可信证据");
  await expect(evidence.getByText("签名已核验")).toBeVisible({ timeout: 60_000 });
  await expect(evidence.getByText("由 build-server 核验通过")).toHaveCount(3);
  await expect(evidence.getByText("SPDX")).toBeVisible();
  await expect(evidence.getByText("https://slsa.dev/provenance/v1")).toBeVisible();
  const layers = region("镜像层").getByRole("row");
  await expect(layers.nth(1)).toContainText("Debian 12");
  await expect(layers.nth(3)).toContainText("Node.js 24");
  await expect(layers.nth(4)).toContainText("本镜像");
  await expect(region("标签")).toContainText("org.opencontainers.image.base.digest");
  await context.close();
});

test("the list finds it by its digest, its signature and its base", async ({ browser }) => {
  const { context, page } = await signedIn(browser, "auditor", { locale: "zh", theme: "dark" });
  await page.goto("/artifacts");
  await page.getByRole("textbox", { name: "摘要或镜像名" }).fill(digest.slice(0, 24));
  await page.waitForURL(/q=sha256/);
  await expect(page.getByRole("row").filter({ hasText: number })).toContainText("build-server");
  await page.goto(`/artifacts?q=${digest.slice(7, 27)}&signed=yes&base=node-24`);
  await expect(page.getByRole("row").filter({ hasText: number })).toBeVisible();
  await page.goto(`/artifacts?q=${digest.slice(7, 27)}&signed=no`);
  await expect(page.getByText("没有符合条件的镜像")).toBeVisible();
  await context.close();
});
