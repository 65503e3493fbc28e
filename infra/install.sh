#!/usr/bin/env bash
# Installs what a stack and its tests need and this machine lacks: Debian packages, npm packages with Node 24 and the
# kafkajs patch, Kafka's jars, the schema registry and archives of their classes. Does nothing when all is there. What
# it can't install it names in one line, with the command to run, and stops. It must not need more than bash, make, git, npm and Node 20.
# Programs that only one command needs are named by that command, as packages: infra/install.sh wrk
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

cache_dir=${CACHE_DIR:-.cache}
parts_dir=$cache_dir/parts-$(sha256sum infra/pom.xml | cut -c1-12)
npm_stamp=node_modules/.installed
java_major_min=17
further=("$@")

say() { printf 'install: %s\n' "$*"; }
fail() { printf 'install: %s\n' "$*" >&2; exit 1; }
has() { command -v "$1" >/dev/null 2>&1; }

java_is_recent() {
  local java=java version
  if [[ -n ${JAVA_HOME:-} && -x $JAVA_HOME/bin/java ]]; then java=$JAVA_HOME/bin/java; fi
  has "$java" || return 1
  version=$("$java" -version 2>&1 | sed -n 's/.* version "\([0-9]*\).*/\1/p' | head -n 1)
  [[ -n $version && $version -ge $java_major_min ]]
}

# Debian's name of the Java runtime: 17 where there is one, else the release's own.
java_package() {
  if has apt-cache && ! apt-cache show openjdk-17-jre-headless >/dev/null 2>&1; then
    echo default-jre-headless
  else
    echo openjdk-17-jre-headless
  fi
}

missing_packages() {
  java_is_recent || java_package
  if [[ ! -d $parts_dir ]] && ! has mvn; then echo maven; fi
  has redis-server || echo redis-server
  has prometheus || echo prometheus
  local program
  for program in "${further[@]}"; do has "$program" || echo "$program"; done
}

install_packages() {
  local missing as_root=() options=(-y --no-install-recommends -o DPkg::Lock::Timeout=300)
  missing=$(missing_packages | tr '\n' ' ')
  [[ -n $missing ]] || return 0
  local command="apt-get update && apt-get install -y --no-install-recommends ${missing% }"
  has apt-get || fail "missing and without apt-get not to be installed from here; as root on Debian or Ubuntu run: $command"
  if [[ $(id -u) -ne 0 ]]; then
    if has sudo && { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; then
      as_root=(sudo)
    else
      fail "missing and not to be installed without root or sudo; as root run: $command"
    fi
  fi
  say "apt-get install ${missing% }"
  "${as_root[@]}" apt-get update -qq || fail "apt-get update failed; when it works again, as root run: $command"
  missing=$(missing_packages | tr '\n' ' ') # which Java there is may only be known now
  # shellcheck disable=SC2086 # a list of words
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -qq "${options[@]}" $missing >/dev/null ||
    fail "apt-get failed; see what it says above, then as root run: $command"
  missing=$(missing_packages | tr '\n' ' ')
  [[ -z $missing ]] || fail "still missing after apt-get install: ${missing% }"
}

check_node() {
  local advice='install Node.js 20 or later with npm (https://nodejs.org/en/download), then run make again'
  has node || fail "node is missing: $advice"
  has npm || fail "npm is missing: $advice"
  [[ $(node -p 'process.versions.node.split(".")[0]') -ge 20 ]] || fail "node $(node --version) is too old: $advice"
}

# The packages belong to this lock file and these patches.
npm_key() {
  cat package-lock.json patches/*.patch | sha256sum | cut -c1-64
}

install_npm() {
  if [[ ! -f $npm_stamp || $(cat "$npm_stamp") != "$(npm_key)" ]]; then
    say 'npm ci'
    npm ci --no-audit --no-fund --loglevel=error || fail 'npm ci failed; see what it says above, then run: npm ci'
    npm_key >"$npm_stamp"
  fi
  [[ $(node_modules/.bin/node --version 2>/dev/null) == v24.* ]] ||
    fail "Node 24 for $(uname -sm) is not among the npm packages (they have Linux on x64 and arm64 with glibc): run this on such a machine"
  check_patches
}

# Applied by postinstall, unless someone ran npm with --ignore-scripts.
check_patches() {
  local patch
  for patch in patches/*.patch; do
    if ! git apply --reverse --check "$patch" 2>/dev/null; then
      node_modules/.bin/patch-package --error-on-fail >/dev/null || fail "$patch is not applied; run: npx patch-package"
    fi
    git apply --reverse --check "$patch" 2>/dev/null || fail "$patch is not applied; run: npm ci"
  done
}

# Into a folder of its own first, so that one that is there is whole.
install_java_parts() {
  [[ ! -d $parts_dir ]] || return 0
  mkdir -p "$cache_dir"
  partial=$(mktemp -d "$(cd "$cache_dir" && pwd)/partial.XXXXXX")
  trap 'rm -rf "$partial"' EXIT # so it can't be local
  say 'mvn: Kafka and the schema registry (150 MB)'
  mvn --quiet --batch-mode --file infra/pom.xml package -DoutputDirectory="$partial" ||
    fail "Maven could not fetch Kafka and the registry; when the network works again, run: make install"
  tar -xzf "$partial"/registry/*.tar.gz -C "$partial/registry"
  rm "$partial"/registry/*.tar.gz
  chmod 755 "$partial"
  mv -T "$partial" "$parts_dir" 2>/dev/null || [[ -d $parts_dir ]] # another install may have been first
}

# Which Java loads which jars: an archive made by another, or elsewhere, is of no use. And how the servers run: one made
# of servers without TLS lacks a third of what they load today.
classes_key() {
  local java=java
  if [[ -n ${JAVA_HOME:-} && -x $JAVA_HOME/bin/java ]]; then java=$JAVA_HOME/bin/java; fi
  { "$java" -version 2>&1; realpath "$parts_dir"; echo 'over TLS'; } | sha256sum | cut -c1-64
}

# The loaded form of the servers' classes, from which they start in half of the time. Made of a start and a stop of both,
# with free ports whatever the environment says, and in a folder of its own first, as above.
archive_classes() {
  local stamp=$parts_dir/archived key name plain=()
  key=$(classes_key)
  [[ ! -f $stamp || $(cat "$stamp") != "$key" ]] || return 0
  say 'class archives of Kafka and the schema registry'
  for name in "${!HUTONG_@}"; do plain+=(-u "$name"); done
  rm -f "$parts_dir"/*.jsa
  partial=$(mktemp -d "$(cd "$cache_dir" && pwd)/partial.XXXXXX")
  trap 'rm -rf "$partial"' EXIT
  if env "${plain[@]}" node_modules/.bin/node infra/archive-classes.ts "$partial"; then
    mv -f "$partial"/*.jsa "$parts_dir"
    echo "$key" >"$stamp"
  else
    say 'they could not be made; without them the servers start more slowly'
  fi
  rm -rf "$partial"
}

check_node
install_packages
install_npm
install_java_parts
archive_classes
