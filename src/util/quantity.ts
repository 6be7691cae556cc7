const factors: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
};

/** Thousandths of a CPU in a quantity of Kubernetes; `undefined` where it is none. */
export function millicoresIn(text: string): number | undefined {
  const [, number, thousandths] = /^(\d+(?:\.\d+)?)(m?)$/.exec(text) ?? [];
  if (number === undefined) return undefined;
  return thousandths === 'm' ? Number(number) : Number(number) * 1000;
}

/** Mi of memory in a quantity of Kubernetes; `undefined` where it is none. */
export function mebibytesIn(text: string): number | undefined {
  const [, number, suffix = ''] = /^(\d+(?:\.\d+)?)(k|M|G|Ki|Mi|Gi)?$/.exec(text) ?? [];
  return number === undefined ? undefined : (Number(number) * (factors[suffix] ?? 1)) / 2 ** 20;
}
