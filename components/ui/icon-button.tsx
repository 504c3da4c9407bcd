import Link from "next/link";
import type { ComponentPropsWithRef, ReactNode } from "react";
import { cx } from "./cx.ts";

/** A button that is only an icon; `label` is its name for everyone who cannot see it, and its hover text. */
export function IconButton({
  label,
  icon,
  size = "normal",
  href,
  pressed,
  className,
  children,
  ...rest
}: Omit<ComponentPropsWithRef<"button">, "type" | "aria-label"> & {
  label: string;
  icon: ReactNode;
  size?: "normal" | "small";
  href?: string;
  pressed?: boolean;
}) {
  const look = cx("icon-button", size === "small" && "icon-button-small", className);
  if (href !== undefined) {
    return (
      <Link href={href} className={look} aria-label={label} title={label}>
        {icon}
        {children}
      </Link>
    );
  }
  return (
    <button title={label} {...rest} type="button" className={look} aria-label={label} aria-pressed={pressed}>
      {icon}
      {children}
    </button>
  );
}
