import { expect, test } from "@playwright/test";
import { as, call } from "../api/caller.ts";
import { draft } from "../api/flow.ts";
import { signedIn } from "../support/browser.ts";

test("the audit list names what its entries are about, leads there, and keeps the id", async ({
  browser,
}) => {
  const number = await draft(as("dev"), "quotes", "quote-api", "审计走查");
  const { context, page } = await signedIn(browser, "auditor");
  const table = page.getByRole("table", { name: "审计" });

  // Who signs in is known by an id alone.
  await page.goto("/audit?action=session&actor=auditor");
  const row = table.getByRole("row").nth(1);
  await expect(row.getByRole("cell").nth(4)).toHaveText(/auditor$/);
  await row.getByRole("button", { name: /^第/ }).click();
  await expect(table.getByText(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/).first()).toBeVisible();

  await page.goto(`/audit?action=release&subjectId=${number}`);
  await table.getByRole("link", { name: number }).first().click();
  await expect(page).toHaveURL(new RegExp(`/releases/${number}$`));
  await context.close();
  await call(as("dev"), "POST", `/releases/${number}/abandon`, {});
});
