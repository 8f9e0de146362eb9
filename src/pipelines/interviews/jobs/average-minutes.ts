/** `8.5 minutes`; with two decimals, `0.05 minutes`, where one would make nothing of it. @param seconds on average */
export function averageMinutes(seconds: number): string {
  const minutes = seconds / 60;
  return `${minutes.toFixed(minutes < 0.1 ? 2 : 1)} minutes`;
}
