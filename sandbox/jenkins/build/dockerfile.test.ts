import { describe, expect, test } from "vitest";
import { parseDockerfile } from "./dockerfile.ts";

const none = new Map<string, string>();

describe("parseDockerfile", () => {
  test("follows continued lines, comments and arguments", () => {
    const recipe = parseDockerfile(
      'ARG TAG=1\nFROM repo/image:$TAG\n# note\nENV A=1 \\\n    # inside\n    B="two words"\nENV OLD some text\nUSER app\n',
      new Map([["TAG", "2"]]),
    );
    expect(recipe.from).toBe("repo/image:2");
    expect([...recipe.env]).toEqual([
      ["A", "1"],
      ["B", "two words"],
      ["OLD", "some text"],
    ]);
    expect(recipe.user).toBe("app");
  });

  test.each([
    ["COPY a.txt .", { sources: ["a.txt"], target: "/srv/" }],
    ["COPY a.txt b.txt", { sources: ["a.txt"], target: "/srv/b.txt" }],
    ["COPY --chown=1:1 a b /opt", { sources: ["a", "b"], target: "/opt/" }],
    ['COPY ["a b", "./c/"]', { sources: ["a b"], target: "/srv/c/" }],
  ])("%s", (line, copy) => {
    expect(parseDockerfile(`FROM scratch\nWORKDIR /srv\n${line}\n`, none).copies).toEqual([copy]);
  });

  test("takes commands in both forms and leaves their variables alone", () => {
    const recipe = parseDockerfile('FROM scratch\nENTRYPOINT ["/bin/app"]\nCMD run --port $PORT\n', none);
    expect(recipe.entrypoint).toEqual(["/bin/app"]);
    expect(recipe.cmd).toEqual(["/bin/sh", "-c", "run --port $PORT"]);
  });

  test.each([
    ["FROM scratch\nRUN make\n", "line 2: RUN"],
    ["FROM a\nFROM b\n", "second stage"],
    ["FROM scratch\nCOPY --from=x a b\n", "COPY --from"],
    ["WORKDIR /x\n", "before FROM"],
    ["FROM scratch\nCOPY a\n", "source and a destination"],
    ["ARG BASE\nFROM $BASE\n", "names no image"],
    ["", "no FROM"],
  ])("refuses %j", (text, words) => {
    expect(() => parseDockerfile(text, none)).toThrow(words);
  });
});
