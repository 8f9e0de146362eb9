#!/usr/bin/env bash
# Makes the sample recordings again, byte for byte: bash samples/make.sh
set -euo pipefail
source "$(dirname "$0")/../models/reading-audio/train/environment.sh"
"$PYTHON" "$root/samples/make.py"
