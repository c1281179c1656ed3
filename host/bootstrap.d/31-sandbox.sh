#!/bin/bash
# The sandbox of the units fks-*.service. The steps of these units load it.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

install_file /etc/systemd/system/fks-.service.d/10-sandbox.conf
