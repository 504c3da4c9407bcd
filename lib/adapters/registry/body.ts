import { unreadable } from "./failure.ts";

/** The whole body, refused as soon as it grows beyond `maxBytes`. */
export async function readBytes(response: Response, maxBytes: number, what: string): Promise<Buffer> {
  if (!response.body) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw unreadable(`${what} sent more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

export async function readText(response: Response, maxBytes: number, what: string): Promise<string> {
  return (await readBytes(response, maxBytes, what)).toString("utf8");
}
