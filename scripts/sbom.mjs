// What npm's SBOM cannot know: it has each package's licence from its manifest, and some hold more than that.
import { readdirSync, readFileSync } from 'node:fs';
import { BUNDLED } from './licence-policy.mjs';

const models = new URL('../models/', import.meta.url);

/** The rule for a package that holds more than its manifest says, or undefined. */
export const bundledRule = (name) => BUNDLED.find(({ prefix }) => name.startsWith(prefix));

/** A CycloneDX document with the true licences of such packages, what they contain as components of theirs, and the models. */
export function withBundled(bom) {
  return { ...bom, components: [...bom.components.map(corrected), ...shippedModels().map(modelComponent)] };
}

/** Models whose weights are committed; the others come by `npm run models`. */
const shippedModels = () => modelManifests().filter(({ weights }) => weights === undefined);

/** Manifests of all models, also of those whose weights are not committed. */
export function modelManifests() {
  const folders = readdirSync(models, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) =>
    JSON.parse(readFileSync(new URL(`${name}/manifest.json`, models), 'utf8')),
  );
}

function modelComponent({ name, version, licence, artefacts, source }) {
  const hashes = Object.values(artefacts).map(({ sha256 }) => ({ alg: 'SHA-256', content: sha256 }));
  return {
    type: 'machine-learning-model',
    'bom-ref': `model:${name}@${version}`,
    name,
    version,
    licenses: [{ license: { id: licence } }],
    hashes,
    ...(source && {
      properties: [
        {
          name: 'vachan:weights',
          value: `${source.registry} ${source.package} ${source.version}: ${source.member}`,
        },
      ],
    }),
  };
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
