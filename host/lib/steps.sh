# Functions for the steps of bootstrap.d. A step makes each change with `correct`. A step compares the
# server's state with what it needs, not with what it did: an earlier run may have ended after any command.
# shellcheck shell=bash
. "$HOST_FILES/limits.env"

# checking: whether this is a check (bootstrap.sh --check), in which no step changes anything
checking() {
  [[ -n ${FKS_CHECK:-} ]]
}

# correct KIND NAME EXPECTED FOUND COMMAND...: run the command, which makes FOUND EXPECTED, and report it;
# bootstrap.sh then prints the step as changed. A check only reports. Every change goes through here.
correct() {
  local fields=("${@:1:4}")
  fields=("${fields[@]//[$'\t\n']/ }")
  if checking; then
    printf '%s\t%s\t%s\t%s\n' "${fields[@]}" | tee -a "$FKS_CHANGES"
  else
    # Where the caller tests the result, a failure does not end the step.
    "${@:5}" || return
    printf 'changed: %s %s: expected %s, found %s\n' "${fields[@]}" | tee -a "$FKS_CHANGES"
  fi
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

# retry SECONDS COMMAND...: repeat every 2 s until it succeeds; fails after SECONDS, a check after one try
retry() {
  local deadline=$((SECONDS + $1))
  ! checking || deadline=$SECONDS
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

# attributes PATH: print mode, user and group, or "missing"
attributes() {
  stat -c '%a %U:%G' "$1" 2>/dev/null || printf 'missing\n'
}

# file_state PATH SOURCE: print whether PATH has the content of SOURCE, and its attributes
file_state() {
  local found
  found=$(attributes "$1")
  if [[ $found == missing ]]; then
    printf 'missing\n'
  elif cmp -s "$2" "$1"; then
    printf 'the same content, %s\n' "$found"
  else
    printf 'other content, %s\n' "$found"
  fi
}

readonly INSTALLED='the same content, 644 root:root'

# install_file PATH: copy files/PATH to PATH
install_file() {
  local source=$HOST_FILES/files$1 found
  found=$(file_state "$1" "$source")
  if [[ $found != "$INSTALLED" ]]; then
    correct file "$1" "$INSTALLED" "$found" install -D -m 0644 "$source" "$1"
  fi
}

# write_file PATH <content
write_file() {
  local content found
  content=$(cat)
  found=$(file_state "$1" - <<<"$content")
  if [[ $found != "$INSTALLED" ]]; then
    correct file "$1" "$INSTALLED" "$found" install -D -m 0644 /dev/stdin "$1" <<<"$content"
  fi
}

# directory PATH MODE [OWNER]
directory() {
  local owner=${3:-root} expected found
  expected="${2#0} $owner:$owner"
  found=$(attributes "$1")
  if [[ $found != "$expected" ]]; then
    correct directory "$1" "$expected" "$found" install -d -m "$2" -o "$owner" -g "$owner" "$1"
  fi
}

# unit_property UNIT NAME
unit_property() {
  systemctl show --timestamp=us+utc --property="$2" --value "$1"
}

# load_unit UNIT: let systemd read its files if they changed
load_unit() {
  if [[ $(unit_property "$1" NeedDaemonReload) == yes ]]; then
    correct unit "$1" "its files loaded" "files changed since" systemctl daemon-reload
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
    modified=$(stat -c %.6Z "$file" 2>/dev/null) || return 1
    ((started > ${modified/./})) || return 1
  done
  ((started > 0))
}

# unit_runs UNIT: whether it is active, or its conditions prevent that on this server
unit_runs() {
  systemctl --quiet is-active "$1" || [[ $(unit_property "$1" ConditionResult) == no ]]
}

# enable_unit UNIT: remove a mask and enable it
enable_unit() {
  if [[ $(unit_property "$1" LoadState) == masked ]]; then
    correct unit "$1" "not masked" masked systemctl unmask "$1"
  fi
  if ! systemctl --quiet is-enabled "$1"; then
    correct unit "$1" enabled "not enabled" systemctl enable "$1"
  fi
}

# start_unit UNIT [FILE...]: enable and start it; restart it if it runs since before a change of a file
start_unit() {
  load_unit "$1"
  enable_unit "$1"
  if ! unit_runs "$1"; then
    correct unit "$1" active "not active" systemctl restart "$1"
  elif ! started_after "$@"; then
    correct unit "$1" "started after its files" "started before a change" systemctl restart "$1"
  fi
}
