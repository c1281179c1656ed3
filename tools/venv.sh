#!/bin/sh
# Makes the virtual environment from the lock file; every package is checked against its hash.
set -eu
venv=${1:?usage: tools/venv.sh DIRECTORY}
python=${PYTHON:-python3}

can_make_venv() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }

if ! can_make_venv; then
    if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
        echo "please install Python 3.11 or newer with its venv module (on Debian: apt-get install python3-venv)" >&2
        exit 1
    fi
    apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -yq --no-install-recommends python3-venv
fi
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
try=1
until "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-rehearsal.txt; do
    [ "$try" -lt 4 ] || exit 1
    echo "try $try of 4 failed; the next one follows" >&2
    sleep $((try * 5))
    try=$((try + 1))
done
touch "$venv/.ready"
