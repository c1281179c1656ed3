# Functions for the steps of bootstrap.d. A step reports each change with `changed`. A step compares the
# server's state with what it needs, not with what it did: an earlier run may have ended after any command.
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

# has_role ROLE: whether this server has the role
has_role() {
  [[ ",$FKS_ROLES," == *",$1,"* ]]
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

# has_attributes PATH MODE [OWNER]: whether mode, user and group are these
has_attributes() {
  local owner=${3:-root}
  [[ $(stat -c '%a %U:%G' "$1" 2>/dev/null) == "${2#0} $owner:$owner" ]]
}

# install_file PATH: copy files/PATH to PATH
install_file() {
  local source=$HOST_FILES/files$1
  if ! cmp -s "$source" "$1" || ! has_attributes "$1" 0644; then
    install -D -m 0644 "$source" "$1"
    changed "$1"
  fi
}

# write_file PATH <content
write_file() {
  local content
  content=$(cat)
  if [[ ! -f $1 || $(<"$1") != "$content" ]] || ! has_attributes "$1" 0644; then
    install -D -m 0644 /dev/stdin "$1" <<<"$content"
    changed "$1"
  fi
}

# directory PATH MODE [OWNER]
directory() {
  local owner=${3:-root}
  if ! has_attributes "$1" "$2" "$owner"; then
    install -d -m "$2" -o "$owner" -g "$owner" "$1"
    changed "$1"
  fi
}

# unit_property UNIT NAME
unit_property() {
  systemctl show --timestamp=us+utc --property="$2" --value "$1"
}

# load_unit UNIT: let systemd read its files if they changed
load_unit() {
  if [[ $(unit_property "$1" NeedDaemonReload) == yes ]]; then
    systemctl daemon-reload
    changed "$1 loaded"
  fi
}

# start_time UNIT: when systemd last started it or its conditions prevented that, in microseconds
# since 1970; 0 for never. A reload does not change this time.
start_time() {
  local tested
  tested=$(unit_property "$1" ConditionTimestamp)
  if [[ -n $tested ]]; then date --date "$tested" +%s%6N; else echo 0; fi
}

# started_after UNIT [FILE...]: whether its last start was after the last change of each file
started_after() {
  local started file modified
  started=$(start_time "$1")
  for file in "${@:2}"; do
    modified=$(stat -c %.6Z "$file")
    ((started > ${modified/./})) || return 1
  done
  ((started > 0))
}

# unit_runs UNIT: whether it is active, or its conditions prevent that on this server
unit_runs() {
  systemctl --quiet is-active "$1" || [[ $(unit_property "$1" ConditionResult) == no ]]
}

# start_unit UNIT [FILE...]: enable and start it; restart it if it runs since before a change of a file
start_unit() {
  load_unit "$1"
  if ! systemctl --quiet is-enabled "$1"; then
    systemctl enable "$1"
    changed "$1 enabled"
  fi
  if ! unit_runs "$1" || ! started_after "$@"; then
    systemctl restart "$1"
    changed "$1 started"
  fi
}
