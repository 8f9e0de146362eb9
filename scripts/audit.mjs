// `npm run audit [-- --offline]`: what the dependencies are, may do and are known for.
// Exit code 0: all is well; 1: something must be looked at; 2: a wrong argument; 3: all is well but the registry could not be asked.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUNDLED, INSTALL_SCRIPTS, LICENCES_BY_HAND, isAllowed } from './licence-policy.mjs';
import { bundledRule, modelManifests, withBundled } from './sbom.mjs';

const EXIT = { ok: 0, wrong: 1, usage: 2, notAsked: 3 };
/** A registry that answers at all has answered by then. */
const AUDIT_TIMEOUT_MS = 120_000;
const MEGABYTES = 64 << 20;

const unknown = process.argv.slice(2).filter((argument) => argument !== '--offline');
if (unknown.length > 0) {
  console.error(`npm run audit: unknown argument ${unknown[0]}; it takes --offline alone`);
  process.exit(EXIT.usage);
}

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (name) => JSON.parse(readFileSync(join(root, name), 'utf8'));
const problems = [];
let advisoriesAsked = true;

const packages = Object.entries(read('package-lock.json').packages)
  .filter(([path, entry]) => path !== '' && !entry.link)
  .map(([path, entry]) => ({ name: entry.name ?? path.split('node_modules/').at(-1), ...entry }));

writeSbom();
listLicences();
listModels();
listInstallScripts();
if (!process.argv.includes('--offline')) askForAdvisories();

for (const problem of problems) console.log(`PROBLEM  ${problem}`);
if (problems.length > 0) process.exitCode = EXIT.wrong;
else if (!advisoriesAsked) process.exitCode = EXIT.notAsked;
else console.log('Nothing to look at.');

/** CycloneDX of what is shipped, from the lock alone. */
function writeSbom() {
  const sbom = npm('sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--omit', 'dev');
  if (sbom.status !== 0) return problems.push(`npm sbom failed: ${sbom.stderr.trim().slice(-300)}`);
  const bom = withBundled(JSON.parse(sbom.stdout));
  mkdirSync(join(root, 'dist'), { recursive: true });
  const path = join('dist', 'sbom.cdx.json');
  writeFileSync(join(root, path), `${JSON.stringify(bom, null, 2)}\n`);
  console.log(
    `SBOM      ${path}: CycloneDX ${bom.specVersion}, ${bom.components.length} components that are shipped`,
  );
}

function listLicences() {
  const counts = {};
  const bundled = new Set();
  for (const { name, version, license, optional } of packages) {
    const rule = bundledRule(name);
    const licence =
      rule?.licence ?? license ?? LICENCES_BY_HAND.find(({ prefix }) => name.startsWith(prefix))?.licence;
    counts[licence ?? 'none'] = (counts[licence ?? 'none'] ?? 0) + 1;
    if (rule !== undefined) {
      bundled.add(rule);
      if (optional !== true)
        problems.push(
          `${name}@${version} contains ${rule.contains.name} (${rule.contains.licence}) and must be optional`,
        );
    } else if (licence === undefined)
      problems.push(`${name}@${version} names no licence; look it up, then scripts/licence-policy.mjs`);
    else if (!isAllowed(licence))
      problems.push(`${name}@${version} is under ${licence}, which is not on the list of allowed licences`);
  }
  const list = Object.entries(counts).sort(([, one], [, other]) => other - one);
  console.log(`Licences  ${list.map(([licence, count]) => `${licence} ${count}`).join(', ')}`);
  for (const rule of BUNDLED) {
    const { name, version, licence } = rule.contains;
    if (bundled.has(rule))
      console.log(`Bundled   ${rule.prefix}*: ${name} ${version}, ${licence}; ${rule.why}`);
    else problems.push(`no package is called ${rule.prefix}* any more; remove its rule`);
  }
}

/** Weights are licensed as code is: an allowed licence, and its text beside them. */
function listModels() {
  for (const { name, version, licence, source } of modelManifests()) {
    if (!isAllowed(licence)) problems.push(`model ${name} is under ${licence}, which is not allowed`);
    if (source !== undefined && !existsSync(join(root, 'models', name, 'LICENSE')))
      problems.push(`models/${name} holds weights of ${source.package}, and not their licence (LICENSE)`);
    const from = source === undefined ? 'trained here' : `${source.registry} ${source.package}`;
    console.log(`Model     ${name} ${version}: ${licence}, ${from}`);
  }
}

function listInstallScripts() {
  const { allowScripts } = read('package.json');
  const unmarked = new Set(INSTALL_SCRIPTS.filter((rule) => rule.unmarked).map(({ name }) => name));
  const withScripts = new Set(
    packages
      .filter(({ name, hasInstallScript }) => hasInstallScript || unmarked.has(name))
      .map(({ name }) => name),
  );
  for (const { name, hasInstallScript } of packages) {
    if (hasInstallScript && unmarked.has(name))
      problems.push(
        `the lock marks ${name}, so npm 10 runs its install script: node scripts/unmark-install-scripts.mjs`,
      );
  }
  const seen = new Set();
  for (const name of withScripts) {
    const rule = INSTALL_SCRIPTS.find((one) =>
      one.name.endsWith('/') ? name.startsWith(one.name) : name === one.name,
    );
    if (rule === undefined) {
      problems.push(`${name} has an install script that nobody has justified (scripts/licence-policy.mjs)`);
      continue;
    }
    if (allowScripts[name] === true && !rule.runs)
      problems.push(`package.json runs the install script of ${name}, against its rule`);
    if (seen.has(rule)) continue;
    seen.add(rule);
    console.log(`Scripts   ${rule.name}: ${rule.runs ? 'run' : 'not run'}; ${rule.why}`);
  }
  for (const rule of INSTALL_SCRIPTS) {
    if (!seen.has(rule)) problems.push(`${rule.name} has no install script any more; remove its rule`);
  }
}

function askForAdvisories() {
  const { stdout, status } = npm('audit', '--json', '--audit-level', 'moderate');
  let answer;
  try {
    answer = JSON.parse(stdout);
  } catch {
    answer = { message: 'npm audit gave no answer' };
  }
  const { vulnerabilities, metadata } = answer;
  if (metadata?.vulnerabilities === undefined) {
    advisoriesAsked = false;
    console.log(
      `Advisories NOT ASKED: this registry offers none (${String(answer.message).split(' - ')[0]}). Ask one that does before a release.`,
    );
    return;
  }
  console.log(`Advisories ${JSON.stringify(metadata.vulnerabilities)}`);
  if (status === 0) return;
  for (const [name, { severity }] of Object.entries(vulnerabilities))
    problems.push(`${name}: ${severity} vulnerability`);
}

function npm(...args) {
  return spawnSync('npm', args, {
    cwd: root,
    encoding: 'utf8',
    timeout: AUDIT_TIMEOUT_MS,
    maxBuffer: MEGABYTES,
  });
}
