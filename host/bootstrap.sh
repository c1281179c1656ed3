#!/bin/bash
# Makes a fresh Debian 13 into a server that can take a release. Safe to run again: a second run
# changes nothing and says so. The steps are the files of bootstrap.d, in order.
set -euo pipefail
umask 022

readonly LOG=/var/log/fks/bootstrap.log
HOST_FILES=$(dirname "$(realpath "$0")")
export HOST_FILES

usage() {
  cat <<'TEXT'
usage: bootstrap.sh --server NAME --roles ROLE[,ROLE...] --swap-mib N [--lock-wait N]

  --server    this server's name: auth, api, web or single
  --roles     what it carries: auth, api, web, separated by commas
  --swap-mib  size of the compressed swap in memory, in MiB; 0 for none
  --lock-wait how many seconds to wait for another bootstrap to end (default 60)

Prints one line per step; the details are in /var/log/fks/bootstrap.log.
Exit 0: ready. 1: a step failed. 2: wrong options.
TEXT
}

refuse() {
  printf 'bootstrap: %s\n' "$1" >&2
  usage >&2
  exit 2
}

# The value of the option before it, or a refusal
value() {
  [[ $# -ge 2 && -n $2 && $2 != --* ]] || refuse "$1 needs a value"
  printf '%s' "$2"
}

parse() {
  FKS_SERVER='' FKS_ROLES='' FKS_SWAP_MIB='' lock_wait=60
  while (($#)); do
    case $1 in
      --server) FKS_SERVER=$(value "$@") ;;
      --roles) FKS_ROLES=$(value "$@") ;;
      --swap-mib) FKS_SWAP_MIB=$(value "$@") ;;
      --lock-wait) lock_wait=$(value "$@") ;;
      --help)
        usage
        exit 0
        ;;
      *) refuse "unknown option $1" ;;
    esac
    shift 2
  done
  [[ $FKS_SERVER =~ ^[a-z][a-z0-9-]*$ ]] || refuse "--server is '$FKS_SERVER', a name is needed"
  [[ $FKS_ROLES =~ ^(auth|api|web)(,(auth|api|web))*$ ]] ||
    refuse "--roles is '$FKS_ROLES', write some of auth,api,web"
  [[ $FKS_SWAP_MIB =~ ^[0-9]+$ ]] || refuse "--swap-mib is '$FKS_SWAP_MIB', a number is needed"
  [[ $lock_wait =~ ^[0-9]+$ ]] || refuse "--lock-wait is '$lock_wait', a number is needed"
  export FKS_SERVER FKS_ROLES FKS_SWAP_MIB
}

# run_step FILE: one line for the operator, everything else into the log
run_step() {
  local name began=$SECONDS verdict=ok
  name=$(basename "$1" .sh)
  printf '\n== %s %s\n' "$(date --utc +%FT%TZ)" "$name" >>"$LOG"
  : >"$FKS_CHANGES"
  if ! "$1" >>"$LOG" 2>&1 </dev/null {lock}>&-; then
    printf '%-24s FAILED %4ds\n' "$name" $((SECONDS - began))
    printf -- '--- last lines of %s\n' "$LOG"
    tail -n 40 "$LOG" | cut -c 1-300
    exit 1
  fi
  if [[ -s $FKS_CHANGES ]]; then
    verdict=changed
    any_change=yes
  fi
  printf '%-24s %-7s %3ds\n' "$name" "$verdict" $((SECONDS - began))
}

# take_lock: one bootstrap at a time. Whoever waits says so now and then: when nobody listens any
# more, that ends it, and an older bootstrap never follows a newer one.
take_lock() {
  exec {lock}>/run/lock/fks-bootstrap
  until flock --wait 10 "$lock"; do
    if ((SECONDS >= lock_wait)); then
      printf 'bootstrap: another one runs on this server; try again when it is done\n' >&2
      exit 1
    fi
    printf 'waiting for another bootstrap on this server\n'
  done
}

parse "$@"
if ((EUID != 0)); then
  printf 'bootstrap: must run as root, e.g. with sudo\n' >&2
  exit 1
fi
install -d -m 0755 /var/log/fks
take_lock
FKS_CHANGES=$(mktemp)
export FKS_CHANGES
trap 'rm -f "$FKS_CHANGES"' EXIT
any_change=no
for step in "$HOST_FILES"/bootstrap.d/*.sh; do
  run_step "$step"
done
if [[ $any_change == no ]]; then
  printf 'nothing to change, %ds\n' "$SECONDS"
else
  printf 'ready, %ds\n' "$SECONDS"
fi
