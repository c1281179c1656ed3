#!/bin/bash
# Starts certbot's timer, with a deploy hook that installs renewed certificates for the edge,
# https://eff-certbot.readthedocs.io/en/stable/using.html#renewing-certificates.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

readonly HOOK=/etc/letsencrypt/renewal-hooks/deploy/fks

if [[ $(readlink "$HOOK" 2>/dev/null) != /usr/local/lib/fks/current/bin/certificate-renewed ]]; then
  install -d -m 0755 "$(dirname "$HOOK")"
  ln -sfn /usr/local/lib/fks/current/bin/certificate-renewed "$HOOK"
  changed "$HOOK"
fi
start_unit certbot.timer
