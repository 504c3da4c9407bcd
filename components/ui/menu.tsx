"use client";

import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import Link from "next/link";
import type { ReactElement, ReactNode } from "react";
import { cx } from "./cx.ts";

export type MenuEntry =
  | "separator"
  | {
      label: string;
      icon?: ReactNode;
      hint?: ReactNode;
      href?: string;
      onSelect?: () => void;
      danger?: boolean;
      disabled?: boolean;
      /** Why it is off; stands below the label. */
      reason?: ReactNode;
      checked?: boolean;
    };

/** Entries with a key each: its label, or for a separator the label before it. */
function keyed(items: MenuEntry[]): { key: string; entry: MenuEntry }[] {
  let last = "";
  return items.map((entry) => {
    if (entry === "separator") return { key: `after ${last}`, entry };
    last = entry.label;
    return { key: entry.label, entry };
  });
}

function entryContent(entry: Exclude<MenuEntry, "separator">) {
  return (
    <>
      {entry.icon}
      <span className="min-w-0 flex-1">
        <span className="block truncate">{entry.label}</span>
        {entry.disabled === true && entry.reason !== undefined && (
          <span className="block text-sm text-fg-3">{entry.reason}</span>
        )}
      </span>
      {entry.hint !== undefined && <span className="text-sm text-fg-3">{entry.hint}</span>}
      {entry.checked === true && <Check aria-hidden />}
    </>
  );
}

/** A menu from its `trigger`. Entries are actions or links; one that is off stays, with its reason. */
export function Menu({
  trigger,
  label,
  items,
  head,
  align = "end",
}: {
  trigger: ReactElement;
  label: string;
  items: MenuEntry[];
  head?: ReactNode;
  align?: "start" | "end";
}) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner sideOffset={6} align={align} className="z-50 outline-none">
          <Base.Popup
            aria-label={label}
            className="pop max-h-(--available-height) min-w-48 max-w-80 overflow-y-auto p-1"
          >
            {head !== undefined && <div className="border-b border-line px-2.5 pt-1.5 pb-2 mb-1">{head}</div>}
            {keyed(items).map(({ key, entry }) => {
              if (entry === "separator")
                return <Base.Separator key={key} className="mx-1 my-1 h-px bg-line" />;
              const look = cx("menu-item", entry.danger && "menu-item-danger");
              return entry.href !== undefined && entry.disabled !== true ? (
                <Base.LinkItem key={key} render={<Link href={entry.href} />} closeOnClick className={look}>
                  {entryContent(entry)}
                </Base.LinkItem>
              ) : (
                <Base.Item key={key} disabled={entry.disabled} onClick={entry.onSelect} className={look}>
                  {entryContent(entry)}
                </Base.Item>
              );
            })}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
