import type { CSSProperties, ReactNode } from "react";
import { cx } from "./cx.ts";
import { hueOf, initialsOf } from "./person-look.ts";

/** A person's face: two letters on a hue of their own. Hidden from readers when the name stands beside it. */
export function Face({ username, displayName }: { username: string; displayName?: string }) {
  const style: CSSProperties & { "--h": number } = { "--h": hueOf(username) };
  return (
    <span className="face" style={style} title={displayName ?? username} aria-hidden="true">
      {initialsOf(username)}
    </span>
  );
}

/** A person by display name, with the role as a fainter word. The username is the hover text. */
export function Person({
  username,
  displayName,
  role,
  face = true,
  className,
}: {
  username: string;
  displayName?: string;
  role?: ReactNode;
  face?: boolean;
  className?: string;
}) {
  return (
    <span
      className={cx("inline-flex min-w-0 items-center gap-1.5 whitespace-nowrap", className)}
      title={username}
    >
      {face && <Face username={username} displayName={displayName} />}
      <span className="truncate">{displayName ?? username}</span>
      {role !== undefined && <span className="text-fg-3">{role}</span>}
    </span>
  );
}

/** Several faces, overlapping; the names are read out and shown on hover. */
export function Faces({
  people,
  max = 4,
}: {
  people: { username: string; displayName?: string }[];
  max?: number;
}) {
  const names = people.map((person) => person.displayName ?? person.username).join(", ");
  return (
    <span className="inline-flex items-center pl-1" title={names}>
      <span className="sr-only">{names}</span>
      {people.slice(0, max).map((person) => (
        <span key={person.username} className="-ml-1 inline-flex rounded-full ring-2 ring-surface">
          <Face {...person} />
        </span>
      ))}
      {people.length > max && <span className="ml-1 text-sm text-fg-3">+{people.length - max}</span>}
    </span>
  );
}
