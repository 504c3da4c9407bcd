"use client";

import { Checkbox as BaseCheckbox } from "@base-ui/react/checkbox";
import { Switch as BaseSwitch } from "@base-ui/react/switch";
import { Check, Circle, CircleDot, Minus } from "lucide-react";
import { type ReactNode, useId } from "react";
import { cx } from "./cx.ts";

type Option<Value extends string> = { value: Value; label: ReactNode; disabled?: boolean };
type OneOf<Value extends string, O extends Option<Value>> = {
  label: string;
  value: Value | null;
  onChange: (value: Value) => void;
  options: O[];
  className?: string;
};

/** Two to four short choices side by side; arrow keys move between them. */
export function Segmented<Value extends string>({
  label,
  value,
  onChange,
  options,
  className,
}: OneOf<Value, Option<Value>>) {
  const name = useId();
  return (
    <fieldset aria-label={label} className={cx("segmented", className)}>
      {options.map((option) => (
        <label key={option.value} className="segment">
          <input
            type="radio"
            name={name}
            className="sr-only"
            checked={option.value === value}
            disabled={option.disabled}
            onChange={() => onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}

/** Choices that need a sentence each; `columns` of them side by side. */
export function ChoiceCards<Value extends string>({
  label,
  value,
  onChange,
  options,
  className,
}: OneOf<Value, Option<Value> & { hint: ReactNode }>) {
  const name = useId();
  return (
    <fieldset aria-label={label} className={cx("grid gap-2 sm:auto-cols-fr sm:grid-flow-col", className)}>
      {options.map((option) => (
        <label key={option.value} className="choice">
          <input
            type="radio"
            name={name}
            className="sr-only"
            checked={option.value === value}
            disabled={option.disabled}
            onChange={() => onChange(option.value)}
          />
          {option.value === value ? <CircleDot aria-hidden /> : <Circle aria-hidden />}
          <span className="font-medium">{option.label}</span>
          <span className="col-start-2 text-sm text-fg-2">{option.hint}</span>
        </label>
      ))}
    </fieldset>
  );
}

type Toggle = {
  checked: boolean;
  onChange: (checked: boolean) => void;
  label: ReactNode;
  /** Also the place for the reason while it is disabled. */
  hint?: ReactNode;
  disabled?: boolean;
  /** The label is for screen readers only (a table's column of checkboxes). */
  bare?: boolean;
  className?: string;
};

function ToggleLabel({
  id,
  label,
  hint,
  bare,
}: {
  id: string;
  label: ReactNode;
  hint?: ReactNode;
  bare?: boolean;
}) {
  return (
    <span className={bare ? "sr-only" : "min-w-0"}>
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && <span className="block text-sm text-fg-3">{hint}</span>}
    </span>
  );
}

/** A checkbox with its label. */
export function Checkbox({
  checked,
  onChange,
  label,
  hint,
  disabled,
  bare,
  indeterminate = false,
  className,
}: Toggle & { indeterminate?: boolean }) {
  const id = useId();
  return (
    <span className={cx("inline-flex items-start gap-2", className)}>
      <BaseCheckbox.Root
        id={id}
        checked={checked}
        indeterminate={indeterminate}
        disabled={disabled}
        onCheckedChange={(next) => onChange(next)}
        className="checkbox"
      >
        <BaseCheckbox.Indicator className="grid">
          {indeterminate ? <Minus aria-hidden /> : <Check aria-hidden />}
        </BaseCheckbox.Indicator>
      </BaseCheckbox.Root>
      <ToggleLabel id={id} label={label} hint={hint} bare={bare} />
    </span>
  );
}

/** A setting that takes effect at once. */
export function Switch({ checked, onChange, label, hint, disabled, bare, className }: Toggle) {
  const id = useId();
  return (
    <span className={cx("inline-flex items-start gap-2.5", className)}>
      <BaseSwitch.Root
        id={id}
        checked={checked}
        disabled={disabled}
        onCheckedChange={(next) => onChange(next)}
        className="switch"
      >
        <BaseSwitch.Thumb className="switch-thumb" />
      </BaseSwitch.Root>
      <ToggleLabel id={id} label={label} hint={hint} bare={bare} />
    </span>
  );
}
