import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "@playwright/test";
import { api } from "./support/api.ts";
import { signedIn } from "./support/browser.ts";

// Every page by WCAG 2.2 A and AA, in both themes: contrast, names, roles, order of headings.

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

for (const theme of ["light", "dark"] as const) {
  test(`the pages can be used without a mouse and with weak eyes (${theme})`, async ({ browser }) => {
    const { body: releases } = await api<{ items: { number: string }[] }>("ops", "GET", "/releases?limit=1");
    const { body: deployments } = await api<{ items: { id: string; planDigest: string }[] }>(
      "ops",
      "GET",
      "/deployments?project=quotes&limit=1",
    );
    const { body: templates } = await api<{ items: { id: string }[] }>(
      "ops",
      "GET",
      "/templates?project=quotes",
    );
    const release = releases.items[0]?.number;
    const deployment = deployments.items[0];
    const paths = [
      "/",
      "/releases?project=quotes",
      "/releases/new?project=quotes",
      ...(release ? [`/releases/${release}`] : []),
      ...(deployment ? [`/deployments/${deployment.id}`, `/plans/${deployment.planDigest}`] : []),
      "/approvals",
      "/environments?project=quotes",
      "/environments/quotes/FAT",
      "/templates?project=quotes",
      ...(templates.items[0] ? [`/templates/${templates.items[0].id}`] : []),
      "/projects",
      "/projects/quotes",
      "/projects/quotes/components/quote-api",
      "/statistics",
      "/settings",
    ];
    const { context, page } = await signedIn(browser, "ops", { locale: "zh", theme });
    const found: string[] = [];
    for (const path of paths) {
      await page.goto(path);
      await expect(page.getByRole("main")).toBeVisible();
      await expect(page.locator(".skeleton")).toHaveCount(0);
      const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze();
      for (const { id, nodes } of violations) {
        found.push(
          `${path}: ${id}: ${nodes
            .slice(0, 3)
            .map(({ html }) => html.slice(0, 160))
            .join(" | ")}`,
        );
      }
    }
    await context.close();
    expect(found).toEqual([]);
  });
}
