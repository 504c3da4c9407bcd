import { expect, test } from "vitest";
import { LogText } from "./log-text.ts";

const texts = (log: LogText) => log.lines().map(({ text }) => text);

test("characters and lines that are cut between two pieces are whole again", () => {
  const bytes = new TextEncoder().encode("检出\r\n构建镜像\n推送");
  for (let cut = 0; cut <= bytes.length; cut++) {
    const log = new LogText();
    log.add(bytes.subarray(0, cut));
    log.add(bytes.subarray(cut));
    expect(texts(log)).toEqual(["检出", "构建镜像", "推送"]);
  }
});

test("the last line grows until its end comes", () => {
  const log = new LogText();
  log.add(new TextEncoder().encode("one\ntw"));
  expect(texts(log)).toEqual(["one", "tw"]);
  log.add(new TextEncoder().encode("o\n"));
  expect(texts(log)).toEqual(["one", "two"]);
});
