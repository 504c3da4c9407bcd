import { expect, test } from "@playwright/test";
import { as, call } from "../api/caller.ts";
import { approve, built, deployed, enter, leaveAll, planOf, verdict } from "../api/flow.ts";
import { signedIn } from "../support/browser.ts";
import { freeEnvironments } from "../support/free.ts";

// What an auditor does: from a pod that runs back to the image, the build, its log, the commit, the release order and
// whoever approved, one click each.

const COMPONENT = "portal-web";
let number = "";
let digest = "";
test.beforeAll(async () => {
  test.setTimeout(300_000);
  await freeEnvironments("quotes");
  const release = await built(as("dev"), "quotes", COMPONENT, "追溯走查");
  number = release.number;
  digest = release.items[0]?.artifact?.digest ?? "";
  expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  await enter(number, "FAT");
  await deployed("ops", (await planOf("ops", number, "FAT")).digest);
  expect((await verdict("tester", number, "FAT")).status).toBeLessThan(300);
  await enter(number, "STAGING");
  expect((await approve("ops2", (await planOf("ops", number, "STAGING")).digest)).status).toBeLessThan(300);
});
test.afterAll(() => leaveAll(number));

test("from a running pod to the people, one click each", async ({ browser }) => {
  const { context, page } = await signedIn(browser, "auditor");
  const short = `${digest.slice(0, 11)}…${digest.slice(-4)}`;
  const region = (name: string) =>
    page.locator("section.card").filter({ has: page.getByRole("heading", { name, exact: true }) });

  await test.step("pod: its image", async () => {
    await page.goto("/environments/quotes/FAT");
    const workload = page.locator(`section[aria-label$="${COMPONENT}"]`).first();
    await expect(workload.getByText(number)).toBeVisible();
    await workload.locator("li button").first().click();
    await page.getByRole("complementary").getByRole("link", { name: short }).click();
    await page.waitForURL(/\/artifacts\/sha256/);
  });
  const artifact = page.url();

  await test.step("image: what it is, where it runs", async () => {
    await expect(page.getByRole("heading", { level: 1, name: `镜像 ${COMPONENT}` })).toBeVisible();
    // A row for each cluster that it has reached by now.
    await expect(region("运行位置").getByRole("row").filter({ hasText: number }).first()).toContainText(
      "FAT",
    );
    await expect(region("镜像层").getByRole("row").nth(1)).toBeVisible();
    await expect(region("可信证据")).toBeVisible();
  });

  await test.step("build: the same image, its log, its commit", async () => {
    await region("来历")
      .getByRole("link", { name: /次构建与日志$/ })
      .click();
    await page.waitForURL(/\/builds\/[0-9a-f-]{36}$/);
    await expect(page.getByRole("region", { name: `${COMPONENT} 构建日志` })).toContainText(/\S/);
    await expect(region("代码")).toContainText("提交");
  });

  await test.step("commit: what it says, what was built from it, where it is released", async () => {
    await region("代码")
      .getByRole("link", { name: /^[0-9a-f]{7,}$/ })
      .click();
    await page.waitForURL(new RegExp(`/components/${COMPONENT}/commits/[0-9a-f]{40}$`));
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(/\S/);
    await expect(region("构建与镜像").getByRole("link", { name: short }).first()).toBeVisible();
    await expect(region("此前的提交").getByRole("listitem").first()).toBeVisible();
  });

  await test.step("release order", async () => {
    const order = region("包含它的发布单").getByRole("row").filter({ hasText: number });
    await expect(order).toContainText("构建自它");
    await order.getByRole("link", { name: number }).click();
    await page.waitForURL(new RegExp(`/releases/${number}$`));
    await expect(page.getByText("追溯走查").first()).toBeVisible();
    await page.getByRole("link", { name: short }).click();
    await page.waitForURL(/\/artifacts\/sha256/);
  });

  await test.step("approvals: who, on which plan", async () => {
    const owner = region("审批").getByRole("listitem").filter({ hasText: "STAGING" });
    await expect(owner).toBeVisible();
    await owner.getByRole("link", { name: "STAGING 预案" }).click();
    await page.waitForURL(/\/plans\/sha256/);
    await expect(page.getByText("与工单核对")).toBeVisible();
  });

  await test.step("a digest alone leads there, and one that nobody built to nothing", async () => {
    const found = await call(as("auditor"), "GET", `/search?q=${digest.slice(7, 27)}`);
    expect(JSON.stringify(found.json)).toContain("/artifacts/");
    await page.goto(artifact);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    expect((await call(as("auditor"), "GET", `/artifacts/sha256:${"0".repeat(64)}`)).status).toBe(404);
  });
  await context.close();
});
