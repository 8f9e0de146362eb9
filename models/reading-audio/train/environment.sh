# Sourced: makes the pinned Python environment under .cache once and leaves its interpreter in $PYTHON.
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)"
train="$root/models/reading-audio/train"
environment="$root/.cache/train-venv"
for tool in espeak-ng python3; do
  command -v "$tool" >/dev/null || { echo "$tool is missing: apt-get install espeak-ng python3-venv" >&2; exit 1; }
done
stamp="$environment/.requirements"
if ! cmp -s "$stamp" "$train/requirements.txt"; then
  python3 -m venv --clear "$environment"
  "$environment/bin/pip" install --quiet --disable-pip-version-check -r "$train/requirements.txt"
  cp "$train/requirements.txt" "$stamp"
fi
PYTHON="$environment/bin/python"
# One thread a process: sums in one order, so the same bytes on every machine of the same kind.
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 NUMBA_NUM_THREADS=1 PYTHONHASHSEED=0
