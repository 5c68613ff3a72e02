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
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Reads the lines of long work and shows that it goes on: on a terminal one line that changes,
# elsewhere the line of the moment every twenty seconds. Not awk: Debian's reads ahead.
show_progress() {
  local line shown=-20 width
  width=$(tput cols 2>/dev/null) || width=80
  while IFS= read -r line; do
    if [ -t 2 ]; then
      printf '\r%s\033[K' "${line:0:width-1}" >&2
    elif [ $((SECONDS - shown)) -ge 20 ]; then
      printf '%s\n' "$line" >&2
      shown=$SECONDS
    fi
  done
  if [ -t 2 ]; then printf '\r\033[K' >&2; fi
}

# What building and trying the driver needs.
BUILD_PACKAGES=(
  ca-certificates ccache cmake g++ libboost-dev libcurl4-openssl-dev libdeflate-dev libgtest-dev
  libsimdjson-dev libsqlite3-dev libssl-dev libutf8proc-dev ninja-build nlohmann-json3-dev odbcinst
  pkg-config unixodbc unixodbc-dev zlib1g-dev
)
# What the tests need besides.
TEST_PACKAGES=(curl jq openssl python3 python3-pyodbc)
# What scripts/test --long needs besides: tests skip themselves without it.
LONG_PACKAGES=(groff-base mandoc nginx-light zsh)
# What the checks of .ci/run need besides.
CHECK_PACKAGES=(
  clang clang-format-14 clang-tidy-14 git libclang-rt-14-dev shellcheck
)

# Installs those of the named packages that are missing. Quiet when there is nothing to do; what
# apt says is shown only when it fails.
install_packages() {
  local missing=() package log
  for package in "$@"; do
    dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
      missing+=("$package")
  done
  [ "${#missing[@]}" -eq 0 ] && return 0
  if [ "$(id -u)" -ne 0 ] && ! command -v sudo >/dev/null 2>&1; then
    die "some packages are missing, and only root can install them. Run this as root, install" \
      "sudo, or let root run: apt-get install --no-install-recommends ${missing[*]}"
  fi
  say "installing ${#missing[@]} Debian packages: ${missing[*]}"
  log=$(mktemp)
  # A machine that has just started may still be updating itself: wait for its lock.
  if ! as_root apt-get update -q 2>&1 | tee "$log" | show_progress ||
    ! as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
      -o DPkg::Lock::Timeout=300 "${missing[@]}" </dev/null 2>&1 | tee -a "$log" | show_progress; then
    cat "$log" >&2
    rm -f "$log"
    die "apt-get could not install the packages; its messages are above"
  fi
  rm -f "$log"
}

# Of ninja's output: steps as progress, everything else (warnings, errors) as it is.
show_build() {
  local preset=$1 line steps=0
  while IFS= read -r line; do
    case $line in
      *'Re-checking globbed'* | *'no work to do'* | *'Entering directory'*) ;;
      \[*/*\]*)
        [ "$((steps++))" -gt 0 ] ||
          say "building ($preset); the first time takes about ten minutes on two cores"
        printf '%s\n' "$line"
        ;;
      *)
        if [ -t 2 ]; then printf '\r\033[K' >&2; fi
        printf '%s\n' "$line" >&2
        ;;
    esac
  done | show_progress
}

# configure_and_build PRESET [TARGET ...]: into build/PRESET. Shows progress while it works, the
# output of what fails, and nothing when nothing is to do.
configure_and_build() {
  local preset=$1 log
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
  cmake "${arguments[@]}" 2>&1 | show_build "$preset" ||
    die "the build failed; its messages are above"
}
