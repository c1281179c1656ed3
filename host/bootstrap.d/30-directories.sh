#!/bin/bash
# Creates the directories, and the file with this server's name and roles.
set -euo pipefail
. "$HOST_FILES/lib/steps.sh"

directory /etc/fks 0755
directory /etc/fks/docker 0700
directory /etc/fks/secrets 0700
directory /opt/fks 0755
directory /opt/fks/releases 0755
directory /var/lib/fks 0755
directory /var/lib/fks/incoming 0700 deploy
directory /var/lib/fks/deep 0755
directory /var/lib/fks/lib 0755
directory /var/lib/fks/maintenance 0755
directory /var/lib/fks/nginx 0755
directory /var/lib/fks/web 0755
directory /var/backups/fks 0700
directory /var/log/fks 0755

write_file /etc/fks/role <<ROLE
SERVER=$FKS_SERVER
ROLES=$FKS_ROLES
ROLE
