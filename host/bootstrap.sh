#!/bin/bash
# Prepares a new Debian 13 server for its first release: runs the files of bootstrap.d in order.
# Idempotent: a second run changes nothing and prints that.
set -euo pipefail
umask 022

readonly LOG=/var/log/fks/bootstrap.log OPTIONS=/var/lib/fks/bootstrap-options
HOST_FILES=$(dirname "$(realpath "$0")")
export HOST_FILES
. "$HOST_FILES/limits.env"

usage() {
  cat <<TEXT
usage: bootstrap.sh --server NAME --roles ROLE[,ROLE...] --zram-mib N [--nvidia-key HEX]
                    [--lock-wait N] [--only STEP[,STEP...]] [--check]

  --server    name of this server
  --roles     roles it runs, separated by commas
  --zram-mib  size of the zram swap device in MiB, 0 for none
  --nvidia-key  fingerprint of the key that must sign NVIDIA's packages; without it none are installed
  --lock-wait seconds to wait for another bootstrap to end (default $DEFAULT_LOCK_WAIT_SECONDS)
  --only      steps to run, such as 34-kernel, separated by commas; without it all
  --check     change nothing; print one line for each difference: step, kind, name, expected and found,
              separated by tabs

Names and roles are lower-case letters, digits and dashes, and start with a letter.
Prints one line per step; the details are in /var/log/fks/bootstrap.log.
Exit 0: ready, or checked. 1: a step failed, or another bootstrap runs. 2: invalid options.
TEXT
}

# invalid MESSAGE: exit with the usage
invalid() {
  printf 'bootstrap: %s\n' "$1" >&2
  usage >&2
  exit 2
}

# value OPTION [VALUE...]: print the option's value, exit when it has none
value() {
  [[ $# -ge 2 && -n $2 && $2 != --* ]] || invalid "$1 needs a value"
  printf '%s' "$2"
}

parse() {
  FKS_SERVER='' FKS_ROLES='' FKS_ZRAM_MIB='' FKS_NVIDIA_KEY='' FKS_CHECK='' only=''
  lock_wait=$DEFAULT_LOCK_WAIT_SECONDS
  while (($#)); do
    case $1 in
      --server) FKS_SERVER=$(value "$@") ;;
      --roles) FKS_ROLES=$(value "$@") ;;
      --zram-mib) FKS_ZRAM_MIB=$(value "$@") ;;
      --nvidia-key) FKS_NVIDIA_KEY=$(value "$@") ;;
      --lock-wait) lock_wait=$(value "$@") ;;
      --only) only=$(value "$@") ;;
      --check)
        FKS_CHECK=yes
        shift
        continue
        ;;
      --help)
        usage
        exit 0
        ;;
      *) invalid "unknown option $1" ;;
    esac
    shift 2
  done
  local name='[a-z][a-z0-9-]*'
  [[ $FKS_SERVER =~ ^$name$ ]] || invalid "--server is '$FKS_SERVER', it must match $name"
  [[ $FKS_ROLES =~ ^$name(,$name)*$ ]] ||
    invalid "--roles is '$FKS_ROLES', each role must match $name"
  [[ $FKS_ZRAM_MIB =~ ^[0-9]+$ ]] || invalid "--zram-mib is '$FKS_ZRAM_MIB', it must be a number"
  [[ $FKS_NVIDIA_KEY =~ ^([0-9A-F]{40})?$ ]] ||
    invalid "--nvidia-key is '$FKS_NVIDIA_KEY', it must be 40 upper-case hex digits"
  [[ $lock_wait =~ ^[0-9]+$ ]] || invalid "--lock-wait is '$lock_wait', it must be a number"
  export FKS_SERVER FKS_ROLES FKS_ZRAM_MIB FKS_NVIDIA_KEY FKS_CHECK
}

# choose_steps: set the files of all steps, or of those of --only in their order
choose_steps() {
  local file name
  steps=()
  for name in ${only//,/ }; do
    [[ -f $HOST_FILES/bootstrap.d/$name.sh ]] || invalid "--only has the unknown step '$name'"
  done
  for file in "$HOST_FILES"/bootstrap.d/*.sh; do
    if [[ -z $only || ,$only, == *",$(basename "$file" .sh),"* ]]; then
      steps+=("$file")
    fi
  done
}

# run_step FILE: print one line, write the step's output to the log
run_step() {
  local name started=$SECONDS result=ok
  name=$(basename "$1" .sh)
  printf '\n== %s %s\n' "$(date --utc +%FT%TZ)" "$name" >>"$LOG"
  : >"$FKS_CHANGES"
  if ! "$1" >>"$LOG" 2>&1 </dev/null {lock}>&-; then
    printf '%-24s FAILED %4ds\n' "$name" $((SECONDS - started))
    printf -- '--- last lines of %s\n' "$LOG"
    tail -n 40 "$LOG" | cut -c 1-300
    exit 1
  fi
  if [[ -s $FKS_CHANGES ]]; then
    result=changed
    any_change=yes
  fi
  printf '%-24s %-7s %3ds\n' "$name" "$result" $((SECONDS - started))
}

# check_step FILE: print the differences that a step would correct, and why it would fail
check_step() {
  local name output
  name=$(basename "$1" .sh)
  : >"$FKS_CHANGES"
  if ! output=$("$1" 2>&1 </dev/null {lock}>&-); then
    printf 'step\t%s\tpossible\t%s\n' "$name" "$(tail -n 1 <<<"$output" | tr '\t' ' ')" >>"$FKS_CHANGES"
  fi
  sed "s/^/$name\t/" "$FKS_CHANGES"
}

# check_all: print all differences; a bootstrap that runs meanwhile would be reported as one
check_all() {
  exec {lock}>/run/lock/fks-bootstrap
  if ! flock --shared --nonblock "$lock"; then
    printf 'bootstrap: one runs on this server; try again after it has ended\n' >&2
    exit 1
  fi
  for step in "${steps[@]}"; do
    check_step "$step"
  done
}

# take_lock: one bootstrap at a time. The periodic message ends this bootstrap (SIGPIPE) when its
# connection is closed; otherwise an older bootstrap could run after a newer one.
take_lock() {
  exec {lock}>/run/lock/fks-bootstrap
  until flock --wait "$LOCK_MESSAGE_SECONDS" "$lock"; do
    if ((SECONDS >= lock_wait)); then
      printf 'bootstrap: another one runs on this server; try again after it has ended\n' >&2
      exit 1
    fi
    printf 'waiting for another bootstrap on this server\n'
  done
}

parse "$@"
choose_steps
if ((EUID != 0)); then
  printf 'bootstrap: must run as root, for example with sudo\n' >&2
  exit 1
fi
FKS_CHANGES=$(mktemp)
export FKS_CHANGES
trap 'rm -f "$FKS_CHANGES"' EXIT
if [[ -n $FKS_CHECK ]]; then
  check_all
  exit 0
fi
install -d -m 0755 /var/log/fks
take_lock
any_change=no
for step in "${steps[@]}"; do
  run_step "$step"
done
# For the check of drift, which has no other source of these options.
if [[ -z $only ]]; then
  printf '%s\n' "--server $FKS_SERVER --roles $FKS_ROLES --zram-mib $FKS_ZRAM_MIB" \
    ${FKS_NVIDIA_KEY:+"--nvidia-key $FKS_NVIDIA_KEY"} | paste -s -d ' ' >"$OPTIONS"
fi
if [[ $any_change == no ]]; then
  printf 'nothing to change, %ds\n' "$SECONDS"
else
  printf 'ready, %ds\n' "$SECONDS"
fi
