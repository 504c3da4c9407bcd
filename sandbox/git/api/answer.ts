import type { Page, Repository } from "./repository.ts";

export type ApiQuestion = {
  /** Path below the API's own, still encoded. */
  path: string;
  query: URLSearchParams;
  /** Address of the API, for links. */
  base: string;
  /** Null: nobody. */
  user: string | null;
  /** The server may be used by this caller; a stranger sees no repository. */
  trusted: boolean;
  open: (name: string) => Repository | undefined;
};
export type ApiAnswer = { status: number; body: unknown; headers?: Record<string, string> };

export const ok = (body: unknown, headers: Record<string, string> = {}): ApiAnswer => ({
  status: 200,
  body,
  headers,
});

/** The page that a question asks for. */
export function pageOf(query: URLSearchParams, sizeName: "per_page" | "limit", most: number): Page {
  const number = (name: string, usual: number) => Math.max(1, Number(query.get(name) ?? usual) || usual);
  return { page: number("page", 1), size: Math.min(number(sizeName, 30), most) };
}

export const cut = <Item>(items: readonly Item[], { page, size }: Page): Item[] =>
  items.slice((page - 1) * size, page * size);

/** A `Link` header as all three write it. */
export function linkOf(question: ApiQuestion, { page }: Page, more: boolean, last?: number): string {
  const at = (number: number, rel: string) => {
    const query = new URLSearchParams(question.query);
    query.set("page", String(number));
    return `<${question.base}${question.path}?${query}>; rel="${rel}"`;
  };
  return [
    ...(page > 1 ? [at(page - 1, "prev"), at(1, "first")] : []),
    ...(more ? [at(page + 1, "next")] : []),
    ...(more && last !== undefined ? [at(last, "last")] : []),
  ].join(", ");
}
