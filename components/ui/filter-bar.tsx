"use client";

import { Search } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Button } from "./button.tsx";
import { Input } from "./field.tsx";
import { Select, type SelectOption } from "./select.tsx";

const TYPING_MS = 300;

/** Filters of a list beside what is searched for. All of them stand in the address, which has the last word. */
export function FilterBar({
  search,
  searched,
  onSearch,
  clear,
  onClear,
  children,
}: {
  /** What the field asks for. */
  search: string;
  /** The text in the address; empty: none. */
  searched: string;
  /** Told when nothing was typed for a moment. */
  onSearch: (text: string) => void;
  clear: string;
  /** Null where nothing is filtered. */
  onClear: (() => void) | null;
  children: ReactNode;
}) {
  const [text, setText] = useState(searched);
  const [sent, setSent] = useState(searched);
  const [seen, setSeen] = useState(searched);
  // A link, not the field, has changed the address: the field follows, where its own text is not overtaken by its echo.
  if (seen !== searched) {
    setSeen(searched);
    if (searched !== sent) {
      setSent(searched);
      setText(searched);
    }
  }
  useEffect(() => {
    const wanted = text.trim();
    if (wanted === sent) return;
    const timer = setTimeout(() => {
      setSent(wanted);
      onSearch(wanted);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, sent, onSearch]);
  return (
    <search className="flex flex-wrap items-center gap-2">
      <span className="w-64 max-sm:w-full">
        <Input
          icon={<Search aria-hidden />}
          aria-label={search}
          placeholder={search}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </span>
      {children}
      {onClear !== null && (
        <Button
          kind="quiet"
          size="small"
          onClick={() => {
            setSent("");
            setText("");
            onClear();
          }}
        >
          {clear}
        </Button>
      )}
    </search>
  );
}

const ANY = "";

/** One filter of a bar: one of the options, or any. */
export function FilterSelect<Value extends string>({
  label,
  any,
  value,
  options,
  onChange,
}: {
  label: string;
  any: string;
  value: Value | undefined;
  options: SelectOption<Value>[];
  onChange: (value: Value | undefined) => void;
}) {
  return (
    <Select<Value | typeof ANY>
      className="w-auto! min-w-32 max-w-60"
      label={label}
      prefix={label}
      value={value ?? ANY}
      disabled={options.length === 0}
      onChange={(chosen) => onChange(options.find((option) => option.value === chosen)?.value)}
      options={[{ value: ANY, label: any }, ...options]}
    />
  );
}
