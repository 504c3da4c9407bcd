import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { api } from "../support/api.ts";
import { signedIn } from "../support/browser.ts";
import { freeEnvironments } from "../support/free.ts";
import { portalState } from "../support/state.ts";

// The main job as people do it, each in a browser of their own: dev, tester, two operators.

/** The open dialog; a toast is one too, of another kind. */
const dialogOf = (page: Page) => page.locator("[role=dialog]:not([data-type])");

/** A new release order of some components, each at a ref; answers its number. */
async function raise(dev: Page, title: string, items: Record<string, string>): Promise<string> {
  await dev.goto("/releases/new?project=quotes");
  for (const [component, ref] of Object.entries(items)) {
    await dev.getByRole("checkbox", { name: component, exact: true }).check();
    const row = dev.locator(`[data-component=${component}]`);
    await row.getByRole("button", { name: new RegExp(`^${component} 的代码`) }).click();
    await row.getByText(/^标签/).click();
    await row.getByRole("combobox").fill(ref);
    await expect(row.getByRole("option", { name: new RegExp(ref.replaceAll(".", "\\.")) })).toBeVisible();
    await row.getByRole("combobox").press("Enter");
    await expect(row.getByRole("button", { name: `${component} 的代码：${ref}` })).toBeVisible();
  }
  await dev.getByLabel("标题").fill(title);
  await dev.getByRole("button", { name: "创建并构建" }).click();
  await dev.waitForURL(/\/releases\/\d{8}-quotes-\d{3}$/);
  return new URL(dev.url()).pathname.split("/").at(-1) ?? "";
}

/** The page of a release order, once it says that its images are built; nobody reloads it. */
async function seeBuilt(dev: Page): Promise<void> {
  const build = dev.locator('[data-stop="构建"]').locator('[data-state="built"]');
  await expect(build).toBeVisible({ timeout: 120_000 });
}

async function flow(tester: Page, number: string, environment: string): Promise<void> {
  await tester.goto(`/releases/${number}`);
  await tester.getByRole("button", { name: `流转到 ${environment}` }).click();
  const dialog = dialogOf(tester);
  await expect(dialog).toContainText(number);
  await dialog.getByRole("button", { name: "确认流转" }).click();
  await expect(dialog).toBeHidden();
  await expect(tester.getByRole("link", { name: /部署预案/ }).first()).toBeVisible();
}

async function pass(tester: Page, number: string, comment: string): Promise<void> {
  await tester.goto(`/releases/${number}`);
  await tester.getByRole("button", { name: "给出结论" }).click();
  const dialog = dialogOf(tester);
  await dialog.getByText("通过", { exact: true }).click();
  await dialog.getByLabel("说明").fill(comment);
  await dialog.getByRole("button", { name: "确认通过" }).click();
  await expect(dialog).toBeHidden();
}

async function openPlan(who: Page, number: string, environment: string): Promise<void> {
  await who.goto(`/releases/${number}/plan/${environment}`);
  await expect(who.getByRole("button", { name: "部署…" })).toBeVisible();
}

/** Deploys the open plan and watches it to its end. */
async function deploy(who: Page, environment: string, end: "成功" | "失败", typeName = false): Promise<void> {
  await who.getByRole("button", { name: "部署…" }).click();
  const dialog = dialogOf(who);
  if (typeName) await dialog.getByRole("textbox").fill(environment);
  await dialog.getByRole("button", { name: "部署", exact: true }).click();
  await who.waitForURL(/\/deployments\//);
  await expect(who.getByRole("main").getByText(end, { exact: true }).first()).toBeVisible({
    timeout: 120_000,
  });
}

/** What answers in a namespace, asked through the API server's proxy as an operator of the cluster would. */
async function runningVersion(cluster: number, namespace: string, service: string): Promise<unknown> {
  const file = portalState().kubeconfigs[cluster];
  if (!file) throw new Error(`no cluster ${cluster}`);
  const { createCluster } = await import("#lib/adapters/kubernetes/cluster.ts");
  const kubeconfig = createCluster({ kubeconfig: readFileSync(file, "utf8") });
  const { body } = await kubeconfig.proxyGet({ namespace, service, port: "http", path: "/version" });
  return (JSON.parse(body) as { version: unknown }).version;
}

test.beforeAll(() => freeEnvironments("quotes"));

test("a release order goes from the browser to running pods, a bad one fails with a reason and is rolled back", async ({
  browser,
}) => {
  test.setTimeout(600_000);
  const [dev, tester, ops, ops2] = await Promise.all(
    ["dev", "tester", "ops", "ops2"].map(async (name) => (await signedIn(browser, name)).page),
  );
  if (!dev || !tester || !ops || !ops2) throw new Error("nobody signed in");

  const good = await test.step("a developer raises and builds it", async () => {
    const number = await raise(dev, "盘前行情缓存与门户文案", {
      "quote-api": "v2.0.0",
      "portal-web": "v2.0.0",
    });
    await seeBuilt(dev);
    return number;
  });

  await test.step("FAT: the tester flows it, the developer deploys, the tester passes it", async () => {
    await flow(tester, good, "FAT");
    await openPlan(dev, good, "FAT");
    await deploy(dev, "FAT", "成功");
    await pass(tester, good, "回归 214 项全部通过");
  });

  for (const environment of ["STAGING", "PROD"] as const) {
    await test.step(`${environment}: approved by one operator, deployed by another`, async () => {
      await flow(tester, good, environment);
      await openPlan(dev, good, environment);
      await expect(dev.getByRole("button", { name: "同意…" })).toBeDisabled();
      await expect(dev.getByRole("button", { name: "部署…" })).toBeDisabled();
      await openPlan(ops2, good, environment);
      await ops2.getByRole("button", { name: "同意…" }).click();
      const dialog = dialogOf(ops2);
      await dialog.getByLabel("意见").fill("与工单一致");
      await dialog.getByRole("button", { name: /^(仍然)?同意$/ }).click();
      await expect(dialog).toBeHidden();
      await expect(ops2.getByRole("button", { name: "部署…" })).toBeDisabled();
      await openPlan(ops, good, environment);
      await deploy(ops, environment, "成功", environment === "PROD");
      await pass(tester, good, "与预期一致");
      // Its plan is history: who could approve it a moment ago is told why there is nothing to decide.
      await openPlan(ops2, good, environment);
      const closed = ops2.getByRole("paragraph").filter({ hasText: /^无需再审批：/ });
      await expect(closed).toContainText(`${environment} 处于“已通过”`);
      await expect(ops2.getByRole("button", { name: /^(同意|驳回)…$/ })).toHaveCount(0);
    });
  }

  await test.step("the running pods carry the new digest and answer with the new version", async () => {
    for (const cluster of [0, 1])
      expect(await runningVersion(cluster, "quotes-prod", "quote-api")).toBe(good);
    const release = await api<{
      state: string;
      items: { component: string; artifact: { digest: string } }[];
    }>("auditor", "GET", `/releases/${good}`);
    expect(release.body.state).toBe("released");
    const digest =
      release.body.items.find(({ component }) => component === "quote-api")?.artifact.digest ?? "none";
    await ops.goto("/environments/quotes/PROD");
    // What ran before names it, too: here its workload does.
    for (const cluster of ["east", "west"]) {
      const workload = ops.getByRole("region", { name: `${cluster} quote-api` });
      await expect(workload.getByRole("link", { name: good })).toBeVisible();
      await expect(workload).toContainText(digest.replace("sha256:", "").slice(0, 4));
    }
  });

  await test.step("a release whose program crashes fails in FAT with a plain cause, and a rollback restores the first", async () => {
    const bad = await raise(dev, "行情源切换", { "quote-api": "v9.9.9-crash" });
    await seeBuilt(dev);
    await flow(tester, bad, "FAT");
    await openPlan(dev, bad, "FAT");
    await deploy(dev, "FAT", "失败");
    await expect(dev.getByText(/quote-api.*退出/).first()).toBeVisible();
    await dev.getByRole("button", { name: "回滚…" }).first().click();
    await dialogOf(dev).getByRole("button", { name: "生成回滚预案" }).click();
    await dev.waitForURL(/\/plans\//);
    await dev.getByRole("button", { name: "回滚…" }).click();
    await dialogOf(dev).getByRole("button", { name: "回滚", exact: true }).click();
    await dev.waitForURL(/\/deployments\//);
    await expect(dev.getByRole("main").getByText("成功", { exact: true }).first()).toBeVisible({
      timeout: 120_000,
    });
    expect(await runningVersion(0, "quotes-fat", "quote-api")).toBe(good);
  });
});
