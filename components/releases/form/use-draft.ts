import { useEffect, useState } from "react";
import { type Draft, EMPTY, parseDraft } from "./draft.ts";

/**
 * A draft that survives a reload of its tab. `savedAt` is when it was last kept, null before anything was changed.
 * @param key null: nothing is kept (an order that is there already keeps itself)
 */
export function useDraft(key: string | null, initial: Draft | undefined, components: readonly string[]) {
  const [draft, setDraft] = useState<Draft>(initial ?? EMPTY);
  const [savedAt, setSavedAt] = useState<Date | null>(null);
  const names = components.join(",");
  useEffect(() => {
    if (key === null) return;
    const kept = parseDraft(sessionStorage.getItem(key), names.split(","));
    if (kept !== null) setDraft(kept);
  }, [key, names]);
  const change = (part: Partial<Draft>) => {
    const next = { ...draft, ...part };
    setDraft(next);
    if (key === null) return;
    sessionStorage.setItem(key, JSON.stringify(next));
    setSavedAt(new Date());
  };
  const forget = () => {
    if (key !== null) sessionStorage.removeItem(key);
  };
  return { draft, change, savedAt, forget };
}
