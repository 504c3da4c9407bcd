/** What the scanner's database knows: packages of Debian, and from which version on they are mended. */
export type Severity = "Critical" | "High" | "Medium" | "Low";
export type Advisory = {
  id: string;
  package: string;
  /** Null: not yet. */
  fixedIn: string | null;
  severity: Severity;
  score: number;
  description: string;
};

export const ADVISORIES: readonly Advisory[] = [
  {
    id: "CVE-2024-45491",
    package: "libexpat1",
    fixedIn: "2.5.0-1+deb12u1",
    severity: "Critical",
    score: 9.8,
    description: "dtdCopy in xmlparse.c can have an integer overflow for nDefaultAtts on 32-bit platforms.",
  },
  {
    id: "CVE-2024-45492",
    package: "libexpat1",
    fixedIn: "2.5.0-1+deb12u1",
    severity: "Critical",
    score: 9.8,
    description: "nextScaffoldPart in xmlparse.c can have an integer overflow for m_groupSize.",
  },
  {
    id: "CVE-2024-6119",
    package: "libssl3",
    fixedIn: "3.0.14-1~deb12u2",
    severity: "High",
    score: 7.5,
    description: "Checking certificate names may read an invalid memory address and end the process.",
  },
  {
    id: "CVE-2024-28834",
    package: "libgnutls30",
    fixedIn: "3.7.9-2+deb12u3",
    severity: "Medium",
    score: 5.3,
    description: "A side channel of deterministic ECDSA code may disclose the private key.",
  },
  {
    id: "CVE-2016-2781",
    package: "coreutils",
    fixedIn: null,
    severity: "Low",
    score: 6.5,
    description: "chroot may let a local user escape to the parent session by a crafted ioctl call.",
  },
];

/** Whether version `a` comes before `b`: numbers compared one by one, which suffices for the versions above. */
export function isOlder(a: string, b: string): boolean {
  const numbers = (version: string) => version.split(/[^0-9]+/).map(Number);
  const [left, right] = [numbers(a), numbers(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
