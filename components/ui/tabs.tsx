"use client";

import Link from "next/link";
import { type ReactNode, useEffect, useRef } from "react";

/** Tabs that are addresses: the choice is in the URL, so that a colleague sees the same. */
export function LinkTabs({
  label,
  items,
}: {
  label: string;
  items: { href: string; label: ReactNode; count?: number; current: boolean }[];
}) {
  const nav = useRef<HTMLElement>(null);
  const current = items.find((item) => item.current)?.href;
  // On a narrow window the current one may be beyond the edge.
  useEffect(() => {
    const bar = nav.current;
    const tab = bar?.querySelector("[aria-current]");
    if (current === undefined || !(bar && tab instanceof HTMLElement)) return;
    bar.scrollLeft = tab.offsetLeft - bar.offsetLeft - (bar.clientWidth - tab.offsetWidth) / 2;
  }, [current]);
  return (
    <nav ref={nav} aria-label={label} className="tabs">
      {items.map((item) => (
        <Link
          key={item.href}
          href={item.href}
          className="tab"
          aria-current={item.current ? "page" : undefined}
        >
          {item.label}
          {item.count !== undefined && <span className="ml-1.5 font-normal text-fg-3">{item.count}</span>}
        </Link>
      ))}
    </nav>
  );
}
