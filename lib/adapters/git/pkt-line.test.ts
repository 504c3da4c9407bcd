import { expect, test } from "vitest";
import { FLUSH, packet, readPackets } from "./pkt-line.ts";

test("what is written is read again, lengths counted in bytes", () => {
  const bytes = Buffer.from(`${packet("command=ls-refs\n")}0001${packet("发布\n")}${FLUSH}0002`);
  expect(packet("command=ls-refs\n").slice(0, 4)).toBe("0014");
  expect(readPackets(bytes)).toEqual([
    "command=ls-refs",
    { mark: "delim" },
    "发布",
    { mark: "flush" },
    { mark: "end" },
  ]);
  expect(readPackets(Buffer.alloc(0))).toEqual([]);
});

test.each(["000", "zzzz", "0003", "0009abc", "-001abcd", "0x10aaaaaaaaaaaa"])(
  "%j is no row of packets",
  (text) => {
    expect(readPackets(Buffer.from(text))).toBeNull();
  },
);
