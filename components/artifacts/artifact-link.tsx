import Link from "next/link";
import { Copyable } from "#components/ui/copyable.tsx";
import { shortDigest } from "#components/ui/text.ts";

/** An image's digest that leads to what is known of it, beside a button that copies it whole. */
export function ArtifactLink({
  digest,
  release,
  className,
}: {
  digest: string;
  /** Of which release order, where it is known: several may have built the same image. */
  release?: string | null;
  className?: string;
}) {
  const short = shortDigest(digest);
  const query = release == null ? "" : `?release=${encodeURIComponent(release)}`;
  return (
    <Copyable
      text={digest}
      label={short}
      className={className}
      shown={
        <Link
          href={`/artifacts/${encodeURIComponent(digest)}${query}`}
          className="hover:text-accent hover:underline"
        >
          {short}
        </Link>
      }
    />
  );
}
