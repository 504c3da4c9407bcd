"use client";

import Link from "next/link";
import type { ReactNode } from "react";

/** Tabs that are addresses: the choice is in the URL, so that a colleague sees the same. */
export function LinkTabs({
  label,
  items,
}: {
  label: string;
  items: { href: string; label: ReactNode; count?: number; current: boolean }[];
}) {
  return (
    <nav aria-label={label} className="tabs">
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
