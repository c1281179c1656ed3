# Words shared by the steps of bootstrap.d. A step that changed something says what with `changed`.
# shellcheck shell=bash

# changed WHAT...: note for the operator's line and for the log
changed() {
  printf 'changed: %s\n' "$*" | tee -a "$FKS_CHANGES"
}

# fail REASON...: end this step
fail() {
  printf 'failed: %s\n' "$*"
  exit 1
}

# within SECONDS COMMAND...: again every 2 s until it works or the time is over
within() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 2
  done
}

# installed PACKAGE: is it there and configured?
installed() {
  [[ $(dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

apt_get() {
  DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get -q -y \
    -o Acquire::Retries=5 -o DPkg::Lock::Timeout=300 \
    -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold "$@"
}

# install_file PATH [MODE]: bring files/PATH to /PATH
install_file() {
  local source=$HOST_FILES/files$1 mode=${2:-0644}
  if ! cmp -s "$source" "$1" || [[ $(stat -c %a "$1") != "${mode#0}" ]]; then
    install -D -m "$mode" "$source" "$1"
    changed "$1"
  fi
}

# write_file PATH MODE <content
write_file() {
  local content
  content=$(cat)
  if [[ ! -f $1 || $(<"$1") != "$content" || $(stat -c %a "$1") != "${2#0}" ]]; then
    install -D -m "$2" /dev/stdin "$1" <<<"$content"
    changed "$1"
  fi
}

# directory PATH MODE [OWNER]
directory() {
  local owner=${3:-root}
  if [[ $(stat -c '%a %U' "$1" 2>/dev/null) != "${2#0} $owner" ]]; then
    install -d -m "$2" -o "$owner" -g "$owner" "$1"
    changed "$1"
  fi
}

# something_changed: did this step note a change?
something_changed() {
  [[ -s $FKS_CHANGES ]]
}

# unit_running UNIT: enabled and started
unit_running() {
  if ! systemctl --quiet is-enabled "$1" || ! systemctl --quiet is-active "$1"; then
    systemctl enable --now "$1"
    changed "$1 started"
  fi
}
