import { type ImageAbout, repositoryOf } from "./about.ts";

const hex = (digest: string) => digest.slice(digest.indexOf(":") + 1);
const name = (repository: string) => repository.slice(repository.lastIndexOf("/") + 1);
const ociPurl = (repository: string, digest: string) =>
  `pkg:oci/${name(repository)}@${encodeURIComponent(digest)}?repository_url=${encodeURIComponent(repository)}`;

/**
 * The bill of materials of an image as SPDX 2.3: the image, the base that it stands on, the commit that it was made of,
 * and every file that was copied. Says the same of the same image each time. Pure.
 */
export function spdxDocument(about: ImageAbout, digest: string): object {
  const { image, created, files, base, origin } = about;
  const repository = repositoryOf(image);
  const packageOf = (id: string, fields: Record<string, unknown>) => ({
    SPDXID: `SPDXRef-${id}`,
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    licenseConcluded: "NOASSERTION",
    licenseDeclared: "NOASSERTION",
    copyrightText: "NOASSERTION",
    ...fields,
  });
  const purl = (locator: string) => [
    { referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: locator },
  ];
  const sha256 = (of: string) => [{ algorithm: "SHA256", checksumValue: hex(of) }];
  const listed = files.map((file, index) => ({
    SPDXID: `SPDXRef-File-${index + 1}`,
    fileName: `./${file.name}`,
    checksums: [
      { algorithm: "SHA1", checksumValue: file.sha1 },
      { algorithm: "SHA256", checksumValue: file.sha256 },
    ],
    licenseConcluded: "NOASSERTION",
    copyrightText: "NOASSERTION",
  }));
  const relation = (from: string, relationshipType: string, to: string) => ({
    spdxElementId: `SPDXRef-${from}`,
    relationshipType,
    relatedSpdxElement: `SPDXRef-${to}`,
  });
  return {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: image,
    documentNamespace: `https://refract.example/spdx/${hex(digest)}`,
    creationInfo: { created: spdxTime(created), creators: ["Tool: refract-sandbox-build"] },
    packages: [
      packageOf("Image", {
        name: name(repository),
        versionInfo: image.slice(repository.length + 1),
        primaryPackagePurpose: "CONTAINER",
        checksums: sha256(digest),
        externalRefs: purl(ociPurl(repository, digest)),
      }),
      ...(origin.gitUrl === ""
        ? []
        : [
            packageOf("Source", {
              name: name(origin.gitUrl.replace(/\.git$/, "")),
              versionInfo: origin.commit,
              primaryPackagePurpose: "SOURCE",
              downloadLocation: `git+${origin.gitUrl}@${origin.commit}`,
            }),
          ]),
      ...(base === null
        ? []
        : [
            packageOf("Base", {
              name: base.name,
              primaryPackagePurpose: "CONTAINER",
              checksums: sha256(base.digest),
              externalRefs: purl(ociPurl(repositoryOf(base.name), base.digest)),
            }),
          ]),
    ],
    files: listed,
    relationships: [
      relation("DOCUMENT", "DESCRIBES", "Image"),
      ...(origin.gitUrl === "" ? [] : [relation("Image", "GENERATED_FROM", "Source")]),
      ...(base === null ? [] : [relation("Image", "DESCENDANT_OF", "Base")]),
      ...listed.map(({ SPDXID }) => relation("Image", "CONTAINS", SPDXID.slice("SPDXRef-".length))),
    ],
  };
}

/** SPDX knows whole seconds only. */
const spdxTime = (time: Date) => time.toISOString().replace(/\.\d+Z$/, "Z");
