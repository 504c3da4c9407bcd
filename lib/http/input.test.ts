import { describe, expect, it } from "vitest";
import { isText, readBody } from "./input.ts";

const request = (body: BodyInit, headers: Record<string, string> = { "content-type": "application/json" }) =>
  new Request("http://portal/api/v1/x", { method: "POST", body, headers });

describe("readBody", () => {
  it("answers the text of a JSON body, and none as empty", async () => {
    expect(await readBody(request('{"a":"é"}'))).toBe('{"a":"é"}');
    expect(await readBody(new Request("http://portal/x", { method: "POST" }))).toBe("");
    expect(await readBody(request("", {}))).toBe("");
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "xapplication/json"])(
    "refuses %s",
    async (type) => {
      await expect(readBody(request("{}", { "content-type": type }))).rejects.toMatchObject({
        code: "INVALID_INPUT",
      });
    },
  );
  it.each(["application/json", "application/json; charset=utf-8", "application/merge-patch+json"])(
    "takes %s",
    async (type) => expect(await readBody(request("{}", { "content-type": type }))).toBe("{}"),
  );

  it("stops reading a body that has no length and no end", async () => {
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(256 * 1024));
      },
    });
    const init: RequestInit & { duplex: "half" } = { method: "POST", body, duplex: "half" };
    await expect(readBody(new Request("http://portal/x", init))).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
    expect(pulled).toBeLessThan(12);
  });

  it("refuses bytes that are no UTF-8", async () => {
    await expect(readBody(request(new Uint8Array([0x22, 0xff, 0x22])))).rejects.toMatchObject({
      code: "INVALID_INPUT",
    });
  });
});

describe("isText", () => {
  it.each([["plain"], ["🙂"], [{ a: ["x", null, 1, undefined] }], [undefined], [null], [[]]])("%j", (value) =>
    expect(isText(value)).toBe(true),
  );
  it.each([["a\0b"], ["\ud800"], [{ a: [{ b: "\0" }] }], [{ "\0": 1 }], [[undefined, "\0"]]])(
    "not %j",
    (value) => expect(isText(value)).toBe(false),
  );
  it("goes as deep as a body may", () => {
    const deep: unknown = JSON.parse(`${"[".repeat(200_000)}"\\u0000"${"]".repeat(200_000)}`);
    expect(isText(deep)).toBe(false);
  });
});
