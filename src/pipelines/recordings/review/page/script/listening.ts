/** Asking the server, and playing what it has: of the recordings the one that is heard, and the next. */
export const LISTENING = String.raw`
  const $ = (id) => document.getElementById(id);
  const audio = $('audio');
  const verdictButtons = [...document.querySelectorAll('[data-verdict]')];
  const WORDS = { normal: 'normal', anomalous: 'anomalous', unsure: 'unsure' };
  const SKIP_SECONDS = 3;
  /** Verdicts by place, as they are on disk. */
  let verdicts = [];
  let place = 0;
  let shown = false;
  /** Whether the recording at this place is coming, can be heard, or cannot. */
  let hearing = 'coming';
  let saving = false;
  /** Verdicts that are still to be saved, by place. */
  const given = new Map();
  /** When the page went on by itself: a key that bounces, or a double click, would judge what nobody has heard. */
  let wentOnAt = -Infinity;
  const SETTLE_MS = 600;
  let over = false;

  // --- asking the server

  async function ask(path, options) {
    let answer;
    try {
      answer = await fetch(path, { cache: 'no-store', ...options });
    } catch {
      throw new Error('The review does not answer: it has ended, or its process is gone. Start it again with the same file, and it goes on here.');
    }
    if (answer.ok) return answer;
    const { message } = await answer.json().catch(() => ({}));
    throw new Error(message || 'The review answered ' + answer.status + '.');
  }
  const askJson = async (path, options) => (await ask(path, options)).json();

  // --- recordings: the one that is heard, and the next

  const sounds = new Map();

  function sound(at) {
    const known = sounds.get(at);
    if (known) return known;
    const coming = (async () => {
      const picture = await askJson('recordings/' + at);
      const wave = await (await ask('recordings/' + at + '/audio')).blob();
      return { picture, url: URL.createObjectURL(wave) };
    })();
    sounds.set(at, coming);
    coming.catch(() => sounds.delete(at));
    return coming;
  }

  function keepOnly(places) {
    for (const [at, coming] of sounds) {
      if (places.includes(at)) continue;
      sounds.delete(at);
      coming.then(({ url }) => URL.revokeObjectURL(url), () => undefined);
    }
  }

  function draw({ waveform: { min, max }, spectrogram, seconds }) {
    const least = 6;
    const above = max.map((value, x) => x + ' ' + -Math.max(value, least));
    const below = min.map((value, x) => x + ' ' + -Math.min(value, -least)).reverse();
    $('wave').setAttribute('viewBox', '0 -1000 ' + Math.max(1, max.length - 1) + ' 2000');
    $('wave-path').setAttribute('d', 'M' + above.join('L') + 'L' + below.join('L') + 'Z');
    $('wave').setAttribute('aria-label', 'Waveform of ' + seconds.toFixed(1) + ' seconds');
    $('spectrogram').src = spectrogram;
  }

  async function load(playNow) {
    const at = place;
    audio.pause();
    audio.removeAttribute('src');
    for (const id of ['drawn', 'audio', 'unplayable']) $(id).hidden = true;
    $('waiting').hidden = false;
    $('heard').textContent = '';
    hear('coming');
    try {
      const { picture, url } = await sound(at);
      if (at !== place || over) return;
      draw(picture);
      audio.src = url;
      $('drawn').hidden = audio.hidden = false;
      hear('heard');
      if (playNow && $('play-at-once').checked) audio.play().catch(() => undefined);
      // Not before the one that is wanted now.
      const next = verdicts[at + 1] === null ? at + 1 : nextOpen(at);
      if (next < verdicts.length) sound(next).catch(() => undefined);
      keepOnly([at - 1, at, at + 1, next]);
    } catch (error) {
      if (at === place && !over) cannotPlay(error.message);
    } finally {
      if (at === place) $('waiting').hidden = true;
    }
  }

  /** Nobody judges what they have not heard; that it cannot be heard is a reason to be unsure. */
  function hear(state) {
    hearing = state;
    for (const button of verdictButtons) {
      button.disabled = state === 'coming' || (state === 'unplayable' && button.dataset.verdict !== 'unsure');
    }
  }
  function cannotPlay(why) {
    $('drawn').hidden = audio.hidden = true;
    $('why').textContent = why;
    $('unplayable').hidden = false;
    hear('unplayable');
    $('heard').textContent = why;
  }
  audio.addEventListener('error', () => {
    if (audio.hasAttribute('src')) cannotPlay('This browser cannot play the recording.');
  });

  function movePlayhead() {
    const part = audio.duration > 0 ? audio.currentTime / audio.duration : 0;
    $('playhead').style.left = 'calc(' + Math.min(1, part) * 100 + '% - 1px)';
  }
  for (const event of ['timeupdate', 'seeked', 'loadedmetadata', 'emptied']) audio.addEventListener(event, movePlayhead);
  $('drawn').addEventListener('click', (event) => {
    const { left, width } = $('drawn').getBoundingClientRect();
    if (audio.duration > 0) audio.currentTime = ((event.clientX - left) / width) * audio.duration;
  });
  function skip(seconds) {
    if (audio.duration > 0) audio.currentTime = Math.max(0, Math.min(audio.duration, audio.currentTime + seconds));
  }
  function playOrPause() {
    if (audio.hidden) return;
    if (audio.paused) audio.play().catch(() => undefined);
    else audio.pause();
  }
`;
