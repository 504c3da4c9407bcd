import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { z } from "zod";
import { createCluster } from "#lib/adapters/kubernetes/cluster.ts";
import type { Cluster } from "#lib/adapters/ports.ts";
import { api, until } from "../support/api.ts";
import { signedIn } from "../support/browser.ts";
import { freeEnvironments } from "../support/free.ts";
import { portalState } from "../support/state.ts";
import { inFat } from "./in-fat.ts";

const evidenceSchema = z.object({
  digest: z.string(),
  choices: z.array(z.looseObject({ field: z.string() })),
});

// Somebody edits a live object by hand. The next plan names the field, and a person decides: leave it, or take it over.

const FIELD = ".spec.revisionHistoryLimit";
type Plan = { digest: string; targets: { cluster: string; namespace: string }[] };

/** The clusters of the portal that have portal-web in this namespace. */
async function clustersOf(namespace: string): Promise<Cluster[]> {
  const ref = { apiVersion: "apps/v1", kind: "Deployment", name: "portal-web", namespace };
  const found: Cluster[] = [];
  for (const file of portalState().kubeconfigs) {
    const kubeconfig = readFileSync(file, "utf8");
    const cluster = createCluster({ kubeconfig, fieldManager: "kubectl-edit" });
    if (await cluster.get(ref)) found.push(cluster);
  }
  return found;
}
const historyOf = async (cluster: Cluster, namespace: string) =>
  Object(
    (await cluster.get({ apiVersion: "apps/v1", kind: "Deployment", name: "portal-web", namespace }))?.spec,
  ).revisionHistoryLimit;

const planOf = async (number: string): Promise<Plan> =>
  (await api<Plan>("ops", "POST", `/releases/${number}/stages/FAT/plan`, {})).body;

async function deploy(digest: string): Promise<void> {
  const { status, body } = await api<{ id: string }>("ops", "POST", "/deployments", { planDigest: digest });
  expect(status, JSON.stringify(body)).toBe(202);
  await until(
    "the deployment",
    () => api<{ state: string }>("ops", "GET", `/deployments/${body.id}`),
    ({ state }) => state === "succeeded",
  );
}

/** Opens the page of a release order's plan, goes to the field with the keyboard, picks one of the three and applies it. */
async function decide(page: Page, number: string, choice: string): Promise<void> {
  await page.goto(`/releases/${number}/plan/FAT`);
  const bar = page.getByRole("region", { name: "字段归属" });
  await expect(bar.getByText("1 项待决定")).toBeVisible();
  await expect(page.getByRole("button", { name: "部署…" })).toBeDisabled();
  const before = await shownDigest(page);
  // The choices stand in the line that they are about; the keyboard goes there.
  const choices = page.getByRole("group", { name: `Deployment portal-web ${FIELD}` });
  await bar.getByRole("button", { name: /^下一项/ }).press("Enter");
  await expect(choices.getByRole("radio").first()).toBeFocused();
  const diff = page.getByRole("region", { name: "Deployment portal-web" });
  await expect(diff.getByText("归 kubectl-edit 管理")).toBeVisible();
  await expect(diff.getByText(/最近写入/)).toBeVisible();
  await choices.getByText(choice, { exact: true }).click();
  await bar.getByRole("button", { name: "应用决定（1）" }).click();
  await expect(page.getByText("已按决定重新生成预案")).toBeVisible();
  await expect(bar.getByText("均已决定")).toBeVisible();
  await expect(page.getByText("没有阻断项")).toBeVisible();
  await expect(choices.getByRole("radio", { name: choice })).toBeChecked();
  expect(await shownDigest(page)).not.toBe(before);
}
const shownDigest = (page: Page) =>
  page
    .getByText(/^sha256:[0-9a-f]{4}…[0-9a-f]{4}$/)
    .first()
    .textContent();

test("a field that somebody edited is left to them, or taken over", async ({ browser }) => {
  await freeEnvironments("quotes");
  const first = await planOf(await inFat("quotes", "portal-web"));
  await deploy(first.digest);
  const namespace = first.targets[0]?.namespace ?? "";
  const clusters = await clustersOf(namespace);
  expect(clusters.length).toBeGreaterThan(0);
  const [cluster] = clusters;
  if (!cluster) return;
  const ref = { apiVersion: "apps/v1", kind: "Deployment", name: "portal-web", namespace };
  await cluster.mergePatch(ref, { spec: { revisionHistoryLimit: 7 } });
  const { context, page } = await signedIn(browser, "ops");

  await test.step("left: everything else goes out, the field stays theirs", async () => {
    const number = await inFat("quotes", "portal-web", "保留别人改过的字段");
    await decide(page, number, "保留现值");
    await expect(page.getByText("不下发", { exact: true })).toBeVisible();
    await deploy((await planOf(number)).digest);
    expect(await historyOf(cluster, namespace)).toBe(7);
  });

  await test.step("taken over: written by force, and ours from then on", async () => {
    const number = await inFat("quotes", "portal-web", "接管别人改过的字段");
    await decide(page, number, "接管");
    await test.step("and goes into the evidence with who decided it", async () => {
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "导出证据包" }).click();
      const file = await download;
      const evidence = evidenceSchema.parse(JSON.parse(readFileSync(await file.path(), "utf8")));
      expect(file.suggestedFilename()).toContain(evidence.digest.replace(":", "-"));
      expect(evidence.choices).toMatchObject([{ field: FIELD, choice: "take_over", decidedBy: "ops" }]);
      await expect(page.getByText("证据包已导出，已记入审计")).toBeVisible();
    });
    await page.getByRole("button", { name: "部署…" }).click();
    const dialog = page.getByRole("dialog", { name: "部署到 FAT" });
    await dialog.getByRole("button", { name: "部署", exact: true }).click();
    await page.waitForURL(/\/deployments\/[0-9a-f-]{36}$/);
    await expect(
      page.getByRole("heading", { level: 1 }).locator("..").locator("[data-state=succeeded]"),
    ).toBeVisible({ timeout: 120_000 });
    expect(await historyOf(cluster, namespace)).toBe(5);
  });
  await context.close();

  await test.step("who may neither deploy nor approve is told who decides", async () => {
    await cluster.mergePatch(ref, { spec: { revisionHistoryLimit: 6 } });
    const number = await inFat("quotes", "portal-web", "谁来决定");
    const tester = await signedIn(browser, "tester");
    await tester.page.goto(`/releases/${number}/plan/FAT`);
    const choices = tester.page.getByRole("group", { name: `Deployment portal-web ${FIELD}` });
    await expect(choices.getByRole("radio").first()).toBeDisabled();
    await expect(tester.page.getByRole("region", { name: "字段归属" }).getByText(/运维/)).toBeVisible();
    await tester.context.close();
    // For the stories after this one: nobody else's field is left behind.
    const plan = await api<Plan>("ops", "POST", `/releases/${number}/stages/FAT/plan`, {
      choices: [
        {
          cluster: first.targets[0]?.cluster,
          namespace,
          object: "Deployment portal-web",
          field: FIELD,
          manager: "kubectl-edit",
          choice: "take_over",
        },
      ],
    });
    expect(plan.status, JSON.stringify(plan.body)).toBe(200);
    await deploy(plan.body.digest);
  });
});
