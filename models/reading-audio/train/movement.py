"""How a recording moves: pauses, gaps, clicks, the pace of change, and the pitch of one voice or two.

librosa's statistics see what a whole clip sounds like, not how it goes on: two readers at once, missing pieces or double speed
hardly move them. Everything here is made of what those statistics need anyway: samples, power spectra, mel bands, levels.
`src/pipelines/recordings/audio/features/movement` is the same in TypeScript; the golden files hold the two together.

Levels are in decibels below the clip's own loud parts, so that nothing here hears how loud a recording is. Thresholds are ramps
rather than steps, so that rounding moves a value by no more than rounding.
"""

import numpy as np

SAMPLE_RATE = 22_050
N_FFT = 2_048
# Samples of a step, the fine grain of time (5.8 ms); a frame of the spectra is every fourth.
STEP = 128
STEPS_PER_SECOND = SAMPLE_RATE / STEP
# What is further below the loud parts than this counts as this.
RANGE_DB = 60.0
HOLE_RANGE_DB = 80.0

LEVEL_EDGES_DB = (3, 6, 10, 15, 20, 30, 40)
GAP_STEPS = (4, 8, 16, 32, 64)
BURST_STEPS = (4, 8, 16, 32)
CLICK_STEPS = (2, 4, 8)
CLICK_RATE_STEPS = (2, 4)
ABRUPT_DB = (10, 20, 30)
# A fall or rise within so many steps is abrupt: no mouth closes that fast.
ABRUPT_STEPS = 2
LONGEST_HOLE_STEPS = 60
# The reading is cut off when it falls this fast, and stays quiet for longer than a stop consonant is silent.
CUT_OFF_STEPS = (2, 4)
QUIET_STEPS = 18
CREST_QUANTILES = (50, 90, 98)
CHANGE_STEPS = (1, 2, 4, 8, 16, 32, 64)
ACTIVE_CHANGE_STEPS = (2, 4, 8, 16, 32)
SPECTRAL_CHANGE_FRAMES = (1, 2, 4, 8)
LONG_CHANGE_FRAMES = 16
BANDS = 8
COMODULATION = (1, 2, 4)
EDGE_STEPS = 8

# Pitches tried: three octaves from 70 Hz, 36 to the octave; every other frame.
LOWEST_PITCH_HZ = 70.0
PITCHES_PER_OCTAVE = 36
PITCHES = 3 * PITCHES_PER_OCTAVE + 1
HIGHEST_HARMONIC_HZ = 3_800.0
HARMONICS = 12
HARMONIC_TILT = 0.25
PITCH_STRIDE = 2
# Bins on each side over which a spectrum is levelled.
LEVELLING_BINS = 15
# Bins on each side of a harmonic that belong to it: a Hann window's main lobe, and some glide.
HARMONIC_BINS = 3.5
# A second pitch must differ from the first by more steps of 1/36 octave.
SAME_PITCH = 8
BIN_HZ = SAMPLE_RATE / N_FFT
PITCH_BINS = int(HIGHEST_HARMONIC_HZ / BIN_HZ) + 2


def _milliseconds(steps):
    return f"{round(1_000 * steps / STEPS_PER_SECOND)}_ms"


def movement_names():
    names = [f"level_within_{edge}_db_share" for edge in LEVEL_EDGES_DB]
    names += [f"gap_{_milliseconds(w)}_depth" for w in GAP_STEPS]
    names += [f"burst_{_milliseconds(w)}_height" for w in BURST_STEPS]
    names += [f"click_{_milliseconds(w)}_height" for w in CLICK_STEPS]
    names += [f"click_{_milliseconds(w)}_per_second" for w in CLICK_RATE_STEPS]
    names += [f"abrupt_{way}_{db}_db_per_second" for way in ("fall", "rise") for db in ABRUPT_DB]
    names += ["holes_per_second", "speech_holes_per_second"]
    names += [f"cut_off_{_milliseconds(w)}_per_second" for w in CUT_OFF_STEPS]
    names += [f"impulse_crest_{q}" for q in CREST_QUANTILES] + ["impulse_crest_active"]
    names += [f"level_change_{_milliseconds(w)}" for w in CHANGE_STEPS]
    names += [f"active_level_change_{_milliseconds(w)}" for w in ACTIVE_CHANGE_STEPS]
    names += [f"spectral_change_{_milliseconds(4 * n)}" for n in SPECTRAL_CHANGE_FRAMES]
    names += [f"spectral_change_{_milliseconds(4 * n)}_share" for n in SPECTRAL_CHANGE_FRAMES]
    names += [f"band_{band + 1}_{what}" for band in range(BANDS) for what in ("range", "upper_range", "peak")]
    names += [f"comodulation_{n}" for n in COMODULATION] + [f"active_comodulation_{n}" for n in COMODULATION]
    names += ["voiced_share", "harmonicity", "voiced_harmonicity", "second_pitch", "second_pitch_share",
              "pitch_octaves", "pitch_spread", "pitch_change", "pitch_jumps"]
    names += ["start_level_db", "end_level_db", "edge_level_db", "active_seconds"]
    return names + ["peak_dwell_90", "peak_dwell_70", "crest_db", "asymmetry_db"]


def ramp(values, low, high):
    return np.clip((values - low) / (high - low), 0, 1)


def quantile(values, share):
    return float(np.sort(values)[int(share * (len(values) - 1))])


def weighted_mean(values, weights):
    total = weights.sum()
    return float((values * weights).sum() / total) if total > 1e-6 else 0.0


def running_max(values, width):
    """The largest of each `width` neighbours: windows that lie wholly inside."""
    done = 1
    while done < width:
        step = min(done, width - done)
        values = np.maximum(values[:-step], values[step:])
        done += step
    return values


def opening(values, width):
    """Peaks narrower than `width` taken off (a morphological opening)."""
    if len(values) < width:
        return np.full(len(values), values.min())
    lowest = -running_max(-values, width)
    edge = np.full(width - 1, -np.inf)
    return running_max(np.concatenate([edge, lowest, edge]), width)


def steps(y):
    """Of each step: mean square, mean square of the second difference, and the latter's largest square."""
    count = max(1, len(y) // STEP)
    x = np.zeros(count * STEP + 2, dtype=np.float32)
    used = min(len(y), count * STEP)
    x[2 : 2 + used] = y[:used]
    x[:2] = y[0]
    second = (x[2:] - (x[1:-1] + x[1:-1])) + x[:-2]
    samples, second = (rows.reshape(count, STEP).astype(np.float64) for rows in (x[2:], second))
    return (samples**2).mean(axis=1), (second**2).mean(axis=1), (second**2).max(axis=1)


def relative_db(powers, range_db=RANGE_DB):
    """Decibels relative to the loud parts (the 0.95 quantile), down to -range_db."""
    top = max(quantile(powers, 0.95), 1e-10)
    floor = top * 10 ** (-range_db / 10)
    return 10 * np.log10((powers + floor) / (top + floor))


def _comb_tables():
    at, between = (np.zeros((PITCH_BINS, PITCHES), dtype=np.float32) for _ in range(2))
    for pitch in range(PITCHES):
        hertz = LOWEST_PITCH_HZ * 2 ** (pitch / PITCHES_PER_OCTAVE)
        for harmonic in range(1, HARMONICS + 1):
            if harmonic * hertz > HIGHEST_HARMONIC_HZ - 60:
                break
            for table, position in ((at, harmonic), (between, harmonic - 0.5)):
                place = position * hertz / BIN_HZ
                low = int(place)
                table[low, pitch] += harmonic**-HARMONIC_TILT * (1 - (place - low))
                table[low + 1, pitch] += harmonic**-HARMONIC_TILT * (place - low)
    return at, between


AT, BETWEEN = _comb_tables()


def pitches(power):
    """Of every other frame: the pitch that explains it best (index), how well (0 to 1), and how well another explains the rest."""
    bins = np.arange(PITCH_BINS)
    roots = np.sqrt(np.sqrt(power[:PITCH_BINS, ::PITCH_STRIDE].T.astype(np.float32))).astype(np.float64)
    sums = np.concatenate([np.zeros((len(roots), 1)), np.cumsum(roots, axis=1)], axis=1)
    low, high = np.maximum(bins - LEVELLING_BINS, 0), np.minimum(bins + LEVELLING_BINS + 1, PITCH_BINS)
    flat = (roots / ((sums[:, high] - sums[:, low]) / (high - low) + 1e-6)).astype(np.float32)

    on, off = flat @ AT, flat @ BETWEEN
    fits = (on - off) / (on + off + 1e-6)
    first = fits.argmax(axis=1)
    spacing = (LOWEST_PITCH_HZ * 2 ** (first / PITCHES_PER_OCTAVE) / BIN_HZ)[:, None]
    harmonic = np.floor(bins / spacing + 0.5)
    near = (np.abs(bins - harmonic * spacing) <= HARMONIC_BINS) & (harmonic >= 1)
    below, above = (np.minimum(np.floor((harmonic + side) * spacing + 0.5), PITCH_BINS - 1).astype(int).clip(0) for side in (-0.5, 0.5))
    valley = (np.take_along_axis(flat, below, 1) + np.take_along_axis(flat, above, 1)) / 2
    rest = np.where(near, np.minimum(flat, valley), flat)
    others = (rest @ AT - rest @ BETWEEN) / (on.max(axis=1, keepdims=True) + 1e-6)
    others[np.abs(np.arange(PITCHES) - first[:, None]) <= SAME_PITCH] = 0
    return first, fits[np.arange(len(fits)), first].astype(np.float64), others.max(axis=1).astype(np.float64)


def _levels(y):
    energy, sharp, sharpest = steps(y)
    seconds = len(energy) / STEPS_PER_SECOND
    level, sharpness = relative_db(energy), relative_db(sharp)
    values = [float(ramp(level, -edge - 2, -edge + 2).mean()) for edge in LEVEL_EDGES_DB]
    values += [float(-(opening(-level, w) + level).mean()) for w in GAP_STEPS]
    values += [float((level - opening(level, w)).mean()) for w in BURST_STEPS]
    clicks = {w: sharpness - opening(sharpness, w) for w in CLICK_STEPS}
    values += [float(clicks[w].mean()) for w in CLICK_STEPS]
    values += [float(ramp(clicks[w], 8, 20).sum() / seconds) for w in CLICK_RATE_STEPS]

    fall = level[:-ABRUPT_STEPS] - level[ABRUPT_STEPS:]
    values += [float(ramp(way, db, db + 8).sum() / seconds) for way in (fall, -fall) for db in ABRUPT_DB]
    deep = relative_db(energy, HOLE_RANGE_DB)
    fall = deep[:-ABRUPT_STEPS] - deep[ABRUPT_STEPS:]
    begins, ends = ramp(fall, 12, 24), ramp(-fall, 12, 24)
    # The strongest end of those that follow a beginning.
    following = running_max(np.concatenate([ends, np.zeros(LONGEST_HOLE_STEPS + 2)]), LONGEST_HOLE_STEPS)[3:]
    holes = begins * following[: len(begins)]
    values += [float(holes.sum() / seconds), float((holes * ramp(deep[: len(holes)], -35, -25)).sum() / seconds)]

    quiet = running_max(deep, QUIET_STEPS)
    for w in CUT_OFF_STEPS:
        fall = deep[: max(0, len(quiet) - w)] - quiet[w:]
        values.append(float((ramp(fall, 15, 27) * ramp(deep[: len(fall)], -35, -25)).sum() / seconds))

    active = ramp(level, -30, -20)
    crest = 10 * np.log10((sharpest + 1e-14) / (sharp + 1e-14))
    values += [quantile(crest, q / 100) for q in CREST_QUANTILES] + [weighted_mean(crest, active)]

    level_40 = np.maximum(level, -40)
    spread = 2 * float(level_40.var()) + 1
    changes = {w: level_40[w:] - level_40[:-w] for w in CHANGE_STEPS}
    values += [float((changes[w] ** 2).mean() / spread) if changes[w].size else 0.0 for w in CHANGE_STEPS]
    values += [weighted_mean(np.abs(changes[w]), active[w:] * active[:-w]) for w in ACTIVE_CHANGE_STEPS]
    edges = [float(level[:EDGE_STEPS].max()), float(level[-EDGE_STEPS:].max())]
    return values, [*edges, min(edges), float(active.sum() / STEPS_PER_SECOND)], energy


def _comodulation(groups, weights):
    total = weights.sum() + 1e-9
    centred = groups - (groups * weights).sum(axis=1, keepdims=True) / total
    deviation = np.sqrt((centred**2 * weights).sum(axis=1) / total) + 1
    alike = (centred * weights) @ centred.T / total / deviation[:, None] / deviation
    return [float(np.mean([alike[i, i + n] for i in range(BANDS - n)])) for n in COMODULATION]


def _bands(mel_db, active):
    frames = mel_db.shape[1]
    limited = np.maximum(mel_db, mel_db.max() - RANGE_DB).astype(np.float64)
    fine, groups = (limited.reshape(count, -1, frames).mean(axis=1) for count in (32, BANDS))

    def change(lag):
        return weighted_mean(np.abs(fine[:, lag:] - fine[:, :-lag]).mean(axis=0), active[lag:] * active[:-lag]) if frames > lag else 0.0

    changes = [change(lag) for lag in SPECTRAL_CHANGE_FRAMES]
    values = changes + [value / (change(LONG_CHANGE_FRAMES) + 1) for value in changes]
    overall = quantile(groups.max(axis=0), 0.95)
    for group in groups:
        low, middle, high = (quantile(group, share) for share in (0.1, 0.5, 0.95))
        values += [high - low, high - middle, high - overall]
    return values + _comodulation(groups, np.ones(frames)) + _comodulation(groups, active)


def _pitch(power, active):
    first, fit, second = pitches(power)
    active = active[::PITCH_STRIDE]
    voiced = active * ramp(fit, 0.15, 0.35)
    octaves = first / PITCHES_PER_OCTAVE
    middle = weighted_mean(octaves, voiced)
    both, jump = voiced[1:] * voiced[:-1], np.abs(np.diff(octaves))
    return [weighted_mean(ramp(fit, 0.15, 0.35), active), weighted_mean(fit, active), weighted_mean(fit, voiced),
            weighted_mean(second, voiced), weighted_mean(ramp(second, 0.2, 0.4), voiced),
            middle, weighted_mean((octaves - middle) ** 2, voiced) ** 0.5,
            weighted_mean(np.minimum(jump, 0.2), both), weighted_mean(ramp(jump, 0.15, 0.4), both)]


def _peaks(y, energy):
    y = y.astype(np.float64)
    size = np.abs(y)
    peak = float(size.max())
    loud = np.sqrt(max(quantile(energy, 0.95), 1e-10))
    ratio = (max(y.max(), 0) + 1e-6) / (max(-y.min(), 0) + 1e-6)
    return [float(np.mean(size >= 0.9 * peak)), float(np.mean(size >= 0.7 * peak)), float(20 * np.log10((peak + 1e-6) / loud)),
            abs(float(20 * np.log10(ratio)))]


def movement(y, power, mel_db, rms):
    """The values that `movement_names` names.

    y: float32 samples; power: [1025, frames]; mel_db: [128, frames] decibels; rms: [frames].
    """
    active = ramp(relative_db(np.asarray(rms, dtype=np.float64) ** 2), -30, -20)
    levels, edges, energy = _levels(y)
    return levels + _bands(mel_db, active) + _pitch(power, active) + edges + _peaks(y, energy)
