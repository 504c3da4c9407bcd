import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { createCluster } from "#lib/adapters/kubernetes/cluster.ts";
import type { Cluster } from "#lib/adapters/ports.ts";
import { api, until } from "../support/api.ts";
import { signedIn } from "../support/browser.ts";
import { freeEnvironments } from "../support/free.ts";
import { portalState } from "../support/state.ts";
import { inFat } from "./in-fat.ts";

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

/** Opens the page of a release order's plan, picks one of the three choices and applies it. */
async function decide(page: Page, number: string, choice: string): Promise<void> {
  await page.goto(`/releases/${number}/plan/FAT`);
  const card = page.locator("#conflicts");
  await expect(card.getByText("1 项待决定")).toBeVisible();
  await expect(card.getByText("归 kubectl-edit 管理")).toBeVisible();
  await expect(card.getByText(FIELD)).toBeVisible();
  await expect(page.getByRole("button", { name: "部署…" })).toBeDisabled();
  const before = await page
    .getByText(/^sha256:[0-9a-f]{4}…[0-9a-f]{4}$/)
    .first()
    .textContent();
  await card.getByText(choice, { exact: true }).click();
  await card.getByRole("button", { name: "应用决定（1）" }).click();
  await expect(page.getByText("已按决定重新生成预案")).toBeVisible();
  await expect(card.getByText("均已决定")).toBeVisible();
  await expect(page.getByText("没有阻断项")).toBeVisible();
  const after = await page
    .getByText(/^sha256:[0-9a-f]{4}…[0-9a-f]{4}$/)
    .first()
    .textContent();
  expect(after).not.toBe(before);
}

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
    await expect(page.getByText("保留现值 7，不下发，仍归 kubectl-edit 管理")).toBeVisible();
    await deploy((await planOf(number)).digest);
    expect(await historyOf(cluster, namespace)).toBe(7);
  });

  await test.step("taken over: written by force, and ours from then on", async () => {
    const number = await inFat("quotes", "portal-web", "接管别人改过的字段");
    await decide(page, number, "接管");
    await expect(page.getByText("从 kubectl-edit 接管：强制写成 5")).toBeVisible();
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
    const card = tester.page.locator("#conflicts");
    await expect(card.getByRole("radio").first()).toBeDisabled();
    await expect(card.getByText(/运维/)).toBeVisible();
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
