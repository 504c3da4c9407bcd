"use client";

import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { cx } from "./cx.ts";

export type SelectOption<Value extends string> = {
  value: Value;
  label: string;
  hint?: ReactNode;
  icon?: ReactNode;
  disabled?: boolean;
};

/** One of a short list. Inside a `Field` its label is the field's; alone it needs `label`. */
export function Select<Value extends string>({
  value,
  onChange,
  options,
  placeholder,
  label,
  prefix,
  small = false,
  disabled = false,
  className,
}: {
  value: Value | null;
  onChange: (value: Value) => void;
  options: SelectOption<Value>[];
  placeholder?: string;
  label?: string;
  /** A fainter word inside the field, for filter bars: "Project Quotes". */
  prefix?: string;
  small?: boolean;
  disabled?: boolean;
  className?: string;
}) {
  return (
    <Base.Root
      items={options}
      value={value}
      disabled={disabled}
      onValueChange={(next) => {
        if (next !== null) onChange(next);
      }}
    >
      <Base.Trigger aria-label={label} className={cx("input text-left", small && "input-small", className)}>
        {prefix !== undefined && <span className="text-fg-3">{prefix}</span>}
        <Base.Value className="flex-1 truncate">
          {(current: Value | null) =>
            options.find((option) => option.value === current)?.label ?? (
              <span className="text-fg-3">{placeholder}</span>
            )
          }
        </Base.Value>
        <Base.Icon>
          <ChevronDown aria-hidden className="text-fg-3" />
        </Base.Icon>
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50 outline-none">
          <Base.Popup className="pop max-h-80 min-w-(--anchor-width) overflow-y-auto p-1">
            {options.map((option) => (
              <Base.Item
                key={option.value}
                value={option.value}
                disabled={option.disabled}
                className="menu-item"
              >
                {option.icon}
                <Base.ItemText className="flex-1 truncate">{option.label}</Base.ItemText>
                {option.hint !== undefined && <span className="text-sm text-fg-3">{option.hint}</span>}
                <span className="grid w-4 place-items-center">
                  <Base.ItemIndicator>
                    <Check aria-hidden />
                  </Base.ItemIndicator>
                </span>
              </Base.Item>
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
