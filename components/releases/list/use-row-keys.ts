import { useEffect, useState } from "react";

/** `j` and `k` move a selection through a list, Enter opens it; nothing happens while someone types or a dialog is open. */
export function useRowKeys(keys: readonly string[], open: (key: string) => void): string | null {
  const [selected, setSelected] = useState<string | null>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.metaKey || event.ctrlKey || event.altKey) return;
      const target = event.target;
      if (target instanceof Element && target.closest("input,textarea,select,button,a,[role=dialog]")) return;
      if (event.key === "Enter" && selected !== null) return open(selected);
      const by = event.key === "j" ? 1 : event.key === "k" ? -1 : 0;
      if (by === 0) return;
      const at = selected === null ? -1 : keys.indexOf(selected);
      const next = keys[Math.min(keys.length - 1, Math.max(0, at + by))];
      if (next !== undefined) setSelected(next);
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [keys, selected, open]);
  useEffect(() => {
    if (selected !== null)
      document.querySelector(`[data-number="${CSS.escape(selected)}"]`)?.scrollIntoView({ block: "nearest" });
  }, [selected]);
  return selected;
}
