"use client";

import { Tabs as Base } from "@base-ui/react/tabs";
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

/** Tabs within a page. */
export function Tabs<Value extends string>({
  value,
  onChange,
  items,
  className,
}: {
  value: Value;
  onChange: (value: Value) => void;
  items: { value: Value; label: ReactNode; count?: number; panel: ReactNode }[];
  className?: string;
}) {
  return (
    <Base.Root
      value={value}
      onValueChange={(next) => {
        const chosen = items.find((item) => item.value === next);
        if (chosen !== undefined) onChange(chosen.value);
      }}
      className={className}
    >
      <Base.List className="tabs">
        {items.map((item) => (
          <Base.Tab key={item.value} value={item.value} className="tab">
            {item.label}
            {item.count !== undefined && <span className="ml-1.5 font-normal text-fg-3">{item.count}</span>}
          </Base.Tab>
        ))}
      </Base.List>
      {items.map((item) => (
        <Base.Panel key={item.value} value={item.value}>
          {item.panel}
        </Base.Panel>
      ))}
    </Base.Root>
  );
}
