import { MAX_TEXT } from "./pattern.ts";
import type { Ticket, TicketPattern } from "./schema.ts";

/** What is taken for a ticket where a project has said nothing. */
const USUAL = /\b[A-Z][A-Z0-9]{1,19}-\d{1,12}\b/g;
const MAX_TICKETS = 20;

export type TextPart = { text: string; ticket: Ticket | null };

/**
 * A text in parts, those that are tickets marked; together they are the text. Where patterns overlap the earlier match
 * counts, and of two at the same place that of the pattern that stands first. Only the first 200 characters are
 * searched.
 */
export function splitTickets(text: string, patterns: readonly TicketPattern[]): TextPart[] {
  const parts: TextPart[] = [];
  let done = 0;
  for (const { at, length, ticket } of ticketsAt(text.slice(0, MAX_TEXT), patterns)) {
    if (at < done) continue;
    if (at > done) parts.push({ text: text.slice(done, at), ticket: null });
    parts.push({ text: text.slice(at, at + length), ticket });
    done = at + length;
  }
  if (done < text.length) parts.push({ text: text.slice(done), ticket: null });
  return parts;
}

/** How long the texts of one list may be searched, milliseconds: a thousandth of it is usual. */
export const createBudget = () => ({ leftMs: 500 });

/**
 * The tickets in a text, each once, in their order. A project's owner writes the patterns and anybody the texts: with
 * a budget that is spent nothing is searched any more, so that the two together hold up nobody else.
 */
export function ticketsIn(
  text: string,
  patterns: readonly TicketPattern[],
  budget?: { leftMs: number },
): Ticket[] {
  if (budget && budget.leftMs <= 0) return [];
  const from = performance.now();
  const found = distinctTickets(splitTickets(text, patterns).flatMap(({ ticket }) => ticket ?? []));
  if (budget) budget.leftMs -= performance.now() - from;
  return found;
}

export function distinctTickets(tickets: readonly Ticket[]): Ticket[] {
  return [...new Map(tickets.map((ticket) => [ticket.key, ticket])).values()];
}

function ticketsAt(text: string, patterns: readonly TicketPattern[]) {
  const found: { at: number; length: number; ticket: Ticket }[] = [];
  const searches =
    patterns.length === 0
      ? [{ search: USUAL, url: null }]
      : patterns.map(({ pattern, url }) => ({ search: new RegExp(pattern, "gu"), url }));
  for (const { search, url } of searches) {
    for (const match of text.matchAll(search)) {
      const [key] = match;
      // The sort below keeps the order of the patterns at the same place.
      if (key !== "")
        found.push({
          at: match.index,
          length: key.length,
          ticket: { key, url: url && addressOf(url, match) },
        });
      if (found.length >= MAX_TICKETS * searches.length) break;
    }
  }
  return found.sort((left, right) => left.at - right.at);
}

const addressOf = (url: string, groups: readonly (string | undefined)[]): string =>
  url.replaceAll(/\$(\d)/g, (_, digit: string) => encodeURIComponent(groups[Number(digit)] ?? ""));
