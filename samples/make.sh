#!/usr/bin/env bash
# Makes a new set of sample recordings, the same bytes each time: bash samples/make.sh
set -euo pipefail
source "$(dirname "$0")/../models/reading-audio/train/environment.sh"
"$PYTHON" "$root/samples/make.py"
