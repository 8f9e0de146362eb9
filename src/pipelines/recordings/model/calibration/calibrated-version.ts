/** Semantic Versioning's build metadata: what `vachan calibrate` adds to a version. */
const CALIBRATED = /[+.]cal\.\d{8}T\d{6}Z$/;

/**
 * The version of a model that is calibrated at this moment: `0.3.0+cal.20261128T101200Z`. It takes the place of an earlier calibration's.
 * Two of one second have the same version; whoever makes them so close is told when the second one is taken into use.
 */
export function calibratedVersion(version: string, now: Date): string {
  const base = baseVersion(version);
  const instant = now.toISOString().replace(/[-:]|\.\d+/g, '');
  return `${base}${base.includes('+') ? '.' : '+'}cal.${instant}`;
}

/** The version of the artefacts, of which all calibrations give the same scores. */
export function baseVersion(version: string): string {
  return version.replace(CALIBRATED, '');
}
