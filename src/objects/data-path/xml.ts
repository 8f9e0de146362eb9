/** S3's documents are flat: elements within elements, without attributes that matter. */

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** The text of the first element of a name; undefined where there is none. */
export function textOf(xml: string, element: string): string | undefined {
  const match = new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml);
  return match?.[1] === undefined ? undefined : unescapeXml(match[1]);
}

/** What stands within each element of a name, which holds none of the same name. */
export function* elementsOf(xml: string, element: string): Generator<string> {
  for (const match of xml.matchAll(new RegExp(`<${element}>(.*?)</${element}>`, 'gs'))) yield match[1]!;
}

export function escapeXml(text: string): string {
  return text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function unescapeXml(text: string): string {
  return text.replace(
    /&(?:#(\d+)|#x([0-9a-f]+)|(\w+));/gi,
    (whole: string, decimal?: string, hexadecimal?: string, name?: string) => {
      if (decimal !== undefined) return String.fromCodePoint(Number(decimal));
      if (hexadecimal !== undefined) return String.fromCodePoint(Number.parseInt(hexadecimal, 16));
      return ENTITIES[name ?? ''] ?? whole;
    },
  );
}
