// What npm's SBOM cannot know: it has each package's licence from its manifest, and some hold more than that.
import { BUNDLED } from './licence-policy.mjs';

/** The rule for a package that holds more than its manifest says, or undefined. */
export const bundledRule = (name) => BUNDLED.find(({ prefix }) => name.startsWith(prefix));

/** A CycloneDX document with the true licences of such packages, and what they contain as components of theirs. */
export function withBundled(bom) {
  return { ...bom, components: bom.components.map(corrected) };
}

function corrected(component) {
  const rule = bundledRule(component.name);
  if (rule === undefined) return component;
  const { name, version, licence, homepage } = rule.contains;
  return {
    ...component,
    licenses: [{ expression: rule.licence }],
    properties: [...(component.properties ?? []), { name: 'vachan:bundled', value: rule.why }],
    components: [
      {
        type: 'library',
        'bom-ref': `${component['bom-ref']}#${name}`,
        name,
        version,
        licenses: [{ license: { id: licence } }],
        externalReferences: [{ type: 'website', url: homepage }],
      },
    ],
  };
}
