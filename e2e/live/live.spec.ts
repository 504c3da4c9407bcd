import { readFileSync } from "node:fs";
import { expect, test } from "@playwright/test";
import { z } from "zod";
import { createCluster } from "#lib/adapters/kubernetes/cluster.ts";
import { as, call } from "../api/caller.ts";
import { built, deployed, enter, leaveAll, planOf } from "../api/flow.ts";
import { signedIn } from "../support/browser.ts";
import { freeEnvironments } from "../support/free.ts";
import { portalState } from "../support/state.ts";

// The live page as an operator has it open all day: it is told of everything, and asks nobody to reload.

const place = { namespace: "quotes-fat", apiVersion: "apps/v1", kind: "Deployment" } as const;
const targetsSchema = z.object({
  items: z.array(
    z.object({
      environment: z.string(),
      cluster: z.string(),
      namespace: z.string(),
      wave: z.number(),
      createNamespace: z.boolean(),
    }),
  ),
});
const cluster = (index: number, fieldManager?: string) => {
  const file = portalState().kubeconfigs[index];
  if (!file) throw new Error(`no cluster ${index}`);
  return createCluster({ kubeconfig: readFileSync(file, "utf8"), ...(fieldManager ? { fieldManager } : {}) });
};
const setTargets = (targets: z.infer<typeof targetsSchema>["items"]) =>
  call(as("owner"), "PUT", "/projects/quotes/targets", { targets });

const conflict = {
  cluster: "east",
  namespace: "quotes-fat",
  object: "Deployment portal-web",
  field: ".spec.template.metadata.labels.app.kubernetes.io/version",
  manager: "kubectl-edit",
};

let before: z.infer<typeof targetsSchema>["items"] = [];
let number = "";
/** FAT in two clusters for the time of these tests, with one component in both. */
test.beforeAll(async () => {
  test.setTimeout(300_000);
  await freeEnvironments("quotes");
  before = targetsSchema.parse((await call(as("owner"), "GET", "/projects/quotes/targets")).json).items;
  const west = {
    environment: "FAT",
    cluster: "west",
    namespace: "quotes-fat",
    wave: 2,
    createNamespace: true,
  };
  expect(
    (
      await setTargets([
        ...before.filter(({ environment, cluster: key }) => environment !== "FAT" || key !== "west"),
        west,
      ])
    ).status,
  ).toBe(200);
  number = (await built(as("dev"), "quotes", "portal-web", "实况页走查")).number;
  await enter(number, "FAT");
  await deployed("ops", (await planOf("ops", number, "FAT")).digest);
});
test.afterAll(async () => {
  await cluster(0).remove({ ...place, name: "chatter" });
  await leaveAll(number);
  await setTargets(before);
});

test("clusters stand side by side, drift is told as it happens and leads to a plan", async ({ browser }) => {
  const { context, page } = await signedIn(browser, "ops");
  await page.goto("/environments/quotes/FAT");
  await expect(page.getByText("实时更新")).toBeVisible();
  const east = page.getByRole("region", { name: "east portal-web" });
  const west = page.getByRole("region", { name: "west portal-web" });
  for (const workload of [east, west]) {
    await expect(workload.getByText(number)).toBeVisible();
    await expect(workload.locator("li [data-state=healthy]").first()).toBeVisible();
  }

  await test.step("somebody's edit is named, without a reload", async () => {
    await cluster(0, "kubectl-edit").mergePatch(
      { ...place, name: "portal-web" },
      { spec: { template: { metadata: { labels: { "app.kubernetes.io/version": "hand-made" } } } } },
    );
    const drift = page.getByRole("region", { name: "与部署内容的差异" });
    await expect(drift).toContainText("kubectl-edit");
    await expect(drift).toContainText("hand-made");
    await expect(east.locator("[data-state=drift]")).toBeVisible();
    await expect(west.locator("[data-state=drift]")).toHaveCount(0);
  });

  await test.step("re-applying is a plan, then a deployment like any other", async () => {
    await page.getByRole("button", { name: "按最近一次部署重新下发" }).click();
    await page.waitForURL(/\/plans\/sha256:[0-9a-f]{64}$/);
    // What somebody else has made their own is taken back only when a person says so.
    const planned = page.url().slice(page.url().lastIndexOf("/"));
    const choices = [{ ...conflict, choice: "take_over" }];
    const chosen = await call(as("ops"), "POST", `/plans${planned}/choices`, { choices });
    expect(chosen.status, chosen.text).toBe(200);
    await page.goto(`/plans/${z.object({ digest: z.string() }).parse(chosen.json).digest}`);
    await page.getByRole("button", { name: /^(部署|回滚)…$/ }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: /^(部署|回滚)$/ }).click();
    await page.waitForURL(/\/deployments\/[0-9a-f-]{36}$/);
    await expect(
      page.getByRole("heading", { level: 1 }).locator("..").locator("[data-state=succeeded]"),
    ).toBeVisible({ timeout: 120_000 });
    await page.goto("/environments/quotes/FAT");
    await expect(east.locator("li [data-state=healthy]").first()).toBeVisible();
    await expect(page.getByRole("region", { name: "与部署内容的差异" })).toHaveCount(0);
  });

  await test.step("pause and resume", async () => {
    for (const [verb, paused] of [
      ["暂停", true],
      ["恢复", false],
    ] as const) {
      await east.getByRole("button", { name: new RegExp(`^${verb} portal-web 的发布`) }).click();
      await page.getByRole("dialog").getByRole("button", { name: verb, exact: true }).click();
      await expect(east.locator("[data-state=paused]")).toHaveCount(paused ? 1 : 0);
    }
  });
  await context.close();
});

test("a cluster that falls silent is unknown, the other goes on, and it comes back by itself", async ({
  browser,
}) => {
  const pid = portalState().pids["kubernetes-2"];
  test.skip(pid === undefined, "the second cluster is not a process of this machine");
  if (pid === undefined) return;
  const { context, page } = await signedIn(browser, "tester");
  await page.goto("/environments/quotes/FAT");
  await expect(page.getByText("2 个集群健康")).toBeVisible();
  process.kill(pid, "SIGSTOP");
  try {
    await expect(page.getByText("集群没有答复")).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText("1 个集群健康")).toBeVisible();
    await expect(page.getByText("1 个未知")).toBeVisible();
    await expect(page.getByRole("region", { name: "west portal-web" })).toHaveCount(0);
    const last = page.getByRole("region", { name: "west 最后一次答复的内容" });
    await expect(last).toContainText("portal-web");
    await expect(last).toContainText(/当时健康，\d\/\d 就绪/);
    await expect(last.locator("[data-state=healthy]")).toHaveCount(0);
    await expect(page.getByRole("region", { name: "east portal-web" })).toBeVisible();
  } finally {
    process.kill(pid, "SIGCONT");
  }
  await expect(page.getByText("2 个集群健康")).toBeVisible({ timeout: 60_000 });
  await context.close();
});

test("a log of a hundred megabytes is read, filtered and downloaded while it goes on", async ({
  browser,
}) => {
  const running = await cluster(0).get({ ...place, name: "portal-web" });
  const image = z
    .object({
      template: z.object({ spec: z.object({ containers: z.array(z.object({ image: z.string() })) }) }),
    })
    .parse(running?.spec).template.spec.containers[0]?.image;
  const labels = { ...running?.metadata.labels, "app.kubernetes.io/name": "chatter", app: "chatter" };
  const program = `
    const text = "0123456789abcdef".repeat(250);
    for (let n = 1; n <= 26000; n++) process.stdout.write(n + (n % 1000 ? " INFO " : " WARN slow quote ") + text + "\\n");
    let tick = 0;
    setInterval(() => console.log("\\u001b[33mtick\\u001b[0m " + ++tick + " <b>not html</b>"), 500);`;
  await cluster(0).apply({
    apiVersion: place.apiVersion,
    kind: place.kind,
    metadata: { name: "chatter", namespace: place.namespace, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: "chatter" } },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            { name: "main", image, command: ["node", "-e", program] },
            {
              name: "side",
              image,
              command: ["node", "-e", "console.log('beside'); setInterval(() => {}, 1000)"],
            },
          ],
        },
      },
    },
  });
  const { context, page } = await signedIn(browser, "dev");
  await page.goto("/environments/quotes/FAT");
  const chatter = page.getByRole("region", { name: "east chatter" });
  await expect(chatter.locator("li [data-state=healthy]")).toBeVisible({ timeout: 60_000 });
  await chatter.locator("li button").click();
  const log = page.getByRole("region", { name: /的日志$/ });
  await expect(log).toContainText(/tick \d+ <b>not html<\/b>/, { timeout: 120_000 });

  await test.step("what does not fit is said, and the end stays in sight", async () => {
    await expect(page.getByText(/前 \d+ MB 未在页面保留/)).toBeVisible();
    const last = async () => Number(((await log.textContent()) ?? "").split("tick ").at(-1)?.split(" ")[0]);
    const now = await last();
    await expect.poll(last).toBeGreaterThan(now);
  });

  await test.step("a text, an expression, and one that would never end", async () => {
    const filter = page.getByRole("textbox", { name: "过滤日志" });
    await filter.fill("warn slow");
    await expect(page.getByText(/行中匹配 \d+ 行/)).toBeVisible();
    await expect(log).toContainText("26000 WARN slow quote");
    await expect(log.locator("mark").first()).toHaveText("WARN slow");
    await page.getByRole("button", { name: "正则表达式" }).click();
    await filter.fill("^25000 warn|tick 3 ");
    await expect(page.getByText(/行中匹配 2 行/)).toBeVisible();
    await filter.fill("(");
    await expect(page.getByText("正则表达式有误")).toBeVisible();
    await filter.fill("([0-9a-f]+)+!");
    await expect(page.getByText("表达式太慢，已停止")).toBeVisible({ timeout: 60_000 });
    await filter.fill("");
    await expect(log).toContainText(/tick \d+/);
  });

  await test.step("the download is every byte of it", async () => {
    const href = await page.getByRole("link", { name: "下载" }).getAttribute("href");
    const waiting = page.waitForEvent("download");
    await page.getByRole("link", { name: "下载" }).click();
    const download = await waiting;
    expect(href).toContain("download=1");
    expect(download.suggestedFilename()).toMatch(/^chatter-.*\.main\.log$/);
    const text = readFileSync(await download.path(), "utf8");
    expect(text.length).toBeGreaterThan(100_000_000);
    expect(text.startsWith("1 INFO 0123")).toBe(true);
  });

  await test.step("the other container", async () => {
    await page.getByRole("combobox", { name: "容器" }).click();
    await page.getByRole("option", { name: "side" }).click();
    await expect(log).toContainText("beside");
  });
  await context.close();
});
