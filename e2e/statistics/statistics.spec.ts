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
  await expect(table.getByRole("cell", { name: "行情服务", exact: true })).toBeVisible();
  const choose = (label: string, value: string) =>
    page.getByRole("group", { name: label, exact: true }).getByText(value, { exact: true }).click();
  await choose("分组", "构建服务器");
  await expect(table.getByRole("columnheader", { name: "构建服务器" })).toBeVisible();
  await choose("分组", "组件");
  await expect(table.getByRole("cell", { name: /portal-web$/ }).first()).toBeVisible();
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

test("project, component and environment are in the address, and every card honours them", async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const { number } = await built(as("dev"), "quotes", "portal-web", "statistics-filters");
  const { context, page } = await signedIn(browser, "owner");
  await page.goto("/statistics?days=7");
  const choose = async (label: string, option: string | RegExp) => {
    await page.getByRole("combobox", { name: label, exact: true }).click();
    await page.getByRole("option", { name: option }).click();
  };
  await expect(page.getByRole("combobox", { name: "组件", exact: true })).toBeDisabled();
  await choose("项目", /行情服务/);
  await expect(page).toHaveURL(/project=quotes/);
  await choose("组件", /行情门户/);
  await expect(page).toHaveURL(/component=portal-web/);
  const images = await csvOf(page, "每日发布镜像数");
  expect(images.text).toMatch(/^\uFEFFday,project,component,images\r\n/);
  const rows = images.text.trim().split("\r\n").slice(1);
  expect(rows.length).toBeGreaterThan(0);
  expect(rows.every((row) => row.includes(",quotes,portal-web,"))).toBe(true);
  await choose("环境", /PROD/);
  await expect(page).toHaveURL(/environment=PROD/);
  await expect(page.getByText("只算进入过 PROD 的发布单")).toBeVisible();
  // Another project has other components: the one that was chosen goes.
  await choose("项目", "全部可见项目");
  await expect(page).not.toHaveURL(/component=/);
  // What was built and nothing more waits to flow on; the page of the release order says so.
  await page.goto(`/releases/${number}`);
  const life = page.locator("section.card", { has: page.getByRole("heading", { name: "时间花在哪里" }) });
  await expect(life.getByRole("img", { name: /构建.*FAT 待流转/ })).toBeVisible();
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
