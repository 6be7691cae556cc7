/** The release of Istio that an image is of, by its tag: `1.29`. A tag that names none tells nothing. */
export function releaseOfImage(image: string | undefined): string | undefined {
  const [, tag] = /:([^:@/]+)(?:@.*)?$/.exec(image ?? '') ?? [];
  return releaseOf(tag);
}

/** `1.29.1-distroless`, `v1.29.1` and `v1.29-latest` are all of `1.29`. */
export function releaseOf(version: string | undefined): string | undefined {
  return /^v?(\d+\.\d+)(?![\d])/.exec(version ?? '')?.[1];
}
