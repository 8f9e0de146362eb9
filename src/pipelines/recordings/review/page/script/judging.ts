/** What is shown of verdicts, and what the reviewer does. */
export const JUDGING = String.raw`
  // --- what is shown

  const judged = () => verdicts.filter((verdict) => verdict !== null).length;
  const say = (text) => ($('status').textContent = text);
  function warn(text) {
    $('alert').textContent = text;
    $('alert').hidden = text === '';
  }

  function show() {
    const total = verdicts.length;
    const atEnd = place >= total;
    $('recording').hidden = atEnd;
    $('done').hidden = !atEnd;
    $('progress').value = judged();
    $('judged').textContent = judged() + ' of ' + total + ' judged';
    if (atEnd) return showEnd();
    const own = verdicts[place];
    $('title').textContent = 'Recording ' + (place + 1) + ' of ' + total;
    for (const button of verdictButtons) button.setAttribute('aria-pressed', String(button.dataset.verdict === own));
    $('previous').disabled = place === 0;
    hideReasons();
    if (own !== null) reveal();
  }

  function showEnd() {
    const open = verdicts.length - judged();
    audio.pause();
    $('title').textContent = 'The end of the sample';
    $('done-title').textContent = open === 0 ? 'All ' + verdicts.length + ' are judged' : open + ' of ' + verdicts.length + ' have no verdict';
    $('done-text').textContent =
      open === 0
        ? 'Every verdict is on disk. Go back with ← to change one, or finish: the terminal then says how to go on.'
        : 'They were passed over. Finish all the same, and go on another time with the same file, or judge them now.';
    $('to-open').hidden = open === 0;
  }

  function hideReasons() {
    shown = false;
    $('reasons').hidden = true;
    $('reasons').replaceChildren();
    $('reveal').setAttribute('aria-expanded', 'false');
  }

  function line(tag, className, text) {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = text;
    return element;
  }

  async function reveal() {
    const at = place;
    shown = true;
    try {
      const told = await askJson('recordings/' + at + '/reasons');
      if (at !== place || !shown) return;
      const against = told.threshold === null ? '' : ' against a threshold of ' + Number(told.threshold.toPrecision(4));
      const score = line('p', '', 'The model: ');
      score.append(line('span', 'score ' + (told.is_anomaly ? 'anomaly' : 'normal'), (told.is_anomaly ? 'anomaly' : 'normal') + ', ' + told.anomaly_score.toFixed(3)), against);
      const list = document.createElement('ul');
      for (const { description, contribution } of told.reasons) list.append(line('li', '', description + ' (' + Math.round(contribution * 100) + ' %)'));
      const sample = told.sample === 'top' ? 'One of the highest scores.' : 'Drawn by chance from ' + (told.random_from === 'all' ? 'all.' : 'those that the model took for normal.');
      const reasons = told.reasons.length > 0 ? [list] : [line('p', 'soft', 'No reasons were written.')];
      $('reasons').replaceChildren(score, ...reasons, line('p', 'soft', sample), line('p', 'id', 'Result ' + told.result_document_id));
      $('reasons').hidden = false;
      $('reveal').setAttribute('aria-expanded', 'true');
    } catch (error) {
      warn(error.message);
    }
  }

  // --- what the reviewer does

  async function judge(verdict) {
    if (over || place >= verdicts.length) return;
    if (hearing === 'coming') return say('It is not here yet: judge it when you have heard it.');
    if (hearing === 'unplayable' && verdict !== 'unsure') return say('It cannot be heard: be unsure, or go on.');
    if (performance.now() - wentOnAt < SETTLE_MS) return say('Recording ' + (place + 1) + ' has only begun: judge it when you have heard it.');
    given.set(place, verdict);
    if (saving) return;
    saving = true;
    // What is given meanwhile, as when somebody corrects themselves at once, is saved after it.
    for (const [at, next] of given) {
      given.delete(at);
      if (verdicts[at] !== next || at === place) await save(at, next);
    }
    saving = false;
  }

  async function save(at, verdict) {
    say('Saving…');
    try {
      ({ verdicts } = await askJson('recordings/' + at + '/verdict', {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ verdict }),
      }));
      warn('');
      const left = verdicts.length - judged();
      say('Recording ' + (at + 1) + ' is ' + WORDS[verdict] + ', saved. ' + (left === 0 ? 'All are judged.' : left + ' left.'));
      if (at !== place) return;
      if (!$('go-on').checked) return show();
      goTo(nextOpen(at), { quiet: false });
      wentOnAt = performance.now();
    } catch (error) {
      say('');
      warn('The verdict on recording ' + (at + 1) + ' was not saved. ' + error.message);
    }
  }

  /** The next place without a verdict, from the beginning again after the last one; the end where there is none. */
  function nextOpen(from) {
    const later = verdicts.findIndex((verdict, at) => at > from && verdict === null);
    if (later >= 0) return later;
    const any = verdicts.indexOf(null);
    return any < 0 ? verdicts.length : any;
  }

  function goTo(to, { byPerson = true, quiet = true } = {}) {
    if (over || to < 0 || to > verdicts.length) return;
    if (quiet) say('');
    place = to;
    show();
    if (to < verdicts.length) load(byPerson);
    if (!byPerson) return;
    warn('');
    $(to < verdicts.length ? 'title' : 'done-title').focus();
  }

  async function finish() {
    try {
      await ask('finish', { method: 'POST' });
    } catch (error) {
      return warn(error.message);
    }
    over = true;
    keepOnly([]);
    audio.removeAttribute('src');
    $('done-title').textContent = 'The review has ended';
    $('done-text').textContent = 'Close this page. The terminal says where the verdicts are and what to do with them.';
    $('finish').hidden = $('to-open').hidden = true;
    document.querySelector('.options').hidden = true;
    $('done-title').focus();
    say('The review has ended.');
  }

  const KEYS = {
    n: () => judge('normal'),
    a: () => judge('anomalous'),
    u: () => judge('unsure'),
    r: () => (place < verdicts.length ? (shown ? hideReasons() : reveal()) : undefined),
    j: () => skip(-SKIP_SECONDS),
    l: () => skip(SKIP_SECONDS),
    ' ': playOrPause,
    arrowleft: () => goTo(place - 1),
    arrowright: () => goTo(place + 1),
    enter: () => goTo(place + 1),
    '?': () => $('help').showModal(),
  };
  /** Keys that these elements have a use of their own for. */
  const OWN = { BUTTON: [' ', 'enter'], INPUT: [' ', 'enter'], AUDIO: [' ', 'enter', 'arrowleft', 'arrowright'] };

  document.addEventListener('keydown', (event) => {
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (!$('keys-on').checked || $('help').open || !Object.hasOwn(KEYS, key)) return;
    if ((OWN[event.target.tagName] || []).includes(key)) return;
    event.preventDefault();
    KEYS[key]();
  });
  for (const button of verdictButtons) button.addEventListener('click', () => judge(button.dataset.verdict));
  $('previous').addEventListener('click', () => goTo(place - 1));
  $('next').addEventListener('click', () => goTo(place + 1));
  $('reveal').addEventListener('click', KEYS.r);
  $('again').addEventListener('click', () => load(true));
  $('to-open').addEventListener('click', () => goTo(nextOpen(-1)));
  $('finish').addEventListener('click', finish);
  $('open-help').addEventListener('click', () => $('help').showModal());
  $('close-help').addEventListener('click', () => $('help').close());

  askJson('state').then(
    (state) => {
      verdicts = state.verdicts;
      const done = judged();
      goTo(nextOpen(-1), { byPerson: false });
      say(done === 0 ? '' : done + ' were judged before; the review goes on with the next one.');
    },
    (error) => warn(error.message),
  );
`;
