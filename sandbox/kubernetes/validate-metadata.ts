import type { Cause } from "./errors.ts";
import { invalidValue } from "./errors.ts";
import { stringsAt } from "./json.ts";
import type { KubeObject } from "./objects.ts";

export const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const SUBDOMAIN = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
export const LABEL_RULE =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
const SUBDOMAIN_RULE =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
const LABEL_VALUE = /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const LABEL_VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const SERVICE_NAME = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;
const SERVICE_RULE =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";

const NAME_RULE =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const CONFIG_KEY = /^[-._a-zA-Z0-9]+$/;
const CONFIG_KEY_RULE =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const MAX_ANNOTATIONS = 256 * 1024;
const MAX_DATA = 1024 * 1024;

/** What is wrong with the name, the labels and the annotations. */
export function metadataProblems({ kind, metadata }: KubeObject): Cause[] {
  const causes: Cause[] = [];
  const { name } = metadata;
  if (kind === "Namespace" && !LABEL.test(name)) causes.push(invalidValue("metadata.name", name, LABEL_RULE));
  else if (kind === "Service" && !SERVICE_NAME.test(name)) {
    causes.push(invalidValue("metadata.name", name, SERVICE_RULE));
  } else if (!kind.includes("Role") && !SUBDOMAIN.test(name)) {
    causes.push(invalidValue("metadata.name", name, SUBDOMAIN_RULE));
  }
  if (name.length > 253)
    causes.push(invalidValue("metadata.name", name, "must be no more than 253 characters"));
  for (const [key, value] of Object.entries(metadata.labels ?? {})) {
    causes.push(...keyProblems("metadata.labels", key));
    if (!LABEL_VALUE.test(value)) causes.push(invalidValue("metadata.labels", value, LABEL_VALUE_RULE));
    else if (value.length > 63) {
      causes.push(invalidValue("metadata.labels", value, "must be no more than 63 characters"));
    }
  }
  return [...causes, ...annotationProblems(metadata.annotations ?? {})];
}

/** What is wrong with the key of a label or an annotation: `name` or `prefix/name`. */
function keyProblems(field: string, key: string, shown = key): Cause[] {
  const parts = key.split("/");
  const name = parts.at(-1) ?? "";
  const rules: string[] = [];
  if (parts.length > 2) {
    rules.push(
      `a qualified name ${NAME_RULE} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    );
  } else {
    const [prefix = ""] = parts;
    if (parts.length === 2 && !SUBDOMAIN.test(prefix)) rules.push(`prefix part ${SUBDOMAIN_RULE}`);
    if (name.length > 63) rules.push("name part must be no more than 63 characters");
    if (name === "" || !LABEL_VALUE.test(name)) rules.push(`name part ${NAME_RULE}`);
  }
  return rules.map((rule) => invalidValue(field, shown, rule));
}

function annotationProblems(annotations: Record<string, string>): Cause[] {
  const field = "metadata.annotations";
  const causes = Object.keys(annotations).flatMap((key) => keyProblems(field, key.toLowerCase(), key));
  const size = Object.entries(annotations).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
    0,
  );
  return size > MAX_ANNOTATIONS ? [...causes, tooLong(field, MAX_ANNOTATIONS)] : causes;
}

/** What is wrong with the keys and the size of a ConfigMap or a Secret. */
export function dataProblems(object: KubeObject): Cause[] {
  if (object.kind !== "ConfigMap" && object.kind !== "Secret") return [];
  const causes: Cause[] = [];
  let size = 0;
  for (const part of ["data", "binaryData"]) {
    for (const [key, value] of Object.entries(stringsAt(object, part))) {
      const plain = object.kind === "ConfigMap" && part === "data";
      size += plain ? Buffer.byteLength(value) : Buffer.byteLength(value, "base64");
      if (!CONFIG_KEY.test(key)) causes.push(invalidValue(`${part}[${key}]`, key, CONFIG_KEY_RULE));
      else if (key === "." || key.startsWith("..")) {
        causes.push(invalidValue(`${part}[${key}]`, key, `must not be '${key}'`));
      }
    }
  }
  const field = object.kind === "ConfigMap" ? "[]" : "data";
  return size > MAX_DATA ? [...causes, tooLong(field, MAX_DATA)] : causes;
}

function tooLong(field: string, bytes: number): Cause {
  return { reason: "FieldValueTooLong", message: `Too long: may not be more than ${bytes} bytes`, field };
}
