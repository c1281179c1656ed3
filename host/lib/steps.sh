# Functions for the steps of bootstrap.d. A step reports each change with `changed`.
# shellcheck shell=bash
. "$HOST_FILES/limits.env"

# changed WHAT...: report a change; bootstrap.sh then prints the step as changed
changed() {
  printf 'changed: %s\n' "$*" | tee -a "$FKS_CHANGES"
}

# fail REASON...: end this step with an error
fail() {
  printf 'failed: %s\n' "$*"
  exit 1
}

# retry SECONDS COMMAND...: repeat every 2 s until it succeeds; fails after SECONDS
retry() {
  local deadline=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < deadline)) || return 1
    sleep 2
  done
}

# installed PACKAGE: whether it is unpacked and configured
installed() {
  [[ $(dpkg-query --show --showformat '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

apt_get() {
  DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get -q -y \
    -o Acquire::Retries=5 -o DPkg::Lock::Timeout=300 \
    -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold "$@"
}

# install_file PATH [MODE]: copy files/PATH to PATH
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

# something_changed: whether this step has reported a change
something_changed() {
  [[ -s $FKS_CHANGES ]]
}

# start_unit UNIT: enable and start it
start_unit() {
  if ! systemctl --quiet is-enabled "$1" || ! systemctl --quiet is-active "$1"; then
    systemctl enable --now "$1"
    changed "$1 started"
  fi
}
