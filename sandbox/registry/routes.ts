const PART = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*";
const NAME = `(${PART}(?:/${PART})*)`;
const TAG = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}";
/** Looser than a digest: `sha256:1234` has to reach the manifest handler, which answers it in its own way. */
const DIGEST_LIKE = "[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+";

const MANIFEST = new RegExp(`^/v2/${NAME}/manifests/(${TAG}|${DIGEST_LIKE})$`);
const TAGS = new RegExp(`^/v2/${NAME}/tags/list$`);
const UPLOADS = new RegExp(`^/v2/${NAME}/blobs/uploads/$`);
const UPLOAD = new RegExp(`^/v2/${NAME}/blobs/uploads/([a-f0-9-]{36})$`);
const BLOB = new RegExp(`^/v2/${NAME}/blobs/(${DIGEST_LIKE})$`);
const DIGEST = /^sha256:[a-f0-9]{64}$/;

export type Route =
  | { kind: "base" }
  | { kind: "catalog" }
  | { kind: "tags"; name: string }
  | { kind: "uploads"; name: string }
  | { kind: "upload"; name: string; id: string }
  | { kind: "blob"; name: string; digest: string }
  | { kind: "manifest"; name: string; reference: string };

export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

/** The route of a decoded path, or `undefined` where the real server's router answers a plain 404. */
export function matchRoute(path: string): Route | undefined {
  if (path === "/v2/") return { kind: "base" };
  if (path === "/v2/_catalog") return { kind: "catalog" };
  const tags = TAGS.exec(path);
  if (tags?.[1]) return { kind: "tags", name: tags[1] };
  const uploads = UPLOADS.exec(path);
  if (uploads?.[1]) return { kind: "uploads", name: uploads[1] };
  const upload = UPLOAD.exec(path);
  if (upload?.[1] && upload[2]) return { kind: "upload", name: upload[1], id: upload[2] };
  const blob = BLOB.exec(path);
  if (blob?.[1] && blob[2]) return { kind: "blob", name: blob[1], digest: blob[2] };
  const manifest = MANIFEST.exec(path);
  if (manifest?.[1] && manifest[2]) return { kind: "manifest", name: manifest[1], reference: manifest[2] };
  return undefined;
}
