# shellcheck shell=bash disable=SC2034  # the lists of packages are for who sources this
# Shared by scripts/demo, scripts/test and .ci/run: system packages and the build.
# Sourced with the current directory at the root of the repository.

# Another checkout of the same sources shares the compiler cache: paths below the root count as
# relative.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1

say() { printf '==> %s\n' "$*" >&2; }
die() {
  printf 'error: %s\n' "$*" >&2
  exit 1
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null 2>&1; then
    sudo "$@"
  else
    die "installing packages needs root: run this as root, or install sudo. Needed: $*"
  fi
}

# What building and trying the driver needs.
BUILD_PACKAGES=(
  ca-certificates ccache cmake g++ libboost-dev libcurl4-openssl-dev libdeflate-dev libgtest-dev
  libsimdjson-dev libssl-dev libutf8proc-dev ninja-build nlohmann-json3-dev odbcinst pkg-config
  unixodbc unixodbc-dev zlib1g-dev
)
# What the tests need besides.
TEST_PACKAGES=(curl jq openssl python3 python3-pyodbc)
# What the checks of .ci/run need besides.
CHECK_PACKAGES=(
  clang clang-format-14 clang-tidy-14 git libclang-rt-14-dev shellcheck
)

# Installs those of the named packages that are missing. Quiet when there is nothing to do.
install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
      missing+=("$package")
  done
  [ "${#missing[@]}" -eq 0 ] && return 0
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  as_root apt-get update -qq >&2
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

# configure_and_build PRESET [TARGET ...]: into build/PRESET. Shows progress while it works, the
# output of what fails, and nothing when nothing is to do.
configure_and_build() {
  local preset=$1 log terminal=0
  shift
  log=$(mktemp)
  if ! cmake --preset "$preset" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    die "cmake could not configure the preset '$preset'"
  fi
  rm -f "$log"
  local arguments=(--build --preset "$preset") target
  for target in "$@"; do arguments+=(--target "$target"); done
  [ -t 2 ] && terminal=1
  # On a terminal one line that moves on; elsewhere a line for every fiftieth step.
  cmake "${arguments[@]}" 2>&1 | awk -v preset="$preset" -v terminal="$terminal" '
    /Re-checking globbed|no work to do|Entering directory/ { next }
    /^\[[0-9]+\/[0-9]+\]/ {
      if (steps++ == 0) print "==> building (" preset "); the first time takes some minutes"
      if (terminal) printf "\r%s\033[K", substr($0, 1, 100)
      else if (steps % 50 == 1) print
      next
    }
    { if (terminal && steps > 0) print ""; print; fflush() }
    END { if (terminal && steps > 0) print "" }' >&2
  return "${PIPESTATUS[0]}"
}
