import type { ReactNode } from "react";

/** A switch in the bar over a log; its word is for those who cannot see the icon unless there is room or it is `worded`. */
export function LogToggle({
  icon,
  label,
  pressed,
  onClick,
  disabled,
  title,
  worded = false,
}: {
  icon: ReactNode;
  label: string;
  pressed: boolean;
  onClick: () => void;
  disabled?: boolean;
  title?: string;
  /** Its word stands beside the icon in a narrow place, too. */
  worded?: boolean;
}) {
  return (
    <button
      type="button"
      className="toggle"
      aria-pressed={pressed}
      onClick={onClick}
      disabled={disabled}
      title={title ?? label}
    >
      {icon}
      <span className={worded ? undefined : "max-2xl:sr-only"}>{label}</span>
    </button>
  );
}
