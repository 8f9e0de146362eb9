// A run as a picture: what waits, what is done, and how many tasks work on it.

const SIZE = { width: 760, height: 300, left: 60, right: 50, top: 36, bottom: 36 };

/** @returns an SVG document that reads on a light and on a dark page */
export function plotRun(samples, { records }) {
  const { width, height, left, right, top, bottom } = SIZE;
  const end = samples.at(-1).now;
  const mostTasks = Math.max(...samples.map(({ tasks }) => tasks));
  const x = (seconds) => left + (seconds / end) * (width - left - right);
  const y = (share) => height - bottom - share * (height - top - bottom);
  const line = (value, colour, dash = '') =>
    `<polyline fill="none" stroke="${colour}" stroke-width="2"${dash} points="${samples
      .map((sample) => `${x(sample.now).toFixed(1)},${y(value(sample)).toFixed(1)}`)
      .join(' ')}"/>`;
  const text = (at, content, more = '') => `<text x="${at[0]}" y="${at[1]}" ${more}>${content}</text>`;
  const hours = Array.from({ length: Math.floor(end / 3_600) + 1 }, (_, hour) => hour);
  const shares = [0, 0.5, 1];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="sans-serif" font-size="12" fill="#777">
<title>A simulated run of ${records.toLocaleString('en')} recordings</title>
<rect width="100%" height="100%" fill="none"/>
${shares.map((share) => `<path d="M${left} ${y(share)}H${width - right}" stroke="#8884"/>${text([left - 6, y(share) + 4], `${Math.round((share * records) / 1_000)}k`, 'text-anchor="end"')}${text([width - right + 6, y(share) + 4], (share * mostTasks).toFixed(share === 0.5 ? 1 : 0))}`).join('\n')}
${hours.map((hour) => text([x(hour * 3_600), height - bottom + 18], `${hour} h`, 'text-anchor="middle"')).join('\n')}
${line(({ done }) => done / records, '#2a9d5c')}
${line(({ visible }) => visible / records, '#d9822b')}
${line(({ tasks }) => tasks / mostTasks, '#4a7bd0', ' stroke-dasharray="5 3"')}
${text([left, 18], 'done', 'fill="#2a9d5c"')}${text([left + 50, 18], 'waiting', 'fill="#d9822b"')}${text([width - right, 18], 'tasks (dashed, right)', 'fill="#4a7bd0" text-anchor="end"')}
</svg>
`;
}
