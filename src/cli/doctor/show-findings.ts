import { EXIT, type CliContext, type ExitCode } from '../../commands/context.js';
import { count } from '../../commands/words.js';
import { pad } from '../../commands/terminal/table.js';
import type { Check, Finding, FindingStatus } from '../../commands/finding.js';
import { runChecks } from './run-checks.js';

/** Runs the checks and shows what they found. Exit code 1 when there is a problem. */
export async function showFindings(
  { terminal }: Pick<CliContext, 'terminal'>,
  checks: readonly Check[],
  json: boolean,
): Promise<ExitCode> {
  const findings = await runChecks(checks);
  const withStatus = (status: FindingStatus): number =>
    findings.filter((finding) => finding.status === status).length;
  const [problems, warnings] = [withStatus('problem'), withStatus('warning')];
  if (json) terminal.out(JSON.stringify({ ok: problems === 0, findings }));
  else {
    terminal.out(findingLines(findings).join('\n'));
    terminal.err(
      problems + warnings === 0
        ? '\nEverything is in place.'
        : `\n${count(problems, 'problem')}, ${count(warnings, 'warning')}.`,
    );
  }
  return problems === 0 ? EXIT.ok : EXIT.failed;
}

function findingLines(findings: readonly Finding[]): string[] {
  const statusWidth = Math.max(...findings.map(({ status }) => status.length));
  const checkWidth = Math.max(...findings.map(({ check }) => check.length));
  const indent = ' '.repeat(statusWidth + checkWidth + 4);
  return findings.flatMap(({ check, status, detail, todo }) => [
    `${pad(status, statusWidth, 'left')}  ${pad(check, checkWidth, 'left')}  ${detail}`,
    ...(todo === undefined ? [] : [`${indent}→ ${todo}`]),
  ]);
}
