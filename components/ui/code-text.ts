"use client";

import { useFormatter, useTranslations } from "next-intl";
import { useMemo } from "react";

/** What the server says with a stable code: its own message is for logs, the facts fill the reader's text. */
export type Coded = { code: string; message: string; facts?: Record<string, unknown> };

const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d/;
const SHOWN = {
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
} as const;

/**
 * Texts by code: the first of `keys` (full message keys) that exists and has all its facts, else the server's message.
 * Times among the facts become the reader's; states become words.
 */
export function useCodeText(): (keys: readonly string[], said: Coded) => string {
  const t = useTranslations();
  const format = useFormatter();
  return useMemo(
    () => (keys, said) => {
      const word = (state: string) => (t.has(`states.${state}`) ? t(`states.${state}`) : state);
      const facts: Record<string, string | number> = {};
      for (const [name, value] of Object.entries(said.facts ?? {})) {
        if (typeof value === "number") facts[name] = value;
        if (typeof value !== "string") continue;
        if (MOMENT.test(value)) facts[name] = format.dateTime(new Date(value), SHOWN);
        else if (name === "state" || name === "from") facts[name] = value.split(", ").map(word).join(" / ");
        else facts[name] = value;
      }
      for (const key of keys) {
        if (!t.has(key)) continue;
        const needed = [...String(t.raw(key)).matchAll(/\{(\w+)[,}]/g)].map((match) => match[1] ?? "");
        if (needed.every((name) => name in facts)) return t(key, facts);
      }
      return said.message;
    },
    [t, format],
  );
}
