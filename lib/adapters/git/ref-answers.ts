import { DELIM, FLUSH, type Packet, packet } from "./pkt-line.ts";

/** A ref as a server names it; for an annotated tag `commit` is what stands behind it. */
export type NamedRef = { ref: string; commit: string };
/** What a server says of itself, or at once all the refs that it has when it speaks an older version. */
export type Greeting = { objectFormat: string } | { refs: NamedRef[] };

const ID = /^[0-9a-f]{40,64}$/;

/** The answer to `GET info/refs`; null when it is none of the versions 0 to 2, or a refusal. */
export function readGreeting(packets: readonly Packet[]): Greeting | null {
  const begins = packets[0] === "# service=git-upload-pack" ? 2 : 0;
  const lines = packets.slice(begins);
  if (lines.at(-1) === undefined || lines.findIndex((line) => typeof line !== "string") !== lines.length - 1)
    return null;
  const texts = lines.filter((line) => typeof line === "string");
  if (texts[0] !== "version 2") return readAdvertised(texts[0] === "version 1" ? texts.slice(1) : texts);
  const able = (name: string) => texts.find((text) => text === name || text.startsWith(`${name}=`));
  if (!able("ls-refs")) return null;
  return { objectFormat: able("object-format")?.slice("object-format=".length) ?? "sha1" };
}

/** Versions 0 and 1: all refs, the first with what the server is able to behind a NUL; `<ref>^{}` follows a tag. */
function readAdvertised(lines: readonly string[]): Greeting | null {
  const refs = new Map<string, string>();
  for (const line of lines) {
    const [id = "", name = ""] = (line.split("\0", 1)[0] ?? "").split(" ");
    if (id === "shallow") continue;
    if (!ID.test(id) || name === "") return null;
    refs.set(name.endsWith("^{}") ? name.slice(0, -3) : name, id);
  }
  // An empty repository has one line with no ref; none at all is no answer.
  refs.delete("capabilities");
  return lines.length === 0 ? null : { refs: [...refs].map(([ref, commit]) => ({ ref, commit })) };
}

/** The body of the question for all refs that begin with one of some texts (version 2). */
export function askForRefs(prefixes: readonly string[], objectFormat: string): string {
  return [
    packet("command=ls-refs\n"),
    packet(`object-format=${objectFormat}\n`),
    DELIM,
    packet("peel\n"),
    ...prefixes.map((prefix) => packet(`ref-prefix ${prefix}\n`)),
    FLUSH,
  ].join("");
}

/** The answer to it: `<id> <ref>` and perhaps ` peeled:<id>`; null when it is something else, or breaks off. */
export function readRefs(packets: readonly Packet[]): NamedRef[] | null {
  const last = packets.at(-1);
  if (last === undefined || typeof last === "string" || last.mark !== "flush") return null;
  const refs: NamedRef[] = [];
  for (const line of packets.slice(0, -1)) {
    if (typeof line !== "string") return null;
    const [id = "", ref = "", ...attributes] = line.split(" ");
    const peeled = attributes.find((text) => text.startsWith("peeled:"))?.slice("peeled:".length);
    const commit = peeled ?? id;
    if (!ID.test(commit) || ref === "") return null;
    refs.push({ ref, commit });
  }
  return refs;
}
