/** Ends before what usually belongs to the sentence around an address. */
const ADDRESS = /\bhttps?:\/\/[^\s"'<>`|\\^{}\u3000-\u303f\uff00-\uffef\u4e00-\u9fff]+/g;
const TRAILING = /[.,;:!?)\]]+$/;

/** The address where it is one of the web, else undefined: nothing that a log says is ever run. */
export function safeLink(text: string): string | undefined {
  if (!/^https?:\/\//i.test(text)) return undefined;
  try {
    const url = new URL(text);
    return url.protocol === "http:" || url.protocol === "https:" ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** The text in stretches: those with `href` are addresses of the web. */
export function linksIn(text: string): { text: string; href?: string }[] {
  if (!text.includes("://")) return [{ text }];
  const parts: { text: string; href?: string }[] = [];
  let at = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const found = match[0].replace(TRAILING, "");
    const href = safeLink(found);
    if (href === undefined) continue;
    if (match.index > at) parts.push({ text: text.slice(at, match.index) });
    parts.push({ text: found, href });
    at = match.index + found.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at) });
  return parts;
}
