/** A packet of Git's protocol: text, or one of the marks between and after parts. */
export type Packet = string | { mark: "flush" | "delim" | "end" };

const MARKS = ["flush", "delim", "end"] as const;
const HEAD_BYTES = 4;

/** Four hexadecimal digits of length, themselves included, then the text. */
export function packet(text: string): string {
  return `${(Buffer.byteLength(text) + HEAD_BYTES).toString(16).padStart(HEAD_BYTES, "0")}${text}`;
}

export const FLUSH = "0000";
export const DELIM = "0001";

/** The packets of an answer, without the line breaks at their ends; null when it is no row of whole packets. */
export function readPackets(bytes: Buffer): Packet[] | null {
  const packets: Packet[] = [];
  for (let at = 0; at < bytes.length; ) {
    const head = bytes.toString("latin1", at, at + HEAD_BYTES);
    if (!/^[0-9a-f]{4}$/i.test(head)) return null;
    const length = Number.parseInt(head, 16);
    const mark = MARKS[length];
    if (mark) {
      packets.push({ mark });
      at += HEAD_BYTES;
      continue;
    }
    if (length < HEAD_BYTES || at + length > bytes.length) return null;
    packets.push(bytes.toString("utf8", at + HEAD_BYTES, at + length).replace(/\n$/, ""));
    at += length;
  }
  return packets;
}
