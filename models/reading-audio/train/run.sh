#!/usr/bin/env bash
# Trains the shipped model from nothing: bash models/reading-audio/train/run.sh
# Needs Debian or Ubuntu with espeak-ng, festival and Python 3.11. The voices are fetched as packages into .cache and not
# installed. The same seed gives the same bytes; TRAIN_PROCESSES (2) says how many
# processes make recordings.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
command -v festival >/dev/null || { echo "festival is missing: apt-get install festival" >&2; exit 1; }

packages=(
  asterisk-core-sounds-en-wav=1.6.1-1 asterisk-core-sounds-es-wav=1.6.1-1 asterisk-core-sounds-fr-wav=1.6.1-1
  klettres-data=4:22.12.3-1
  festival-mr=0.1-11 festvox-mr-nsk=0.1-11 festival-hi=0.1-11 festvox-hi-nsk=0.1-11 festvox-kdlpc16k=1.4.0-6.1
  festvox-suopuhe-common=1.0g-20051204-5 festvox-suopuhe-mv=20041119-3 festvox-suopuhe-lj=1.0g-20051204-5
  festvox-us-slt-hts=0.2010.10.25-4 festvox-ru=0.5+dfsg-6
)
export VOICES_FOLDER="$root/.cache/voices" DATASET_FOLDER="$root/.cache/dataset"
if ! [ -e "$VOICES_FOLDER/.complete" ]; then
  mkdir -p "$VOICES_FOLDER" "$root/.cache/debs"
  (cd "$root/.cache/debs" && apt-get download "${packages[@]}")
  for package in "${packages[@]}"; do
    dpkg-deb -x "$root/.cache/debs/${package%%=*}"_*.deb "$VOICES_FOLDER"
  done
  touch "$VOICES_FOLDER/.complete"
fi
mkdir -p "$DATASET_FOLDER"
# librosa warns of recordings shorter than a frame, which the truncated ones are on purpose.
export PYTHONWARNINGS="ignore::UserWarning"
nice -n 10 "$PYTHON" "$train/train.py"
