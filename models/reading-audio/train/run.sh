#!/usr/bin/env bash
# Trains the shipped model from nothing: bash models/reading-audio/train/run.sh
# Needs Debian or Ubuntu with espeak-ng, festival with its lexicons and Python 3.11, and `npm ci`. The voices are fetched as packages into
# .cache and not installed. The same seed gives the same bytes; TRAIN_PROCESSES (2) says how many processes make recordings.
# With --kept-back the finished version is also scored on the voices that are kept back: once, and not to choose by.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/environment.sh"
command -v festival >/dev/null || { echo "festival is missing: apt-get install festival" >&2; exit 1; }
dpkg-query --show festlex-cmu festlex-poslex >/dev/null 2>&1 || { echo "festival's lexicons are missing: apt-get install festlex-cmu festlex-poslex" >&2; exit 1; }

packages=(
  asterisk-core-sounds-en-wav=1.6.1-1 asterisk-core-sounds-es-wav=1.6.1-1 asterisk-core-sounds-fr-wav=1.6.1-1
  klettres-data=4:22.12.3-1 fillets-ng-data-cs=1.0.1-1.1 tuxpaint-stamps-default=2022.06.04-1
  flight-of-the-amazon-queen=1.0.0-9 warzone2100-data=4.3.3-3 hedgewars-data=1.0.2-6 ktuberling-data=4:22.12.3-1 drascula-spanish=1.0+ds4-2
  festival-mr=0.1-11 festvox-mr-nsk=0.1-11 festival-hi=0.1-11 festvox-hi-nsk=0.1-11 festvox-kdlpc16k=1.4.0-6.1
  festvox-suopuhe-common=1.0g-20051204-5 festvox-suopuhe-mv=20041119-3 festvox-suopuhe-lj=1.0g-20051204-5
  festvox-us-slt-hts=0.2010.10.25-4 festvox-ru=0.5+dfsg-6
  festival-czech=0.3-6 festvox-czech-dita=1.0.0-5 festvox-czech-krb=1.0.0-5 festvox-czech-machac=1.0.0-5 festvox-czech-ph=0.1-6
  festlex-ifd=2.0+debian0-6 festvox-italp16k=2.0+debian0-6 festvox-itapc16k=2.0+debian0-6
  festival-ca=3.0.6-2 festvox-ca-ona-hts=1.3-3
  # Heard in the independent evaluation only.
  festvox-kallpc16k=2.4-1 asterisk-core-sounds-ru-wav=1.6.1-1 asterisk-core-sounds-it-wav=1.6.1-1 asterisk-prompt-es-co=0.20070403-2.1
  fillets-ng-data-nl=1.0.1-1.1
  # Kept back.
  asterisk-prompt-fr-armelle=20070613-2.2 asterisk-prompt-it-menardi-wav=1:1.4.22+mm20110907-3.1 pocketsphinx-testdata=0.8+5prealpha+1-15
  codec2-examples=1.0.5-1 beneath-a-steel-sky=0.0372-8 drascula=1.0+ds4-2
)
export VOICES_FOLDER="$root/.cache/voices" DATASET_FOLDER="$root/.cache/dataset"
if [ "$(cat "$VOICES_FOLDER/.complete" 2>/dev/null)" != "${packages[*]}" ]; then
  mkdir -p "$VOICES_FOLDER" "$root/.cache/debs"
  (cd "$root/.cache/debs" && apt-get download "${packages[@]}")
  for package in "${packages[@]}"; do
    dpkg-deb -x "$root/.cache/debs/${package%%=*}"_*.deb "$VOICES_FOLDER"
  done
  "$PYTHON" "$train/unpack.py" "$VOICES_FOLDER/usr/share"
  echo "${packages[*]}" > "$VOICES_FOLDER/.complete"
fi
mkdir -p "$DATASET_FOLDER"
# librosa warns of recordings shorter than a frame, which the truncated ones are on purpose.
export PYTHONWARNINGS="ignore::UserWarning"
(cd "$root" && npm run --silent build)
nice -n 10 "$PYTHON" "$train/train.py"
nice -n 10 "$PYTHON" "$train/../evaluate/evaluate.py" "$@"
