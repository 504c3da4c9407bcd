"use client";

import { Dialog } from "@base-ui/react/dialog";
import { Command } from "cmdk";
import { CornerDownLeft } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import { Kbd } from "#components/ui/kbd.tsx";
import { matching, merged, PALETTE_GROUPS, type PaletteResult } from "./palette-results.ts";

const idOf = ({ group, href, label }: PaletteResult) => `${group} ${href} ${label}`;

/** Typing may pause this long (ms) before the portal is asked. */
const PAUSE = 120;

/**
 * Jump to anything: opens with Cmd/Ctrl-K. `places` are known and shown at once; `loadResults` finds the rest, and an
 * answer that comes too late is dropped.
 */
export function Palette({
  open,
  onOpenChange,
  places,
  loadResults,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  places: PaletteResult[];
  loadResults: (query: string, signal: AbortSignal) => Promise<PaletteResult[]>;
}) {
  const t = useTranslations("shell");
  const router = useRouter();
  const [query, setQuery] = useState("");
  const [found, setFound] = useState<PaletteResult[]>([]);
  const [picked, setPicked] = useState("");

  useEffect(() => {
    if (!open) return;
    const stop = new AbortController();
    const take = (answer: PaletteResult[]) => {
      if (!stop.signal.aborted) setFound(answer);
    };
    const timer = setTimeout(() => {
      loadResults(query, stop.signal).then(take, () => take([]));
    }, PAUSE);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [open, query, loadResults]);
  const results = merged(matching(places, query), query.trim().length < 2 ? [] : found);

  // What comes later stands first: it is the first one that Enter opens, whatever was first before.
  const first = PALETTE_GROUPS.map((group) => results.find((result) => result.group === group)).find(Boolean);
  const top = first === undefined ? "" : idOf(first);
  useEffect(() => setPicked(top), [top]);

  const go = (href: string) => {
    onOpenChange(false);
    setQuery("");
    router.push(href);
  };

  return (
    <Dialog.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Dialog.Portal>
        <Dialog.Backdrop className="backdrop" />
        <Dialog.Viewport className="fixed inset-0 z-50 flex items-start justify-center p-3 pt-[10vh]">
          <Dialog.Popup aria-label={t("palette.label")} className="pop w-full max-w-xl overflow-hidden">
            <Command
              shouldFilter={false}
              value={picked}
              onValueChange={setPicked}
              loop
              label={t("palette.label")}
              className="palette"
            >
              <Command.Input
                autoFocus
                value={query}
                onValueChange={setQuery}
                placeholder={t("palette.placeholder")}
                className="palette-input"
              />
              <Command.List className="palette-list">
                <Command.Empty className="px-3.5 py-6 text-center text-fg-3">
                  {t("palette.empty")}
                </Command.Empty>
                {PALETTE_GROUPS.map((group) => {
                  const own = results.filter((result) => result.group === group);
                  if (own.length === 0) return null;
                  return (
                    <Command.Group key={group} heading={t(`palette.${group}`)}>
                      {own.map((result) => (
                        <Command.Item
                          key={idOf(result)}
                          value={idOf(result)}
                          onSelect={() => go(result.href)}
                          className="palette-item"
                        >
                          <span className="truncate">{result.label}</span>
                          {result.hint !== undefined && (
                            <span className="truncate text-fg-3">{result.hint}</span>
                          )}
                        </Command.Item>
                      ))}
                    </Command.Group>
                  );
                })}
              </Command.List>
              <footer className="flex items-center gap-2 border-t border-line bg-sunken px-3.5 py-2 text-sm text-fg-3">
                <Kbd>↑</Kbd>
                <Kbd>↓</Kbd>
                {t("palette.move")}
                <Kbd>
                  <CornerDownLeft aria-hidden className="inline size-3!" />
                </Kbd>
                {t("palette.open")}
              </footer>
            </Command>
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
