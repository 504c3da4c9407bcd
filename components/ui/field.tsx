"use client";

import { Field as Base } from "@base-ui/react/field";
import type { ComponentPropsWithRef, ReactNode } from "react";
import { cx } from "./cx.ts";

/** Label, control, hint and error, tied together for screen readers. The control is `Input`, `Textarea` or `Select`. */
export function Field({
  label,
  hint,
  error,
  name,
  className,
  children,
}: {
  label: ReactNode;
  hint?: ReactNode;
  error?: ReactNode;
  name?: string;
  className?: string;
  children: ReactNode;
}) {
  const wrong = error !== undefined && error !== null && error !== "" && error !== false;
  return (
    <Base.Root name={name} invalid={wrong} className={cx("flex min-w-0 flex-col gap-1.5", className)}>
      <Base.Label className="font-medium">{label}</Base.Label>
      {children}
      {hint !== undefined && <Base.Description className="text-sm text-fg-3">{hint}</Base.Description>}
      {wrong && (
        <Base.Error match className="text-sm text-bad" role="alert">
          {error}
        </Base.Error>
      )}
    </Base.Root>
  );
}

/** One line of text. With `icon` it is a search-like field. */
export function Input({
  mono = false,
  icon,
  small = false,
  className,
  ...rest
}: ComponentPropsWithRef<"input"> & { mono?: boolean; icon?: ReactNode; small?: boolean }) {
  const look = cx("input", small && "input-small", mono && "font-mono text-sm", className);
  if (icon === undefined) return <Base.Control {...rest} className={look} />;
  return (
    <span className={cx(look, "[&_svg]:text-fg-3")}>
      {icon}
      <Base.Control {...rest} className="w-full" />
    </span>
  );
}

/** Several lines of text. */
export function Textarea({
  mono = false,
  className,
  ...rest
}: ComponentPropsWithRef<"textarea"> & { mono?: boolean }) {
  return (
    <Base.Control
      render={<textarea {...rest} />}
      className={cx("input", mono && "font-mono text-sm", className)}
    />
  );
}
