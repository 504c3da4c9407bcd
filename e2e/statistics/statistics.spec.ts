import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { as } from "../api/caller.ts";
import { built } from "../api/flow.ts";
import { signedIn } from "../support/browser.ts";
import { portalState } from "../support/state.ts";

/** The file that the CSV button of a card gives. */
async function csvOf(page: Page, title: string): Promise<{ name: string; text: string }> {
  const card = page.locator("section.card", { has: page.getByRole("heading", { name: title, exact: true }) });
  const download = page.waitForEvent("download");
  await card.getByRole("button", { name: "CSV" }).click();
  const file = await download;
  return { name: file.suggestedFilename(), text: readFileSync(await file.path(), "utf8") };
}

test("builds are told by project, component and build server, as a table and as a file for a spreadsheet", async ({
  browser,
}) => {
  test.setTimeout(180_000);
  await built(as("dev"), "quotes", "portal-web", "statistics");
  const { context, page } = await signedIn(browser, "owner");
  await page.goto("/statistics?days=7");
  const table = page.getByRole("table", { name: "构建耗时" });
  await expect(table.getByRole("cell", { name: "quotes", exact: true })).toBeVisible();
  const choose = (label: string, value: string) =>
    page.getByRole("group", { name: label }).getByText(value, { exact: true }).click();
  await choose("分组", "构建服务器");
  await expect(table.getByRole("columnheader", { name: "构建服务器" })).toBeVisible();
  await choose("分组", "组件");
  await expect(table.getByRole("cell", { name: /^quotes \/ / }).first()).toBeVisible();
  await choose("看什么", "排队");
  await expect(page.getByRole("heading", { name: "排队时间" })).toBeVisible();

  const { name, text } = await csvOf(page, "排队时间");
  expect(name).toBe("builds.csv");
  // The mark at the start lets spreadsheets read Chinese; every line ends as RFC 4180 has it.
  expect(text.startsWith("\uFEFFgroup,day,project,component,server,")).toBe(true);
  expect(text.endsWith("\r\n")).toBe(true);
  expect(text).toMatch(/^all,,,,,\d+,\d+,\d+,/m);
  expect(text).toMatch(/^component,,quotes,[\w-]+,,\d+,/m);
  await context.close();
});

test("days are those of the reader's zone", async ({ browser }) => {
  const { context } = await signedIn(browser, "owner");
  const storageState = await context.storageState();
  await context.close();
  // Two zones 25 hours apart never have the same day.
  for (const timezoneId of ["Pacific/Kiritimati", "Pacific/Pago_Pago"]) {
    const reader = await browser.newContext({ baseURL: portalState().url, storageState, timezoneId });
    const page = await reader.newPage();
    // The first page tells the zone, every later one knows it.
    await page.goto("/");
    await page.goto("/statistics?days=7");
    const today = new Intl.DateTimeFormat("en-CA", { timeZone: timezoneId }).format(new Date());
    await expect(page.getByText(`– ${today}`)).toBeVisible();
    await reader.close();
  }
});
