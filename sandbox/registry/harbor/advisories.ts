/** What the scanner's database knows: packages of Alpine, and from which version on they are mended. */
export type Severity = "Critical" | "High" | "Medium" | "Low";
export type Advisory = {
  id: string;
  package: string;
  fixedIn: string;
  severity: Severity;
  score: number;
  description: string;
};

export const ADVISORIES: readonly Advisory[] = [
  {
    id: "CVE-2024-45491",
    package: "libexpat",
    fixedIn: "2.6.3-r0",
    severity: "Critical",
    score: 9.8,
    description: "dtdCopy in xmlparse.c can have an integer overflow for nDefaultAtts on 32-bit platforms.",
  },
  {
    id: "CVE-2024-45492",
    package: "libexpat",
    fixedIn: "2.6.3-r0",
    severity: "Critical",
    score: 9.8,
    description: "nextScaffoldPart in xmlparse.c can have an integer overflow for m_groupSize.",
  },
  {
    id: "CVE-2024-6119",
    package: "libssl3",
    fixedIn: "3.3.2-r0",
    severity: "High",
    score: 7.5,
    description: "Checking certificate names may read an invalid memory address and end the process.",
  },
  {
    id: "CVE-2024-6232",
    package: "python3",
    fixedIn: "3.12.6-r0",
    severity: "High",
    score: 7.5,
    description: "Regular expressions that parse tarfile headers allow excessive backtracking.",
  },
  {
    id: "CVE-2023-42364",
    package: "busybox",
    fixedIn: "1.36.1-r29",
    severity: "Medium",
    score: 5.5,
    description: "A use-after-free in the awk applet can be reached by a crafted awk pattern.",
  },
  {
    id: "CVE-2024-58251",
    package: "busybox",
    fixedIn: "1.37.0-r14",
    severity: "Low",
    score: 2.5,
    description: "netstat shows terminal escape sequences of the names of other local processes.",
  },
];

/** Whether version `a` comes before `b`: numbers compared one by one, as Alpine's versions mostly are. */
export function isOlder(a: string, b: string): boolean {
  const numbers = (version: string) => version.split(/[^0-9]+/).map(Number);
  const [left, right] = [numbers(a), numbers(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
