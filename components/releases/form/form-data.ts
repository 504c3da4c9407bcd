/** What runs of a component in an environment: the release order that brought it, and its commit. */
export type Version = { environment: string; release: string; commit: string | null };
/** Another release order on its way that carries the same component. */
export type OpenOrder = { number: string; title: string; ref: string; commit: string | null };
export type FormComponent = {
  key: string;
  name: string;
  kind: string;
  defaultRef: string;
  versions: Version[];
  open: OpenOrder[];
};
export type FormEnvironment = { key: string; heldFor: string | null; heldBy: string | null; queue: number };
/** Everything that the form is told by the server when it opens; what Git says is asked as it is needed. */
export type FormData = {
  project: { key: string; name: string };
  environments: FormEnvironment[];
  components: FormComponent[];
  mayWrite: boolean;
};

/** `1120-003` of `20261120-quotes-003`: what tells two release orders of one project apart. */
export function shortNumber(number: string): string {
  const parts = /^\d{4}(\d{4})-.+-(\d+)$/.exec(number);
  return parts === null ? number : `${parts[1]}-${parts[2]}`;
}
