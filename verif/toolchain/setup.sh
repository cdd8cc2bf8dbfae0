#!/bin/bash
# Sets up everything the project needs: system packages, .venv, Python packages.
# Idempotent: with nothing to do it ends at once. Needs only bash, coreutils and Python 3.11
# (BASE_PYTHON names another one than python3). Called as `setup.sh synth` it sees to what only
# `make synth` needs, too.
set -euo pipefail

cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.."
root=$PWD
python=${BASE_PYTHON:-python3}
stamp=.venv/.setup-stamp
for_synth=$([ "${1:-}" = synth ] && echo 1 || true)
inputs=(requirements.txt requirements-workloads.txt verif/toolchain/setup.sh)

# die MESSAGE [LINE...]: ends with an error; further lines stand alone, to be copied.
die() {
  printf 'setup: %s\n' "$1" >&2
  [ $# -eq 1 ] || printf '%s\n' "${@:2}" >&2
  exit 1
}

case $root in
  *[[:space:]]*) die "repository path '$root' contains a space, which make cannot handle; move it" ;;
esac

# Everything a package below is probed for; each function succeeds when the package is there.
has() { command -v "$1" >/dev/null 2>&1; }
has_header() { printf '#include <%s>\n' "$1" | g++ -E -x c++ - >/dev/null 2>&1; }
has_venv() { "$python" -c 'import ensurepip, venv' 2>/dev/null; }
has_libpython() {
  "$python" -c 'import ctypes, sysconfig as s
name = s.get_config_var("INSTSONAME") or ""
try:
    ctypes.CDLL(name)
except OSError:
    ctypes.CDLL(s.get_config_var("LIBDIR") + "/" + name)' 2>/dev/null
}

has_cells() { [ -f /usr/share/qflow/tech/osu018/osu018_stdcells.lib ]; }

# Prints the Debian packages that are missing.
missing_packages() {
  has_venv || echo python3-venv
  # The simulators load Python as a shared library, which Debian packages apart from python3.
  has_libpython || echo "libpython$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
  has make || echo make
  has g++ || echo g++
  has iverilog || echo iverilog
  has ccache || echo ccache
  # Compares mutants with the design.
  has berkeley-abc || echo berkeley-abc
  has genhtml || echo lcov
  # Looks at the report in its test; the smallest browser there is.
  has chromium-headless-shell || echo chromium-headless-shell
  # Verilator's FST writer (WAVES=1).
  has_header lz4.h || echo liblz4-dev
  has_header zlib.h || echo zlib1g-dev
  if [ "$for_synth" ]; then
    has sta || echo opensta
    has_cells || echo qflow-tech-osu018
  fi
}

# need TOOL FOUND MINIMUM: dies when version FOUND is older than MINIMUM.
need() {
  if [ "$(printf '%s\n%s\n' "$3" "$2" | sort -V | head -n 1)" != "$3" ]; then
    die "$1: found version ${2:-unknown}, needed $3 or newer"
  fi
}

hash=$(cat "${inputs[@]}" | sha256sum)
up_to_date() {
  [ "$(cat "$stamp" 2>/dev/null)" = "$hash" ] && .venv/bin/python -c '' 2>/dev/null \
    && has make && has g++ && has iverilog && has genhtml && has berkeley-abc \
    && { [ -z "$for_synth" ] || { has sta && has_cells; }; }
}
up_to_date && exit 0

# Another set-up of the same repository may be at work.
exec 9<"$root"
flock 9
up_to_date && exit 0

has "$python" || die "$python: not found; install Python 3.11 or newer"
need "$python" "$("$python" -c 'import platform; print(platform.python_version())')" 3.11

mapfile -t missing < <(missing_packages)
if [ ${#missing[@]} -gt 0 ]; then
  install="apt-get install -y --no-install-recommends ${missing[*]}"
  if [ "$(id -u)" -ne 0 ] || ! has apt-get; then
    die "system packages are missing; install them, then try again:" \
      "  sudo apt-get update && sudo $install"
  fi
  printf 'setup: installing system packages: %s\n' "${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  log=$(mktemp)
  { apt-get update && $install; } >"$log" 2>&1 || {
    tail -n 20 "$log" >&2
    die "system packages could not be installed; the command was:" "  apt-get update && $install"
  }
  rm -f "$log"
  mapfile -t missing < <(missing_packages)
  [ ${#missing[@]} -eq 0 ] || die "still missing after the installation: ${missing[*]}"
fi

need make "$(make --version | sed -n '1s/.* //p')" 4.2
need g++ "$(g++ -dumpfullversion)" 10
need iverilog "$(iverilog -V 2>/dev/null | sed -n '1s/.*version \([0-9.]*\).*/\1/p')" 11

if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
  rm -rf .venv
  "$python" -m venv .venv
fi
rm -f "$stamp"
printf 'setup: installing Python packages\n'
pip() { .venv/bin/python -m pip install --quiet --disable-pip-version-check "$@"; }
# Legacy sdists are built the present way, whatever the age of pip.
pip --use-pep517 -r requirements.txt || die "pip could not install requirements.txt"
pip --no-deps -r requirements-workloads.txt || die "pip could not install requirements-workloads.txt"

.venv/bin/python -m verif.toolchain || die "the installed tools do not work together (see above)"
printf '%s\n' "$hash" >"$stamp"
printf 'setup: done\n'
